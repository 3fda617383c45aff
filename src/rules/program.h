// SPDX-License-Identifier: Apache-2.0
// An expression made ready to run, and what runs it.
//
// Purpose: a rule is compiled once and asked millions of times. A comparison of a fact with a constant takes a few
// nanoseconds and touches no heap; what must be built (text, lists, maps) lives in the Evaluator until its next
// question.
//
// Three values. A missing fact makes what reads it unknown. `false && unknown` is false and `true || unknown` is true;
// all else that reads an unknown is unknown. Unknown wins over error under && and || and among the arguments of a call:
// with more facts the error may go away. The promise: an answer that is true or false stays so whatever the missing
// facts turn out to be.
//
// Threads: a Program is immutable, any number of threads may run it; an Evaluator belongs to one thread.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "rules/ast.h"
#include "rules/checker.h"
#include "rules/environment.h"
#include "rules/value.h"

namespace landfall::rules {

struct CompileOptions {
  ParseLimits parse;
  bool check = true;     // Without: types are left to run time. For expressions known to be dynamic.
  bool optimize = true;  // Without: no folding and no fused nodes. For tests of the two against each other.
};

struct Code;  // The compiled form; code.h.

class Program {
 public:
  // Errors: those of Parse and Check; rules.bad_pattern for a constant pattern that cannot be read. `where`, if given,
  // is filled on refusal. Cost: about 1 µs per node.
  static Result<Program> Compile(const Environment& environment, std::string_view source, Diagnostic* where = nullptr,
                                 const CompileOptions& options = {});

  const std::string& source() const;
  const Environment& environment() const;
  std::string type() const;                // "bool", "list(int)", … "dyn" where only run time knows.
  std::span<const FactUse> facts() const;  // What it reads, sorted by name.
  const Expr& root() const;                // The checked tree.
  const Code& code() const { return *code_; }

 private:
  explicit Program(std::shared_ptr<const Code> code) : code_(std::move(code)) {}
  std::shared_ptr<const Code> code_;
};

// One row: slot i is the i-th fact of the Environment, kMissing where nobody knows it. Shorter rows miss the rest.
using Facts = std::span<const Value>;

struct Limits {
  std::int64_t steps = 100'000;               // At most 50 ns each: 5 ms.
  std::size_t memory = std::size_t{8} << 20;  // Bytes built in one evaluation.
};

class Evaluator {
 public:
  explicit Evaluator(Limits limits = {});
  ~Evaluator();
  Evaluator(Evaluator&&) noexcept;
  Evaluator& operator=(Evaluator&&) noexcept;

  // A value, an unknown or an error. It lives until the next Eval, and never longer than the program and the facts.
  Value Eval(const Program& program, Facts facts);
  // Evaluates the part of the program that came from `expr`, a node of program.root() outside macros; for explanations.
  // A part that was folded into a constant or fused answers the same.
  Value EvalPart(const Program& program, const Expr& expr, Facts facts);
  // Steps the last evaluation took.
  std::int64_t steps() const { return steps_; }
  // Names of the facts an unknown depends on, sorted. Empty for other values.
  std::vector<std::string_view> Missing(const Program& program, const Value& unknown) const;

 private:
  friend class ColumnRunner;
  struct Scratch;
  Value Run(const Code& code, std::uint32_t node, Facts facts);
  Limits limits_;
  std::int64_t steps_ = 0;
  std::unique_ptr<Scratch> scratch_;
};

// Where an error happened.
Diagnostic Locate(const Program& program, const Value& error);

}  // namespace landfall::rules
