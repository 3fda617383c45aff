// SPDX-License-Identifier: Apache-2.0
#include "exchange/xlsx_write.h"

#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "base/hash.h"
#include "base/text.h"

namespace landfall::exchange {
namespace {

constexpr std::size_t kColumnsMax = 200;
constexpr std::size_t kSheetsMax = 50;
constexpr std::size_t kCellUnitsMax = 32'767;  // UTF-16 units; Excel's bound.
constexpr std::size_t kSignificantDigits = 15;
constexpr std::uint32_t kRoomRows = 1'000;  // Below the last row, where choices are offered too.
constexpr lxw_color_t kHeadColor = 0xE8EEF4, kGuidanceColor = 0x5B6472, kReadOnlyColor = 0xF5F5F5;
constexpr std::uint8_t kTextFormat = 49;  // "@" by number: ECMA-376 part 1 §18.8.30.
constexpr std::string_view kListSheet = "_lists";

// The library writes to a path; this one lies in memory and is gone when closed.
class MemoryFile {
 public:
  MemoryFile() : descriptor_(memfd_create("sheet", MFD_CLOEXEC)) {}
  ~MemoryFile() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  bool ok() const { return descriptor_ >= 0; }
  std::string path() const { return fmt::format("/proc/self/fd/{}", descriptor_); }
  Result<std::string> Content() const {
    const off_t size = lseek(descriptor_, 0, SEEK_END);
    std::string bytes(size < 0 ? 0 : static_cast<std::size_t>(size), '\0');
    std::size_t done = 0;
    while (done < bytes.size()) {
      const ssize_t count = pread(descriptor_, bytes.data() + done, bytes.size() - done, static_cast<off_t>(done));
      if (count <= 0) break;
      done += static_cast<std::size_t>(count);
    }
    if (bytes.empty() || done < bytes.size()) return Unavailable("sheet.cannot_write", "The written file is empty.");
    return bytes;
  }

 private:
  int descriptor_;
};

std::size_t CountUtf16Units(std::string_view utf8) {
  std::size_t units = 0;
  for (char c : utf8) {
    const auto byte = static_cast<unsigned char>(c);
    units += (byte & 0xC0) != 0x80;
    units += byte >= 0xF0;  // A pair of surrogates.
  }
  return units;
}

// As ECMA-376 part 1 §22.9.2.19 escapes what XML cannot hold (the library does it for the other control characters):
// NUL, U+FFFE and U+FFFF; and the underscore of "_x0041_", which would be read as "A".
std::string Escaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view rest = text.substr(i);
    if (rest[0] == '\0') {
      out += "_x0000_";
    } else if (rest.starts_with("\xEF\xBF\xBE") || rest.starts_with("\xEF\xBF\xBF")) {
      out += rest[2] == '\xBE' ? "_xFFFE_" : "_xFFFF_";
      i += 2;
    } else {
      const bool like_escape =
          rest.size() >= 7 && rest.starts_with("_x") && rest[6] == '_' &&
          std::all_of(rest.begin() + 2, rest.begin() + 6, [](unsigned char c) { return std::isxdigit(c) != 0; });
      out += like_escape ? "_x005F_" : rest.substr(0, 1);
    }
  }
  return out;
}

std::size_t SignificantDigits(std::string_view decimal) {
  const std::size_t first = decimal.find_first_of("123456789");
  if (first == std::string_view::npos) return 1;
  return static_cast<std::size_t>(std::count_if(decimal.begin() + static_cast<std::ptrdiff_t>(first), decimal.end(),
                                                [](char c) { return c >= '0' && c <= '9'; }));
}

double AsDouble(std::string_view decimal) {
  double number = 0;
  std::from_chars(decimal.data(), decimal.data() + decimal.size(), number);
  return number;
}

bool KindFits(const SheetValue& value, ColumnKind kind) {
  return std::holds_alternative<std::monostate>(value) || value.index() == static_cast<std::size_t>(kind) + 1;
}
static_assert(std::is_same_v<std::variant_alternative_t<1 + std::size_t(ColumnKind::kText), SheetValue>, std::string>);
static_assert(
    std::is_same_v<std::variant_alternative_t<1 + std::size_t(ColumnKind::kPercent), SheetValue>, BasisPoints>);

