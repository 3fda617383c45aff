// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <functional>
#include <tuple>

#include "analysis/graph/clean.h"
#include "cli/tools/chain_forecast.h"
#include "cli/tools/chain_structure.h"

namespace landfall::cli {
namespace {

constexpr std::size_t kNameBytesMost = 600;    // 200 Chinese characters.
constexpr std::size_t kLinksMost = 5'000'000;  // Of one file: about 1 GB of memory.
constexpr std::string_view kPlaceNames[] = {"area", "place", "region", "地区", "省份", "城市"};
constexpr std::string_view kIndustryNames[] = {"industry", "行业", "产业"};
constexpr std::string_view kListedNames[] = {"list_date", "listed", "上市日期"};
constexpr std::string_view kFromNames[] = {"from_product", "from", "product", "产品"};
constexpr std::string_view kToNames[] = {"to_product", "to", "material", "材料"};
constexpr std::string_view kRelationNames[] = {"rel", "relation", "关系"};
constexpr std::string_view kFirmNames[] = {"company_id", "firm", "company", "企业"};
constexpr std::string_view kMadeNames[] = {"product", "产品"};
constexpr std::string_view kShareNames[] = {"rel_weight", "share", "weight", "占比"};

Result<ReadRows> ReadTable(const std::string& path, const std::string& encoding, std::span<const WantedColumn> wanted,
                           const std::function<Status(std::span<const std::string_view>)>& take) {
  TableOptions table;
  table.file = path;
  table.encoding = encoding;
  auto read = ForEachRow(
      table, wanted, [&](std::uint64_t, std::span<const std::string_view> fields) -> Status { return take(fields); });
  if (!read && read.error().code == "chain.structure_no_column")
    return Invalid("chain.forecast_no_column", read.error().detail, read.error().field);
  return read;
}

// "2012-01-05" or "20120105".
Result<Day> ParseListingDay(std::string_view text) {
  if (text.size() != 8) return ParseDay(text);
  return ParseDay(fmt::format("{}-{}-{}", text.substr(0, 4), text.substr(4, 2), text.substr(6, 2)));
}

Error NothingRead(std::string_view path_role) {
  return Invalid("chain.forecast_nothing_read", "No row of the file could be used.", std::string(path_role));
}

// The mended name, or nothing with the rule that drops it.
std::string MendedName(std::string_view raw, RowCounts& rows) {
  std::string name = chain::CleanName(raw);
  std::string_view reason;
  if (name.empty() || name.size() > kNameBytesMost)
    reason = "name empty or too long";
  else if (chain::HasUnpairedQuotes(name))
    reason = "name with unpaired quotes";
  else if (chain::IsAccountingName(name))
    reason = "line of the accounts";
  if (reason.empty()) return name;
  ++rows.left_out[std::string(reason)];
  return {};
}

void SortUniqueNamed(std::vector<NamedLink>& links, RowCounts& rows) {
  std::sort(links.begin(), links.end());
  const auto end = std::unique(links.begin(), links.end());
  if (end != links.end()) rows.left_out["the same link again"] += static_cast<std::uint64_t>(links.end() - end);
  links.erase(end, links.end());
  rows.used += links.size();
}

}  // namespace

Result<ListingsFile> ReadListings(const std::string& path, const std::string& encoding) {
  const WantedColumn wanted[] = {
      {"place", "", kPlaceNames}, {"industry", "", kIndustryNames}, {"list_date", "", kListedNames}};
  struct Company {
    std::string place, industry;
    Day listed;
  };
  std::vector<Company> companies;
  ListingsFile out;
  LF_TRY(ReadTable(path, encoding, wanted, [&](std::span<const std::string_view> fields) -> Status {
    std::string place = chain::CleanName(fields[0]), industry = chain::CleanName(fields[1]);
    const auto listed = ParseListingDay(fields[2]);
    if (place.empty() || industry.empty() || place.size() > kNameBytesMost || industry.size() > kNameBytesMost)
      ++out.rows.left_out["place or industry empty or too long"];
    else if (!listed)
      ++out.rows.left_out["no day of listing"];
    else
      companies.push_back({std::move(place), std::move(industry), *listed});
    if (companies.size() > kLinksMost) return Invalid("chain.forecast_too_large", "More than 5,000,000 companies.");
    return Ok{};
  }));
  if (companies.empty()) return NothingRead("companies");
  Names places, industries;
  for (const Company& company : companies) {
    places.Add(company.place);
    industries.Add(company.industry);
  }
  places.Number();
  industries.Number();
  out.listings.places = places.All();
  out.listings.industries = industries.All();
  for (const Company& company : companies)
    out.listings.rows.push_back({places.Of(company.place), industries.Of(company.industry), company.listed});
  out.rows.used = companies.size();
  return out;
}

Result<LinksFile> ReadLinks(const std::string& path, const std::string& encoding, bool no_dishes) {
  const WantedColumn wanted[] = {{"from", "", kFromNames}, {"to", "", kToNames}, {"rel", "", kRelationNames}};
  LinksFile out;
  LF_TRY(ReadTable(path, encoding, wanted, [&](std::span<const std::string_view> fields) -> Status {
    const std::string_view relation = fields[2];
    const bool needs = relation == "上游材料" || relation == "needs" || relation == "upstream";
    const bool kinds = relation == "产品小类" || relation == "kind" || relation == "sub_product";
    if (!needs && !kinds) {
      ++out.rows.left_out["another relation"];
      return Ok{};
    }
    std::string from = MendedName(fields[0], out.rows);
    if (from.empty()) return Ok{};
    std::string to = MendedName(fields[1], out.rows);
    if (to.empty()) return Ok{};
    if (from == to)
      ++out.rows.left_out["linked to itself"];
    else if (needs && no_dishes && chain::ReadsAsDish(from))
      ++out.rows.left_out["product reads as a dish"];
    else
      (needs ? out.needs : out.kinds).emplace_back(std::move(from), std::move(to));
    if (out.needs.size() + out.kinds.size() > kLinksMost)
      return Invalid("chain.forecast_too_large", "More than 5,000,000 links.");
    return Ok{};
  }));
  SortUniqueNamed(out.needs, out.rows);
  SortUniqueNamed(out.kinds, out.rows);
  if (out.needs.empty()) return NothingRead("edges");
  return out;
}

Result<MakersFile> ReadMakers(const std::string& path, const std::string& encoding) {
  const WantedColumn with_share[] = {{"firm", "", kFirmNames}, {"product", "", kMadeNames}, {"share", "", kShareNames}};
  MakersFile out;
  const auto take = [&](std::span<const std::string_view> fields) -> Status {
    std::string product = MendedName(fields[1], out.rows);
    if (product.empty()) return Ok{};
    std::string firm = chain::StockCode(fields[0]).value_or(chain::CleanName(fields[0]));
    if (firm.empty() || firm.size() > kNameBytesMost) {
      ++out.rows.left_out["firm empty or too long"];
      return Ok{};
    }
    float share = 0;
    if (fields.size() > 2) std::from_chars(fields[2].data(), fields[2].data() + fields[2].size(), share);
    out.makes.push_back({std::move(product), std::move(firm), share >= 0 && share <= 1 ? share : 0});
    if (out.makes.size() > kLinksMost) return Invalid("chain.forecast_too_large", "More than 5,000,000 rows.");
    return Ok{};
  };
  auto read = ReadTable(path, encoding, with_share, take);
  if (!read && read.error().code == "chain.forecast_no_column" && read.error().field == "share")
    read = ReadTable(path, encoding, std::span(with_share).first(2), take);
  if (!read) return read.error();
  // Of two rows of one pair the larger share is kept.
  std::sort(out.makes.begin(), out.makes.end(), [](const MakerRow& a, const MakerRow& b) {
    return std::tie(a.product, a.firm, b.share) < std::tie(b.product, b.firm, a.share);
  });
  const auto end = std::unique(out.makes.begin(), out.makes.end(), [](const MakerRow& a, const MakerRow& b) {
    return a.product == b.product && a.firm == b.firm;
  });
  if (end != out.makes.end())
    out.rows.left_out["the same link again"] += static_cast<std::uint64_t>(out.makes.end() - end);
  out.makes.erase(end, out.makes.end());
  out.rows.used = out.makes.size();
  if (out.makes.empty()) return NothingRead("products");
  return out;
}

void Names::Number() {
  std::uint32_t next = 0;
  for (auto& [name, number] : names_) number = next++;
}

std::vector<std::string> Names::All() const {
  std::vector<std::string> out;
  for (const auto& [name, number] : names_) out.push_back(name);
  return out;
}

std::vector<forecast::Link> Numbered(std::span<const NamedLink> links, const Names& names) {
  std::vector<forecast::Link> out;
  for (const auto& [from, to] : links) out.emplace_back(names.Of(from), names.Of(to));
  return out;
}

}  // namespace landfall::cli
