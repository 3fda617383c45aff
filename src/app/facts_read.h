// SPDX-License-Identifier: Apache-2.0
// Inside the import of facts: what is read of one fact, and what its unit and words say of its number.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/describe.h"
#include "claim/commands.h"

namespace landfall::app {

struct Fact {
  std::string id, kind, region, code, name, period, unit;
  std::vector<std::string> values;
  std::map<std::string, std::string> extra;               // whitelisted members that are text, numbers or true
  std::map<std::string, std::vector<std::string>> lists;  // whitelisted members that are lists of text
  bool names_person = false;

  std::string Extra(const std::string& key) const {
    const auto it = extra.find(key);
    return it == extra.end() ? std::string() : it->second;
  }
  bool Has(const std::string& key) const { return extra.contains(key); }
};

struct FactsRead {
  std::vector<Fact> facts;
  std::map<std::string, std::int64_t> left_out;
};
// The facts of one report, in the order of the file. Errors: seed.*, request.malformed_json, request.too_large.
Result<FactsRead> ReadFacts(std::string_view bytes, const std::string& report);

struct Measure {
  claim::Unit unit = claim::Unit::none;
  std::int64_t exponent = 0;
  claim::Kind kind = claim::Kind::statement;
};
// What a number in these words is. `name` tells a growth from a share, and a rank from a count of persons.
Measure MeasureOf(const std::string& unit, const std::string& name, bool growth);
claim::Bound BoundOf(const std::string& op);

}  // namespace landfall::app