// How a cell looks, beside its number format.
enum class Look : std::uint8_t {
  kInner,  // Cells nobody sees.
  kOpen,   // Free to edit where a sheet is protected.
  kReadOnly,
  kHead,
  kGuidance,
  kTotal,
};

std::string NumberFormat(const ColumnSpec& column) {
  switch (column.kind) {
    case ColumnKind::kText:
      return "@";
    case ColumnKind::kWhole:
      return "#,##0";
    case ColumnKind::kMoney:
      return column.shown_decimals == 0 ? "#,##0"
                                        : "#,##0." + std::string(static_cast<std::size_t>(column.shown_decimals), '0');
    case ColumnKind::kDay:
      return "yyyy-mm-dd";
    case ColumnKind::kInstant:
      return "yyyy-mm-dd hh:mm:ss";
    case ColumnKind::kPercent:
      return "0.00%";
  }
  return {};
}

// What only a bug of the caller can break.
void CheckSpec(const WorkbookSpec& spec) {
  LF_CHECK(!spec.sheets.empty() && spec.sheets.size() <= kSheetsMax && !spec.sheets[0].hidden);
  int round_trips = 0;
  for (const SheetSpec& sheet : spec.sheets) {
    LF_CHECK(!sheet.columns.empty() && sheet.columns.size() <= kColumnsMax);
    round_trips += sheet.round_trip.has_value();
    std::set<std::string_view> keys, labels, ids;
    for (const ColumnSpec& column : sheet.columns) {
      LF_CHECK(!column.key.empty() && column.key.size() <= 100 && column.key[0] != '_');
      LF_CHECK(!column.label.empty() && column.label[0] != '_');
      LF_CHECK(keys.insert(column.key).second && labels.insert(column.label).second);
      LF_CHECK(!column.identifies || column.read_only);
      LF_CHECK(column.choices.empty() || column.kind == ColumnKind::kText);
    }
    for (const RowSpec& row : sheet.rows) {
      LF_CHECK(row.values.size() == sheet.columns.size());
      for (std::size_t i = 0; i < row.values.size(); ++i) LF_CHECK(KindFits(row.values[i], sheet.columns[i].kind));
      if (!sheet.round_trip) continue;
      LF_CHECK(!row.id.empty() && row.id[0] != '_' && row.id != kExampleMark && row.id != kGuidanceMark &&
               row.id != kTotalMark);
      LF_CHECK(ids.insert(row.id).second);
    }
    LF_CHECK(!sheet.is_template || sheet.example.empty() || sheet.example.size() == sheet.columns.size());
  }
  LF_CHECK(round_trips <= 1);
}

class Writer {
 public:
  explicit Writer(const WorkbookSpec& spec) : spec_(spec) {}
  ~Writer() {
    if (book_ != nullptr) lxw_workbook_free(book_);
  }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  Result<std::string> Write() {
    CheckSpec(spec_);
    LF_TRY(CheckNames());
    if (!file_.ok()) return CannotWrite("No file in memory.");
    lxw_workbook_options options{};
    options.use_zip64 = LXW_FALSE;
    book_ = workbook_new_opt(file_.path().c_str(), &options);
    if (book_ == nullptr) return CannotWrite("The library gave no workbook.");
    std::string title = spec_.title, author = "Landfall";
    lxw_doc_properties properties{};
    properties.title = title.data();
    properties.author = author.data();
    properties.created = std::chrono::system_clock::to_time_t(
        std::chrono::time_point_cast<std::chrono::system_clock::duration>(spec_.created_at));
    workbook_set_properties(book_, &properties);
    for (index_ = 0; index_ < spec_.sheets.size(); ++index_) LF_TRY(WriteSheet(spec_.sheets[index_]));
    for (const SheetSpec& sheet : spec_.sheets)
      if (sheet.round_trip) LF_TRY(WriteMarks(sheet));
    LF_TRY(WriteLists());
    const lxw_error error = workbook_close(book_);  // Frees the workbook, also when it fails.
    book_ = nullptr;
    if (error != LXW_NO_ERROR) return CannotWrite(lxw_strerror(error));
    return file_.Content();
  }

