// SPDX-License-Identifier: Apache-2.0
// Files of a chain as they come: our own CSV and JSON lines, the chain-kg set, lists of listed companies and of codes.
#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <map>
#include <optional>

#include "base/text.h"
#include "cli/tools/chain_graph.h"
#include "exchange/encoding.h"
#include "exchange/gzip.h"

namespace landfall::cli {
namespace {

using chain::Drop;
using chain::Importer;
using chain::NodeKind;
using chain::RawEdge;
using chain::Relation;
using chain::RowPlace;

constexpr std::size_t kMaxFileBytes = std::size_t{1} << 30;
constexpr std::size_t kMaxFieldBytes = 64 * 1024;
constexpr std::size_t kMaxColumns = 1'000;
constexpr std::uint64_t kMaxRows = 20'000'000;  // Of one import: about 4 GB while it is cleaned.

// How far a set is believed where it does not say so itself, per cent (docs/chain/graph.md).
constexpr std::uint8_t kMachineExtracted = 60;
constexpr std::uint8_t kReportedShare = 90;  // Main products by the annual report, with their share of revenue.
constexpr std::uint8_t kReported = 70;       // The same without a share.
constexpr std::uint8_t kRegister = 95;
constexpr std::uint8_t kStatedByUser = 80;

// One row by the names of its columns.
class Fields {
 public:
  Fields(const std::map<std::string, std::size_t, std::less<>>& columns, const std::vector<std::string>& values)
      : columns_(columns), values_(values) {}
  std::string_view operator[](std::string_view column) const {
    const auto found = columns_.find(column);
    return found == columns_.end() || found->second >= values_.size() ? std::string_view{} : values_[found->second];
  }

 private:
  const std::map<std::string, std::size_t, std::less<>>& columns_;
  const std::vector<std::string>& values_;
};

Result<std::string> ReadUtf8(const std::string& path, const std::string& encoding) {
  LF_ASSIGN(const auto declared, exchange::ParseEncoding(encoding));
  LF_ASSIGN(const std::string bytes, ReadFileMaybeGzip(path, kMaxFileBytes));
  exchange::MemorySource raw(bytes);
  exchange::Utf8Source source(raw, declared);
  std::string text;
  std::array<char, 64 * 1024> chunk;
  for (;;) {
    LF_ASSIGN(const std::size_t count, source.Read(chunk));
    if (count == 0) return text;
    text.append(chunk.data(), count);
  }
}

Error AtFile(Error error, std::string_view file) { return std::move(error).At(file); }

// Reads one folder into an Importer.
class FolderReader {
 public:
  FolderReader(Importer& importer, const ImportFiles& files) : importer_(importer), files_(files) {}

  // Does nothing and says false where the file is not known by its name.
  Result<bool> Read(const std::string& path, const std::string& name) {
    using Reader = Status (FolderReader::*)(const Fields&, RowPlace);
    struct Table {
      std::string_view name;
      std::vector<std::string_view> columns;  // Those that must be there.
      Reader read;
    };
    static const std::vector<Table> kTables = {
        {"products.csv", {"name"}, &FolderReader::Product},
        {"links.csv", {"name"}, &FolderReader::Link},
        {"enterprises.csv", {"id"}, &FolderReader::Enterprise},
        {"places.csv", {"name"}, &FolderReader::Place},
        {"relations.csv", {"relation", "from", "to"}, &FolderReader::Edge},
        {"product_product.csv", {"from_product", "to_product", "rel"}, &FolderReader::KgProducts},
        {"company_product.csv", {"company_id", "product", "rel_weight"}, &FolderReader::KgMakes},
        {"industry_industry_up.csv", {"from_industry", "to_industry"}, &FolderReader::KgIndustries},
        {"stock_basic_area.csv", {"ts_code", "name", "area", "industry"}, &FolderReader::Listed},
    };
    std::string_view bare = name;
    if (bare.ends_with(".gz")) bare.remove_suffix(3);
    for (const Table& table : kTables) {
      if (bare != table.name) continue;
      auto read = ReadTable(path, name, table.columns, table.read);
      if (!read) return AtFile(std::move(read).error(), name);
      return true;
    }
    static const std::map<std::string_view, Reader> kLines = {
        {"product.json", &FolderReader::KgProduct},
        {"company.json", &FolderReader::KgCompany},
        {"company_industry.json", &FolderReader::KgMember},
        {"industry.json", &FolderReader::KgIndustry},
        {"industry_industry.json", &FolderReader::KgIndustryPart},
        {"industry_up.json", nullptr},
    };
    const auto lines = kLines.find(bare);
    if (lines == kLines.end() && !bare.ends_with(".jsonl")) return false;
    auto read = ReadLines(path, name, lines == kLines.end() ? &FolderReader::Line : lines->second);
    if (!read) return AtFile(std::move(read).error(), name);
    return true;
  }

