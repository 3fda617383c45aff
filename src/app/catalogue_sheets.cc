// SPDX-License-Identifier: Apache-2.0
#include "app/catalogue_sheets.h"

#include <algorithm>
#include <map>
#include <set>

#include "app/catalogue_cells.h"
#include "exchange/sheet_table.h"
#include "exchange/xlsx_read.h"
#include "exchange/xlsx_write.h"

namespace landfall::app {
namespace {

using approval::CatalogueRows;
using cells::Cell;
using exchange::ColumnKind;
using exchange::Problem;
using exchange::ProblemList;
using exchange::SheetValue;

// The headings of members, for people; a member without one here is headed by its name alone.
std::string_view HeadOf(std::string_view member) {
  static const std::map<std::string_view, std::string_view> kHeads{{"id", "编号"},
                                                                   {"version", "版次"},
                                                                   {"from", "生效日"},
                                                                   {"until", "失效日"},
                                                                   {"code", "国家编码"},
                                                                   {"zh", "名称"},
                                                                   {"en", "英文名称"},
                                                                   {"department", "部门"},
                                                                   {"level", "层级"},
                                                                   {"kind", "类型"},
                                                                   {"statutory", "法定时限"},
                                                                   {"promised", "承诺时限"},
                                                                   {"limit_law", "时限依据"},
                                                                   {"applies", "适用条件"},
                                                                   {"needs", "所需材料"},
                                                                   {"if_due", "视情材料"},
                                                                   {"makes", "办理结果"},
                                                                   {"replaces", "并入事项"},
                                                                   {"fee", "收费"},
                                                                   {"visits", "到场次数"},
                                                                   {"channels", "办理渠道"},
                                                                   {"law", "法律依据"},
                                                                   {"source", "来源"},
                                                                   {"confirmed", "已核实"},
                                                                   {"lead", "牵头部门"},
                                                                   {"matters", "事项"},
                                                                   {"by", "提供者"},
                                                                   {"valid_days", "有效天数"},
                                                                   {"fields", "填报字段数"},
                                                                   {"type", "答案类型"},
                                                                   {"unit", "单位"},
                                                                   {"choices", "选项"},
                                                                   {"probes", "试算值"}};
  const auto found = kHeads.find(member);
  return found == kHeads.end() ? std::string_view() : found->second;
}

template <class T>
constexpr ColumnKind KindOf() {
  if constexpr (std::is_same_v<T, Day> || std::is_same_v<T, std::optional<Day>>) return ColumnKind::kDay;
  return ColumnKind::kText;
}

template <class Row>
std::vector<exchange::ColumnSpec> ColumnsOf() {
  std::vector<exchange::ColumnSpec> out;
  ForEachField<Row>([&](auto d) {
    using T = std::remove_cvref_t<decltype(std::declval<Row>().*d.pointer)>;
    exchange::ColumnSpec column;
    column.key = d.name;
    column.label = fmt::format("{}（{}）", HeadOf(d.name), d.name);
    column.kind = KindOf<T>();
    column.width = column.key == "zh" || column.key == "en" || column.key == "law" ? 30 : 14;
    out.push_back(std::move(column));
  });
  return out;
}

template <class Row, std::size_t Max>
exchange::SheetSpec SheetOf(std::string name, const std::optional<List<Row, Max>>& list) {
  exchange::SheetSpec sheet;
  sheet.name = std::move(name);
  sheet.columns = ColumnsOf<Row>();
  if (!list) return sheet;
  for (const Row& row : list->items) {
    exchange::RowSpec cells;
    ForEachField<Row>([&](auto d) {
      using T = std::remove_cvref_t<decltype(row.*d.pointer)>;
      if constexpr (std::is_same_v<T, Day>) {
        cells.values.emplace_back(row.*d.pointer);
      } else if constexpr (std::is_same_v<T, std::optional<Day>>) {
        cells.values.push_back(row.*d.pointer ? SheetValue(*(row.*d.pointer)) : SheetValue());
      } else {
        std::string text = Cell<T>::Write(row.*d.pointer);
        cells.values.push_back(text.empty() ? SheetValue() : SheetValue(std::move(text)));
      }
    });
    sheet.rows.push_back(std::move(cells));
  }
  return sheet;
}

// Reads the cell of a member into it, from the text that stands there; "" where there is none.
template <class T>
Status ReadMember(std::string_view text, T& member) {
  if constexpr (!kIsOptional<T>)
    if (text.empty()) return Invalid("cell.missing");
  LF_ASSIGN(member, Cell<T>::Read(text));
  return Ok{};
}

// Calls `text_of(member name)` for each member of a row and reads it. False: there were problems, reported.
template <class Row, class TextOf, class Report>
bool ReadRow(Row& row, TextOf&& text_of, Report&& report) {
  bool good = true;
  ForEachField<Row>([&](auto d) {
    const Result<std::string> text = text_of(std::string_view(d.name));
    Status read = text ? ReadMember(Trim(*text), row.*d.pointer) : Status(text.error());
    if (read) return;
    good = false;
    report(std::string_view(d.name), read.error(), text ? *text : std::string());
  });
  return good;
}

std::string Excerpt(std::string_view text) {
  constexpr std::size_t kBytes = 80;
  std::size_t end = std::min(kBytes, text.size());
  while (end < text.size() && end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return std::string(text.substr(0, end));
}

// "法定时限（statutory）" names `statutory`; so does the member's name alone.
std::string_view MemberOf(std::string_view heading) {
  constexpr std::string_view kWideOpen = "（", kWideClose = "）";
  heading = Trim(heading);
  for (const auto& [open, close] :
       {std::pair(kWideOpen, kWideClose), std::pair<std::string_view, std::string_view>("(", ")")}) {
    const std::size_t at = heading.rfind(open);
    if (at != std::string_view::npos && heading.ends_with(close))
      return Trim(heading.substr(at + open.size(), heading.size() - close.size() - at - open.size()));
  }
  return heading;
}

template <class Row, std::size_t Max>
void ReadSheet(const exchange::Workbook& book, std::string_view name, std::optional<List<Row, Max>>& list,
               CatalogueImport& out, bool& found) {
  const exchange::Sheet* sheet = book.Find(name);
  if (sheet == nullptr || sheet->rows.empty()) return;
  found = true;
  const auto problem = [&](std::uint64_t row, std::string column, std::string_view code, exchange::Severity severity,
                           std::string detail, std::string_view text) {
    out.problems.Add(
        {row, fmt::format("{} {}", name, column), std::string(code), severity, std::move(detail), Excerpt(text), 1});
  };
  const std::vector<exchange::ColumnSpec> columns = ColumnsOf<Row>();
  std::map<std::string_view, std::uint32_t, std::less<>> at;  // Member to column.
  const exchange::SheetRow& head = sheet->rows.front();
  for (const exchange::SheetCell& cell : sheet->CellsOf(head)) {
    const std::string heading = exchange::CellText(cell, sheet->dates);
    const auto column = std::ranges::find(columns, MemberOf(heading), &exchange::ColumnSpec::key);
    if (column == columns.end())
      problem(head.number, heading, "sheet.column_unknown", exchange::Severity::kNote, {}, heading);
    else if (!at.emplace(column->key, cell.column).second)
      problem(head.number, heading, "sheet.duplicate_column", exchange::Severity::kError, {}, heading);
  }
  list.emplace();
  for (std::size_t i = 1; i < sheet->rows.size(); ++i) {
    const exchange::SheetRow& line = sheet->rows[i];
    if (line.cell_count == 0) continue;
    ++out.read;
    Row row{};
    const bool good = ReadRow(
        row,
        [&](std::string_view member) -> Result<std::string> {
          const auto column = at.find(member);
          if (column == at.end()) return std::string();
          const auto spec = std::ranges::find(columns, member, &exchange::ColumnSpec::key);
          LF_ASSIGN(const SheetValue value,
                    exchange::ReadSheetValue(sheet->Find(line.number, column->second), sheet->dates, *spec, {}));
          return exchange::CanonicalText(value);
        },
        [&](std::string_view member, const Error& error, std::string_view text) {
          problem(line.number, std::string(member), error.code, exchange::Severity::kError, error.detail, text);
        });
    if (!good) continue;
    if (list->items.size() == Max)
      return problem(line.number, {}, "request.list_too_long", exchange::Severity::kError, std::to_string(Max), {});
    list->items.push_back(std::move(row));
  }
}

constexpr std::string_view kDepartments = "部门", kFacts = "问题", kPapers = "材料", kMatters = "事项",
                           kPackages = "一件事";

// "511A0138000000-511602000000-000-…": what stands before the number of the division, which has twelve digits.
std::string IdOfCode(std::string_view code) {
  std::string out;
  std::size_t begin = 0;
  while (begin <= code.size()) {
    const std::size_t end = std::min(code.find('-', begin), code.size());
    const std::string_view part = code.substr(begin, end - begin);
    if (begin > 0 && part.size() == 12 && part.find_first_not_of("0123456789") == std::string_view::npos) break;
    out += (out.empty() ? "" : "-") + std::string(part);
    begin = end + 1;
  }
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

// The members of a matter as targets of a mapping file. Days are days there; all else is read as a cell is.
exchange::TableSchema RegisterSchema() {
  exchange::TargetGroup group{"matter", {}, false, {}};
  ForEachField<approval::Matter>([&](auto d) {
    using T = std::remove_cvref_t<decltype(std::declval<approval::Matter>().*d.pointer)>;
    const bool day = KindOf<T>() == ColumnKind::kDay;
    const std::string_view name = d.name;
    const bool made = name == "id" || name == "department";  // From the code, and from the name.
    group.keys.push_back({std::string(name), day ? exchange::ValueType::kDay : exchange::ValueType::kText,
                          !kIsOptional<T> && !made && name != "confirmed", 6'000});
  });
  group.keys.push_back({"department_name", exchange::ValueType::kText, false, 300});
  exchange::TableSchema schema;
  schema.groups.push_back(std::move(group));
  return schema;
}

}  // namespace

Result<std::string> WriteCatalogueSheets(const CatalogueRows& rows, Instant at) {
  exchange::WorkbookSpec book;
  book.title = "事项目录";
  book.created_at = at;
  book.sheets.push_back(SheetOf(std::string(kMatters), rows.matters));
  book.sheets.push_back(SheetOf(std::string(kPackages), rows.packages));
  book.sheets.push_back(SheetOf(std::string(kPapers), rows.papers));
  book.sheets.push_back(SheetOf(std::string(kFacts), rows.facts));
  book.sheets.push_back(SheetOf(std::string(kDepartments), rows.departments));
  return exchange::WriteXlsx(book);
}

Result<CatalogueImport> ReadCatalogueSheets(std::string_view xlsx) {
  LF_ASSIGN(const exchange::Workbook book, exchange::ReadXlsx(xlsx));
  CatalogueImport out;
  bool found = false;
  ReadSheet(book, kDepartments, out.rows.departments, out, found);
  ReadSheet(book, kFacts, out.rows.facts, out, found);
  ReadSheet(book, kPapers, out.rows.papers, out, found);
  ReadSheet(book, kMatters, out.rows.matters, out, found);
  ReadSheet(book, kPackages, out.rows.packages, out, found);
  if (!found) return Invalid("approval.no_catalogue_sheet");
  return out;
}

Result<CatalogueImport> ReadMatterRegister(std::string_view file, bool xlsx, std::string_view mapping_text) {
  const exchange::TableSchema schema = RegisterSchema();
  LF_ASSIGN(const exchange::Mapping mapping, exchange::ReadMapping(mapping_text, schema));
  CatalogueImport out;
  out.rows.matters.emplace();
  std::map<std::string, approval::Department> departments;
  const auto add = [&](const exchange::TypedRow& row, ProblemList& problems) -> Status {
    if (row.failed) return Ok{};
    std::map<std::string, std::string, std::less<>> texts;
    for (std::size_t i = 0; i < mapping.targets.size(); ++i) {
      const exchange::CellValue& value = row.cells[i].value;
      if (const auto* text = std::get_if<std::string>(&value)) texts[mapping.targets[i].key] = *text;
      if (const auto* day = std::get_if<Day>(&value)) texts[mapping.targets[i].key] = FormatDay(*day);
    }
    if (texts["id"].empty()) texts["id"] = IdOfCode(texts["code"]);
    if (texts["confirmed"].empty()) texts["confirmed"] = "否";
    if (const std::string name = texts["department_name"]; texts["department"].empty() && !name.empty()) {
      texts["department"] = "d-" + Hex(Sha256(name)).substr(0, 10);
      if (const auto zh = Text<100>::Parse(name))
        departments.emplace(texts["department"], approval::Department{{texts["department"]}, *zh, *zh});
    }
    approval::Matter matter{};
    const bool good = ReadRow(
        matter, [&](std::string_view member) -> Result<std::string> { return texts[std::string(member)]; },
        [&](std::string_view member, const Error& error, std::string_view text) {
          problems.Add({row.number, std::string(member), error.code, exchange::Severity::kError, error.detail,
                        Excerpt(text), 1});
        });
    if (good) out.rows.matters->items.push_back(std::move(matter));
    return Ok{};
  };
  const auto read = [&]() -> Result<exchange::TableReport> {
    if (!xlsx) {
      exchange::MemorySource source(file);
      return exchange::ReadTable(source, mapping, schema, add);
    }
    LF_ASSIGN(const exchange::Workbook book, exchange::ReadXlsx(file));
    return exchange::ReadSheetTable(book, file, {}, mapping, schema, add);
  };
  LF_ASSIGN(exchange::TableReport report, read());
  out.problems = std::move(report.problems);
  out.read = report.rows;
  out.rows.departments.emplace();
  for (auto& [id, department] : departments) out.rows.departments->items.push_back(std::move(department));
  return out;
}

std::vector<NamedText> CatalogueFiles(const CatalogueRows& rows) {
  // Far below the 1 MiB of a file: the longest matter takes 20 KB, a plain one half of one.
  constexpr std::size_t kBytes = 700'000;
  std::vector<NamedText> out;
  const auto add = [&](std::string name, const CatalogueRows& part) {
    out.push_back({std::move(name), approval::WriteCatalogueFile(part)});
  };
  if (CatalogueRows common{rows.departments, rows.facts, rows.papers, {}, {}};
      common.departments || common.facts || common.papers)
    add("common.json", common);
  if (rows.packages && !rows.packages->items.empty()) add("packages.json", {{}, {}, {}, {}, rows.packages});
  if (!rows.matters) return out;
  CatalogueRows part;
  std::size_t bytes = 0, parts = 0;
  const auto flush = [&] {
    if (part.matters) add(parts++ == 0 ? "matters.json" : fmt::format("matters-{}.json", parts), part);
    part.matters.reset();
    bytes = 0;
  };
  for (const approval::Matter& matter : rows.matters->items) {
    if (bytes > kBytes) flush();
    if (!part.matters) part.matters.emplace();
    bytes += ToJson(matter).size();
    part.matters->items.push_back(matter);
  }
  flush();
  return out;
}

}  // namespace landfall::app
