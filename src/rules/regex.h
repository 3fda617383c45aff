// SPDX-License-Identifier: Apache-2.0
// Regular expressions in RE2's syntax that run in linear time: a Thompson automaton over code points, run as Pike did.
//
// Why not a backtracking engine: rules are written by users, and (a+)+b must not stop an office. Why not a library:
// steps must be counted against the cost limit while matching runs. Supported: literals, . ^ $ \A \z \b \B, classes
// [a-z] [^…] [[:alpha:]] \d \w \s \D \W \S, \p{Han} \p{Latin} and their \P forms, groups (…) (?:…) (?P<n>…) (?<n>…),
// flags i s m U, | * + ? {n,m}, lazy forms, \Q…\E, escapes \n \t \x41 \x{4e2d} \123. Case-insensitive matching folds
// ASCII letters only. Refused: back-references and look-around (as in RE2), other \p classes. Bounds: 4,096 bytes of
// pattern, 5,000 instructions, counts up to 1,000. Threads: immutable.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/value.h"

namespace landfall::rules {

class Regex {
 public:
  static std::optional<Regex> Compile(std::string_view pattern);

  // Whether some part of `text` matches. Charges one step per four instructions run; when the meter runs dry the answer
  // means nothing.
  bool Search(std::string_view text, Meter& meter) const;
  std::size_t size() const { return program_.size(); }

 private:
  friend class RegexCompiler;
  enum class Step : std::uint8_t {
    kRange,
    kSplit,
    kJump,
    kLineStart,
    kLineEnd,
    kTextStart,
    kTextEnd,
    kWord,
    kNotWord,
    kMatch
  };
  struct Instruction {
    Step step = Step::kMatch;
    std::uint32_t x = 0;  // Next, or the set of ranges for kRange (next is the following instruction).
    std::uint32_t y = 0;  // The other way of a split.
  };
  using Set = std::vector<std::pair<std::uint32_t, std::uint32_t>>;  // Sorted ranges of code points.
  static bool In(const Set& set, std::uint32_t point);

  std::vector<Instruction> program_;
  std::vector<Set> sets_;
};

}  // namespace landfall::rules
