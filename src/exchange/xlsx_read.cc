// SPDX-License-Identifier: Apache-2.0
#include "exchange/xlsx_read.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/text.h"
#include "exchange/xlsx_style.h"
#include "exchange/xml_scan.h"

namespace landfall::exchange {
namespace {

using Token = XmlScanner::Token;

constexpr std::size_t kStylesMax = 65'536;      // Excel's own bound is 65,490.
constexpr std::size_t kNumberBytesMax = 64;     // No program writes more than 24.
constexpr std::size_t kSheetNameBytes = 1'000;  // 31 characters; other programs are generous.

struct Relation {
  std::string type, target;  // The last step of the type's address; the part's name.
};
using Relations = std::map<std::string, Relation>;  // By id.

std::string_view LastStep(std::string_view path) { return path.substr(path.rfind('/') + 1); }
std::string_view FolderOf(std::string_view part) { return part.substr(0, part.rfind('/') + 1); }

// The part a relation of `from` points at; empty where it leaves the package.
std::string Resolve(std::string_view from, std::string_view target) {
  std::string path = target.starts_with('/') ? std::string() : std::string(FolderOf(from));
  while (!target.empty()) {
    const std::size_t end = std::min(target.find('/'), target.size());
    const std::string_view step = target.substr(0, end);
    target.remove_prefix(std::min(end + 1, target.size()));
    if (step.empty() || step == ".") continue;
    if (step != "..") {
      path += step;
      if (!target.empty()) path += '/';
      continue;
    }
    if (path.empty()) return {};
    path.pop_back();
    path.resize(FolderOf(path).size());
  }
  return path;
}

// _xHHHH_ stands for one UTF-16 unit that XML could not hold (ECMA-376 part 1 §22.9.2.19); surrogates stay as they are.
void DecodeEscapes(std::string& text) {
  const auto value_at = [&](std::size_t at) -> int {
    if (text.compare(at, 2, "_x") != 0 || at + 7 > text.size() || text[at + 6] != '_') return -1;
    int value = 0;
    const char* first = text.data() + at + 2;
    const auto [stop, error] = std::from_chars(first, first + 4, value, 16);
    return error == std::errc() && stop == first + 4 && (value < 0xD800 || value > 0xDFFF) ? value : -1;
  };
  std::size_t at = text.find("_x");
  if (at == std::string::npos) return;
  std::string out = text.substr(0, at);
  while (at < text.size()) {
    const int value = text[at] == '_' ? value_at(at) : -1;
    if (value < 0) {
      out += text[at++];
      continue;
    }
    if (value < 0x80) {
      out += static_cast<char>(value);
    } else if (value < 0x800) {
      out += {static_cast<char>(0xC0 | (value >> 6)), static_cast<char>(0x80 | (value & 0x3F))};
    } else {
      out += {static_cast<char>(0xE0 | (value >> 12)), static_cast<char>(0x80 | ((value >> 6) & 0x3F)),
              static_cast<char>(0x80 | (value & 0x3F))};
    }
    at += 7;
  }
  text = std::move(out);
}

bool ParseUnsigned(std::string_view text, std::uint32_t& value) {
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && stop == text.data() + text.size();
}

// An XML boolean, absent meaning `otherwise`.
bool IsTrue(const std::optional<std::string_view>& value, bool otherwise = false) {
  return value ? *value == "1" || *value == "true" || *value == "on" : otherwise;
}

// Calls `child` for each child of the element just started; it must use the child up. On return the element is closed.
template <class F>
Status ForEachChild(XmlScanner& xml, F child) {
  for (;;) {
    LF_ASSIGN(const Token token, xml.Next());
    if (token == Token::kEnd) return Ok{};
    if (token == Token::kStart) LF_TRY(child(xml.local_name()));
  }
}

class WorkbookReader {
 public:
  WorkbookReader(XlsxPackage package, const SheetLimits& limits) : package_(std::move(package)), limits_(limits) {}

