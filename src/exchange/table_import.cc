// SPDX-License-Identifier: Apache-2.0
#include "exchange/table_import.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "exchange/table_text.h"

namespace landfall::exchange {
namespace {

__extension__ using Wide = __int128;

constexpr std::size_t kExcerptBytes = 80;
constexpr std::size_t kNoteRows = 10;  // Rows that a note lists by number.
// Fractions of a minor unit are summed in steps of 10^-30 of it: Money::Parse reads at most 30 digits, so this is
// exact, and 5,000,000 rows of at most half a unit stay below 2^127.
constexpr std::size_t kFractionDigits = 30;

// Cuts `text` to at most kExcerptBytes, between characters.
std::string Excerpt(std::string_view text) {
  if (text.size() <= kExcerptBytes) return std::string(text);
  std::size_t end = kExcerptBytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return std::string(text.substr(0, end)) + "…";
}

// Hashes and counts the raw bytes on their way, bounds them, and asks whether to go on.
class WatchedSource final : public ByteSource {
 public:
  WatchedSource(ByteSource& inner, const Progress& progress) : inner_(inner), progress_(progress) {}

  Result<std::size_t> Read(std::span<char> out) override {
    LF_ASSIGN(const std::size_t count, inner_.Read(out));
    hash_.Add(Bytes({out.data(), count}));
    bytes_ += count;
    if (bytes_ > kFileBytesMax) return TooLarge();
    if (progress_ && !progress_(bytes_, inner_.Size()))
      return Unavailable("import.cancelled", "The reading was cancelled.");
    return count;
  }
  std::optional<std::uint64_t> Size() const override { return inner_.Size(); }
  std::uint64_t bytes() const { return bytes_; }
  Digest Finish() { return hash_.Finish(); }

  static Error TooLarge() { return Invalid("csv.file_too_large", "A file has at most 1 GiB."); }

 private:
  ByteSource& inner_;
  const Progress& progress_;
  Sha256Stream hash_;
  std::uint64_t bytes_ = 0;
};

// A CSV file as rows.
class CsvSource final : public RowSource {
 public:
  CsvSource(ByteSource& source, const Mapping& mapping, const Progress& progress)
      : raw_(source, progress), utf8_(raw_, mapping.encoding), csv_(utf8_, mapping.separator) {}

  Result<bool> Next(CsvRow& row) override {
    if (auto size = raw_.Size(); size && *size > kFileBytesMax) return WatchedSource::TooLarge();
    return csv_.Next(row);
  }
  std::uint64_t row_number() const override { return csv_.row_number(); }
  std::uint64_t bytes() const override { return raw_.bytes(); }
  Digest FileDigest() override { return raw_.Finish(); }

