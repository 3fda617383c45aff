// SPDX-License-Identifier: Apache-2.0
// Decision tables: how people who do not write expressions edit rules. A table compiles to one CEL expression.
//
// A cell of an input is a unary test: "-" any; a CEL literal (5, 2.5, 'A级', true, 2024-03-01 for a day); "< 5", "<=
// 5", "> 5", ">= 5"; a range "[1..5]", "(1..5)", "[1..5)"; several with commas, of which one must hold; "not(…)" around
// them. Hit policies (OMG DMN 1.4 §8.2.8): U unique, at most one rule may match; F first match from the top; C collect,
// a list of all. The result for U and F without a match is the default row, else null. One output is a value, several
// are a map by output name. Threads: plain data.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "rules/environment.h"
#include "rules/program.h"

namespace landfall::rules {

enum class HitPolicy : char { kUnique = 'U', kFirst = 'F', kCollect = 'C' };

struct TableInput {
  std::string fact;                  // A declared fact of type bool, int, double, string or timestamp.
  std::vector<std::string> allowed;  // For string: all values there are; empty means any text.
  std::string low, high;             // For int, double, timestamp: bounds as literals, inclusive; empty means none.
};

struct TableRule {
  std::vector<std::string> tests;    // One per input.
  std::vector<std::string> outputs;  // One CEL expression per output.
};

struct DecisionTable {
  HitPolicy policy = HitPolicy::kUnique;
  std::vector<TableInput> inputs;
  std::vector<std::string> outputs;  // Names.
  std::vector<TableRule> rules;
  std::vector<std::string> defaults;  // One expression per output, or empty.
};

// Bounds: 1 … 20 inputs, 1 … 10 outputs, 1 … 200 rules, 50 tests in a cell.
// Errors: rules.table_shape (counts do not fit), rules.table_input (no declared fact of a simple type),
// rules.table_test (a cell that cannot be read; Error.field is "rules[i].tests[j]"), rules.table_output, and those of
// Program::Compile.
Result<std::string> CompileTable(const Environment& environment, const DecisionTable& table);

struct TableFinding {
  enum class Kind : std::uint8_t { kOverlap, kGap } kind = Kind::kGap;
  std::size_t first = 0, second = 0;  // Rules of an overlap, counted from 0.
  std::vector<std::string> witness;   // One literal per input: a case in which it happens.
};

struct TableCheck {
  std::vector<TableFinding>
      findings;          // Overlaps (policy U only; at most 100), then gaps (at most 100; none with defaults).
  bool complete = true;  // False when the search for gaps was cut off at a million steps.
};
// Overlaps and gaps over the whole domain. A gap of an input without bounds or allowed values counts as well.
// Errors: as CompileTable.
Result<TableCheck> CheckTable(const Environment& environment, const DecisionTable& table);

}  // namespace landfall::rules