  Result<Workbook> Read() {
    LF_ASSIGN(const std::string workbook, FindWorkbook());
    LF_ASSIGN(const Relations relations, ReadRelations(workbook));
    LF_TRY(ReadWorkbookPart(workbook));
    for (const auto& [id, relation] : relations) {
      if (relation.type == "styles") LF_TRY(ReadStyles(relation.target));
      if (relation.type == "sharedStrings") LF_TRY(ReadSharedStrings(relation.target));
    }
    for (const Tab& tab : tabs_) {
      const auto relation = relations.find(tab.relation);
      if (relation == relations.end()) return Invalid("sheet.part_missing", "A sheet without its part.");
      if (relation->second.type != "worksheet") continue;  // A chart or a macro sheet holds no table.
      book_.sheets.emplace_back();
      book_.sheets.back().name = tab.name;
      book_.sheets.back().hidden = tab.hidden;
      book_.sheets.back().dates = dates_;
      LF_TRY(ReadWorksheet(relation->second.target));
    }
    if (book_.sheets.empty()) return Invalid("sheet.no_sheet", "The workbook has no worksheet.");
    return std::move(book_);
  }

 private:
  struct Tab {
    std::string name, relation;
    bool hidden = false;
  };

  // Reads a part whose root element has the local name `root`; `read` gets the scanner behind its start.
  template <class F>
  Status ReadPart(std::string_view part, std::string_view root, F read) {
    LF_ASSIGN(const auto source, package_.OpenPart(part));
    XmlScanner xml(*source, part, limits_.xml_depth);
    LF_ASSIGN(const Token token, xml.Next());
    if (token != Token::kStart || xml.local_name() != root)
      return Invalid("sheet.xml_malformed", fmt::format("{} does not begin with <{}>.", part, root));
    LF_TRY(read(xml));
    LF_TRY(xml.Next());  // The end of the part, whose check sum is only then known.
    return Ok{};
  }

  Result<Relations> ReadRelations(std::string_view of) {
    const std::string part = fmt::format("{}_rels/{}.rels", FolderOf(of), LastStep(of));
    Relations relations;
    LF_TRY(ReadPart(part, "Relationships", [&](XmlScanner& xml) {
      return ForEachChild(xml, [&](std::string_view) -> Status {
        LF_ASSIGN(const auto mode, xml.Attribute("TargetMode"));
        if (mode != "External") {
          std::string id;
          Relation relation;
          LF_ASSIGN(const auto id_text, xml.Attribute("Id"));
          id = id_text.value_or("");
          LF_ASSIGN(const auto type, xml.Attribute("Type"));
          relation.type = LastStep(type.value_or(""));
          LF_ASSIGN(const auto target, xml.Attribute("Target"));
          relation.target = Resolve(of, target.value_or(""));
          relations.emplace(std::move(id), std::move(relation));
          if (relations.size() > limits_.package.parts) return Invalid("sheet.too_many_parts", part);
        }
        return xml.Skip();
      });
    }));
    return relations;
  }

  Result<std::string> FindWorkbook() {
    if (!package_.Has("_rels/.rels")) return Invalid("sheet.not_xlsx", "The zip file is no office document.");
    LF_ASSIGN(const Relations relations, ReadRelations(""));
    for (const auto& [id, relation] : relations) {
      if (relation.type != "officeDocument") continue;
      if (!relation.target.ends_with(".xml")) break;  // workbook.bin: the binary form, .xlsb.
      LF_ASSIGN(const bool is_workbook, HasRoot(relation.target, "workbook"));
      if (is_workbook) return relation.target;
    }
    return Invalid("sheet.not_xlsx", "The zip file is an office document of another kind.");
  }

  Result<bool> HasRoot(std::string_view part, std::string_view root) {
    LF_ASSIGN(const auto source, package_.OpenPart(part));
    XmlScanner xml(*source, part, limits_.xml_depth);
    LF_ASSIGN(const Token token, xml.Next());
    return token == Token::kStart && xml.local_name() == root;
  }

  Status ReadWorkbookPart(const std::string& part) {
    return ReadPart(part, "workbook", [&](XmlScanner& xml) {
      return ForEachChild(xml, [&](std::string_view name) -> Status {
        if (name == "workbookPr") {
          LF_ASSIGN(const auto date1904, xml.Attribute("date1904"));
          if (IsTrue(date1904)) dates_ = DateSystem::k1904;
          return xml.Skip();
        }
        if (name != "sheets") return xml.Skip();
        return ForEachChild(xml, [&](std::string_view) -> Status {
          LF_TRY(ReadTab(xml));
          return xml.Skip();
        });
      });
    });
  }

