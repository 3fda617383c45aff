// SPDX-License-Identifier: Apache-2.0
// landfall chain train|eval|predict|trial upstream|firm
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <memory>

#include "analysis/forecast/model_file.h"
#include "analysis/forecast/random.h"
#include "cli/tools/chain_forecast.h"
#include "cli/tools/chain_structure.h"
#include "cli/tools/sentences.h"
#include "exchange/csv.h"
#include "exchange/gzip.h"

namespace landfall::cli {
namespace {

constexpr std::size_t kModelBytesMost = 64 << 20;

enum class Task : std::uint8_t { kUpstream, kFirm };
std::string_view TaskName(Task task) { return task == Task::kUpstream ? "upstream" : "firm"; }

struct Options {
  Task task = Task::kUpstream;
  std::string model, edges, products, test, encoding = "utf-8", out, product;
  std::vector<std::uint64_t> seeds = {1, 2, 3};
  std::uint64_t seed = 1;
  std::size_t cases = 4'000, holdout = 2'000, top = 20;
  unsigned threads = 0;
  bool no_dishes = false, json = false;
};

constexpr std::string_view kUpstreamLimits[] = {
    "The links were extracted from text by machine: many are recipes or parts of sentences, and a link that is missing "
    "may be true. A candidate counted as a mistake here may be right.",
    "A link held out at random has others of its product beside it; a product nobody described has none, and is "
    "harder.",
    "What is often written about is known best: popular materials and products with many links are ranked better.",
    "The links carry no dates: this is no forecast in time, but the finding of what is missing.",
};
constexpr std::string_view kFirmLimits[] = {
    "Survivorship: the firms are those listed today, with the products of their last report; firms that are not listed "
    "are missing, and so is whoever makes a product without naming it.",
    "What a firm could make is judged by what it makes: no capacity, price, address or will is known.",
    "The rank is that of a pair of firm and product, from public product names; it says nothing about the firm itself.",
    "The rows carry no dates: this is no forecast in time, but the finding of what is missing.",
};
std::span<const std::string_view> LimitsOf(Task task) {
  return task == Task::kUpstream ? std::span<const std::string_view>(kUpstreamLimits) : kFirmLimits;
}

// What was read for one task: links that may be seen, and held-out ones, by number.
struct Material {
  std::unique_ptr<forecast::Evidence> evidence;
  std::vector<forecast::Link> held_out;
  Digest training{};
  RowCounts rows, class_rows, test_rows;
};

Result<Material> BuildUpstream(const LinksFile& seen, const std::vector<NamedLink>& held_out) {
  Names names;
  for (const auto* links : {&seen.needs, &seen.kinds, &held_out})
    for (const auto& [from, to] : *links) {
      names.Add(from);
      names.Add(to);
    }
  names.Number();
  forecast::ProductLinks links{names.All(), Numbered(seen.needs, names), Numbered(seen.kinds, names)};
  Material out;
  const forecast::NamedLinks relations[] = {{"needs", seen.needs}, {"kind", seen.kinds}};
  out.training = forecast::LinksDigest(relations);
  out.held_out = Numbered(held_out, names);
  out.rows = seen.rows;
  LF_ASSIGN(out.evidence, forecast::UpstreamEvidence::Build(std::move(links)));
  return out;
}

Result<Material> BuildFirm(const MakersFile& seen, const LinksFile& graph, const std::vector<MakerRow>& held_out) {
  Names firms, products;
  for (const auto* rows : {&seen.makes, &held_out})
    for (const MakerRow& row : *rows) {
      firms.Add(row.firm);
      products.Add(row.product);
    }
  firms.Number();
  products.Number();
  // Only links between products that somebody makes: the graph's other names answer nothing here.
  forecast::FirmProducts data;
  data.firms = firms.All();
  data.products.names = products.All();
  const auto made = [&](const std::vector<NamedLink>& links) {
    std::vector<forecast::Link> out;
    for (const auto& [from, to] : links)
      if (products.Has(from) && products.Has(to)) out.emplace_back(products.Of(from), products.Of(to));
    return out;
  };
  data.products.needs = made(graph.needs);
  data.products.kinds = made(graph.kinds);
  for (const MakerRow& row : seen.makes) {
    data.makes.emplace_back(products.Of(row.product), firms.Of(row.firm));
    data.shares.push_back(row.share);
  }
  Material out;
  for (const MakerRow& row : held_out) out.held_out.emplace_back(products.Of(row.product), firms.Of(row.firm));
  std::vector<NamedLink> makes;
  for (const MakerRow& row : seen.makes) makes.emplace_back(row.product, row.firm);
  const forecast::NamedLinks relations[] = {{"makes", makes}, {"needs", graph.needs}, {"kind", graph.kinds}};
  out.training = forecast::LinksDigest(relations);
  out.rows = seen.rows;
  out.class_rows = graph.rows;
  LF_ASSIGN(out.evidence, forecast::FirmEvidence::Build(std::move(data)));
  return out;
}

Result<LinksFile> ReadGraphOf(const Options& options) {
  if (options.edges.empty()) return LinksFile{};
  return ReadLinks(options.edges, options.encoding, options.no_dishes);
}

// Reads what the options name; the held-out file only where one is given.
Result<Material> Read(const Options& options) {
  if (options.task == Task::kUpstream) {
    LF_ASSIGN(const LinksFile seen, ReadLinks(options.edges, options.encoding, options.no_dishes));
    LinksFile test;
    if (!options.test.empty()) {
      LF_ASSIGN(test, ReadLinks(options.test, options.encoding, options.no_dishes));
    }
    LF_ASSIGN(Material out, BuildUpstream(seen, test.needs));
    out.test_rows = test.rows;
    return out;
  }
  LF_ASSIGN(const MakersFile seen, ReadMakers(options.products, options.encoding));
  LF_ASSIGN(const LinksFile graph, ReadGraphOf(options));
  MakersFile test;
  if (!options.test.empty()) {
    LF_ASSIGN(test, ReadMakers(options.test, options.encoding));
  }
  LF_ASSIGN(Material out, BuildFirm(seen, graph, test.makes));
  out.test_rows = test.rows;
  return out;
}

Result<forecast::ChoiceModel> TrainOn(const Material& material, const Options& options, std::uint64_t seed) {
  forecast::ChoiceModel model;
  model.task = TaskName(options.task);
  model.seed = seed;
  model.links = material.evidence->Links().size();
  model.cases = std::min(options.cases, model.links);
  model.training = material.training;
  forecast::ChoiceOptions choice;
  choice.seed = seed;
  choice.cases = options.cases;
  LF_ASSIGN(model.ranker, forecast::TrainChoice(*material.evidence, choice, ThreadsOf(options.threads)));
  return model;
}

Result<forecast::ChoiceModel> ReadModel(const Options& options, const forecast::Evidence& evidence) {
  LF_ASSIGN(const std::string text, ReadFileMaybeGzip(options.model, kModelBytesMost));
  return forecast::ReadChoiceModel(text, TaskName(options.task), evidence.Features());
}

// Of the cases kept out of training, the chance the right answer got, as its geometric mean.
std::string PastError(const forecast::ChoiceModel& model) {
  return fmt::format(
      "The right answers of the {} training cases kept out had a chance of 1 in {:.0f} (geometric mean); without a "
      "model "
      "1 in {:.0f}.\n",
      model.cases / 5, std::exp(-model.ranker.validation), std::exp(-model.ranker.validation_without));
}

Result<std::string> Train(const Options& options) {
  LF_ASSIGN(const Material material, Read(options));
  LF_ASSIGN(const forecast::ChoiceModel model, TrainOn(material, options, options.seed));
  const auto features = material.evidence->Features();
  LF_TRY(WriteFile(options.out, forecast::WriteModel(model, features), "--out"));
  std::vector<double> splits(features.size(), 0);
  for (const forecast::Tree& tree : model.ranker.trees)
    for (const forecast::TreeNode& node : tree)
      if (node.feature >= 0) splits[static_cast<std::size_t>(node.feature)] += 1;
  if (options.json) {
    JsonWriter json;
    json.Open('{').Member("task", model.task).Member("model", options.out).Member("seed", model.seed);
    json.Member("cases", static_cast<std::uint64_t>(model.cases))
        .Member("links", static_cast<std::uint64_t>(model.links));
    json.Member("candidates", static_cast<std::uint64_t>(material.evidence->candidates()));
    json.Member("trees", static_cast<std::uint64_t>(model.ranker.trees.size()));
    json.Member("validation", model.ranker.validation).Member("validation_without", model.ranker.validation_without);
    json.Key("splits").Open('{');
    for (std::size_t f = 0; f < features.size(); ++f) json.Member(features[f], splits[f]);
    json.Close('}');
    AddRows(json, "rows", material.rows);
    AddLimits(json, LimitsOf(options.task));
    return json.Close('}').text() + "\n";
  }
  TextTable table;
  table.Head({"feature", "splits"});
  for (std::size_t f = 0; f < features.size(); ++f)
    table.Row({std::string(features[f]), fmt::format("{:.0f}", splits[f])});
  return fmt::format(
             "Task {}: {} links among {} candidates; {} were taken away one at a time and asked for (seed {}).\n"
             "{} trees, their number chosen on a fifth of these cases. ",
             model.task, model.links, material.evidence->candidates(), model.cases, model.seed,
             model.ranker.trees.size()) +
         PastError(model) + "\n" + table.Text() + "\n" + RowsText("rows", material.rows) +
         LimitsText(LimitsOf(options.task)) + fmt::format("Model: {}\n", options.out);
}

std::vector<Verdict> Verdicts(const forecast::ChoiceEvaluation& evaluation) {
  std::vector<Verdict> out;
  for (std::size_t w = 1; w < evaluation.scores.size(); ++w)
    out.push_back(Judge(evaluation.scores[w].name, "mean reciprocal rank", evaluation.scores[w].ahead));
  return out;
}

void AddMetrics(JsonWriter& json, const forecast::RankingMetrics& metrics) {
  AddMember(json, "mrr", metrics.mean_reciprocal_rank);
  AddMember(json, "hits_at_1", metrics.hits_at_1);
  json.Member("hits_at_3", metrics.hits_at_3);
  AddMember(json, "hits_at_10", metrics.hits_at_10);
  json.Member("hits_at_50", metrics.hits_at_50).Member("precision_at_10", metrics.precision_at_10);
  json.Member("auc", metrics.auc).Member("median_rank", metrics.median_rank);
}

std::string EvaluationJson(const Options& options, const forecast::ChoiceModel& model,
                           const forecast::ChoiceEvaluation& evaluation, const Material& material) {
  JsonWriter json;
  json.Open('{').Member("task", model.task).Member("seed", options.seed).Member("trained_with_seed", model.seed);
  json.Member("links", static_cast<std::uint64_t>(model.links));
  json.Member("questions", static_cast<std::uint64_t>(evaluation.questions));
  json.Member("candidates", static_cast<std::uint64_t>(evaluation.candidates));
  json.Member("answers_unseen", static_cast<std::uint64_t>(evaluation.unseen)).Key("ways").Open('[');
  for (const auto& score : evaluation.scores) {
    json.Open('{').Member("name", score.name);
    AddMetrics(json, score.metrics);
    AddMember(json, "model_ahead_in_mrr", score.ahead);
    json.Close('}');
  }
  json.Close(']').Key("model_seen").Open('{');
  AddMetrics(json, evaluation.model_seen);
  json.Close('}').Key("model_unseen").Open('{');
  AddMetrics(json, evaluation.model_unseen);
  json.Close('}');
  AddCalibration(json, evaluation.calibration);
  AddVerdicts(json, Verdicts(evaluation));
  AddRows(json, "rows", material.rows);
  AddRows(json, "test_rows", material.test_rows);
  AddLimits(json, LimitsOf(options.task));
  return json.Close('}').text() + "\n";
}

std::string EvaluationText(const Options& options, const forecast::ChoiceModel& model,
                           const forecast::ChoiceEvaluation& evaluation, const Material& material) {
  std::string out = fmt::format(
      "Task {}: {} held-out links, each answer ranked among all {} candidates but the other known answers.\n",
      model.task, evaluation.questions, evaluation.candidates);
  TextTable table;
  table.Head(
      {"way", "MRR [95 %]", "H@1", "H@3", "H@10 [95 %]", "H@50", "P@10", "AUC", "median rank", "model ahead (MRR)"});
  for (const auto& [name, m, ahead] : evaluation.scores)
    table.Row({std::string(name), WithInterval(m.mean_reciprocal_rank), Decimal(m.hits_at_1.value, 4),
               Decimal(m.hits_at_3, 4), WithInterval(m.hits_at_10), Decimal(m.hits_at_50, 4),
               Decimal(m.precision_at_10, 4), Decimal(m.auc, 4), Decimal(m.median_rank, 1),
               name == "model" ? "" : fmt::format("{:+.4f}", ahead.value)});
  out += "\n" + table.Text() +
         "\nOne answer a question: average precision is the reciprocal rank, and P@10 can be .1 at most. Diversity × "
         "ubiquity\nranks as popularity does, since the product's own diversity is the same for all its candidates.\n" +
         VerdictsText(Verdicts(evaluation));
  const auto part = [](const forecast::RankingMetrics& m) {
    return fmt::format("MRR {}, H@10 {}", Decimal(m.mean_reciprocal_rank.value, 4), Decimal(m.hits_at_10.value, 4));
  };
  if (evaluation.unseen > 0 && evaluation.unseen < evaluation.questions)
    out += fmt::format(
        "{} answers answer nothing among the known links, and are found by their names alone: {}. The "
        "other {}: {}.\n",
        evaluation.unseen, part(evaluation.model_unseen), evaluation.questions - evaluation.unseen,
        part(evaluation.model_seen));
  return out + "\n" + CalibrationText(evaluation.calibration, "the chances of the ten best of each question") + "\n" +
         RowsText("rows", material.rows) + RowsText("test rows", material.test_rows) +
         LimitsText(LimitsOf(options.task));
}

Result<std::string> Eval(const Options& options) {
  LF_ASSIGN(const Material material, Read(options));
  LF_ASSIGN(const forecast::ChoiceModel model, ReadModel(options, *material.evidence));
  if (model.training != material.training)
    return Invalid("chain.forecast_other_training", "The links given are not those the model was trained on.");
  LF_ASSIGN(const forecast::ChoiceEvaluation evaluation,
            forecast::EvaluateChoice(*material.evidence, model.ranker, material.held_out, options.seed,
                                     ThreadsOf(options.threads)));
  return options.json ? EvaluationJson(options, model, evaluation, material)
                      : EvaluationText(options, model, evaluation, material);
}

std::vector<Reason> ReasonsOf(const forecast::Evidence& evidence, const forecast::Ranker& ranker,
                              const forecast::Candidate& candidate) {
  std::vector<double> contributions(evidence.Features().size(), 0);
  ranker.Explain(candidate.row, contributions);
  std::vector<Reason> by_feature;
  for (std::size_t f = 0; f < contributions.size(); ++f) by_feature.push_back({evidence.FamilyOf(f), contributions[f]});
  return Strongest(std::move(by_feature), 3);
}

Result<std::string> Predict(const Options& options) {
  LF_ASSIGN(const Material material, Read(options));
  const forecast::Evidence& evidence = *material.evidence;
  LF_ASSIGN(const forecast::ChoiceModel model, ReadModel(options, evidence));
  const forecast::Question question = evidence.Ask(std::string_view(options.product));
  const auto candidates = forecast::RankCandidates(evidence, model.ranker, question, options.top);
  const bool upstream = options.task == Task::kUpstream;
  JsonWriter json;
  json.Open('{').Member("task", model.task).Member("product", options.product);
  json.Member("in_graph", question.subject != forecast::kNobody).Key("known").Open('[');
  for (const std::uint32_t known : question.known) json.Value(evidence.CandidateName(known));
  json.Close(']').Key("candidates").Open('[');
  TextTable table;
  std::vector<std::string> head = {"#", upstream ? "material" : "firm", "chance"};
  for (const forecast::PlainWay& way : evidence.PlainWays()) head.push_back(fmt::format("rank by {}", way.name));
  head.push_back("moved most by");
  head.push_back(upstream ? "also needed by" : "makes already");
  table.Head(std::move(head));
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const forecast::Candidate& candidate = candidates[i];
    const std::string_view name = evidence.CandidateName(candidate.candidate);
    const std::vector<Reason> reasons = ReasonsOf(evidence, model.ranker, candidate);
    const auto examples = evidence.Examples(question, candidate.candidate, 3);
    std::vector<std::string> row = {fmt::format("{}", i + 1), std::string(name), Decimal(candidate.chance, 4)};
    json.Open('{').Member("name", name).Member("chance", candidate.chance).Key("plain_ranks").Open('{');
    for (std::size_t w = 0; w < candidate.plain_ranks.size(); ++w) {
      json.Member(evidence.PlainWays()[w].name, candidate.plain_ranks[w]);
      row.push_back(Decimal(candidate.plain_ranks[w], 0));
    }
    json.Close('}');
    AddReasons(json, reasons);
    json.Key("examples").Open('[');
    for (const std::string_view example : examples) json.Value(example);
    json.Close(']').Close('}');
    row.push_back(ReasonsText(reasons));
    row.push_back(fmt::format("{}", fmt::join(examples, "、")));
    table.Row(std::move(row));
  }
  json.Close(']');
  AddLimits(json, LimitsOf(options.task));
  json.Close('}');
  if (options.json) return json.text() + "\n";
  std::string out =
      fmt::format("{}: {}.\n", options.product,
                  upstream ? "materials it may lack, best first" : "firms that may come to make it, best first");
  if (question.subject == forecast::kNobody)
    out += "NO DATA: the name is not in the file. The ranking rests on its characters alone.\n";
  else if (question.known.empty())
    out += "NO DATA: the file knows no answer for this product. That is not the same as nothing missing.\n";
  else
    out += fmt::format("Known: {} of them. ", question.known.size());
  std::vector<std::string_view> known;
  for (std::size_t i = 0; i < std::min<std::size_t>(12, question.known.size()); ++i)
    known.push_back(evidence.CandidateName(question.known[i]));
  if (!known.empty()) out += fmt::format("{}\n", fmt::join(known, "、"));
  out += "The chance is that of being the one missing answer, if one is missing. " + PastError(model);
  return out + "\n" + table.Text() + "\n" + LimitsText(LimitsOf(options.task));
}

// Holds out `count` at random; the rest stays in `rows`.
template <class Row>
std::vector<Row> HoldOut(std::vector<Row>& rows, std::size_t count, std::uint64_t seed) {
  forecast::SplitMix random(seed);
  forecast::DrawFront(rows, count, random);
  const auto end = rows.begin() + static_cast<std::ptrdiff_t>(std::min(count, rows.size()));
  std::vector<Row> out(rows.begin(), end);
  rows.erase(rows.begin(), end);
  std::sort(rows.begin(), rows.end());
  std::sort(out.begin(), out.end());
  return out;
}

Result<Material> ReadSplit(const Options& options, std::uint64_t seed) {
  if (options.task == Task::kUpstream) {
    LF_ASSIGN(LinksFile links, ReadLinks(options.edges, options.encoding, options.no_dishes));
    const std::vector<NamedLink> held_out = HoldOut(links.needs, options.holdout, seed);
    return BuildUpstream(links, held_out);
  }
  LF_ASSIGN(MakersFile makers, ReadMakers(options.products, options.encoding));
  LF_ASSIGN(const LinksFile graph, ReadGraphOf(options));
  const std::vector<MakerRow> held_out = HoldOut(makers.makes, options.holdout, seed);
  return BuildFirm(makers, graph, held_out);
}

Result<std::string> Trial(const Options& options) {
  TextTable table;
  JsonWriter json;
  json.Open('{').Member("task", TaskName(options.task)).Member("holdout", static_cast<std::uint64_t>(options.holdout));
  json.Key("seeds").Open('[');
  std::vector<double> mrr, hits;
  for (const std::uint64_t seed : options.seeds) {
    LF_ASSIGN(const Material material, ReadSplit(options, seed));
    LF_ASSIGN(const forecast::ChoiceModel model, TrainOn(material, options, seed));
    LF_ASSIGN(const forecast::ChoiceEvaluation evaluation,
              forecast::EvaluateChoice(*material.evidence, model.ranker, material.held_out, seed,
                                       ThreadsOf(options.threads)));
    if (mrr.empty()) {
      std::vector<std::string> head = {"seed"};
      for (const auto& score : evaluation.scores) head.push_back(fmt::format("{} MRR / H@10", score.name));
      table.Head(std::move(head));
    }
    mrr.resize(evaluation.scores.size(), 0);
    hits.resize(evaluation.scores.size(), 0);
    std::vector<std::string> row = {fmt::format("{}", seed)};
    json.Open('{').Member("seed", seed).Key("ways").Open('[');
    for (std::size_t w = 0; w < evaluation.scores.size(); ++w) {
      const auto& metrics = evaluation.scores[w].metrics;
      mrr[w] += metrics.mean_reciprocal_rank.value / static_cast<double>(options.seeds.size());
      hits[w] += metrics.hits_at_10.value / static_cast<double>(options.seeds.size());
      row.push_back(Decimal(metrics.mean_reciprocal_rank.value, 4) + " / " + Decimal(metrics.hits_at_10.value, 4));
      json.Open('{').Member("name", evaluation.scores[w].name);
      json.Member("mrr", metrics.mean_reciprocal_rank.value).Member("hits_at_10", metrics.hits_at_10.value).Close('}');
    }
    json.Close(']').Close('}');
    table.Row(std::move(row));
  }
  std::vector<std::string> mean = {"mean"};
  json.Close(']').Key("mean").Open('[');
  for (std::size_t w = 0; w < mrr.size(); ++w) {
    mean.push_back(Decimal(mrr[w], 4) + " / " + Decimal(hits[w], 4));
    json.Open('{').Member("mrr", mrr[w]).Member("hits_at_10", hits[w]).Close('}');
  }
  table.Row(std::move(mean));
  json.Close(']');
  AddLimits(json, LimitsOf(options.task));
  json.Close('}');
  return options.json ? json.text() + "\n" : table.Text() + "\n" + LimitsText(LimitsOf(options.task));
}

struct SplitOptions {
  std::string edges, products, encoding = "utf-8", train, test;
  std::size_t holdout = 2'000;
  std::uint64_t seed = 1;
  bool no_dishes = false, json = false;
};

void AppendRow(std::string& out, std::initializer_list<std::string_view> fields) {
  exchange::AppendCsvRow(out, std::vector<std::string_view>(fields));
}

Result<std::string> Split(const SplitOptions& options) {
  if (options.edges.empty() == options.products.empty())
    return Invalid("chain.forecast_one_file", "Exactly one of --edges and --products is split.");
  std::string train, test;
  RowCounts rows;
  std::size_t kept = 0, held = 0;
  if (!options.edges.empty()) {
    LF_ASSIGN(LinksFile links, ReadLinks(options.edges, options.encoding, options.no_dishes));
    const std::vector<NamedLink> held_out = HoldOut(links.needs, options.holdout, options.seed);
    for (std::string* out : {&train, &test}) AppendRow(*out, {"from_product", "to_product", "rel"});
    for (const auto& [from, to] : links.needs) AppendRow(train, {from, to, "上游材料"});
    for (const auto& [from, to] : links.kinds) AppendRow(train, {from, to, "产品小类"});
    for (const auto& [from, to] : held_out) AppendRow(test, {from, to, "上游材料"});
    rows = links.rows;
    kept = links.needs.size();
    held = held_out.size();
  } else {
    LF_ASSIGN(MakersFile makers, ReadMakers(options.products, options.encoding));
    const std::vector<MakerRow> held_out = HoldOut(makers.makes, options.holdout, options.seed);
    for (std::string* out : {&train, &test}) AppendRow(*out, {"company_id", "product", "rel", "rel_weight"});
    const auto append = [](std::string& out, const MakerRow& row) {
      AppendRow(out, {row.firm, row.product, "主营产品", fmt::format("{}", row.share)});
    };
    for (const MakerRow& row : makers.makes) append(train, row);
    for (const MakerRow& row : held_out) append(test, row);
    rows = makers.rows;
    kept = makers.makes.size();
    held = held_out.size();
  }
  if (kept == 0) return Invalid("chain.forecast_too_few_links", "Nothing is left to learn from.", "holdout");
  LF_TRY(WriteFile(options.train, train, "--train"));
  LF_TRY(WriteFile(options.test, test, "--test"));
  if (options.json) {
    JsonWriter json;
    json.Open('{').Member("seed", options.seed).Member("kept", static_cast<std::uint64_t>(kept));
    json.Member("held_out", static_cast<std::uint64_t>(held));
    AddRows(json, "rows", rows);
    return json.Close('}').text() + "\n";
  }
  return fmt::format("{} links to learn from, {} held out (seed {}).\n", kept, held, options.seed) +
         RowsText("rows", rows);
}

std::shared_ptr<Options> AddVerb(CLI::App& verb, Task task, const char* about,
                                 Result<std::string> (*run)(const Options&), int& exit_code, CLI::App*& command) {
  const auto options = std::make_shared<Options>();
  options->task = task;
  command = verb.add_subcommand(std::string(TaskName(task)), about);
  CLI::Option* edges = command->add_option(
      "--edges", options->edges,
      "CSV of product links, plain or gzip: from_product, to_product, rel (上游材料: from needs to; 产品小类: to is a "
      "kind of from)");
  if (task == Task::kUpstream)
    edges->required();
  else
    command
        ->add_option("--products", options->products,
                     "CSV of who makes what: company_id, product, rel_weight (share of revenue, 0 to 1)")
        ->required();
  command->add_option("--encoding", options->encoding, "utf-8, gbk or gb18030");
  command->add_flag("--no-dishes", options->no_dishes, "leave out links of products whose name reads as a dish");
  command->add_option("--threads", options->threads, "0: as many as the machine has; the answer does not depend on it");
  command->add_flag("--json", options->json, "compact JSON (docs/chain/forecast.md)");
  command->callback([options, run, &exit_code] { exit_code = PrintAnswer(run(*options)); });
  return options;
}

}  // namespace

