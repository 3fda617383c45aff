// SPDX-License-Identifier: Apache-2.0
// How the tools print: tables that stay aligned with Chinese in them, and JSON in a stable order.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace landfall::cli {

// Columns of a terminal that valid UTF-8 takes: 2 for a wide or full-width character (East Asian Width W and F of
// Unicode 15, by block), 0 for a combining mark, 1 for all others.
std::size_t DisplayWidth(std::string_view utf8);

// A table of text. A column whose filled cells all read as numbers (digits, sign, point, comma, per cent, "-") is
// aligned to the right, all others to the left.
class TextTable {
 public:
  void Head(std::vector<std::string> cells);
  void Row(std::vector<std::string> cells);  // Missing cells at the end are empty.
  std::size_t rows() const { return rows_.size(); }
  // Two blanks between columns, a rule below the head, each line ended by "\n" and without blanks at its end. Line
  // breaks and other control characters inside a cell are shown as blanks.
  std::string Text() const;

 private:
  std::vector<std::string> head_;
  std::vector<std::vector<std::string>> rows_;
};

// "0.1235" of 0.12345 with 4 digits behind the point; "-" of what is not finite. For tables; JSON has all digits.
std::string Decimal(double value, int digits);

// Compact JSON, members in the order of the calls. A double is printed with the fewest digits that read back as the
// same double; what is not finite is null, since JSON has no NaN.
//
// Precondition of every call: it is allowed there by JSON's grammar (a bug is found by its reader, not checked here).
class JsonWriter {
 public:
  JsonWriter& Open(char bracket);   // '{' or '['
  JsonWriter& Close(char bracket);  // '}' or ']'
  JsonWriter& Key(std::string_view name);
  JsonWriter& Value(std::string_view text);
  JsonWriter& Value(const char* text) { return Value(std::string_view(text)); }
  JsonWriter& Value(double number);
  JsonWriter& Value(std::int64_t number);
  JsonWriter& Value(std::uint64_t number);
  JsonWriter& Value(int number) { return Value(static_cast<std::int64_t>(number)); }
  JsonWriter& Value(unsigned number) { return Value(static_cast<std::uint64_t>(number)); }
  JsonWriter& Value(bool truth);
  JsonWriter& Null();
  template <class T>
  JsonWriter& Member(std::string_view name, const T& value) {
    Key(name);
    return Value(value);
  }
  const std::string& text() const { return out_; }

 private:
  void Separate();
  std::string out_;
};

}  // namespace landfall::cli
