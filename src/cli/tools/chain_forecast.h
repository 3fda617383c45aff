// SPDX-License-Identifier: Apache-2.0
// What `chain split|train|eval|predict|trial` share: reading the three kinds of files, and printing figures.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/forecast/choice.h"
#include "analysis/forecast/firm_evidence.h"
#include "analysis/forecast/industry.h"
#include "analysis/forecast/upstream_evidence.h"
#include "base/result.h"
#include "cli/tools/print.h"

namespace CLI {
class App;
}

namespace landfall::cli {

namespace forecast = chain::forecast;

// Rows of a file: how many were used, and why the others were not, by reason.
struct RowCounts {
  std::uint64_t used = 0;
  std::map<std::string, std::uint64_t, std::less<>> left_out;
};

// Companies with place, industry and day of listing. Columns: area|place|region|地区|省份, industry|行业,
// list_date|listed| 上市日期 (YYYY-MM-DD or YYYYMMDD). Places and industries are numbered by name, so that the order of
// rows does not matter. Errors: those of ForEachRow (chain_structure.h), chain.forecast_no_column,
// chain.forecast_nothing_read.
struct ListingsFile {
  forecast::Listings listings;
  RowCounts rows;
};
Result<ListingsFile> ReadListings(const std::string& path, const std::string& encoding);

// Links between names, each once, sorted by name.
using NamedLink = std::pair<std::string, std::string>;
struct LinksFile {
  std::vector<NamedLink> needs;  // Product, material (rel 上游材料, needs, upstream).
  std::vector<NamedLink> kinds;  // Class, kind of it (rel 产品小类, kind, sub_product).
  RowCounts rows;
};
// Columns: from_product|from|product, to_product|to|material, rel|relation|关系. Names are mended and dropped by the
// rules of `chain import` that look at a name alone (analysis/graph/clean.h); `no_dishes` also drops links of products
// whose name reads as a dish. Errors: as above.
Result<LinksFile> ReadLinks(const std::string& path, const std::string& encoding, bool no_dishes);

struct MakerRow {
  std::string product, firm;
  float share;
  auto operator<=>(const MakerRow&) const = default;
};
struct MakersFile {
  std::vector<MakerRow> makes;  // Each pair once, sorted.
  RowCounts rows;
};
// Columns: company_id|firm|company|企业, product|产品, rel_weight|share|weight (may be missing). Ids of listed
// companies are written one way (600373.SH). Errors: as above.
Result<MakersFile> ReadMakers(const std::string& path, const std::string& encoding);

// Numbers the names of links, in the order of the names.
class Names {
 public:
  void Add(std::string_view name) { names_.emplace(name, 0); }
  void Number();
  bool Has(std::string_view name) const { return names_.find(name) != names_.end(); }
  // Precondition: the name was added, and Number was called.
  std::uint32_t Of(std::string_view name) const { return names_.find(name)->second; }
  std::vector<std::string> All() const;

 private:
  std::map<std::string, std::uint32_t, std::less<>> names_;
};
std::vector<forecast::Link> Numbered(std::span<const NamedLink> links, const Names& names);

// "0.3208 [0.2741, 0.3790]"
std::string WithInterval(const forecast::Estimate& estimate);
// One sentence for each plain way: whether the model is ahead of it, and whether that could be chance.
struct Verdict {
  std::string way;
  bool ahead;  // The whole interval of the difference lies above 0.
  std::string sentence;
};
Verdict Judge(std::string_view way, std::string_view measure, const forecast::Estimate& ahead);

void AddMember(JsonWriter& json, std::string_view name, const forecast::Estimate& estimate);
void AddCalibration(JsonWriter& json, const forecast::Calibration& calibration);
std::string CalibrationText(const forecast::Calibration& calibration, std::string_view of_what);
void AddRows(JsonWriter& json, std::string_view name, const RowCounts& rows);
std::string RowsText(std::string_view what, const RowCounts& rows);
void AddLimits(JsonWriter& json, std::span<const std::string_view> limits);
std::string LimitsText(std::span<const std::string_view> limits);
void AddVerdicts(JsonWriter& json, std::span<const Verdict> verdicts);
std::string VerdictsText(std::span<const Verdict> verdicts);

// The families of features that move a score most, "similar_products +1.83, name −0.40"; at most `most`.
struct Reason {
  std::string_view family;
  double contribution;
};
std::vector<Reason> Strongest(std::vector<Reason> by_feature, std::size_t most);
std::string ReasonsText(std::span<const Reason> reasons);
void AddReasons(JsonWriter& json, std::span<const Reason> reasons);

unsigned ThreadsOf(unsigned asked);  // 0: as many as the machine has, at most 16.

// The parts of the commands, one file each. `verb` is "train", "eval", "predict" or "trial".
void AddIndustryForecast(CLI::App& train, CLI::App& eval, CLI::App& predict, CLI::App& trial, int& exit_code);
void AddChoiceForecast(CLI::App& train, CLI::App& eval, CLI::App& predict, CLI::App& trial, int& exit_code);
void AddForecastSplit(CLI::App& chain, int& exit_code);

}  // namespace landfall::cli