void AddChoiceForecast(CLI::App& train, CLI::App& eval, CLI::App& predict, CLI::App& trial, int& exit_code) {
  for (const Task task : {Task::kUpstream, Task::kFirm}) {
    const bool upstream = task == Task::kUpstream;
    CLI::App* command = nullptr;
    auto options = AddVerb(train, task,
                           upstream ? "Which upstream material a product lacks: boosted trees on left-out links"
                                    : "Which firm could make a product: boosted trees on left-out rows",
                           Train, exit_code, command);
    command->add_option("--out", options->out, "the model file to write (JSON)")->required();
    command->add_option("--seed", options->seed, "which known links are taken away and asked for");
    command->add_option("--cases", options->cases, "how many")->check(CLI::Range(100, 100'000));

    options = AddVerb(eval, task, "Test it on held-out links, each ranked among all, beside plain ways", Eval,
                      exit_code, command);
    command->add_option("MODEL", options->model, "a model file of train")->required();
    command->add_option("--test", options->test, "CSV of held-out links (chain split)")->required();
    command->add_option("--seed", options->seed, "of the bootstrap of 1,000 draws");

    options = AddVerb(predict, task,
                      upstream ? "The materials a product may lack, with reasons" : "The firms nearest to a product",
                      Predict, exit_code, command);
    command->add_option("MODEL", options->model, "a model file of train")->required();
    command->add_option("--product", options->product, "its name, e.g. 汽车; it need not be in the file")->required();
    command->add_option("--top", options->top, "how many")->check(CLI::Range(1, 10'000));

    options = AddVerb(trial, task, "Split, train and test over several seeds in one go", Trial, exit_code, command);
    command->add_option("--holdout", options->holdout, "links held out")->check(CLI::Range(1, 100'000));
    command->add_option("--seeds", options->seeds, "one run each, e.g. 1 2 3")->check(CLI::NonNegativeNumber);
    command->add_option("--cases", options->cases, "training cases")->check(CLI::Range(100, 100'000));
  }
}

void AddForecastSplit(CLI::App& chain, int& exit_code) {
  const auto options = std::make_shared<SplitOptions>();
  CLI::App* split = chain.add_subcommand("split", "Hold out random links: one file to train on, one to test with");
  split->add_option("--edges", options->edges, "CSV of product links: 上游材料 is held out, 产品小类 stays");
  split->add_option("--products", options->products, "CSV of who makes what");
  split->add_option("--holdout", options->holdout, "links held out")->check(CLI::Range(1, 10'000'000));
  split->add_option("--seed", options->seed, "of the draw, which does not depend on the order of rows");
  split->add_option("--train", options->train, "the file to write what stays to")->required();
  split->add_option("--test", options->test, "the file to write what is held out to")->required();
  split->add_option("--encoding", options->encoding, "utf-8, gbk or gb18030");
  split->add_flag("--no-dishes", options->no_dishes, "leave out links of products whose name reads as a dish");
  split->add_flag("--json", options->json, "compact JSON");
  split->callback([options, &exit_code] { exit_code = PrintAnswer(Split(*options)); });
}

}  // namespace landfall::cli