 private:
  template <class Read>
  Status ReadTable(const std::string& path, const std::string& name, const std::vector<std::string_view>& must,
                   Read read) {
    LF_ASSIGN(const std::string text, ReadUtf8(path, files_.encoding));
    const std::uint16_t file = importer_.AddFile(name);
    std::map<std::string, std::size_t, std::less<>> columns;
    std::size_t fields = 0;
    return ForEachDirtyCsvRow(
        text,
        [&](std::uint32_t line, const std::vector<std::string>& row) -> Status {
          if (columns.empty()) {
            for (std::size_t i = 0; i < row.size(); ++i) columns.emplace(std::string(Trim(row[i])), i);
            for (const std::string_view column : must)
              if (!columns.contains(column))
                return Invalid("chain.graph_column_missing", fmt::format("there is no column \"{}\"", column));
            fields = row.size();
            return Ok{};
          }
          LF_TRY(CountRow(file));
          const RowPlace place{file, line};
          if (row.size() < fields) return importer_.DropRow(Drop::kUnreadableRow, place, "row");
          return (this->*read)(Fields(columns, row), place);
        },
        [&](std::uint32_t line) -> Status {
          LF_TRY(CountRow(file));
          return importer_.DropRow(Drop::kBrokenQuotes, {file, line}, "row");
        });
  }

  // One JSON object a line. Its string and number members are handed on as fields; `read` null: industry_up.json.
  template <class Read>
  Status ReadLines(const std::string& path, const std::string& name, Read read) {
    LF_ASSIGN(const std::string text, ReadUtf8(path, files_.encoding));
    const std::uint16_t file = importer_.AddFile(name);
    simdjson::dom::parser parser;
    std::uint32_t line = 0;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find('\n', at), text.size());
      const std::string_view json = Trim(std::string_view(text).substr(at, end - at));
      at = end + 1;
      ++line;
      if (json.empty()) continue;
      LF_TRY(CountRow(file));
      const RowPlace place{file, line};
      simdjson::dom::object object;
      if (json.size() > (1 << 20) || parser.parse(json.data(), json.size(), true).get(object) != simdjson::SUCCESS) {
        LF_TRY(importer_.DropRow(Drop::kUnreadableRow, place, "row"));
        continue;
      }
      if (read == nullptr) {
        LF_TRY(KgIndustryUp(object, place));
        continue;
      }
      std::map<std::string, std::size_t, std::less<>> columns;
      std::vector<std::string> values;
      for (const auto member : object) {
        std::string_view string;
        if (member.value.get_string().get(string) == simdjson::SUCCESS)
          values.emplace_back(string);
        else if (member.value.is_number())
          values.push_back(simdjson::minify(member.value));
        else
          continue;
        columns.emplace(std::string(member.key), values.size() - 1);
      }
      LF_TRY((this->*read)(Fields(columns, values), place));
    }
    return Ok{};
  }

  Status CountRow(std::uint16_t file) {
    if (++rows_ > kMaxRows) return Invalid("chain.graph_too_large", fmt::format("more than {} rows", kMaxRows));
    importer_.CountRow(file);
    return Ok{};
  }

