// SPDX-License-Identifier: Apache-2.0
#include "exchange/csv.h"

#include <fmt/format.h>

#include <algorithm>

namespace landfall::exchange {
namespace {

constexpr bool IsLineEnd(char c) { return c == '\n' || c == '\r'; }

}  // namespace

CsvReader::CsvReader(ByteSource& utf8, char separator, CsvLimits limits)
    : source_(utf8), separator_(separator), limits_(limits), buffer_(64 * 1024) {
  LF_CHECK(separator == ',' || separator == ';' || separator == '\t' || separator == '|');
  for (char c : {separator, '"', '\n', '\r'}) ends_run_[static_cast<unsigned char>(c)] = true;
}

Result<bool> CsvReader::Next(CsvRow& row) {
  if (failed_) return *failed_;
  auto more = Scan();
  if (!more) failed_ = more.error();
  if (!more || !*more) return more;
  row.number = row_;
  row.line = row_line_;
  row.fields.clear();
  std::size_t begin = 0;
  for (std::size_t end : ends_) {
    row.fields.push_back(std::string_view(text_).substr(begin, end - begin));
    begin = end;
  }
  return true;
}

Status CsvReader::Refill() {
  if (at_ < end_ || source_ended_) return Ok{};
  LF_ASSIGN(end_, source_.Read(buffer_));
  at_ = 0;
  source_ended_ = end_ == 0;
  return Ok{};
}

Error CsvReader::Refuse(std::string_view code) const {
  return Invalid(code, fmt::format("Row {}, which begins on line {}.", row_, row_line_), fmt::format("rows[{}]", row_));
}

// False at the end of the source.
Result<bool> CsvReader::BeginRow() {
  LF_TRY(Refill());
  if (after_cr_ && !source_ended_ && buffer_[at_] == '\n') {  // CRLF is one line end.
    ++at_;
    LF_TRY(Refill());
  }
  after_cr_ = false;
  if (source_ended_) return false;
  ++row_;
  row_line_ = line_;
  row_bytes_ = 0;
  text_.clear();
  ends_.clear();
  if (row_ > limits_.rows) return Refuse("csv.too_many_rows");
  return true;
}

// Passes `count` bytes of the buffer, and adds them to the current field when `keep`. Which limit is named does not
// depend on how the source cuts its chunks: it is the one that the earlier byte breaks.
Status CsvReader::Take(std::size_t count, bool keep) {
  const std::size_t row_room = limits_.row_bytes - row_bytes_;
  const std::size_t field_room = limits_.field_bytes - (text_.size() - (ends_.empty() ? 0 : ends_.back()));
  if (count > row_room && (!keep || row_room <= field_room)) return Refuse("csv.line_too_long");
  if (keep && count > field_room) return Refuse("csv.field_too_long");
  row_bytes_ += count;
  if (keep) text_.append(buffer_.data() + at_, count);
  at_ += count;
  return Ok{};
}

Status CsvReader::EndField() {
  if (ends_.size() == limits_.columns) return Refuse("csv.too_many_columns");
  ends_.push_back(text_.size());
  return Ok{};
}

void CsvReader::EndLine(char c) {
  if (!(c == '\n' && after_cr_)) ++line_;
  after_cr_ = c == '\r';
}

// Leaves the next record in text_ and ends_.
Result<bool> CsvReader::Scan() {
  enum class In { kFront, kPlain, kQuoted, kBehindQuote } in = In::kFront;
  LF_ASSIGN(bool more, BeginRow());
  while (more) {
    LF_TRY(Refill());
    if (source_ended_) {
      if (in == In::kQuoted) return Refuse("csv.quote_unclosed");
      LF_TRY(EndField());
      return true;
    }
    if (in != In::kBehindQuote) {  // As many bytes as mean nothing but themselves.
      const auto first = buffer_.begin() + static_cast<std::ptrdiff_t>(at_);
      const auto last = buffer_.begin() + static_cast<std::ptrdiff_t>(end_);
      const auto stop =
          in == In::kQuoted
              ? std::find_if(first, last, [](char c) { return c == '"' || IsLineEnd(c); })
              : std::find_if(first, last, [&](char c) { return ends_run_[static_cast<unsigned char>(c)]; });
      if (stop != first) {
        LF_TRY(Take(static_cast<std::size_t>(stop - first), true));
        if (in == In::kFront) in = In::kPlain;
        after_cr_ = false;
        continue;
      }
    }
    const char c = buffer_[at_];
    if (c == '"') {
      if (in == In::kPlain) return Refuse("csv.quote_misplaced");
      LF_TRY(Take(1, in == In::kBehindQuote));  // The second of two stands for one.
      in = in == In::kQuoted ? In::kBehindQuote : In::kQuoted;
      after_cr_ = false;
    } else if (in == In::kQuoted) {
      LF_TRY(Take(1, true));
      EndLine(c);
    } else if (c == separator_) {
      LF_TRY(Take(1, false));
      LF_TRY(EndField());
      in = In::kFront;
    } else if (IsLineEnd(c)) {
      LF_TRY(Take(1, false));
      EndLine(c);
      if (in != In::kFront || !ends_.empty()) {
        LF_TRY(EndField());
        return true;
      }
      LF_ASSIGN(more, BeginRow());  // An empty line is no record, but it has a number.
    } else {
      return Refuse("csv.quote_misplaced");
    }
  }
  return false;
}

void AppendCsvRow(std::string& out, std::span<const std::string_view> fields, char separator) {
  const char special[] = {separator, '"', '\n', '\r'};
  bool first = true;
  for (std::string_view field : fields) {
    if (!first) out += separator;
    first = false;
    const bool alone_and_empty = field.empty() && fields.size() == 1;
    if (!alone_and_empty && field.find_first_of({special, sizeof special}) == std::string_view::npos) {
      out += field;
      continue;
    }
    out += '"';
    for (char c : field) {
      if (c == '"') out += '"';
      out += c;
    }
    out += '"';
  }
  out += "\r\n";
}

}  // namespace landfall::exchange