 private:
  static Error CannotWrite(std::string_view why) { return Unavailable("sheet.cannot_write", std::string(why)); }

  Status CheckNames() const {
    std::set<std::string> seen = {std::string(kMarkSheet), std::string(kListSheet)};
    for (std::size_t i = 0; i < spec_.sheets.size(); ++i) {
      const std::string& name = spec_.sheets[i].name;
      const bool fine = !name.empty() && IsUtf8(name) && CountUtf16Units(name) <= 31 &&
                        name.find_first_of("[]:*?/\\") == std::string::npos && name.front() != '\'' &&
                        name.back() != '\'' && seen.insert(FoldCase(name)).second &&
                        std::none_of(name.begin(), name.end(), [](unsigned char c) { return c < 0x20; });
      if (!fine) return Invalid("sheet.bad_name", {}, fmt::format("sheets[{}].name", i));
    }
    return Ok{};
  }

  // Formats are made once each; a workbook bears some thousands.
  lxw_format* Format(const std::string& number_format, Look look) {
    lxw_format*& format = formats_[{number_format, look}];
    if (format != nullptr) return format;
    format = workbook_add_format(book_);
    if (number_format == "@") {
      format_set_num_format_index(format, kTextFormat);
    } else {
      format_set_num_format(format, number_format.c_str());
    }
    switch (look) {
      case Look::kInner:
        break;
      case Look::kOpen:
        format_set_unlocked(format);
        break;
      case Look::kReadOnly:
        format_set_bg_color(format, kReadOnlyColor);
        break;
      case Look::kHead:
        format_set_bold(format);
        format_set_bg_color(format, kHeadColor);
        format_set_border(format, LXW_BORDER_THIN);
        format_set_align(format, LXW_ALIGN_VERTICAL_CENTER);
        format_set_text_wrap(format);
        break;
      case Look::kGuidance:
        format_set_italic(format);
        format_set_font_color(format, kGuidanceColor);
        format_set_text_wrap(format);
        break;
      case Look::kTotal:
        format_set_bold(format);
        break;
    }
    return format;
  }
  lxw_format* BodyFormat(const ColumnSpec& column) {
    return Format(NumberFormat(column), column.read_only ? Look::kReadOnly : Look::kOpen);
  }
  lxw_format* TextFormat() { return Format("@", Look::kInner); }

  Status WriteText(lxw_worksheet* sheet, std::uint32_t row, std::size_t column, std::string_view text,
                   lxw_format* format) {
    if (text.empty()) return Ok{};
    if (!IsUtf8(text)) return Invalid("text.not_utf8");
    const std::string escaped = Escaped(text);
    if (CountUtf16Units(escaped) > kCellUnitsMax)
      return Invalid("sheet.text_too_long", fmt::format("At most {} characters.", kCellUnitsMax));
    return Written(worksheet_write_string(sheet, row, static_cast<lxw_col_t>(column), escaped.c_str(), format));
  }
  static Status Written(lxw_error error) {
    if (error != LXW_NO_ERROR) return CannotWrite(lxw_strerror(error));
    return Ok{};
  }

  Status WriteValue(lxw_worksheet* sheet, std::uint32_t row, std::size_t at, const SheetValue& value,
                    const ColumnSpec& column, lxw_format* format) {
    if (std::holds_alternative<std::monostate>(value)) return Ok{};
    if (const auto* text = std::get_if<std::string>(&value)) return WriteText(sheet, row, at, *text, format);
    double number = 0;
    if (const auto* day = std::get_if<Day>(&value)) {
      number = SerialOf(*day);
    } else if (const auto* instant = std::get_if<Instant>(&value)) {
      const auto wall = *instant + std::chrono::minutes(spec_.context.offset.minutes);
      const Day day = std::chrono::floor<std::chrono::days>(wall);
      number = SerialOf(day, static_cast<int>(std::chrono::floor<std::chrono::seconds>(wall - day).count()));
    } else {
      const std::string decimal = DecimalText(value, column, spec_.context);
      if (SignificantDigits(decimal) > kSignificantDigits) return WriteText(sheet, row, at, decimal, format);
      number = AsDouble(decimal);
    }
    return Written(worksheet_write_number(sheet, row, static_cast<lxw_col_t>(at), number, format));
  }