  // Our own files; every column but those named in ReadTable may be absent or empty.
  Status Product(const Fields& row, RowPlace place) {
    LF_TRY(importer_.AddNode(NodeKind::kProduct, row["name"], row["code"], place));
    if (!row["parent"].empty()) LF_TRY(Stated(Relation::kSubProduct, row["parent"], row["name"], row, place));
    if (!row["link"].empty()) LF_TRY(Stated(Relation::kBelongs, row["name"], row["link"], row, place));
    return Ok{};
  }
  Status Link(const Fields& row, RowPlace place) {
    LF_TRY(importer_.AddNode(NodeKind::kLink, row["name"], row["code"], place));
    if (!row["parent"].empty()) LF_TRY(Stated(Relation::kLinkPart, row["parent"], row["name"], row, place));
    return Ok{};
  }
  Status Enterprise(const Fields& row, RowPlace place) {
    LF_TRY(importer_.AddNode(NodeKind::kEnterprise, row["id"], row["name"], place));
    if (!row["place"].empty()) LF_TRY(Stated(Relation::kLocated, row["id"], row["place"], row, place));
    if (!row["link"].empty()) LF_TRY(Stated(Relation::kMember, row["id"], row["link"], row, place));
    return Ok{};
  }
  Status Place(const Fields& row, RowPlace place) {
    LF_TRY(importer_.AddNode(NodeKind::kPlace, row["name"], row["code"], place));
    if (!row["within"].empty()) LF_TRY(Stated(Relation::kWithin, row["name"], row["within"], row, place));
    return Ok{};
  }
  Status Edge(const Fields& row, RowPlace place) {
    const auto relation = chain::ParseRelation(Trim(row["relation"]));
    if (!relation) return importer_.DropRow(Drop::kUnknownRelation, place, "row", row["from"], row["to"]);
    RawEdge edge{.relation = *relation,
                 .from = row["from"],
                 .to = row["to"],
                 .weight = row["weight"],
                 .day = row["day"],
                 .source = Trim(row["source"]),
                 .confidence = kStatedByUser};
    if (const std::string_view text = Trim(row["confidence"]); !text.empty()) {
      unsigned value = 101;
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
      if (error != std::errc() || end != text.data() + text.size() || value > 100)
        return importer_.DropRow(Drop::kUnreadableRow, place, "row", row["from"], row["to"]);
      edge.confidence = static_cast<std::uint8_t>(value);
    }
    return importer_.AddEdge(edge, place);
  }
  Status Line(const Fields& row, RowPlace place) {
    const std::string_view type = row["type"];
    if (type == "product") return Product(row, place);
    if (type == "link") return Link(row, place);
    if (type == "enterprise") return Enterprise(row, place);
    if (type == "place") return Place(row, place);
    if (type == "relation") return Edge(row, place);
    return importer_.DropRow(Drop::kUnreadableRow, place, "row");
  }
  // An edge that a row of nodes implies.
  Status Stated(Relation relation, std::string_view from, std::string_view to, const Fields& row, RowPlace place) {
    return importer_.AddEdge({.relation = relation,
                              .from = from,
                              .to = to,
                              .day = row["day"],
                              .source = Trim(row["source"]),
                              .confidence = kStatedByUser},
                             place);
  }