 private:
  WatchedSource raw_;
  Utf8Source utf8_;
  CsvReader csv_;
};

// "-0.0000000004": `value` of 10^-30 minor units, in the major unit.
std::string FormatFraction(Wide value, int money_decimals) {
  if (value == 0) return "0";
  const bool negative = value < 0;
  std::string digits;
  for (Wide rest = negative ? -value : value; rest > 0; rest /= 10)
    digits += static_cast<char>('0' + static_cast<int>(rest % 10));
  const std::size_t places = kFractionDigits + static_cast<std::size_t>(money_decimals);
  while (digits.size() <= places) digits += '0';
  std::reverse(digits.begin(), digits.end());
  digits.insert(digits.size() - places, ".");
  digits.erase(digits.find_last_not_of('0') + 1);
  if (digits.back() == '.') digits.pop_back();
  return (negative ? "-" : "") + digits;
}

// What Money::Parse kept of `text`, minus what was written, in steps of 10^-30 of the minor unit.
Wide RoundingOf(std::string_view text, Money kept, int decimals, int unit_exponent) {
  const std::size_t point = text.find('.');
  const std::size_t shift = static_cast<std::size_t>(decimals + unit_exponent);
  if (point == std::string_view::npos || text.size() - point - 1 <= shift) return 0;
  const std::string_view below = text.substr(point + 1 + shift);
  const std::string_view above = text.substr(0, shift == 0 ? point : point + 1 + shift);
  const Money truncated = Money::Parse(above, decimals, unit_exponent).value();  // Nearer to zero than `kept`.
  Wide fraction = 0, one = 1;
  for (std::size_t i = 0; i < kFractionDigits; ++i) {
    fraction = fraction * 10 + (i < below.size() ? below[i] - '0' : 0);
    one *= 10;
  }
  return (kept.minor() - truncated.minor()) * one - (text[0] == '-' ? -fraction : fraction);
}

// "1,234,567.89" → "1234567.89"; false when a comma stands elsewhere than before each third digit from the right.
bool DropGrouping(std::string& text) {
  const std::size_t begin = !text.empty() && (text[0] == '-' || text[0] == '+') ? 1 : 0;
  const std::size_t end = std::min(text.find('.'), text.size());
  if (text.find(',') == std::string::npos) return true;
  if ((end - begin) % 4 == 0) return false;  // A comma in front, or four digits before the first.
  std::string plain = text.substr(0, begin);
  for (std::size_t i = begin; i < end; ++i) {
    const bool comma_due = (end - i) % 4 == 0;
    if (comma_due != (text[i] == ',')) return false;
    if (!comma_due) plain += text[i];
  }
  plain += text.substr(end);
  text = std::move(plain);
  return text.find(',') == std::string::npos;
}

// A note that is told once, however many rows it concerns.
struct Note {
  std::uint64_t count = 0;
  std::vector<std::uint64_t> rows;  // The first few.
  void Count(std::uint64_t row) {
    if (++count <= kNoteRows) rows.push_back(row);
  }
};

class TableReader {
 public:
  TableReader(RowSource& rows, const Mapping& mapping, const TableSchema& schema, const RowSink& sink)
      : mapping_(mapping), schema_(schema), sink_(sink), rows_(rows) {
    report_.mapping = mapping.digest;
  }

  Result<TableReport> Read() { return Finish(ReadAll()); }

 private:
  // One column of the file: what it is for, and what was found in it.
  struct Column {
    const ColumnRule* rule = nullptr;
    ColumnCounts counts;
    std::string_view text;  // Of the current row, without blanks at its ends; empty when not known.
    Wide rounding = 0, rounding_absolute = 0;
    Note null_marked, rounded, time_dropped, day_assumed, trimmed;
  };

  Status ReadAll() {
    LF_TRY(ReadHeader());
    if (report_.problems.errors() > 0) return Ok{};  // The header does not fit: rows could only be misread.
    PrepareRow();
    CsvRow row;
    for (;;) {
      LF_ASSIGN(const bool more, rows_.Next(row));
      if (!more) break;
      const std::uint64_t errors_before = report_.problems.errors();
      LF_TRY(ReadRow(row));
      if (report_.problems.errors() > errors_before) ++report_.rows_failed;
    }
    report_.complete = true;
    report_.file = rows_.FileDigest();
    if (report_.rows == 0) return Invalid("csv.no_rows", "There is no row below the header.");
    return Ok{};
  }

  // A fault of the file stands in the report; one of the caller or the machine is the answer.
  Result<TableReport> Finish(Status status) {
    if (!status) {
      const Error& error = status.error();
      if (sink_failed_ || error.fault != Fault::kInvalid) return error;
      AddError(error.field.empty() ? 0 : rows_.row_number(), "", error.code, error.detail);
    }
    report_.bytes = rows_.bytes();
    AddNotes();
    for (Column& column : columns_) report_.columns.push_back(std::move(column.counts));
    return std::move(report_);
  }

  Status ReadHeader() {
    CsvRow row;
    do {
      LF_ASSIGN(const bool more, rows_.Next(row));
      if (!more) return Invalid("csv.empty", "The file has no header.");
    } while (row.number < mapping_.header_row);
    std::set<std::string, std::less<>> seen;
    for (std::string_view field : row.fields) {
      Column column;
      column.counts.column = std::string(Trim(field));
      const std::string& name = column.counts.column;
      const auto rule = std::find_if(mapping_.columns.begin(), mapping_.columns.end(),
                                     [&](const ColumnRule& candidate) { return candidate.column == name; });
      if (!seen.insert(name).second) {
        AddError(row.number, name, "csv.duplicate_column", "The name stands twice in the header.");
      } else if (rule == mapping_.columns.end()) {
        AddError(row.number, name, "mapping.column_missing", "The mapping neither maps nor ignores this column.");
      } else {
        column.rule = &*rule;
      }
      columns_.push_back(std::move(column));
    }
    for (const ColumnRule& rule : mapping_.columns) {
      if (!seen.contains(rule.column))
        AddError(row.number, rule.column, "mapping.unknown_column", "The header has no such column.");
    }
    return Ok{};
  }

