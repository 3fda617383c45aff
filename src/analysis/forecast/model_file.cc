// SPDX-License-Identifier: Apache-2.0
#include "analysis/forecast/model_file.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/json.h"

namespace landfall::chain::forecast {
namespace {

constexpr std::string_view kFormat = "landfall.chain.forecast";
constexpr std::int64_t kVersion = 1;
constexpr std::size_t kBytesMost = 64 << 20;
constexpr std::size_t kNodesMost = 1 << 20;

using Json = simdjson::dom::element;

Error Malformed(std::string_view member) {
  return Invalid("chain.forecast_model_malformed", fmt::format("The member {} is missing or impossible.", member),
                 std::string(member));
}

void AppendText(std::string& out, std::string_view text) { AppendJsonString(out, text); }

void AppendFeatures(std::string& out, std::span<const std::string_view> features) {
  out += ",\"features\":[";
  for (std::size_t i = 0; i < features.size(); ++i) {
    if (i > 0) out += ',';
    AppendText(out, features[i]);
  }
  out += ']';
}

std::string Head(std::string_view task) {
  std::string out = fmt::format("{{\"format\":\"{}\",\"version\":{},\"task\":", kFormat, kVersion);
  AppendText(out, task);
  return out;
}

void AppendDigest(std::string& out, const Digest& digest) {
  out += ",\"training\":\"";
  AppendDigestText(out, digest);
  out += '"';
}

Result<Json> Member(const Json& object, const char* name) {
  Json value;
  if (object[name].get(value) != simdjson::SUCCESS) return Malformed(name);
  return value;
}

Result<double> Number(const Json& object, const char* name) {
  LF_ASSIGN(const Json value, Member(object, name));
  double number = 0;
  if (value.get_double().get(number) != simdjson::SUCCESS || !std::isfinite(number)) return Malformed(name);
  return number;
}

Result<std::int64_t> Whole(const Json& object, const char* name, std::int64_t low, std::int64_t high) {
  LF_ASSIGN(const Json value, Member(object, name));
  std::int64_t number = 0;
  if (value.get_int64().get(number) != simdjson::SUCCESS || number < low || number > high) return Malformed(name);
  return number;
}

Result<std::string> Text(const Json& object, const char* name) {
  LF_ASSIGN(const Json value, Member(object, name));
  std::string_view text;
  if (value.get_string().get(text) != simdjson::SUCCESS) return Malformed(name);
  return std::string(text);
}

Result<simdjson::dom::array> Array(const Json& object, const char* name) {
  LF_ASSIGN(const Json value, Member(object, name));
  simdjson::dom::array array;
  if (value.get_array().get(array) != simdjson::SUCCESS) return Malformed(name);
  return array;
}

Result<Digest> Training(const Json& object) {
  LF_ASSIGN(const std::string text, Text(object, "training"));
  auto digest = ParseDigestText(text);
  if (!digest) return Malformed("training");
  return *digest;
}

// What every model begins with.
Status CheckHead(const Json& root, std::string_view task, std::span<const std::string_view> features) {
  LF_ASSIGN(const std::string format, Text(root, "format"));
  if (format != kFormat) return Malformed("format");
  LF_ASSIGN(const std::int64_t version, Whole(root, "version", 0, 1'000'000));
  if (version != kVersion)
    return Invalid("chain.forecast_model_version", fmt::format("Version {} of the format is not known.", version),
                   "version");
  LF_ASSIGN(const std::string of, Text(root, "task"));
  if (of != task) return Invalid("chain.forecast_model_task", fmt::format("Not a model of the task {}.", task), "task");
  LF_ASSIGN(const simdjson::dom::array names, Array(root, "features"));
  std::size_t i = 0;
  for (const Json name : names) {
    std::string_view text;
    if (name.get_string().get(text) != simdjson::SUCCESS) return Malformed("features");
    if (i >= features.size() || features[i] != text)
      return Invalid("chain.forecast_model_version", "The model has other features than this program computes.",
                     "features");
    ++i;
  }
  if (i != features.size())
    return Invalid("chain.forecast_model_version", "The model has fewer features than this program computes.",
                   "features");
  return Ok{};
}

// Children stand behind their parent, so that a walk down a tree ends.
Result<TreeNode> ReadNode(const Json& json, std::size_t at, std::size_t nodes, std::size_t features) {
  simdjson::dom::array fields;
  double values[5];
  std::size_t count = 0;
  if (json.get_array().get(fields) != simdjson::SUCCESS) return Malformed("trees");
  for (const Json field : fields) {
    if (count == 5 || field.get_double().get(values[count]) != simdjson::SUCCESS || !std::isfinite(values[count]))
      return Malformed("trees");
    ++count;
  }
  if (count != 5) return Malformed("trees");
  TreeNode node;
  const auto whole = [](double value, double low, double high) {
    return value >= low && value < high && value == std::floor(value);
  };
  node.value = values[4];
  if (values[0] == -1) return node;
  const auto from = static_cast<double>(at) + 1, to = static_cast<double>(nodes);
  if (!whole(values[0], 0, static_cast<double>(features)) || !whole(values[2], from, to) || !whole(values[3], from, to))
    return Malformed("trees");
  node.feature = static_cast<std::int32_t>(values[0]);
  node.threshold = static_cast<float>(values[1]);
  node.left = static_cast<std::int32_t>(values[2]);
  node.right = static_cast<std::int32_t>(values[3]);
  return node;
}

Status ReadTrees(const Json& root, Ranker& ranker) {
  LF_ASSIGN(const simdjson::dom::array trees, Array(root, "trees"));
  std::size_t nodes = 0;
  for (const Json json : trees) {
    simdjson::dom::array array;
    if (json.get_array().get(array) != simdjson::SUCCESS || array.size() == 0) return Malformed("trees");
    nodes += array.size();
    if (nodes > kNodesMost) return Malformed("trees");
    Tree tree;
    for (const Json node : array) {
      LF_ASSIGN(TreeNode read, ReadNode(node, tree.size(), array.size(), ranker.features));
      tree.push_back(read);
    }
    ranker.trees.push_back(std::move(tree));
  }
  return Ok{};
}

template <class Use>
auto WithRoot(std::string_view json, Use&& use) -> decltype(use(std::declval<const Json&>())) {
  simdjson::dom::parser parser(kBytesMost);
  Json root;
  if (json.size() > kBytesMost || parser.parse(json.data(), json.size()).get(root) != simdjson::SUCCESS)
    return Malformed("format");
  return use(root);
}

}  // namespace

Digest LinksDigest(std::span<const NamedLinks> relations) {
  Sha256Stream stream;
  for (const NamedLinks& relation : relations) {
    std::vector<std::pair<std::string_view, std::string_view>> rows;
    for (const auto& [subject, candidate] : relation.links) rows.emplace_back(subject, candidate);
    std::sort(rows.begin(), rows.end());
    rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
    for (const auto& [subject, candidate] : rows)
      stream.Add(Bytes(fmt::format("{}\t{}\t{}\n", relation.relation, subject, candidate)));
  }
  return stream.Finish();
}

std::string WriteModel(const IndustryModel& model) {
  std::string out = Head("industry");
  out += fmt::format(",\"from\":{},\"to\":{},\"penalty\":{}", model.from, model.to, model.penalty);
  if (std::isfinite(model.inner_auc))
    out +=
        fmt::format(",\"inner_average_precision\":{},\"inner_auc\":{}", model.inner_average_precision, model.inner_auc);
  out += fmt::format(",\"cases\":{},\"positives\":{}", model.cases, model.positives);
  AppendDigest(out, model.training);
  AppendFeatures(out, IndustryFeatureNames());
  out += fmt::format(",\"intercept\":{},\"weights\":[{}]}}\n", model.logistic.intercept,
                     fmt::join(model.logistic.weights, ","));
  return out;
}

std::string WriteModel(const ChoiceModel& model, std::span<const std::string_view> features) {
  std::string out = Head(model.task);
  out += fmt::format(",\"seed\":{},\"cases\":{},\"links\":{}", model.seed, model.cases, model.links);
  AppendDigest(out, model.training);
  out += fmt::format(",\"validation\":{},\"validation_without\":{}", model.ranker.validation,
                     model.ranker.validation_without);
  AppendFeatures(out, features);
  out += ",\"trees\":[";
  for (std::size_t t = 0; t < model.ranker.trees.size(); ++t) {
    out += t == 0 ? "[" : ",\n[";
    const Tree& tree = model.ranker.trees[t];
    for (std::size_t i = 0; i < tree.size(); ++i)
      out += fmt::format("{}[{},{},{},{},{}]", i == 0 ? "" : ",", tree[i].feature, tree[i].threshold, tree[i].left,
                         tree[i].right, tree[i].value);
    out += ']';
  }
  out += "]}\n";
  return out;
}

Result<IndustryModel> ReadIndustryModel(std::string_view json) {
  return WithRoot(json, [](const Json& root) -> Result<IndustryModel> {
    LF_TRY(CheckHead(root, "industry", IndustryFeatureNames()));
    IndustryModel out;
    LF_ASSIGN(const std::int64_t from, Whole(root, "from", 1991, 2100));
    LF_ASSIGN(const std::int64_t to, Whole(root, "to", from + 1, 2100));
    out.from = static_cast<int>(from);
    out.to = static_cast<int>(to);
    LF_ASSIGN(out.penalty, Number(root, "penalty"));
    out.inner_average_precision = out.inner_auc = std::numeric_limits<double>::quiet_NaN();
    if (Json inner; root["inner_auc"].get(inner) == simdjson::SUCCESS) {
      LF_ASSIGN(out.inner_average_precision, Number(root, "inner_average_precision"));
      LF_ASSIGN(out.inner_auc, Number(root, "inner_auc"));
    }
    LF_ASSIGN(const std::int64_t cases, Whole(root, "cases", 0, std::int64_t{1} << 40));
    LF_ASSIGN(const std::int64_t positives, Whole(root, "positives", 0, cases));
    out.cases = static_cast<std::size_t>(cases);
    out.positives = static_cast<std::size_t>(positives);
    LF_ASSIGN(out.training, Training(root));
    LF_ASSIGN(out.logistic.intercept, Number(root, "intercept"));
    LF_ASSIGN(const simdjson::dom::array weights, Array(root, "weights"));
    for (const Json weight : weights) {
      double value = 0;
      if (weight.get_double().get(value) != simdjson::SUCCESS || !std::isfinite(value)) return Malformed("weights");
      out.logistic.weights.push_back(value);
    }
    if (out.logistic.weights.size() != kIndustryFeatures) return Malformed("weights");
    return out;
  });
}

Result<ChoiceModel> ReadChoiceModel(std::string_view json, std::string_view task,
                                    std::span<const std::string_view> features) {
  return WithRoot(json, [&](const Json& root) -> Result<ChoiceModel> {
    LF_TRY(CheckHead(root, task, features));
    ChoiceModel out;
    out.task = task;
    out.ranker.features = features.size();
    std::uint64_t seed = 0;
    if (root["seed"].get_uint64().get(seed) != simdjson::SUCCESS) return Malformed("seed");
    out.seed = seed;
    LF_ASSIGN(const std::int64_t cases, Whole(root, "cases", 0, std::int64_t{1} << 40));
    LF_ASSIGN(const std::int64_t links, Whole(root, "links", 0, std::int64_t{1} << 40));
    out.cases = static_cast<std::size_t>(cases);
    out.links = static_cast<std::size_t>(links);
    LF_ASSIGN(out.training, Training(root));
    LF_ASSIGN(out.ranker.validation, Number(root, "validation"));
    LF_ASSIGN(out.ranker.validation_without, Number(root, "validation_without"));
    LF_TRY(ReadTrees(root, out.ranker));
    return out;
  });
}

}  // namespace landfall::chain::forecast