  // The chain-kg set. 上游材料: from_product needs to_product, against the direction of an edge here.
  Status KgProducts(const Fields& row, RowPlace place) {
    const std::string_view relation = row["rel"], a = row["from_product"], b = row["to_product"];
    if (relation == "上游材料") return Extracted(Relation::kUpstream, b, a, {}, place);
    if (relation == "下游产品") return Extracted(Relation::kUpstream, a, b, {}, place);
    if (relation == "产品小类") return Extracted(Relation::kSubProduct, a, b, {}, place);
    return importer_.DropRow(Drop::kUnknownRelation, place, "row", a, b);
  }
  Status KgMakes(const Fields& row, RowPlace place) {
    if (!chain::StockCode(row["company_id"]))
      return importer_.DropRow(Drop::kUnknownId, place, "makes", row["company_id"], row["product"]);
    const bool stated = row["rel_weight"] != "0.001";
    return importer_.AddEdge({.relation = Relation::kMakes,
                              .from = row["company_id"],
                              .to = row["product"],
                              .weight = row["rel_weight"],
                              .confidence = stated ? kReportedShare : kReported,
                              .filler_share = true},
                             place);
  }
  Status KgIndustries(const Fields& row, RowPlace place) {
    return Extracted(Relation::kLinkUpstream, row["to_industry"], row["from_industry"], {}, place);
  }
  Status KgProduct(const Fields& row, RowPlace place) {
    return importer_.AddNode(NodeKind::kProduct, row["name"], {}, place);
  }
  Status KgCompany(const Fields& row, RowPlace place) {
    if (!chain::StockCode(row["code"])) return importer_.DropRow(Drop::kUnknownId, place, "enterprise", row["code"]);
    return importer_.AddNode(NodeKind::kEnterprise, row["code"], row["name"], place);
  }
  Status KgMember(const Fields& row, RowPlace place) {
    if (!chain::StockCode(row["company_code"]))
      return importer_.DropRow(Drop::kUnknownId, place, "member", row["company_code"], row["industry_name"]);
    return importer_.AddEdge({.relation = Relation::kMember,
                              .from = row["company_code"],
                              .to = row["industry_name"],
                              .confidence = kReportedShare},
                             place);
  }
  Status KgIndustry(const Fields& row, RowPlace place) {
    return importer_.AddNode(NodeKind::kLink, row["name"], row["code"], place);
  }
  Status KgIndustryPart(const Fields& row, RowPlace place) {
    return importer_.AddEdge({.relation = Relation::kLinkPart,
                              .from = row["to_industry"],
                              .to = row["from_industry"],
                              .confidence = kReportedShare},
                             place);
  }
  Status KgIndustryUp(const simdjson::dom::object& object, RowPlace place) {
    std::string_view industry;
    simdjson::dom::object ups;
    if (object["industry"].get_string().get(industry) != simdjson::SUCCESS ||
        object["ups"].get_object().get(ups) != simdjson::SUCCESS)
      return importer_.DropRow(Drop::kUnreadableRow, place, "link_upstream");
    for (const auto up : ups)
      LF_TRY(Extracted(Relation::kLinkUpstream, up.key, industry, simdjson::minify(up.value), place));
    return Ok{};
  }
  Status Extracted(Relation relation, std::string_view from, std::string_view to, std::string_view weight,
                   RowPlace place) {
    return importer_.AddEdge(
        {.relation = relation, .from = from, .to = to, .weight = weight, .confidence = kMachineExtracted}, place);
  }

  // Listed companies: `area` is a province, and Shenzhen apart from its own, 广东.
  Status Listed(const Fields& row, RowPlace place) {
    if (!chain::StockCode(row["ts_code"]))
      return importer_.DropRow(Drop::kUnknownId, place, "enterprise", row["ts_code"]);
    LF_TRY(importer_.AddNode(NodeKind::kEnterprise, row["ts_code"], row["name"], place));
    RawEdge edge{.relation = Relation::kLocated, .from = row["ts_code"], .to = row["area"], .confidence = kRegister};
    if (!Trim(row["area"]).empty()) LF_TRY(importer_.AddEdge(edge, place));
    edge.relation = Relation::kMember;
    edge.to = row["industry"];
    if (!Trim(row["industry"]).empty()) LF_TRY(importer_.AddEdge(edge, place));
    if (row["area"] == "深圳" && !shenzhen_placed_) {
      shenzhen_placed_ = true;
      edge = {.relation = Relation::kWithin, .from = "深圳", .to = "广东", .confidence = 100};
      LF_TRY(importer_.AddEdge(edge, place));
    }
    return Ok{};
  }

  Importer& importer_;
  const ImportFiles& files_;
  std::uint64_t rows_ = 0;
  bool shenzhen_placed_ = false;
};

// The codes and names of one edition of GB/T 4754.
Result<chain::CodeNames> ReadCodes(const std::string& path) {
  LF_ASSIGN(const std::string text, ReadUtf8(path, "utf-8"));
  chain::CodeNames codes;
  std::map<std::string, std::size_t, std::less<>> columns;
  LF_TRY(ForEachDirtyCsvRow(
      text,
      [&](std::uint32_t, const std::vector<std::string>& row) -> Status {
        if (columns.empty()) {
          for (std::size_t i = 0; i < row.size(); ++i) columns.emplace(std::string(Trim(row[i])), i);
          if (!columns.contains("code") || !columns.contains("name"))
            return Invalid("chain.graph_column_missing", "a list of codes has the columns code and name");
          return Ok{};
        }
        const Fields fields(columns, row);
        codes.emplace(std::string(Trim(fields["code"])), std::string(Trim(fields["name"])));
        return Ok{};
      },
      [](std::uint32_t) -> Status { return Ok{}; }));
  return codes;
}

}  // namespace

