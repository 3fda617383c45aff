// SPDX-License-Identifier: Apache-2.0
// landfall chain train|eval|predict|trial industry
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <cmath>
#include <memory>

#include "analysis/forecast/model_file.h"
#include "cli/tools/chain_forecast.h"
#include "cli/tools/chain_structure.h"
#include "cli/tools/sentences.h"
#include "exchange/gzip.h"

namespace landfall::cli {
namespace {

constexpr std::size_t kModelBytesMost = 64 << 20;

struct Options {
  std::string model, companies, encoding = "utf-8", out, place;
  std::vector<std::string> cuts;
  int from = 0, to = 0, at = 0;
  std::uint64_t seed = 1;
  std::size_t top = 20;
  bool json = false;
};

constexpr std::string_view kLimits[] = {
    "Survivorship: the list holds companies listed today; those that were delisted are missing, so the past looks "
    "emptier than it was.",
    "Industry and seat of a company are today's, applied to the past.",
    "A listing is not a founding, and waves of listings follow the rules of the exchanges (halts in 2012-2014, a new "
    "board in 2019): the years of the test differ from those of the training.",
    "A place is a province or a city of its own; an industry that appears there says nothing about a county.",
    "What appears where is not what ought to: a high chance is no advice.",
};

std::vector<Reason> ReasonsOf(std::span<const double> contributions) {
  std::vector<Reason> by_feature;
  for (std::size_t f = 0; f < contributions.size(); ++f)
    by_feature.push_back({forecast::IndustryFamilyOf(f), contributions[f]});
  return Strongest(std::move(by_feature), 3);
}

Result<forecast::IndustryModel> ReadModel(const std::string& path) {
  LF_ASSIGN(const std::string text, ReadFileMaybeGzip(path, kModelBytesMost));
  return forecast::ReadIndustryModel(text);
}

Result<std::string> Train(const Options& options) {
  LF_ASSIGN(const ListingsFile file, ReadListings(options.companies, options.encoding));
  LF_ASSIGN(const forecast::IndustryModel model, forecast::TrainIndustry(file.listings, options.from, options.to));
  LF_TRY(WriteFile(options.out, forecast::WriteModel(model), "--out"));
  const auto names = forecast::IndustryFeatureNames();
  if (options.json) {
    JsonWriter json;
    json.Open('{').Member("task", "industry").Member("model", options.out);
    json.Member("from", model.from).Member("to", model.to).Member("penalty", model.penalty);
    json.Member("inner_average_precision", model.inner_average_precision).Member("inner_auc", model.inner_auc);
    json.Member("cases", static_cast<std::uint64_t>(model.cases));
    json.Member("positives", static_cast<std::uint64_t>(model.positives)).Key("weights").Open('{');
    for (std::size_t f = 0; f < names.size(); ++f) json.Member(names[f], model.logistic.weights[f]);
    json.Close('}');
    AddRows(json, "companies", file.rows);
    AddLimits(json, kLimits);
    return json.Close('}').text() + "\n";
  }
  TextTable table;
  table.Head({"feature (standardised)", "weight"});
  for (std::size_t f = 0; f < names.size(); ++f)
    table.Row({std::string(names[f]), Decimal(model.logistic.weights[f], 4)});
  std::string out = fmt::format(
      "Which industry appears next in a place: trained on what appeared from {} to before {}.\n"
      "{} pairs without a company before {}, {} of them had one in the window. L2 penalty {}, chosen inside the "
      "window.\n",
      model.from, model.to, model.cases, model.from, model.positives, model.penalty);
  out +=
      std::isnan(model.inner_auc)
          ? "No test inside the training years: the file does not reach back so far.\n"
          : fmt::format("Inside the training years (fitted on the window before, tested on this one): AP {}, AUC {}.\n",
                        Decimal(model.inner_average_precision, 4), Decimal(model.inner_auc, 4));
  return out + "\n" + table.Text() + "\n" + RowsText("companies", file.rows) + LimitsText(kLimits) +
         fmt::format("Model: {}\n", options.out);
}

std::vector<Verdict> Verdicts(const forecast::IndustryEvaluation& evaluation) {
  std::vector<Verdict> out;
  for (std::size_t w = 1; w < evaluation.ways.size(); ++w)
    out.push_back(Judge(evaluation.ways[w].name, "average precision", evaluation.ways[w].metrics.ahead));
  return out;
}

std::string EvaluationJson(const Options& options, const forecast::IndustryModel& model,
                           const forecast::IndustryEvaluation& evaluation, const RowCounts& rows) {
  JsonWriter json;
  json.Open('{').Member("task", "industry").Member("trained_from", model.from).Member("trained_to", model.to);
  json.Member("from", options.from).Member("to", options.to).Member("seed", options.seed);
  json.Member("cases", static_cast<std::uint64_t>(evaluation.cases));
  json.Member("positives", static_cast<std::uint64_t>(evaluation.positives));
  json.Member("new_names", static_cast<std::uint64_t>(evaluation.new_names));
  json.Member("same_history", evaluation.same_history).Key("ways").Open('[');
  for (const auto& [name, metrics] : evaluation.ways) {
    json.Open('{').Member("name", name);
    AddMember(json, "average_precision", metrics.average_precision);
    AddMember(json, "auc", metrics.auc);
    json.Member("precision_at_10", metrics.precision_at_10).Member("precision_at_50", metrics.precision_at_50);
    json.Member("precision_at_100", metrics.precision_at_100);
    AddMember(json, "model_ahead_in_average_precision", metrics.ahead);
    json.Close('}');
  }
  json.Close(']').Key("within_place").Open('{');
  AddMember(json, "mrr", evaluation.within_place.mean_reciprocal_rank);
  AddMember(json, "hits_at_1", evaluation.within_place.hits_at_1);
  AddMember(json, "hits_at_10", evaluation.within_place.hits_at_10);
  json.Close('}');
  AddCalibration(json, evaluation.calibration);
  AddVerdicts(json, Verdicts(evaluation));
  AddRows(json, "companies", rows);
  AddLimits(json, kLimits);
  return json.Close('}').text() + "\n";
}

std::string EvaluationText(const Options& options, const forecast::IndustryModel& model,
                           const forecast::IndustryEvaluation& evaluation, const RowCounts& rows) {
  std::string out = fmt::format(
      "Which industry appears next in a place: trained on {} to {}, tested on {} to {} (years end before 1 January).\n"
      "{} pairs without a company before {}, all ranked; {} of them ({}) had one before {}.\n",
      model.from, model.to, options.from, options.to, evaluation.cases, options.from, evaluation.positives,
      Decimal(static_cast<double>(evaluation.positives) / static_cast<double>(evaluation.cases), 4), options.to);
  if (evaluation.new_names > 0)
    out += fmt::format("{} more appeared in a place or industry without any company before {}: no way ranks them.\n",
                       evaluation.new_names, options.from);
  if (!evaluation.same_history)
    out +=
        fmt::format("NOTE: the companies before {} in this file are not those the model was trained on.\n", model.to);
  TextTable table;
  table.Head({"way", "AP [95 %]", "AUC [95 %]", "P@10", "P@50", "P@100", "model ahead (AP)"});
  for (const auto& [name, m] : evaluation.ways)
    table.Row({std::string(name), WithInterval(m.average_precision), WithInterval(m.auc), Decimal(m.precision_at_10, 3),
               Decimal(m.precision_at_50, 3), Decimal(m.precision_at_100, 3),
               name == "model" ? "" : fmt::format("{:+.4f}", m.ahead.value)});
  out += "\n" + table.Text() + "\n" + VerdictsText(Verdicts(evaluation));
  out += fmt::format("Within its own place an industry that appeared stood at: MRR {}, H@1 {}, H@10 {}.\n\n",
                     WithInterval(evaluation.within_place.mean_reciprocal_rank),
                     WithInterval(evaluation.within_place.hits_at_1), WithInterval(evaluation.within_place.hits_at_10));
  return out + CalibrationText(evaluation.calibration, "the model's chances of all pairs") + "\n" +
         RowsText("companies", rows) + LimitsText(kLimits);
}

Result<std::string> Eval(const Options& options) {
  LF_ASSIGN(const forecast::IndustryModel model, ReadModel(options.model));
  LF_ASSIGN(const ListingsFile file, ReadListings(options.companies, options.encoding));
  LF_ASSIGN(const forecast::IndustryEvaluation evaluation,
            forecast::EvaluateIndustry(file.listings, model, options.from, options.to, options.seed));
  return options.json ? EvaluationJson(options, model, evaluation, file.rows)
                      : EvaluationText(options, model, evaluation, file.rows);
}

Result<std::string> Predict(const Options& options) {
  LF_ASSIGN(const forecast::IndustryModel model, ReadModel(options.model));
  LF_ASSIGN(const ListingsFile file, ReadListings(options.companies, options.encoding));
  const int at = options.at == 0 ? model.to : options.at, years = model.to - model.from;
  LF_ASSIGN(std::vector<forecast::IndustryOutlook> outlooks,
            forecast::PredictIndustries(file.listings, model, at, options.place));
  const std::size_t without = outlooks.size();
  if (outlooks.size() > options.top) outlooks.resize(options.top);
  JsonWriter json;
  json.Open('{').Member("task", "industry").Member("place", options.place).Member("at", at).Member("years", years);
  json.Member("trained_from", model.from).Member("trained_to", model.to);
  json.Member("inner_average_precision", model.inner_average_precision).Member("inner_auc", model.inner_auc);
  json.Member("industries_without_company", static_cast<std::uint64_t>(without)).Key("industries").Open('[');
  TextTable table;
  table.Head({"#", "industry", "chance", "rank by expected arrivals", "by density", "moved most by (log odds)"});
  for (std::size_t i = 0; i < outlooks.size(); ++i) {
    const auto& outlook = outlooks[i];
    const std::vector<Reason> reasons = ReasonsOf(outlook.contributions);
    const std::string& name = file.listings.industries[outlook.industry];
    table.Row({fmt::format("{}", i + 1), name, Decimal(outlook.probability, 3),
               fmt::format("{}", outlook.rank_expected), fmt::format("{}", outlook.rank_density),
               ReasonsText(reasons)});
    json.Open('{').Member("industry", name).Member("chance", outlook.probability);
    json.Member("rank_expected_arrivals", static_cast<std::uint64_t>(outlook.rank_expected));
    json.Member("rank_density", static_cast<std::uint64_t>(outlook.rank_density));
    AddReasons(json, reasons);
    json.Close('}');
  }
  json.Close(']');
  AddLimits(json, kLimits);
  json.Close('}');
  if (options.json) return json.text() + "\n";
  std::string out = fmt::format(
      "{}: the chance that its first company of an industry is listed within {} years from {}, by a model of {} to "
      "{}.\n"
      "{} industries have no company there.\n",
      options.place, years, at, model.from, model.to, without);
  if (!std::isnan(model.inner_auc))
    out += fmt::format("On past cases such a model reached AP {}, AUC {} (inside its training years; see also eval).\n",
                       Decimal(model.inner_average_precision, 4), Decimal(model.inner_auc, 4));
  return out + "\n" + table.Text() + "\n" + LimitsText(kLimits);
}

struct Cut {
  int train, cut, end;
};
// "2012:2018:2024"
Result<Cut> ParseCut(std::string_view text) {
  int years[3] = {};
  const char* at = text.data();
  const char* const end = text.data() + text.size();
  for (int i = 0; i < 3; ++i) {
    if (i > 0 && (at == end || *at++ != ':')) at = nullptr;
    if (at == nullptr) break;
    const auto [next, error] = std::from_chars(at, end, years[i]);
    at = error == std::errc() ? next : nullptr;
    if (at == nullptr) break;
  }
  if (at != end)
    return Invalid("chain.forecast_years", "A cut is written TRAIN:CUT:END, as in 2012:2018:2024.", "cuts");
  return Cut{years[0], years[1], years[2]};
}

Result<std::string> Trial(const Options& options) {
  LF_ASSIGN(const ListingsFile file, ReadListings(options.companies, options.encoding));
  std::vector<Cut> cuts;
  for (const std::string& text : options.cuts) {
    LF_ASSIGN(const Cut cut, ParseCut(text));
    cuts.push_back(cut);
  }
  TextTable table;
  JsonWriter json;
  json.Open('{').Member("task", "industry").Key("cuts").Open('[');
  std::vector<double> precision, auc;
  std::vector<std::string> names;
  for (const Cut& cut : cuts) {
    LF_ASSIGN(const forecast::IndustryModel model, forecast::TrainIndustry(file.listings, cut.train, cut.cut));
    LF_ASSIGN(const forecast::IndustryEvaluation evaluation,
              forecast::EvaluateIndustry(file.listings, model, cut.cut, cut.end, options.seed));
    precision.resize(evaluation.ways.size(), 0);
    auc.resize(evaluation.ways.size(), 0);
    if (names.empty()) {
      names = {"train, cut, end", "cases", "appeared", "penalty"};
      for (const auto& way : evaluation.ways) names.push_back(fmt::format("{} AP / AUC", way.name));
      table.Head(names);
    }
    std::vector<std::string> row = {fmt::format("{}:{}:{}", cut.train, cut.cut, cut.end),
                                    fmt::format("{}", evaluation.cases), fmt::format("{}", evaluation.positives),
                                    fmt::format("{}", model.penalty)};
    json.Open('{').Member("train", cut.train).Member("cut", cut.cut).Member("end", cut.end);
    json.Member("cases", static_cast<std::uint64_t>(evaluation.cases));
    json.Member("positives", static_cast<std::uint64_t>(evaluation.positives)).Member("penalty", model.penalty);
    json.Key("ways").Open('[');
    for (std::size_t w = 0; w < evaluation.ways.size(); ++w) {
      const auto& [name, metrics] = evaluation.ways[w];
      precision[w] += metrics.average_precision.value / static_cast<double>(cuts.size());
      auc[w] += metrics.auc.value / static_cast<double>(cuts.size());
      row.push_back(Decimal(metrics.average_precision.value, 4) + " / " + Decimal(metrics.auc.value, 4));
      json.Open('{').Member("name", name);
      json.Member("average_precision", metrics.average_precision.value).Member("auc", metrics.auc.value).Close('}');
    }
    json.Close(']').Close('}');
    table.Row(std::move(row));
  }
  std::vector<std::string> mean = {"mean", "", "", ""};
  json.Close(']').Key("mean").Open('[');
  for (std::size_t w = 0; w < precision.size(); ++w) {
    mean.push_back(Decimal(precision[w], 4) + " / " + Decimal(auc[w], 4));
    json.Open('{').Member("average_precision", precision[w]).Member("auc", auc[w]).Close('}');
  }
  table.Row(std::move(mean));
  json.Close(']');
  AddLimits(json, kLimits);
  json.Close('}');
  return options.json ? json.text() + "\n" : table.Text() + "\n" + LimitsText(kLimits);
}

std::shared_ptr<Options> AddVerb(CLI::App& verb, const char* about, Result<std::string> (*run)(const Options&),
                                 int& exit_code, CLI::App*& command) {
  const auto options = std::make_shared<Options>();
  command = verb.add_subcommand("industry", about);
  command
      ->add_option("--companies", options->companies,
                   "CSV of listed companies, plain or gzip: place (area), industry, day of listing (list_date)")
      ->required();
  command->add_option("--encoding", options->encoding, "utf-8, gbk or gb18030");
  command->add_flag("--json", options->json, "compact JSON (docs/chain/forecast.md)");
  command->callback([options, run, &exit_code] { exit_code = PrintAnswer(run(*options)); });
  return options;
}

}  // namespace

void AddIndustryForecast(CLI::App& train, CLI::App& eval, CLI::App& predict, CLI::App& trial, int& exit_code) {
  CLI::App* command = nullptr;
  auto options = AddVerb(train, "Which industry appears next in a place: L2 logistic regression on one window", Train,
                         exit_code, command);
  command->add_option("--from", options->from, "features from companies listed before 1 January of this year")
      ->required();
  command->add_option("--to", options->to, "what appeared before 1 January of this year is learnt")->required();
  command->add_option("--out", options->out, "the model file to write (JSON)")->required();

  options = AddVerb(eval, "Test it on later years, beside density, diversity × ubiquity and popularity", Eval,
                    exit_code, command);
  command->add_option("MODEL", options->model, "a model file of train industry")->required();
  command->add_option("--from", options->from, "the cut; not before the model's training years end")->required();
  command->add_option("--to", options->to, "what appears before 1 January of this year counts")->required();
  command->add_option("--seed", options->seed, "of the bootstrap of 1,000 draws");

  options = AddVerb(predict, "The industries a place does not have, most probable first, with reasons", Predict,
                    exit_code, command);
  command->add_option("MODEL", options->model, "a model file of train industry")->required();
  command->add_option("--place", options->place, "as it stands in the file, e.g. 湖北")->required();
  command->add_option("--at", options->at, "the cut year; without it, the end of the training years");
  command->add_option("--top", options->top, "how many")->check(CLI::Range(1, 10'000));

  options = AddVerb(trial, "Train and test over several cuts in one go", Trial, exit_code, command);
  command->add_option("--cuts", options->cuts, "TRAIN:CUT:END …, e.g. 2012:2018:2024 2011:2017:2023")->required();
  command->add_option("--seed", options->seed, "of the bootstrap");
}

}  // namespace landfall::cli