  Status ReadTab(XmlScanner& xml) {
    if (tabs_.size() == limits_.sheets)
      return Invalid("sheet.too_many_sheets", fmt::format("At most {}.", limits_.sheets));
    Tab tab;
    LF_ASSIGN(const auto name, xml.Attribute("name"));
    tab.name = name.value_or("");
    if (tab.name.size() > kSheetNameBytes || !IsUtf8(tab.name))
      return Invalid("sheet.xml_malformed", "The name of a sheet.");
    LF_ASSIGN(const auto state, xml.Attribute("state"));
    tab.hidden = state == "hidden" || state == "veryHidden";
    LF_ASSIGN(const auto relation, xml.PrefixedAttribute("id"));
    tab.relation = relation.value_or("");
    tabs_.push_back(std::move(tab));
    return Ok{};
  }

  // ---- Styles ----------------------------------------------------------------------------------------------------

  Status ReadStyles(const std::string& part) {
    std::map<std::uint32_t, NumberStyle> custom;
    std::vector<std::uint32_t> formats;  // Of each cell style. numFmts stands before cellXfs, but need not.
    LF_TRY(ReadPart(part, "styleSheet", [&](XmlScanner& xml) {
      return ForEachChild(xml, [&](std::string_view group) -> Status {
        if (group != "numFmts" && group != "cellXfs") return xml.Skip();
        const bool codes = group == "numFmts";
        return ForEachChild(xml, [&](std::string_view) -> Status {
          std::uint32_t id = 0;
          LF_ASSIGN(const auto id_text, xml.Attribute("numFmtId"));
          if (id_text && !ParseUnsigned(*id_text, id)) return Invalid("sheet.xml_malformed", part);
          if (codes) {
            LF_ASSIGN(const auto code, xml.Attribute("formatCode"));
            custom.emplace(id, StyleOfCode(code.value_or("")));
          } else {
            formats.push_back(id);
          }
          if (custom.size() > kStylesMax || formats.size() > kStylesMax)
            return Invalid("sheet.xml_malformed", fmt::format("{}: more than {} styles.", part, kStylesMax));
          return xml.Skip();
        });
      });
    }));
    for (std::uint32_t id : formats) {
      const auto found = custom.find(id);
      styles_.push_back(found == custom.end() ? BuiltInStyle(id) : found->second);
    }
    return Ok{};
  }

  // ---- Texts -----------------------------------------------------------------------------------------------------

  // Appends the text of the element just started, without that of elements inside, up to its end.
  Status AppendText(XmlScanner& xml, std::string& out) {
    for (;;) {
      LF_ASSIGN(const Token token, xml.Next());
      if (token == Token::kEnd) return Ok{};
      if (token == Token::kStart) LF_TRY(xml.Skip());
      if (token != Token::kText) continue;
      if (xml.text().size() > limits_.text_bytes - out.size())
        return Invalid("sheet.text_too_long", fmt::format("At most {} bytes.", limits_.text_bytes), Place());
      out += xml.text();
    }
  }

  // A string item: its text, or the texts of its runs; not what <rPh> says about how to pronounce it.
  Status ReadStringItem(XmlScanner& xml, std::string& out) {
    LF_TRY(ForEachChild(xml, [&](std::string_view name) -> Status {
      if (name == "t") return AppendText(xml, out);
      if (name != "r") return xml.Skip();
      return ForEachChild(xml,
                          [&](std::string_view inner) { return inner == "t" ? AppendText(xml, out) : xml.Skip(); });
    }));
    DecodeEscapes(out);
    return Ok{};
  }

  Result<std::string_view> Keep(std::string_view text) {
    if (!IsUtf8(text)) return Invalid("sheet.xml_malformed", "A text that is not UTF-8.", Place());
    if (text.size() > limits_.text_bytes_total - book_.texts.bytes())
      return Invalid("sheet.texts_too_large", fmt::format("At most {} bytes.", limits_.text_bytes_total));
    return book_.texts.Keep(text);
  }

