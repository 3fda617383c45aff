// SPDX-License-Identifier: Apache-2.0
// Why a rule answers what it answers, and 差什么: what is missing or would have to change.
//
// The tree follows the conditions of the rule: && || ! ?: are taken apart, everything else is one condition with the
// facts it read. Sentences are built from the labels of the facts, in Chinese and English. Bounds: 2,000 conditions and
// a million steps; beyond, a condition is told as a whole.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rules/program.h"

namespace landfall::rules {

enum class Verdict : std::uint8_t { kFalse, kTrue, kUnknown, kError, kValue };  // kValue: a result that is no bool.
Verdict VerdictOf(const Value& value);
std::string_view VerdictName(Verdict verdict);  // "false", "true", "unknown", "error", "value"

struct FactRead {
  std::string name;
  std::string label_zh, label_en;
  std::string value;  // As a literal; empty where missing.
  bool missing = false;
};

struct ExplainNode {
  std::string expr;    // Canonical text of this condition.
  std::string joined;  // "all", "any", "not", "if" or empty for a single condition.
  Verdict verdict = Verdict::kUnknown;
  std::string value;            // The result as a literal, where there is one; the code of an error.
  std::vector<FactRead> reads;  // Of a single condition.
  std::string zh, en;
  std::vector<ExplainNode> parts;
};

struct Explanation {
  ExplainNode root;
  std::vector<std::string> missing;  // Names of facts the answer waits for, sorted.
  std::vector<std::string> gaps_zh;  // 差什么, one line for each thing; empty when the rule holds.
  std::vector<std::string> gaps_en;
};

// Cost: about the evaluation of every condition by itself.
Explanation Explain(const Program& program, Facts facts);

// {"verdict":…,"missing":[…],"gaps":{"zh":[…],"en":[…]},"tree":{…}}
std::string ToJson(const Explanation& explanation);
// Indented lines with ✓ ✗ ? !, for a terminal.
std::string ToText(const Explanation& explanation, bool english);

}  // namespace landfall::rules