  // Columns before those of the list: marks of a template, or id, version and check of a round trip.
  static std::size_t LeadingColumns(const SheetSpec& sheet) { return sheet.round_trip ? 3 : sheet.is_template ? 1 : 0; }

  Status WriteSheet(const SheetSpec& spec) {
    if (spec.rows.size() + kRoomRows > kSheetRowsMax)
      return Invalid("sheet.too_many_rows", {}, fmt::format("sheets[{}].rows", index_));
    lxw_worksheet* sheet = workbook_add_worksheet(book_, spec.name.c_str());
    if (sheet == nullptr) return Invalid("sheet.bad_name", {}, fmt::format("sheets[{}].name", index_));
    const std::size_t lead = LeadingColumns(spec);
    LF_TRY(WriteHead(sheet, spec, lead));
    std::uint32_t row = 1;
    if (spec.is_template) LF_TRY(WriteTemplateRows(sheet, spec, lead, row));
    const std::uint32_t first_row = row;
    for (std::size_t i = 0; i < spec.rows.size(); ++i, ++row) {
      auto written = WriteRow(sheet, spec, lead, row, spec.rows[i]);
      if (!written) return std::move(written).error().At(fmt::format("sheets[{}].rows[{}]", index_, i));
    }
    const std::uint32_t last_row = row == first_row ? first_row : row - 1;
    if (spec.total_row && row > first_row) LF_TRY(WriteTotals(sheet, spec, lead, row, first_row));
    OfferChoices(sheet, spec, lead, first_row, last_row);
    if (spec.freeze_head) worksheet_freeze_panes(sheet, 1, 0);
    if (spec.auto_filter && !spec.is_template)
      worksheet_autofilter(sheet, 0, 0, last_row, static_cast<lxw_col_t>(lead + spec.columns.size() - 1));
    if (spec.lock_read_only) Protect(sheet);
    if (spec.hidden) worksheet_hide(sheet);
    worksheet_set_landscape(sheet);
    worksheet_set_paper(sheet, 9);  // A4
    worksheet_fit_to_pages(sheet, 1, 0);
    worksheet_repeat_rows(sheet, 0, 0);
    return Ok{};
  }

  Status WriteHead(lxw_worksheet* sheet, const SheetSpec& spec, std::size_t lead) {
    lxw_format* head = Format("@", Look::kHead);
    worksheet_set_row(sheet, 0, 30, nullptr);
    static constexpr std::string_view kHeads[] = {kIdHead, kVersionHead, kCheckHead};
    for (std::size_t i = 0; i < lead; ++i) {
      lxw_row_col_options options{};
      options.hidden = spec.is_template && i == 0 ? LXW_FALSE : LXW_TRUE;  // A template shows which rows are examples.
      const auto at = static_cast<lxw_col_t>(i);
      worksheet_set_column_opt(sheet, at, at, 8, TextFormat(), &options);
      LF_TRY(WriteText(sheet, 0, i, kHeads[i], head));
    }
    for (std::size_t i = 0; i < spec.columns.size(); ++i) {
      const ColumnSpec& column = spec.columns[i];
      const auto at = static_cast<lxw_col_t>(lead + i);
      lxw_row_col_options options{};
      options.hidden = column.hidden ? LXW_TRUE : LXW_FALSE;
      // Cells people add below have the column's format too: a text typed there stays a text.
      worksheet_set_column_opt(sheet, at, at, column.width, BodyFormat(column), &options);
      auto written = WriteText(sheet, 0, at, column.label, head);
      if (!written) return std::move(written).error().At(fmt::format("sheets[{}].columns[{}].label", index_, i));
      if (column.note.empty()) continue;
      if (!IsUtf8(column.note))
        return Invalid("text.not_utf8", {}, fmt::format("sheets[{}].columns[{}].note", index_, i));
      LF_TRY(Written(worksheet_write_comment(sheet, 0, at, column.note.c_str())));
    }
    return Ok{};
  }