  // What is the same for every row: constants, where templates find their columns, whom to name for a missing value.
  void PrepareRow() {
    row_.cells.resize(mapping_.targets.size());
    column_of_target_.resize(mapping_.targets.size());
    column_of_rule_.resize(mapping_.columns.size());
    for (const Column& column : columns_) {
      column_of_rule_[static_cast<std::size_t>(column.rule - mapping_.columns.data())] = &column;
      if (!column.rule->ignored) column_of_target_[column.rule->target] = &column;
    }
    for (const ConstantRule& rule : mapping_.constants) {
      row_.cells[rule.target].value = rule.value;
      row_.cells[rule.target].original = rule.original;
    }
  }

  Status ReadRow(const CsvRow& row) {
    if (std::all_of(row.fields.begin(), row.fields.end(), [](std::string_view text) { return Trim(text).empty(); })) {
      blank_rows_.Count(row.number);
      return Ok{};
    }
    ++report_.rows;
    if (row.fields.size() != columns_.size()) {
      AddError(row.number, "", "csv.ragged_row",
               fmt::format("{} fields expected, {} found.", columns_.size(), row.fields.size()));
      return Ok{};
    }
    row_.number = row.number;
    row_.line = row.line;
    row_.failed = false;
    ClearCells();
    for (std::size_t i = 0; i < columns_.size(); ++i) ReadField(columns_[i], row.fields[i], rows_.Facts(i));
    for (const TemplateRule& rule : mapping_.templates) FillTemplate(rule);
    for (std::size_t i = 0; i < row_.cells.size(); ++i) CheckGiven(i);
    Status status = sink_(row_, report_.problems);
    sink_failed_ = !status.ok();
    return status;
  }

  void ClearCells() {
    for (const ColumnRule& rule : mapping_.columns) {
      if (rule.ignored) continue;
      Cell& cell = row_.cells[rule.target];
      cell.value = std::monostate{};
      cell.original.clear();
      cell.failed = false;
    }
  }

  void ReadField(Column& column, std::string_view field, const FieldFacts& facts) {
    const ColumnRule& rule = *column.rule;
    column.text = Trim(field);
    if (!facts.fault.empty() && !rule.ignored) {
      ++column.counts.filled;
      KeepOriginal(rule, field);
      return Fail(column, facts.fault, "The cell holds no value.");
    }
    if (column.text.empty()) {
      ++column.counts.blank;
      return;
    }
    if (std::find(rule.nulls.begin(), rule.nulls.end(), column.text) != rule.nulls.end()) {
      ++column.counts.null_marked;
      column.null_marked.Count(row_.number);
      if (!rule.ignored) KeepOriginal(rule, field);
      column.text = {};
      return;
    }
    ++column.counts.filled;
    if (rule.ignored) return;
    KeepOriginal(rule, field);
    std::string_view text = column.text;
    if (!rule.values.empty()) {
      const auto value = rule.values.find(std::string(text));
      if (value == rule.values.end())
        return Fail(column, "cell.not_listed", fmt::format("The mapping lists {} values.", rule.values.size()));
      text = value->second;
    }
    switch (mapping_.targets[rule.target].type) {
      case ValueType::kText:
      case ValueType::kPath:
        if (column.text.size() != field.size()) column.trimmed.Count(row_.number);
        return ReadText(column, text);
      case ValueType::kMoney:
        return ReadMoney(column, text);
      case ValueType::kDay:
        return ReadDayCell(column, text, facts.day);
    }
  }

  // The levels of a path stand one after the other.
  void KeepOriginal(const ColumnRule& rule, std::string_view field) {
    std::string& original = row_.cells[rule.target].original;
    if (!original.empty()) original += " / ";
    original += field;
  }

