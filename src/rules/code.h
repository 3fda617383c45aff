// SPDX-License-Identifier: Apache-2.0
// The compiled form: a flat array of small nodes. Private to the rules library.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "rules/ast.h"
#include "rules/checker.h"
#include "rules/environment.h"
#include "rules/program.h"
#include "rules/regex.h"

namespace landfall::rules {

enum class Op : std::uint8_t {
  kConst,
  kFact,
  kHasFact,
  kLocal,
  kFail,
  kAnd,
  kOr,
  kNot,
  kTernary,
  kCompare,  // `mask` says which of less, equal, greater, unordered are true
  kEqual,
  kNotEqual,
  kFactCompare,  // The same for a fact and a constant, equality included
  kIn,
  kInSet,  // `index` is the constant set
  kAdd,
  kSub,
  kMul,
  kDiv,
  kMod,
  kNegate,
  kIndex,
  kSelect,
  kHas,
  kList,
  kMap,
  kCall,
  kMatches,  // `index` is the function or the compiled pattern
  kAll,
  kExists,
  kExistsOne,
  kFilter,
  kMapMacro,
  kTransformList,
  kTransformMap,
  kTransformMapEntry,
  kBind,
  kOptMap,
  kOptFlatMap,
  kOptOr,
};

// Bits of `mask`.
inline constexpr std::uint8_t kLessBit = 1, kEqualBit = 2, kGreaterBit = 4, kUnorderedBit = 8;
inline constexpr std::uint8_t kEqualMask = kEqualBit, kNotEqualMask = kLessBit | kGreaterBit | kUnorderedBit;

struct Node {
  Op op = Op::kConst;
  std::uint8_t mask = 0;
  bool optional = false;  // kIndex, kSelect with "?"
  bool two = false;       // A macro with two variables
  std::uint32_t count = 0;
  std::uint32_t kids = 0;    // Index into Code::kids
  std::uint32_t source = 0;  // Byte offset in the text
  std::uint32_t index = 0;   // Slot, local, set, pattern or function
  std::uint32_t bit = 0;     // Index into Code::facts
  Value constant;            // Also the name of a selected field
  const bool* marks = nullptr;
};

// The items of a constant list, ready for "in".
struct ConstantSet {
  Value list;
  std::vector<std::uint32_t> table;  // Index + 1, 0 = free; empty for short lists, which are searched one by one.
  bool Contains(const Value& value, Meter& meter) const;
};

struct Code {
  explicit Code(Ast parsed) : ast(std::move(parsed)) {}
  Ast ast;  // Owns names and literals.
  Arena constants{std::size_t{16} << 20};
  const Environment* environment = nullptr;
  TypeRef type = nullptr;
  std::vector<Node> nodes;
  std::vector<std::uint32_t> kids;
  std::vector<FactUse> facts;
  std::vector<ConstantSet> sets;
  std::vector<Regex> patterns;
  std::vector<const Function*> functions;
  std::uint32_t root = 0;
  std::uint32_t locals = 0;
  bool wide = false;  // More than 64 facts: unknowns are bit sets in memory instead of one word.
};

// What one evaluation needs at hand.
class Machine {
 public:
  Machine(const Code& code, Facts facts, CallScope scope, Value* locals)
      : code_(code),
        nodes_(code.nodes.data()),
        kids_(code.kids.data()),
        facts_(facts),
        scope_(scope),
        locals_(locals) {}
  Value Eval(std::uint32_t id);

 private:
  Value Error(const Node& node, EvalFault fault) const;
  Value OutOf(const Node& node) const;
  Value Unknown(std::uint32_t bit);
  Value MergeUnknown(const Value& a, const Value& b);
  // Of two operands at least one of which is unknown or an error: what the whole is.
  Value Pass(const Value& a, const Value& b);
  Value Located(const Node& node, Value value) const;
  std::uint32_t KidOf(const Node& node, std::uint32_t i) const { return kids_[node.kids + i]; }

  Value FactOf(const Node& node);
  Value FactCompare(const Node& node);
  Value Logic(const Node& node, bool absorbing);
  Value Ternary(const Node& node);
  Value CompareTwo(const Node& node);
  Value Membership(const Node& node);
  Value Arithmetic(const Node& node);
  Value CallFunction(const Node& node);
  Value Dispatch(const Node& node, const Function& function, const Value* arguments, std::uint32_t count);
  Value Index(const Node& node);
  Value Select(const Node& node);
  Value MakeList(const Node& node);
  Value MakeMap(const Node& node);
  Value FinishMap(const Node& node, const Value* keys, const Value* values, std::uint32_t size);
  Value Quantify(const Node& node);
  Value ExistsOne(const Node& node);
  Value Collect(const Node& node);
  Value CollectMap(const Node& node);
  Value BindTo(const Node& node);
  // The range of a macro; false with `out` set when there is none to run over.
  struct Range {
    const Value* first = nullptr;   // Elements of a list (nullptr for indexes), or keys.
    const Value* second = nullptr;  // Elements of a list under two variables, or values.
    std::uint32_t size = 0;
  };
  bool RangeOf(const Node& node, Range* range, Value* out);
  void SetVariables(const Node& node, const Range& range, std::uint32_t i);

  const Code& code_;
  const Node* nodes_;
  const std::uint32_t* kids_;
  Facts facts_;
  CallScope scope_;
  Value* locals_;
};

}  // namespace landfall::rules