  Status WriteTemplateRows(lxw_worksheet* sheet, const SheetSpec& spec, std::size_t lead, std::uint32_t& row) {
    lxw_format* guidance = Format("@", Look::kGuidance);
    worksheet_set_row(sheet, row, 45, nullptr);
    LF_TRY(WriteText(sheet, row, 0, kGuidanceMark, guidance));
    for (std::size_t i = 0; i < spec.columns.size(); ++i)
      LF_TRY(WriteText(sheet, row, lead + i, spec.columns[i].guidance, guidance));
    ++row;
    if (spec.example.empty()) return Ok{};
    LF_TRY(WriteText(sheet, row, 0, kExampleMark, guidance));
    for (std::size_t i = 0; i < spec.columns.size(); ++i) {
      LF_CHECK(KindFits(spec.example[i], spec.columns[i].kind));
      LF_TRY(WriteValue(sheet, row, lead + i, spec.example[i], spec.columns[i],
                        Format(NumberFormat(spec.columns[i]), Look::kGuidance)));
    }
    ++row;
    return Ok{};
  }

  Status WriteRow(lxw_worksheet* sheet, const SheetSpec& spec, std::size_t lead, std::uint32_t row,
                  const RowSpec& values) {
    if (spec.round_trip) {
      std::string check;
      for (std::size_t i = 0; i < spec.columns.size(); ++i)
        check += CellCheck(spec.round_trip->list, values.id, spec.columns[i].key, values.values[i]);
      LF_TRY(WriteText(sheet, row, 0, values.id, TextFormat()));
      LF_TRY(WriteText(sheet, row, 1, std::to_string(values.version), TextFormat()));
      LF_TRY(WriteText(sheet, row, 2, check, TextFormat()));
    }
    for (std::size_t i = 0; i < spec.columns.size(); ++i) {
      const ColumnSpec& column = spec.columns[i];
      auto written = WriteValue(sheet, row, lead + i, values.values[i], column, BodyFormat(column));
      if (!written) return std::move(written).error().At(column.key);
    }
    return Ok{};
  }

  // SUBTOTAL(109, …): the sum of what a filter leaves. The sum of all stands as its value, made exactly.
  Status WriteTotals(lxw_worksheet* sheet, const SheetSpec& spec, std::size_t lead, std::uint32_t row,
                     std::uint32_t first_row) {
    lxw_format* bold = Format("@", Look::kTotal);
    bool labelled = false;
    for (std::size_t i = 0; i < spec.columns.size(); ++i) {
      const ColumnSpec& column = spec.columns[i];
      if (!column.total) {
        if (!labelled && !column.hidden) LF_TRY(WriteText(sheet, row, lead + i, kTotalMark, bold));
        labelled |= !column.hidden;
        continue;
      }
      LF_CHECK(column.kind == ColumnKind::kWhole || column.kind == ColumnKind::kMoney);
      Money sum;
      for (const RowSpec& values : spec.rows) {
        const SheetValue& value = values.values[i];
        if (std::holds_alternative<std::monostate>(value)) continue;
        const auto* money = std::get_if<Money>(&value);
        LF_ASSIGN(sum, sum.Plus(money != nullptr ? *money : Money::FromMinor(std::get<std::int64_t>(value))));
      }
      const SheetValue total =
          column.kind == ColumnKind::kMoney ? SheetValue(sum) : SheetValue(std::int64_t{sum.minor()});
      const auto at = static_cast<std::uint32_t>(lead + i + 1);
      const std::string formula = fmt::format("=SUBTOTAL(109,{}:{})", CellName(first_row + 1, at), CellName(row, at));
      LF_TRY(Written(worksheet_write_formula_num(sheet, row, static_cast<lxw_col_t>(lead + i), formula.c_str(),
                                                 Format(NumberFormat(column), Look::kTotal),
                                                 AsDouble(DecimalText(total, column, spec_.context)))));
    }
    if (lead > 0) LF_TRY(WriteText(sheet, row, 0, kTotalMark, TextFormat()));
    return Ok{};
  }