  Status ReadSharedStrings(const std::string& part) {
    std::string text;
    return ReadPart(part, "sst", [&](XmlScanner& xml) {
      return ForEachChild(xml, [&](std::string_view name) -> Status {
        if (name != "si") return xml.Skip();
        if (shared_.size() == limits_.cells) return TooManyCells();
        text.clear();
        LF_TRY(ReadStringItem(xml, text));
        LF_ASSIGN(const std::string_view kept, Keep(text));
        shared_.push_back(kept);
        return Ok{};
      });
    });
  }

  // ---- Cells -----------------------------------------------------------------------------------------------------

  Status ReadWorksheet(const std::string& part) {
    row_ = column_ = 0;
    return ReadPart(part, "worksheet", [&](XmlScanner& xml) {
      return ForEachChild(xml, [&](std::string_view name) -> Status {
        if (name == "sheetData")
          return ForEachChild(xml, [&](std::string_view row) { return row == "row" ? ReadRow(xml) : xml.Skip(); });
        if (name == "mergeCells") return ForEachChild(xml, [&](std::string_view) { return ReadMerge(xml); });
        if (name == "cols") return ForEachChild(xml, [&](std::string_view) { return ReadColumnRange(xml); });
        return xml.Skip();
      });
    });
  }

  Sheet& sheet() { return book_.sheets.back(); }
  // Which cell an error is about, where it is about one.
  std::string Place() const {
    if (book_.sheets.empty() || row_ == 0) return {};
    return fmt::format("sheets[{}].{}", book_.sheets.size(), CellName(row_, std::max<std::uint32_t>(column_, 1)));
  }
  Error BadCell(std::string_view why) const { return Invalid("sheet.bad_cell", std::string(why), Place()); }
  Error TooManyCells() const { return Invalid("sheet.too_many_cells", fmt::format("At most {}.", limits_.cells)); }

  Status ReadMerge(XmlScanner& xml) {
    LF_ASSIGN(const auto reference, xml.Attribute("ref"));
    const std::string_view text = reference.value_or("");
    const std::size_t colon = text.find(':');
    CellRange range;
    std::uint32_t first_column = 0, last_column = 0;
    const bool ok = colon != std::string_view::npos &&
                    ParseCellName(text.substr(0, colon), range.first_row, first_column) &&
                    ParseCellName(text.substr(colon + 1), range.last_row, last_column) &&
                    range.first_row <= range.last_row && first_column <= last_column;
    if (!ok) return Invalid("sheet.xml_malformed", "A merged range that is none.");
    range.first_column = static_cast<std::uint16_t>(first_column);
    range.last_column = static_cast<std::uint16_t>(last_column);
    if (++merged_ > limits_.merged) return Invalid("sheet.too_many_merges", fmt::format("At most {}.", limits_.merged));
    sheet().merged.push_back(range);
    return xml.Skip();
  }

  Status ReadColumnRange(XmlScanner& xml) {
    LF_ASSIGN(const auto hidden, xml.Attribute("hidden"));
    if (IsTrue(hidden)) {
      std::uint32_t first = 0, last = 0;
      LF_ASSIGN(const auto min, xml.Attribute("min"));
      const bool first_ok = ParseUnsigned(min.value_or(""), first);
      LF_ASSIGN(const auto max, xml.Attribute("max"));
      const bool last_ok = ParseUnsigned(max.value_or(""), last);
      if (!first_ok || !last_ok || first < 1 || first > last || last > kSheetColumnsMax)
        return Invalid("sheet.xml_malformed", "A range of columns that is none.");
      if (++merged_ > limits_.merged)
        return Invalid("sheet.too_many_merges", fmt::format("At most {}.", limits_.merged));
      sheet().hidden_columns.push_back({0, 0, static_cast<std::uint16_t>(first), static_cast<std::uint16_t>(last)});
    }
    return xml.Skip();
  }

