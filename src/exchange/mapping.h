// SPDX-License-Identifier: Apache-2.0
// The mapping file: which column of somebody's register means what. Format: docs/formats/mapping.md, version 1.
//
// This folder knows no word of the trade. What may be a target, and of which type, the caller declares in a
// TableSchema; the mapping file is checked against it before a row is read.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/day.h"
#include "base/hash.h"
#include "base/money.h"
#include "exchange/date_format.h"
#include "exchange/encoding.h"

namespace landfall::exchange {

enum class ValueType : std::uint8_t {
  kText,
  kMoney,
  kDay,
  kPath,  // Texts from the widest to the narrowest ("Corporate Services" / "General Counsel"), one column per level.
};

// ---- What the caller allows --------------------------------------------------------------------------------------

// A named setting of the whole file ("ladder"), or an option of a target ("as").
struct OptionRule {
  std::string name;
  std::vector<std::string> choices;  // Empty: any text of 1 to 200 bytes, or a day.
  bool is_day = false;               // Must be "YYYY-MM-DD".
  bool required = false;
};

struct KeyRule {
  std::string key;
  ValueType type = ValueType::kText;
  bool required = false;          // Some column, constant or template must give it, and no row may leave it empty.
  std::size_t bytes_max = 1'000;  // Of a text, or of each level of a path.
};

// In the mapping a target is written {"GROUP": "KEY", "OPTION": …}, e.g. {"milestone": "signed", "as": "planned"}.
struct TargetGroup {
  std::string name;
  std::vector<KeyRule> keys;
  bool any_key =
      false;  // Keys are the user's: [a-z][a-z0-9_]{0,63}, of the type the column says (text when it is silent).
  std::vector<OptionRule> options;
};

struct TableSchema {
  std::vector<TargetGroup> groups;   // Names other than the members listed in docs/formats/mapping.md.
  std::vector<OptionRule> settings;  // Likewise.
  int money_decimals = 2;            // CurrencyDecimals of the ledger.
};

// ---- What the mapping says ---------------------------------------------------------------------------------------

// One thing a row can give. Group, key and options together are its identity: planned and actual start are two targets.
struct Target {
  std::string group, key;
  std::map<std::string, std::string> options;  // e.g. {"as": "planned"}
  ValueType type = ValueType::kText;
  bool required = false;
  std::size_t bytes_max = 1'000;
  std::size_t levels = 0;  // kPath only.
};

struct ColumnRule {
  std::string column;  // The header, blanks at both ends removed.
  bool ignored = false;
  std::size_t target = 0;                        // Index into Mapping::targets; meaningless when ignored.
  std::size_t level = 0;                         // kPath: from 0, the widest.
  std::vector<std::string> nulls;                // Texts that mean "not known". The empty text always does.
  std::map<std::string, std::string> values;     // When not empty: the only texts accepted, and what each becomes.
  int unit_exponent = 0;                         // kMoney: 0 元 or plain, 4 万元, 8 亿元.
  Rounding rounding = Rounding::kRefuse;         // kMoney
  bool grouping = false;                         // kMoney: commas between groups of three digits are accepted.
  std::string mark;                              // kMoney: a currency mark that may stand before the number ("$").
  std::vector<DateFormat> dates;                 // kDay
  PartialDay partial_day = PartialDay::kRefuse;  // kDay
};

using Path = std::vector<std::string>;  // A level that is not known is "".
using CellValue = std::variant<std::monostate, std::string, Money, Day, Path>;

struct ConstantRule {
  std::size_t target = 0;
  CellValue value;
  std::string original;
};

struct TemplateRule {
  struct Part {
    std::string literal;
    std::size_t column = 0;  // Index into Mapping::columns; used when is_column.
    bool is_column = false;
  };
  std::size_t target = 0;
  std::vector<Part> parts;
};

struct Mapping {
  Encoding encoding = Encoding::kUtf8;
  char separator = ',';
  std::uint64_t header_row = 1;                 // Records above it (a title, a unit line) are passed over.
  std::map<std::string, std::string> settings;  // e.g. {"ladder": "public_works", "register_as_at": "2024-06-30"}
  std::vector<Target> targets;                  // The cells of each row, in this order.
  std::vector<ColumnRule> columns;
  std::vector<ConstantRule> constants;
  std::vector<TemplateRule> templates;
  Digest digest{};  // SHA-256 of the mapping file.

  // Index of the target with these options (all of them), or npos.
  std::size_t Find(std::string_view group, std::string_view key,
                   const std::map<std::string, std::string>& options = {}) const;
};

// Reads and checks a mapping file of at most 1 MiB. `field` of an error is the member at fault
// ("columns.FFC.rounding"). Errors (kInvalid): mapping.too_large; mapping.malformed (not JSON: detail names line,
// column and byte; or a member of the wrong type, missing or out of bounds); mapping.version (not 1);
// mapping.unknown_member (a member the format does not have, so that a typing error is not silently without effect);
// mapping.unknown_field (a key or option the schema does not allow); mapping.duplicate_target; mapping.duplicate_member
// (one column or member twice); mapping.target_missing (a required key nobody gives); mapping.unit_missing (a money
// column that does not say its unit: 元 and 万元 are not guessed); mapping.dates_missing; mapping.bad_date_format;
// mapping.level_missing; mapping.bad_template; mapping.bad_constant; encoding.unknown.
Result<Mapping> ReadMapping(std::string_view json, const TableSchema& schema);

// The text of one top-level member, read before a schema can be made, because the schema may depend on it (the keys of
// a ladder). Empty when absent. Errors: mapping.too_large, mapping.malformed.
Result<std::optional<std::string>> PeekSetting(std::string_view json, std::string_view name);

}  // namespace landfall::exchange