  void ReadText(Column& column, std::string_view text) {
    const ColumnRule& rule = *column.rule;
    const Target& target = mapping_.targets[rule.target];
    if (text.size() > target.bytes_max)
      return Fail(column, "cell.too_long", fmt::format("{} bytes, at most {}.", text.size(), target.bytes_max));
    if (HasControlCharacter(text)) return Fail(column, "cell.control_character", "It holds a control character.");
    Cell& cell = row_.cells[rule.target];
    if (target.type == ValueType::kText) {
      cell.value = std::string(text);
    } else if (!cell.failed) {  // Else another level of the path was refused.
      if (!std::holds_alternative<Path>(cell.value)) cell.value = Path(target.levels);
      std::get<Path>(cell.value)[rule.level] = std::string(text);
    }
  }

  void ReadMoney(Column& column, std::string_view text) {
    const ColumnRule& rule = *column.rule;
    if (!rule.mark.empty() && text.starts_with(rule.mark)) text = Trim(text.substr(rule.mark.size()));
    std::string plain(text);
    if (rule.grouping && !DropGrouping(plain))
      return Fail(column, "money.malformed", "A comma stands where no group of three digits begins.");
    const int decimals = schema_.money_decimals;
    const auto money = Money::Parse(plain, decimals, rule.unit_exponent, rule.rounding);
    if (!money)
      return Fail(column, money.error().code, "A plain decimal number in the unit of the column is expected.");
    row_.cells[rule.target].value = *money;
    const Wide rounding = RoundingOf(plain, *money, decimals, rule.unit_exponent);
    if (rounding == 0) return;
    column.rounding += rounding;
    column.rounding_absolute += rounding < 0 ? -rounding : rounding;
    column.rounded.Count(row_.number);
  }

  void ReadDayCell(Column& column, std::string_view text, const std::optional<DayReading>& known) {
    const ColumnRule& rule = *column.rule;
    const auto reading = known ? Result<DayReading>(*known) : ReadDay(text, rule.dates, rule.partial_day);
    if (!reading) {
      std::vector<std::string_view> patterns;
      for (const DateFormat& format : rule.dates) patterns.push_back(format.pattern());
      return Fail(column, reading.error().code, fmt::format("Formats of the column: {}.", fmt::join(patterns, "; ")));
    }
    row_.cells[rule.target].value = reading->day;
    if (reading->time_dropped) column.time_dropped.Count(row_.number);
    if (reading->day_assumed) column.day_assumed.Count(row_.number);
  }

  void FillTemplate(const TemplateRule& rule) {
    std::string text;
    for (const TemplateRule::Part& part : rule.parts) {
      text += part.literal;
      if (part.is_column) text += column_of_rule_[part.column]->text;
    }
    Cell& cell = row_.cells[rule.target];
    const Target& target = mapping_.targets[rule.target];
    cell.original = std::string(Trim(text));
    cell.value = std::monostate{};
    cell.failed = cell.original.size() > target.bytes_max || HasControlCharacter(cell.original);
    if (!cell.failed && !cell.original.empty()) cell.value = cell.original;
    if (!cell.failed) return;
    row_.failed = true;
    AddError(row_.number, "", cell.original.size() > target.bytes_max ? "cell.too_long" : "cell.control_character",
             fmt::format("The template of {} \"{}\".", target.group, target.key));
  }

  void CheckGiven(std::size_t index) {
    Cell& cell = row_.cells[index];
    const Target& target = mapping_.targets[index];
    if (!target.required || cell.failed || !std::holds_alternative<std::monostate>(cell.value)) return;
    cell.failed = row_.failed = true;
    const Column* column = column_of_target_[index];
    AddError(row_.number, column == nullptr ? "" : column->counts.column, "cell.missing",
             fmt::format("{} \"{}\" is required.", target.group, target.key));
  }

  void Fail(Column& column, std::string_view code, std::string detail) {
    ++column.counts.failed;
    Cell& cell = row_.cells[column.rule->target];
    cell.value = std::monostate{};
    cell.failed = row_.failed = true;
    AddError(row_.number, column.counts.column, code, std::move(detail), Excerpt(column.text));
  }

