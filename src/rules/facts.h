// SPDX-License-Identifier: Apache-2.0
// A row of facts that owns what it holds, and its reading from JSON.
#pragma once

#include <string_view>
#include <vector>

#include "base/result.h"
#include "rules/environment.h"
#include "rules/program.h"

namespace landfall::rules {

// Threads: one at a time while being filled; afterwards any number may read.
class FactSet {
 public:
  explicit FactSet(const Environment& environment) : row_(environment.size()) {}

  // Copies text, lists and maps. Setting kMissing takes a fact back. Precondition: slot < Environment::size().
  void Set(std::uint32_t slot, const Value& value);
  Facts view() const { return row_; }
  Arena& arena() { return arena_; }
  // Takes a value whose parts already live in arena().
  void Adopt(std::uint32_t slot, const Value& value) { row_[slot] = value; }

 private:
  Arena arena_{std::size_t{1} << 30};
  std::vector<Value> row_;
};

// A deep copy into `arena`.
Value CopyValue(Arena& arena, const Value& value);

// A file of facts is a JSON object: {"enterprise": {"revenue": 52000000, "tags": ["高新"]}, "signed_on": "2024-03-01"}.
// Its member "declare" may give types and words:
//   {"declare": {"signed_on": "timestamp", "revenue": {"type": "int", "zh": "营业收入", "en": "revenue", "unit_zh":
//   "分"}}, …}
// Objects become records, and their members facts of their own with dots in the name ("enterprise.revenue"). Whole
// numbers are int, others double, unless declared. A declared timestamp is written RFC 3339 or as a day, a duration as
// "36h", bytes as base64. null is null for dyn and "not given" for every other type.

// Declares what a file declares and what it holds besides. Errors: rules.facts_malformed and those of
// Environment::Declare.
Status DeclareFacts(std::string_view json, Environment* environment);
// Reads the values of declared facts; members nobody declared are passed over. Errors: rules.facts_malformed, with the
// fact's name in Error.field; rules.fact_type where a value does not fit its declared type. Bounds: 64 MiB, nested 64
// deep.
Result<FactSet> ReadFacts(std::string_view json, const Environment& environment);

}  // namespace landfall::rules