Status ForEachDirtyCsvRow(std::string_view text,
                          const std::function<Status(std::uint32_t, const std::vector<std::string>&)>& use,
                          const std::function<Status(std::uint32_t)>& broken) {
  std::vector<std::string> fields;
  std::size_t at = 0;
  std::uint32_t line = 1;
  while (at < text.size()) {
    const std::size_t begin = at;
    const std::uint32_t begin_line = line;
    fields.assign(1, {});
    bool quoted = false, closed = false, torn = false, ended = false;
    for (; at < text.size() && !ended && !torn; ++at) {
      const char c = text[at];
      std::string& field = fields.back();
      if (quoted) {
        if (c == '\n') ++line;
        if (c != '"') {
          field += c;
        } else if (at + 1 < text.size() && text[at + 1] == '"') {
          field += c;
          ++at;
        } else {
          quoted = false;
          closed = true;
        }
        torn = field.size() > kMaxFieldBytes;  // A quote that never closes would swallow the rest of the file.
      } else if (c == ',') {
        if (fields.size() == kMaxColumns) return Invalid("csv.too_many_columns", fmt::format("line {}", begin_line));
        fields.emplace_back();
        closed = false;
      } else if (c == '\n') {
        ++line;
        ended = true;
      } else if (c == '\r' && (at + 1 == text.size() || text[at + 1] == '\n')) {
        continue;
      } else if (c == '"' && field.empty() && !closed) {
        quoted = true;
      } else if (c == '"' || closed) {
        torn = true;  // A quote within a plain field, or text behind a closing one.
      } else {
        field += c;
        if (field.size() > kMaxFieldBytes) return Invalid("csv.field_too_long", fmt::format("line {}", begin_line));
      }
    }
    if (torn || quoted) {
      at = std::min(text.find('\n', begin), text.size() - 1) + 1;
      line = begin_line + 1;
      LF_TRY(broken(begin_line));
    } else if (fields.size() > 1 || !fields[0].empty()) {
      LF_TRY(use(begin_line, fields));
    }
  }
  return Ok{};
}

Result<Importer::Imported> ImportFolder(const ImportFiles& files, chain::ImportOptions options,
                                        std::vector<std::string>& ignored) {
  namespace fs = std::filesystem;
  std::map<std::string, std::string>
      found;  // Name below the folder → path; a map, so that the order is always the same.
  std::error_code error;
  fs::recursive_directory_iterator entry(files.dir, fs::directory_options::none, error), end;
  for (; !error && entry != end; entry.increment(error)) {
    if (entry.depth() > 1) entry.disable_recursion_pending();
    if (entry->is_regular_file(error))
      found.emplace(fs::relative(entry->path(), files.dir).generic_string(), entry->path().string());
    if (found.size() > 1'000) break;
  }
  if (error) return Unavailable("source.unreadable", "the folder cannot be read", "DIR");
  if (!files.listed.empty()) found.emplace(fs::path(files.listed).filename().string(), files.listed);

  std::string codes_path = files.codes, old_codes_path = files.old_codes;
  for (const auto& [name, path] : found) {
    if (fs::path(name).filename() == "gbt4754-2017.csv" && codes_path.empty()) codes_path = path;
    if (fs::path(name).filename() == "gbt4754-2011.csv" && old_codes_path.empty()) old_codes_path = path;
  }
  chain::CodeNames codes, old_codes;
  if (!codes_path.empty()) {
    LF_ASSIGN(codes, ReadCodes(codes_path));
    options.codes = &codes;
  }
  if (!old_codes_path.empty()) {
    LF_ASSIGN(old_codes, ReadCodes(old_codes_path));
    options.old_codes = &old_codes;
  }

  Importer importer(std::move(options));
  FolderReader reader(importer, files);
  bool any = false;
  for (const auto& [name, path] : found) {
    if (path == codes_path || path == old_codes_path) continue;
    LF_ASSIGN(const bool known, reader.Read(path, fs::path(name).filename().string()));
    any = any || known;
    if (!known) ignored.push_back(name);
  }
  if (!any) return Invalid("chain.nothing_to_import", "no file of the folder is known by its name", "DIR");
  return importer.Finish();
}

}  // namespace landfall::cli