  void AddError(std::uint64_t row, std::string_view column, std::string_view code, std::string detail,
                std::string excerpt = {}) {
    report_.problems.Add(
        {row, std::string(column), std::string(code), Severity::kError, std::move(detail), std::move(excerpt), 1});
  }

  void AddNote(const Note& note, std::string_view column, std::string_view code, std::string_view what) {
    if (note.count == 0) return;
    std::string detail = fmt::format("{} Rows: {}{}.", what, fmt::join(note.rows, ", "),
                                     note.count > note.rows.size() ? " and others" : "");
    report_.problems.Add(
        {note.rows[0], std::string(column), std::string(code), Severity::kNote, std::move(detail), "", note.count});
  }

  void AddNotes() {
    AddNote(blank_rows_, "", "csv.blank_row", "Passed over.");
    for (Column& column : columns_) {
      ColumnCounts& counts = column.counts;
      counts.rounded = column.rounded.count;
      counts.times_dropped = column.time_dropped.count;
      counts.days_assumed = column.day_assumed.count;
      counts.rounding_total = FormatFraction(column.rounding, schema_.money_decimals);
      counts.rounding_total_absolute = FormatFraction(column.rounding_absolute, schema_.money_decimals);
      AddNote(column.null_marked, counts.column, "cell.null_marker", "Taken as not known.");
      AddNote(column.trimmed, counts.column, "cell.trimmed", "Blanks at the ends were dropped.");
      AddNote(column.rounded, counts.column, "cell.rounded",
              fmt::format("Kept minus written: {} in all, {} without signs.", counts.rounding_total,
                          counts.rounding_total_absolute));
      AddNote(column.time_dropped, counts.column, "cell.time_dropped", "The day is kept, the time of day is not.");
      AddNote(column.day_assumed, counts.column, "cell.day_assumed", "The text names only a month or a year.");
    }
  }

  const Mapping& mapping_;
  const TableSchema& schema_;
  const RowSink& sink_;
  RowSource& rows_;
  bool sink_failed_ = false;
  std::vector<Column> columns_;                  // Of the file, in its order.
  std::vector<const Column*> column_of_rule_;    // By Mapping::columns.
  std::vector<const Column*> column_of_target_;  // By Mapping::targets; null for constants and templates.
  TypedRow row_;
  Note blank_rows_;
  TableReport report_;
};

}  // namespace

std::string_view SeverityName(Severity severity) {
  switch (severity) {
    case Severity::kError:
      return "error";
    case Severity::kWarning:
      return "warning";
    case Severity::kNote:
      return "note";
  }
  return "";
}

void ProblemList::Add(Problem problem) {
  const bool is_error = problem.severity == Severity::kError;
  ++counts_[static_cast<std::size_t>(problem.severity)];
  if (kept_.size() == kKept) {
    ++left_out_;
    if (!is_error || kept_errors_ == kKept) return;
    // An error takes the place of the last problem that is none.
    const auto last = std::find_if(kept_.rbegin(), kept_.rend(),
                                   [](const Problem& kept) { return kept.severity != Severity::kError; });
    kept_.erase(std::next(last).base());
  }
  kept_errors_ += is_error;
  kept_.push_back(std::move(problem));
}

Status TableReport::AsStatus() const {
  if (passed()) return Ok{};
  for (const Problem& problem : problems.kept()) {
    if (problem.severity != Severity::kError) continue;
    std::string field = problem.row == 0 ? "" : fmt::format("rows[{}]", problem.row);
    if (!problem.column.empty()) field += (field.empty() ? "" : ".") + problem.column;
    return Invalid(problem.code, problem.detail, std::move(field));
  }
  CheckFailed("a report that did not pass names an error", __FILE__, __LINE__);
}

Result<TableReport> ReadTable(ByteSource& source, const Mapping& mapping, const TableSchema& schema,
                              const RowSink& sink, const Progress& progress) {
  CsvSource rows(source, mapping, progress);
  return TableReader(rows, mapping, schema, sink).Read();
}

Result<TableReport> ReadTable(RowSource& rows, const Mapping& mapping, const TableSchema& schema, const RowSink& sink) {
  return TableReader(rows, mapping, schema, sink).Read();
}

}  // namespace landfall::exchange
