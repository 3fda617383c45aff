// SPDX-License-Identifier: Apache-2.0
#include "cli/tools/print.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/json.h"

namespace landfall::cli {
namespace {

struct Range {
  char32_t first, last;
};
// EastAsianWidth.txt of Unicode 15, the blocks that matter for text of the trade.
constexpr std::array<Range, 12> kWide = {{{0x1100, 0x115F},
                                          {0x2E80, 0x303E},
                                          {0x3041, 0x33FF},
                                          {0x3400, 0x4DBF},
                                          {0x4E00, 0x9FFF},
                                          {0xA000, 0xA4CF},
                                          {0xAC00, 0xD7A3},
                                          {0xF900, 0xFAFF},
                                          {0xFE30, 0xFE6F},
                                          {0xFF00, 0xFF60},
                                          {0xFFE0, 0xFFE6},
                                          {0x1F300, 0x3FFFD}}};
constexpr std::array<Range, 4> kCombining = {{{0x0300, 0x036F}, {0x200B, 0x200F}, {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}}};

template <std::size_t N>
bool In(const std::array<Range, N>& ranges, char32_t c) {
  return std::any_of(ranges.begin(), ranges.end(), [c](const Range& r) { return c >= r.first && c <= r.last; });
}

// The code point that begins at `at`, which moves behind it. A stray byte counts as one character.
char32_t Next(std::string_view text, std::size_t& at) {
  const auto lead = static_cast<unsigned char>(text[at++]);
  const int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC0 ? 1 : 0;
  char32_t c = more == 0 ? lead : lead & (0x3F >> more);
  for (int i = 0; i < more && at < text.size(); ++i) c = c << 6 | (static_cast<unsigned char>(text[at++]) & 0x3F);
  return c;
}

bool LooksNumeric(std::string_view cell) {
  return cell.find_first_not_of("0123456789+-.,%e ") == std::string_view::npos;
}

std::string OneLine(std::string cell) {
  for (char& c : cell)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  return cell;
}

}  // namespace

std::size_t DisplayWidth(std::string_view utf8) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < utf8.size();) {
    const char32_t c = Next(utf8, at);
    width += In(kCombining, c) ? 0 : In(kWide, c) ? 2 : 1;
  }
  return width;
}

void TextTable::Head(std::vector<std::string> cells) { head_ = std::move(cells); }

void TextTable::Row(std::vector<std::string> cells) {
  for (std::string& cell : cells) cell = OneLine(std::move(cell));
  rows_.push_back(std::move(cells));
}

std::string TextTable::Text() const {
  std::size_t columns = head_.size();
  for (const auto& row : rows_) columns = std::max(columns, row.size());
  std::vector<std::size_t> width(columns, 0);
  std::vector<bool> numeric(columns, true);
  for (std::size_t c = 0; c < head_.size(); ++c) width[c] = DisplayWidth(head_[c]);
  for (const auto& row : rows_)
    for (std::size_t c = 0; c < row.size(); ++c) {
      width[c] = std::max(width[c], DisplayWidth(row[c]));
      if (!LooksNumeric(row[c])) numeric[c] = false;
    }

  std::string out;
  const auto line = [&](const std::vector<std::string>& cells) {
    const std::size_t begin = out.size();
    for (std::size_t c = 0; c < cells.size(); ++c) {
      const std::size_t pad = width[c] - DisplayWidth(cells[c]);
      if (numeric[c]) out.append(pad, ' ');
      out += cells[c];
      if (!numeric[c]) out.append(pad, ' ');
      out += "  ";
    }
    while (out.size() > begin && out.back() == ' ') out.pop_back();
    out += '\n';
  };
  if (!head_.empty()) {
    line(head_);
    std::size_t total = 0;
    for (const std::size_t w : width) total += w + 2;
    out.append(total > 2 ? total - 2 : 0, '-');
    out += '\n';
  }
  for (const auto& row : rows_) line(row);
  return out;
}

std::string Decimal(double value, int digits) {
  return std::isfinite(value) ? fmt::format("{:.{}f}", value, digits) : std::string("-");
}

void JsonWriter::Separate() {
  if (!out_.empty() && out_.back() != '{' && out_.back() != '[' && out_.back() != ':') out_ += ',';
}

JsonWriter& JsonWriter::Open(char bracket) {
  Separate();
  out_ += bracket;
  return *this;
}

JsonWriter& JsonWriter::Close(char bracket) {
  out_ += bracket;
  return *this;
}

JsonWriter& JsonWriter::Key(std::string_view name) {
  Separate();
  AppendJsonString(out_, name);
  out_ += ':';
  return *this;
}

JsonWriter& JsonWriter::Value(std::string_view text) {
  Separate();
  AppendJsonString(out_, text);
  return *this;
}

JsonWriter& JsonWriter::Value(double number) {
  if (!std::isfinite(number)) return Null();
  Separate();
  fmt::format_to(std::back_inserter(out_), "{}", number);
  return *this;
}

JsonWriter& JsonWriter::Value(std::int64_t number) {
  Separate();
  AppendInt(out_, number);
  return *this;
}

JsonWriter& JsonWriter::Value(std::uint64_t number) {
  Separate();
  fmt::format_to(std::back_inserter(out_), "{}", number);
  return *this;
}

JsonWriter& JsonWriter::Value(bool truth) {
  Separate();
  out_ += truth ? "true" : "false";
  return *this;
}

JsonWriter& JsonWriter::Null() {
  Separate();
  out_ += "null";
  return *this;
}

}  // namespace landfall::cli