  Status ReadRow(XmlScanner& xml) {
    SheetRow row;
    row.number = row_ + 1;
    LF_ASSIGN(const auto number, xml.Attribute("r"));
    if (number && !ParseUnsigned(*number, row.number)) return BadCell("The number of a row.");
    if (row.number <= row_) return Invalid("sheet.cells_out_of_order", "Rows are not ascending.", Place());
    if (row.number > kSheetRowsMax) return BadCell("The number of a row.");
    LF_ASSIGN(const auto hidden, xml.Attribute("hidden"));
    row.hidden = IsTrue(hidden);
    row_ = row.number;
    column_ = 0;
    const std::size_t first = sheet().cells.size();
    row.first_cell = static_cast<std::uint32_t>(first);
    LF_TRY(ForEachChild(xml, [&](std::string_view name) { return name == "c" ? ReadCell(xml) : xml.Skip(); }));
    row.cell_count = static_cast<std::uint32_t>(sheet().cells.size() - first);
    if (row.cell_count == 0) return Ok{};
    if (row.number > limits_.rows)
      return Invalid("sheet.too_many_rows", fmt::format("At most {}.", limits_.rows), Place());
    sheet().rows.push_back(row);
    return Ok{};
  }

  // How a cell's value is written, as its attribute t says.
  enum class Coding : std::uint8_t { kNumber, kShared, kInline, kFormulaText, kBoolean, kError, kIsoDate };

  Result<Coding> CodingOf(std::string_view type) const {
    if (type.empty() || type == "n") return Coding::kNumber;
    if (type == "s") return Coding::kShared;
    if (type == "inlineStr") return Coding::kInline;
    if (type == "str") return Coding::kFormulaText;
    if (type == "b") return Coding::kBoolean;
    if (type == "e") return Coding::kError;
    if (type == "d") return Coding::kIsoDate;
    return BadCell("An unknown type of cell.");
  }

  Status ReadAddress(XmlScanner& xml) {
    std::uint32_t row = row_, column = column_ + 1;
    LF_ASSIGN(const auto address, xml.Attribute("r"));
    if (address && !ParseCellName(*address, row, column)) return BadCell("The address of a cell.");
    if (row != row_) return BadCell("A cell whose address lies in another row.");
    if (column <= column_) return Invalid("sheet.cells_out_of_order", "Cells are not ascending.", Place());
    if (column > kSheetColumnsMax) return BadCell("The address of a cell.");
    column_ = column;
    return Ok{};
  }

  Result<NumberStyle> StyleOfCell(XmlScanner& xml) const {
    std::uint32_t style = 0;
    LF_ASSIGN(const auto text, xml.Attribute("s"));
    if (!text) return NumberStyle::kPlain;
    if (!ParseUnsigned(*text, style)) return BadCell("A style that is not there.");
    return style < styles_.size() ? styles_[style] : NumberStyle::kPlain;
  }

  Status ReadCell(XmlScanner& xml) {
    LF_TRY(ReadAddress(xml));
    LF_ASSIGN(const NumberStyle style, StyleOfCell(xml));
    LF_ASSIGN(const auto type, xml.Attribute("t"));
    LF_ASSIGN(const Coding coding, CodingOf(type.value_or("")));
    SheetCell cell;
    cell.column = static_cast<std::uint16_t>(column_);
    value_.clear();
    bool has_value = false;
    LF_TRY(ForEachChild(xml, [&](std::string_view name) -> Status {
      if (name == "v") {
        has_value = true;
        return AppendText(xml, value_);
      }
      if (name == "is" && coding == Coding::kInline) {
        has_value = true;
        return ReadStringItem(xml, value_);
      }
      cell.formula |= name == "f";
      return xml.Skip();
    }));
    if (has_value) LF_TRY(SetValue(cell, coding, style));
    const bool holds_nothing = cell.kind == CellKind::kEmpty || (cell.kind == CellKind::kText && cell.text.empty());
    if (holds_nothing && !cell.formula) return Ok{};
    if (column_ > limits_.columns)
      return Invalid("sheet.too_many_columns", fmt::format("At most {}.", limits_.columns), Place());
    if (++cells_ > limits_.cells) return TooManyCells();
    sheet().cells.push_back(cell);
    return Ok{};
  }

