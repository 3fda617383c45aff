// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <thread>

#include "cli/tools/chain_forecast.h"

namespace landfall::cli {

std::string WithInterval(const forecast::Estimate& estimate) {
  return fmt::format("{} [{}, {}]", Decimal(estimate.value, 4), Decimal(estimate.low, 4), Decimal(estimate.high, 4));
}

Verdict Judge(std::string_view way, std::string_view measure, const forecast::Estimate& ahead) {
  Verdict out{std::string(way), ahead.low > 0, {}};
  const std::string interval =
      fmt::format("{:+.4f} (95 % interval {:+.4f} to {:+.4f})", ahead.value, ahead.low, ahead.high);
  if (out.ahead)
    out.sentence = fmt::format("The model beats {} by {} of {}.", way, interval, measure);
  else if (ahead.high < 0)
    out.sentence = fmt::format("THE MODEL IS WORSE THAN {}: {} of {}. Use {} alone.", way, interval, measure, way);
  else
    out.sentence = fmt::format("THE MODEL IS NOT SHOWN TO BEAT {}: {} of {} may be chance.", way, interval, measure);
  return out;
}

void AddMember(JsonWriter& json, std::string_view name, const forecast::Estimate& estimate) {
  json.Key(name)
      .Open('{')
      .Member("value", estimate.value)
      .Member("low", estimate.low)
      .Member("high", estimate.high)
      .Close('}');
}

void AddCalibration(JsonWriter& json, const forecast::Calibration& calibration) {
  json.Key("calibration")
      .Open('{')
      .Member("brier", calibration.brier)
      .Member("brier_of_mean_rate", calibration.brier_of_rate)
      .Member("expected_error", calibration.expected_error)
      .Key("bins")
      .Open('[');
  for (const auto& bin : calibration.bins)
    json.Open('{')
        .Member("predicted", bin.predicted)
        .Member("observed", bin.observed)
        .Member("cases", static_cast<std::uint64_t>(bin.cases))
        .Close('}');
  json.Close(']').Close('}');
}

std::string CalibrationText(const forecast::Calibration& calibration, std::string_view of_what) {
  TextTable table;
  table.Head({"predicted", "happened", "cases"});
  for (const auto& bin : calibration.bins)
    table.Row({Decimal(bin.predicted, 4), Decimal(bin.observed, 4), fmt::format("{}", bin.cases)});
  return fmt::format("Calibration of {}: Brier {} (always the mean rate: {}), mean error of a bin {}.\n{}", of_what,
                     Decimal(calibration.brier, 5), Decimal(calibration.brier_of_rate, 5),
                     Decimal(calibration.expected_error, 4), table.Text());
}

void AddRows(JsonWriter& json, std::string_view name, const RowCounts& rows) {
  json.Key(name).Open('{').Member("used", rows.used).Key("left_out").Open('{');
  for (const auto& [reason, count] : rows.left_out) json.Member(reason, count);
  json.Close('}').Close('}');
}

std::string RowsText(std::string_view what, const RowCounts& rows) {
  std::string out = fmt::format("{}: {} used", what, rows.used);
  for (const auto& [reason, count] : rows.left_out) out += fmt::format("; {} left out: {}", count, reason);
  return out + "\n";
}

void AddLimits(JsonWriter& json, std::span<const std::string_view> limits) {
  json.Key("limits").Open('[');
  for (const std::string_view limit : limits) json.Value(limit);
  json.Close(']');
}

std::string LimitsText(std::span<const std::string_view> limits) {
  std::string out = "Limits of the data:\n";
  for (const std::string_view limit : limits) out += fmt::format("  - {}\n", limit);
  return out;
}

void AddVerdicts(JsonWriter& json, std::span<const Verdict> verdicts) {
  json.Key("verdicts").Open('[');
  for (const Verdict& verdict : verdicts)
    json.Open('{')
        .Member("way", verdict.way)
        .Member("model_ahead", verdict.ahead)
        .Member("sentence", verdict.sentence)
        .Close('}');
  json.Close(']');
}

std::string VerdictsText(std::span<const Verdict> verdicts) {
  std::string out;
  for (const Verdict& verdict : verdicts) out += verdict.sentence + "\n";
  return out;
}

std::vector<Reason> Strongest(std::vector<Reason> by_feature, std::size_t most) {
  std::vector<Reason> families;
  for (const Reason& reason : by_feature) {
    const auto found = std::find_if(families.begin(), families.end(),
                                    [&](const Reason& family) { return family.family == reason.family; });
    if (found == families.end())
      families.push_back(reason);
    else
      found->contribution += reason.contribution;
  }
  std::stable_sort(families.begin(), families.end(), [](const Reason& a, const Reason& b) {
    return std::abs(a.contribution) > std::abs(b.contribution);
  });
  if (families.size() > most) families.resize(most);
  return families;
}

std::string ReasonsText(std::span<const Reason> reasons) {
  std::string out;
  for (const Reason& reason : reasons)
    out += fmt::format("{}{} {:+.2f}", out.empty() ? "" : ", ", reason.family, reason.contribution);
  return out;
}

void AddReasons(JsonWriter& json, std::span<const Reason> reasons) {
  json.Key("reasons").Open('[');
  for (const Reason& reason : reasons)
    json.Open('{').Member("family", reason.family).Member("contribution", reason.contribution).Close('}');
  json.Close(']');
}

unsigned ThreadsOf(unsigned asked) {
  return std::clamp(asked == 0 ? std::thread::hardware_concurrency() : asked, 1U, 16U);
}

}  // namespace landfall::cli