  // Choices stand on a hidden sheet and are referred to: inside a rule they could not hold commas, or 256 characters.
  void OfferChoices(lxw_worksheet* sheet, const SheetSpec& spec, std::size_t lead, std::uint32_t first_row,
                    std::uint32_t last_row) {
    for (std::size_t i = 0; i < spec.columns.size(); ++i) {
      const ColumnSpec& column = spec.columns[i];
      if (column.choices.empty() || column.read_only) continue;
      auto list = std::find(lists_.begin(), lists_.end(), column.choices);
      if (list == lists_.end()) list = lists_.insert(lists_.end(), column.choices);
      std::string letters = CellName(1, static_cast<std::uint32_t>(list - lists_.begin()) + 1);
      letters.pop_back();
      std::string formula = fmt::format("={}!${}$1:${}${}", kListSheet, letters, letters, column.choices.size());
      lxw_data_validation rule{};
      rule.validate = LXW_VALIDATION_TYPE_LIST_FORMULA;
      rule.value_formula = formula.data();
      const auto at = static_cast<lxw_col_t>(lead + i);
      worksheet_data_validation_range(sheet, first_row, at, last_row + kRoomRows, at, &rule);
    }
  }

  static void Protect(lxw_worksheet* sheet) {
    lxw_protection allowed{};
    allowed.format_columns = allowed.format_rows = allowed.insert_rows = allowed.sort = allowed.autofilter = LXW_TRUE;
    worksheet_protect(sheet, nullptr, &allowed);
  }

  // docs/formats/sheet.md: what the marks say, one thing a row.
  Status WriteMarks(const SheetSpec& spec) {
    lxw_worksheet* sheet = workbook_add_worksheet(book_, std::string(kMarkSheet).c_str());
    if (sheet == nullptr) return CannotWrite("The library gave no sheet.");
    worksheet_hide(sheet);
    std::uint32_t row = 0;
    const auto line = [&](std::initializer_list<std::string_view> fields) -> Status {
      std::size_t column = 0;
      for (std::string_view field : fields) LF_TRY(WriteText(sheet, row, column++, field, TextFormat()));
      ++row;
      return Ok{};
    };
    const RoundTripMark& mark = *spec.round_trip;
    LF_TRY(line({"format", "landfall-sheet.1"}));
    LF_TRY(line({"ledger", mark.ledger}));
    LF_TRY(line({"list", mark.list}));
    LF_TRY(line({"seq", std::to_string(mark.seq)}));
    LF_TRY(line({"sheet", spec.name}));
    for (const ColumnSpec& column : spec.columns)
      LF_TRY(line({"column", column.key, column.label, ColumnKindName(column.kind),
                   std::to_string(column.kind == ColumnKind::kMoney ? column.unit_exponent : 0)}));
    for (const RowSpec& values : spec.rows) LF_TRY(line({"row", values.id}));
    return Ok{};
  }

  Status WriteLists() {
    if (lists_.empty()) return Ok{};
    lxw_worksheet* sheet = workbook_add_worksheet(book_, std::string(kListSheet).c_str());
    if (sheet == nullptr) return CannotWrite("The library gave no sheet.");
    worksheet_hide(sheet);
    for (std::size_t column = 0; column < lists_.size(); ++column)
      for (std::size_t i = 0; i < lists_[column].size(); ++i)
        LF_TRY(WriteText(sheet, static_cast<std::uint32_t>(i), column, lists_[column][i], TextFormat()));
    return Ok{};
  }

  const WorkbookSpec& spec_;
  MemoryFile file_;
  lxw_workbook* book_ = nullptr;
  std::size_t index_ = 0;
  std::map<std::pair<std::string, Look>, lxw_format*> formats_;
  std::vector<std::vector<std::string>> lists_;  // One column each of the hidden sheet.
};

}  // namespace

std::string CellCheck(std::string_view list, std::string_view id, std::string_view key, const SheetValue& value) {
  std::string text;
  for (std::string_view part : {list, id, key}) text.append(part).append(1, '\0');
  text += CanonicalText(value);
  const Digest digest = Sha256(text);
  return Base64(std::span(digest).first(kCheckBytes / 4 * 3));
}

Result<std::string> WriteXlsx(const WorkbookSpec& spec) { return Writer(spec).Write(); }

}  // namespace landfall::exchange