  Status SetValue(SheetCell& cell, Coding coding, NumberStyle style) {
    switch (coding) {
      case Coding::kShared: {
        std::uint32_t index = 0;
        if (!ParseUnsigned(Trim(value_), index) || index >= shared_.size())
          return BadCell("A shared string that is not there.");
        cell.kind = CellKind::kText;
        cell.text = shared_[index];
        return Ok{};
      }
      case Coding::kFormulaText:
        DecodeEscapes(value_);
        [[fallthrough]];
      case Coding::kInline:
      case Coding::kError: {
        cell.kind = coding == Coding::kError ? CellKind::kError : CellKind::kText;
        LF_ASSIGN(cell.text, Keep(value_));
        return Ok{};
      }
      case Coding::kBoolean: {
        const std::string_view text = Trim(value_);
        if (text != "0" && text != "1" && text != "true" && text != "false") return BadCell("A boolean that is none.");
        cell.kind = CellKind::kBoolean;
        cell.number = text == "1" || text == "true" ? 1 : 0;
        return Ok{};
      }
      case Coding::kIsoDate:
        return SetIsoDate(cell);
      case Coding::kNumber:
        return SetNumber(cell, style);
    }
    return Ok{};
  }

  Status SetNumber(SheetCell& cell, NumberStyle style) {
    const std::string_view text = Trim(value_);
    if (text.empty()) return Ok{};  // <v/> of a formula that was never computed.
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), cell.number);
    if (text.size() > kNumberBytesMax || error != std::errc() || stop != text.data() + text.size() ||
        !std::isfinite(cell.number))
      return BadCell("A number that is none.");
    LF_ASSIGN(cell.text, Keep(text));
    cell.kind = KindOf(cell.number, style);
    cell.percent = style == NumberStyle::kPercent;
    return Ok{};
  }

  static CellKind KindOf(double number, NumberStyle style) {
    switch (style) {
      case NumberStyle::kPlain:
      case NumberStyle::kPercent:
        return CellKind::kNumber;
      case NumberStyle::kDate:
        return std::abs(number - std::round(number)) < 0.5 / 86'400 ? CellKind::kDay : CellKind::kMoment;
      case NumberStyle::kDateTime:
        return CellKind::kMoment;
      case NumberStyle::kTime:
        return number < 1 ? CellKind::kTime : CellKind::kMoment;
      case NumberStyle::kElapsed:
        return CellKind::kTime;
    }
    return CellKind::kNumber;
  }

  // "2024-02-29" or "2024-02-29T08:30:00", which strict files may have instead of a serial number.
  Status SetIsoDate(SheetCell& cell) {
    const std::string_view text = Trim(value_);
    const auto day = ParseDay(text.substr(0, 10));
    if (!day) return BadCell("A date that is none.");
    int second = 0;
    if (text.size() > 10) {
      const auto at = ParseInstant(fmt::format("{}.000000Z", text.substr(0, 19)));
      if (!at) return BadCell("A date that is none.");
      second = static_cast<int>(std::chrono::duration_cast<std::chrono::seconds>(*at - *day).count());
    }
    cell.kind = text.size() > 10 ? CellKind::kMoment : CellKind::kDay;
    cell.number = dates_ == DateSystem::k1900
                      ? SerialOf(*day, second)
                      : static_cast<double>((*day - MakeDay(1904, 1, 1)).count()) + second / 86'400.0;
    LF_ASSIGN(cell.text, Keep(text));
    return Ok{};
  }

  XlsxPackage package_;
  const SheetLimits& limits_;
  Workbook book_;
  std::vector<Tab> tabs_;
  DateSystem dates_ = DateSystem::k1900;
  std::vector<NumberStyle> styles_;
  std::vector<std::string_view> shared_;
  std::string value_;  // Of the cell being read.
  std::uint32_t row_ = 0, column_ = 0;
  std::size_t cells_ = 0, merged_ = 0;
};

}  // namespace

Result<Workbook> ReadXlsx(std::string_view bytes, const SheetLimits& limits) {
  LF_ASSIGN(XlsxPackage package, XlsxPackage::Open(bytes, limits.package));
  return WorkbookReader(std::move(package), limits).Read();
}

}  // namespace landfall::exchange
