// SPDX-License-Identifier: Apache-2.0
// Runs compiled nodes. A value is 16 bytes and comes back in two registers; the frequent nodes stand in this file,
// macros and what builds lists and maps in eval_build.cc.
#include <cmath>
#include <cstring>

#include "rules/code.h"

namespace landfall::rules {
namespace {

// Which of the four outcomes a comparison had, as an index of a bit of `mask`.
int OutcomeBit(int order) { return order == 2 ? 3 : order + 1; }

bool IsFatalError(const Value& value) { return value.IsError() && IsFatal(value.fault()); }

}  // namespace

bool ConstantSet::Contains(const Value& value, Meter& meter) const {
  if (table.empty()) {
    for (std::uint32_t i = 0; i < list.aux; ++i)
      if (Equal(list.items[i], value, meter)) return true;
    return false;
  }
  if (value.kind == Kind::kList || value.kind == Kind::kMap || value.kind == Kind::kOptional ||
      value.kind == Kind::kType)
    return false;
  if (value.kind == Kind::kString || value.kind == Kind::kBytes) meter.ChargeText(value.aux);
  const std::uint64_t mask = table.size() - 1;
  for (std::uint64_t at = HashScalar(value) & mask; table[at] != 0; at = (at + 1) & mask)
    if (Equal(list.items[table[at] - 1], value, meter)) return true;
  return false;
}

Value Machine::Error(const Node& node, EvalFault fault) const {
  Value out = Value::Error(fault);
  out.u = node.source;
  return out;
}
Value Machine::OutOf(const Node& node) const { return Error(node, EvalFault::kCostLimit); }
Value Machine::Located(const Node& node, Value value) const {
  if (value.IsError()) value.u = node.source;
  return value;
}

Value Machine::Unknown(std::uint32_t bit) {
  Value out;
  out.kind = Kind::kUnknown;
  if (!code_.wide) {
    out.u = std::uint64_t{1} << bit;
    return out;
  }
  const std::size_t words = (code_.facts.size() + 63) / 64;
  auto* set = scope_.arena().Array<Value>((words + 1) / 2);  // 16 bytes hold two words.
  if (set == nullptr || !scope_.meter().Charge(words / 4)) return Value::Error(EvalFault::kMemoryLimit);
  std::memset(static_cast<void*>(set), 0, (words + 1) / 2 * sizeof(Value));
  reinterpret_cast<std::uint64_t*>(set)[bit / 64] = std::uint64_t{1} << (bit % 64);
  out.items = set;
  return out;
}

Value Machine::MergeUnknown(const Value& a, const Value& b) {
  Value out = a;
  if (!code_.wide) {
    out.u = a.u | b.u;
    return out;
  }
  const std::size_t words = (code_.facts.size() + 63) / 64;
  auto* set = scope_.arena().Array<std::uint64_t>(words + 1);
  if (set == nullptr || !scope_.meter().Charge(words / 4)) return Value::Error(EvalFault::kMemoryLimit);
  const auto* left = reinterpret_cast<const std::uint64_t*>(a.items);
  const auto* right = reinterpret_cast<const std::uint64_t*>(b.items);
  for (std::size_t i = 0; i < words; ++i) set[i] = left[i] | right[i];
  out.items = reinterpret_cast<const Value*>(set);
  return out;
}

Value Machine::Pass(const Value& a, const Value& b) {
  if (IsFatalError(a)) return a;
  if (IsFatalError(b)) return b;
  if (a.IsUnknown()) return b.IsUnknown() ? MergeUnknown(a, b) : a;
  if (b.IsUnknown()) return b;
  return a.IsError() ? a : b;
}

inline Value Machine::FactOf(const Node& node) {
  if (node.index < facts_.size()) {
    const Value& fact = facts_[node.index];
    if (fact.kind > Kind::kError) return fact;
  }
  return Unknown(node.bit);
}

inline Value Machine::FactCompare(const Node& node) {
  if (node.index >= facts_.size()) return Unknown(node.bit);
  const Value& fact = facts_[node.index];
  const Value& constant = node.constant;
  if (fact.kind == constant.kind) {
    switch (fact.kind) {
      case Kind::kInt:
        return Value::Bool(node.mask >> ((fact.i > constant.i) - (fact.i < constant.i) + 1) & 1);
      case Kind::kDouble: {
        const int order = (fact.d > constant.d) - (fact.d < constant.d) + 1;
        const bool unordered = fact.d != fact.d || constant.d != constant.d;
        return Value::Bool(node.mask >> (unordered ? 3 : order) & 1);
      }
      case Kind::kTimestamp: {
        const bool same = fact.i == constant.i;
        const int order = same ? (fact.aux > constant.aux) - (fact.aux < constant.aux) : fact.i > constant.i ? 1 : -1;
        return Value::Bool(node.mask >> (order + 1) & 1);
      }
      case Kind::kBool:
        return Value::Bool(node.mask >> (static_cast<int>(fact.i) - static_cast<int>(constant.i) + 1) & 1);
      case Kind::kString:
        if (node.mask == kEqualMask || node.mask == kNotEqualMask) {
          const bool equal =
              fact.aux == constant.aux && (fact.aux == 0 || std::memcmp(fact.text, constant.text, fact.aux) == 0);
          if (fact.aux == constant.aux) scope_.meter().ChargeText(fact.aux);
          return Value::Bool(equal == (node.mask == kEqualMask));
        }
        break;
      default:
        break;
    }
  }
  if (fact.kind <= Kind::kError) return Unknown(node.bit);
  if (node.mask == kEqualMask || node.mask == kNotEqualMask) {
    const bool equal = Equal(fact, constant, scope_.meter());
    if (scope_.meter().empty()) return OutOf(node);
    return Value::Bool(equal == (node.mask == kEqualMask));
  }
  if (fact.kind == Kind::kString || fact.kind == Kind::kBytes)
    scope_.meter().ChargeText(std::min(fact.aux, constant.aux));
  const int order = Compare(fact, constant);
  if (order == kNotComparable) return Error(node, EvalFault::kNoSuchOverload);
  return Value::Bool(node.mask >> OutcomeBit(order) & 1);
}

// && with `absorbing` false, || with true.
Value Machine::Logic(const Node& node, bool absorbing) {
  Value rest = Value::Bool(!absorbing);
  for (std::uint32_t i = 0; i < node.count; ++i) {
    const std::uint32_t id = kids_[node.kids + i];
    const Node& kid = nodes_[id];
    Value value;
    if (kid.op == Op::kFactCompare) {
      if (!scope_.meter().Charge(1)) return OutOf(node);
      value = FactCompare(kid);
    } else if (kid.op == Op::kFact) {
      if (!scope_.meter().Charge(1)) return OutOf(node);
      value = FactOf(kid);
    } else {
      value = Eval(id);
    }
    if (value.kind == Kind::kBool) {
      if ((value.i != 0) == absorbing) return value;
      continue;
    }
    if (value.IsValue()) value = Error(kid, EvalFault::kNoSuchOverload);
    if (IsFatalError(value)) return value;
    rest = rest.kind == Kind::kBool ? value : Pass(rest, value);
  }
  return rest;
}

Value Machine::Ternary(const Node& node) {
  const Value condition = Eval(KidOf(node, 0));
  if (condition.kind != Kind::kBool) return condition.IsValue() ? Error(node, EvalFault::kNoSuchOverload) : condition;
  return Eval(KidOf(node, condition.i != 0 ? 1 : 2));
}

Value Machine::CompareTwo(const Node& node) {
  const Value a = Eval(KidOf(node, 0));
  const Value b = Eval(KidOf(node, 1));
  if (!a.IsValue() || !b.IsValue()) return Pass(a, b);
  if (node.op != Op::kCompare) {
    const bool equal = Equal(a, b, scope_.meter());
    if (scope_.meter().empty()) return OutOf(node);
    return Value::Bool(equal == (node.op == Op::kEqual));
  }
  if (a.kind == Kind::kString || a.kind == Kind::kBytes) scope_.meter().ChargeText(std::min(a.aux, b.aux));
  const int order = Compare(a, b);
  if (order == kNotComparable) return Error(node, EvalFault::kNoSuchOverload);
  return Value::Bool(node.mask >> OutcomeBit(order) & 1);
}

Value Machine::Membership(const Node& node) {
  const Value item = Eval(KidOf(node, 0));
  if (node.op == Op::kInSet) {
    if (!item.IsValue()) return item;
    const bool found = code_.sets[node.index].Contains(item, scope_.meter());
    return scope_.meter().empty() ? OutOf(node) : Value::Bool(found);
  }
  const Value among = Eval(KidOf(node, 1));
  if (!item.IsValue() || !among.IsValue()) return Pass(item, among);
  bool found = false;
  if (among.kind == Kind::kList) {
    for (std::uint32_t i = 0; i < among.aux && !found; ++i) {
      if (!scope_.meter().Charge(1)) return OutOf(node);
      found = Equal(among.items[i], item, scope_.meter());
    }
  } else if (among.kind == Kind::kMap) {
    found = among.map->Find(item, scope_.meter()) != nullptr;
  } else {
    return Error(node, EvalFault::kNoSuchOverload);
  }
  return scope_.meter().empty() ? OutOf(node) : Value::Bool(found);
}

namespace {

// Timestamps ± durations; nanoseconds since the first second fit in 128 bits easily.
Value ShiftTimestamp(const Value& timestamp, __int128 nanos) {
  const __int128 total = static_cast<__int128>(timestamp.i) * 1'000'000'000 + timestamp.aux + nanos;
  __int128 seconds = total / 1'000'000'000;
  if (total % 1'000'000'000 < 0) --seconds;
  if (seconds < kFirstSecond || seconds > kLastSecond) return Value::Error(EvalFault::kOverflow);
  return Value::Timestamp(static_cast<std::int64_t>(seconds),
                          static_cast<std::uint32_t>(total - seconds * 1'000'000'000));
}

Value TimeArithmetic(Op op, const Value& a, const Value& b) {
  const bool plus = op == Op::kAdd;
  if (a.kind == Kind::kDuration && b.kind == Kind::kDuration) {
    std::int64_t out = 0;
    const bool over = plus ? __builtin_add_overflow(a.i, b.i, &out) : __builtin_sub_overflow(a.i, b.i, &out);
    return over ? Value::Error(EvalFault::kOverflow) : Value::Duration(out);
  }
  if (a.kind == Kind::kTimestamp && b.kind == Kind::kDuration) {
    return ShiftTimestamp(a, plus ? static_cast<__int128>(b.i) : -static_cast<__int128>(b.i));
  }
  if (plus && a.kind == Kind::kDuration && b.kind == Kind::kTimestamp) return ShiftTimestamp(b, a.i);
  if (!plus && a.kind == Kind::kTimestamp && b.kind == Kind::kTimestamp) {
    const __int128 nanos = static_cast<__int128>(a.i - b.i) * 1'000'000'000 + a.aux - static_cast<__int128>(b.aux);
    if (nanos > INT64_MAX || nanos < INT64_MIN) return Value::Error(EvalFault::kOverflow);
    return Value::Duration(static_cast<std::int64_t>(nanos));
  }
  return Value::Error(EvalFault::kNoSuchOverload);
}

template <class T>
bool Overflows(Op op, T a, T b, T* out) {
  return op == Op::kAdd   ? __builtin_add_overflow(a, b, out)
         : op == Op::kSub ? __builtin_sub_overflow(a, b, out)
                          : __builtin_mul_overflow(a, b, out);
}

// int op int or uint op uint.
template <class T>
Value WholeArithmetic(Op op, T a, T b) {
  T out = 0;
  if (op == Op::kDiv || op == Op::kMod) {
    if (b == 0) return Value::Error(EvalFault::kDivideByZero);
    if (std::is_signed_v<T> && b == static_cast<T>(-1)) {
      if (a == std::numeric_limits<T>::min()) return Value::Error(EvalFault::kOverflow);
      out = op == Op::kDiv ? static_cast<T>(-a) : T{0};
    } else {
      out = op == Op::kDiv ? a / b : a % b;
    }
  } else if (Overflows(op, a, b, &out)) {
    return Value::Error(EvalFault::kOverflow);
  }
  if constexpr (std::is_signed_v<T>)
    return Value::Int(out);
  else
    return Value::Uint(out);
}

}  // namespace

Value Machine::Arithmetic(const Node& node) {
  const Value a = Eval(KidOf(node, 0));
  const Value b = Eval(KidOf(node, 1));
  if (!a.IsValue() || !b.IsValue()) return Pass(a, b);
  if (a.kind != b.kind) {
    if (node.op == Op::kAdd || node.op == Op::kSub) return Located(node, TimeArithmetic(node.op, a, b));
    return Error(node, EvalFault::kNoSuchOverload);
  }
  switch (a.kind) {
    case Kind::kInt:
      return Located(node, WholeArithmetic(node.op, a.i, b.i));
    case Kind::kUint:
      return Located(node, WholeArithmetic(node.op, a.u, b.u));
    case Kind::kDouble:
      switch (node.op) {
        case Op::kAdd:
          return Value::Double(a.d + b.d);
        case Op::kSub:
          return Value::Double(a.d - b.d);
        case Op::kMul:
          return Value::Double(a.d * b.d);
        case Op::kDiv:
          return Value::Double(a.d / b.d);
        default:
          return Error(node, EvalFault::kNoSuchOverload);
      }
    case Kind::kTimestamp:
    case Kind::kDuration:
      if (node.op == Op::kAdd || node.op == Op::kSub) return Located(node, TimeArithmetic(node.op, a, b));
      return Error(node, EvalFault::kNoSuchOverload);
    case Kind::kString:
    case Kind::kBytes: {
      if (node.op != Op::kAdd) break;
      const std::uint64_t size = std::uint64_t{a.aux} + b.aux;
      if (!scope_.meter().Charge(size / 16)) return OutOf(node);
      char* out = scope_.arena().Array<char>(size);
      if (out == nullptr) return Error(node, EvalFault::kMemoryLimit);
      if (a.aux > 0) std::memcpy(out, a.text, a.aux);
      if (b.aux > 0) std::memcpy(out + a.aux, b.text, b.aux);
      return a.kind == Kind::kString ? Value::String({out, size}) : Value::Bytes({out, size});
    }
    case Kind::kList: {
      if (node.op != Op::kAdd) break;
      const std::uint64_t size = std::uint64_t{a.aux} + b.aux;
      if (!scope_.meter().Charge(size)) return OutOf(node);
      auto* out = scope_.arena().Array<Value>(size);
      if (out == nullptr) return Error(node, EvalFault::kMemoryLimit);
      std::copy_n(a.items, a.aux, out);
      std::copy_n(b.items, b.aux, out + a.aux);
      return Value::List(out, static_cast<std::uint32_t>(size));
    }
    default:
      break;
  }
  return Error(node, EvalFault::kNoSuchOverload);
}

Value Machine::CallFunction(const Node& node) {
  constexpr std::uint32_t kInPlace = 4;
  Value few[kInPlace];
  Value* arguments = few;
  if (node.count > kInPlace) {
    arguments = scope_.arena().Array<Value>(node.count);
    if (arguments == nullptr) return Error(node, EvalFault::kMemoryLimit);
  }
  Value bad = Value::Null();
  for (std::uint32_t i = 0; i < node.count; ++i) {
    arguments[i] = Eval(KidOf(node, i));
    if (!arguments[i].IsValue()) {
      bad = bad.IsValue() ? arguments[i] : Pass(bad, arguments[i]);
      if (IsFatalError(bad)) return bad;
    }
  }
  if (!bad.IsValue()) return bad;
  if (node.op == Op::kMatches) {
    if (arguments[0].kind != Kind::kString) return Error(node, EvalFault::kNoSuchOverload);
    const bool found = code_.patterns[node.index].Search(arguments[0].str(), scope_.meter());
    return scope_.meter().empty() ? OutOf(node) : Value::Bool(found);
  }
  const Function* function = code_.functions[node.index];
  if (function == nullptr) return Error(node, EvalFault::kUnknownFunction);
  return Located(node, Dispatch(node, *function, arguments, node.count));
}

Value Machine::Dispatch(const Node& node, const Function& function, const Value* arguments, std::uint32_t count) {
  for (const Overload& overload : function.overloads) {
    if (!function.variadic && (overload.params.size() != count || overload.member != node.two)) continue;
    bool fits = true;
    for (std::uint32_t i = 0; i < count && fits && !function.variadic; ++i)
      fits = KindFits(arguments[i], overload.params[i]);
    if (!fits) continue;
    Value out;
    if (overload.host != nullptr) {
      if (!scope_.meter().Charge(overload.host->cost)) return OutOf(node);
      out = overload.host->call(scope_, {arguments, count});
      if (!out.IsValue() && !out.IsError()) out = Value::Error(EvalFault::kHostRefused);
    } else if (overload.run != nullptr) {
      out = overload.run(scope_, arguments, count);
    } else {
      continue;
    }
    return scope_.meter().empty() ? OutOf(node) : out;
  }
  return Value::Error(EvalFault::kNoSuchOverload);
}

Value Machine::Eval(std::uint32_t id) {
  const Node& node = nodes_[id];
  if (!scope_.meter().Charge(1)) return OutOf(node);
  switch (node.op) {
    case Op::kConst:
      return node.constant;
    case Op::kFact:
      return FactOf(node);
    case Op::kHasFact: {
      const Value fact = FactOf(node);
      return fact.IsValue() ? Value::Bool(true) : fact;
    }
    case Op::kLocal:
      return locals_[node.index];
    case Op::kFail:
      return Error(node, static_cast<EvalFault>(node.index));
    case Op::kAnd:
      return Logic(node, false);
    case Op::kOr:
      return Logic(node, true);
    case Op::kNot: {
      const Value value = Eval(KidOf(node, 0));
      if (value.kind == Kind::kBool) return Value::Bool(value.i == 0);
      return value.IsValue() ? Error(node, EvalFault::kNoSuchOverload) : value;
    }
    case Op::kTernary:
      return Ternary(node);
    case Op::kCompare:
    case Op::kEqual:
    case Op::kNotEqual:
      return CompareTwo(node);
    case Op::kFactCompare:
      return FactCompare(node);
    case Op::kIn:
    case Op::kInSet:
      return Membership(node);
    case Op::kAdd:
    case Op::kSub:
    case Op::kMul:
    case Op::kDiv:
    case Op::kMod:
      return Arithmetic(node);
    case Op::kNegate: {
      const Value value = Eval(KidOf(node, 0));
      if (value.kind == Kind::kDouble) return Value::Double(-value.d);
      if (value.kind != Kind::kInt) return value.IsValue() ? Error(node, EvalFault::kNoSuchOverload) : value;
      return value.i == INT64_MIN ? Error(node, EvalFault::kOverflow) : Value::Int(-value.i);
    }
    case Op::kIndex:
      return Index(node);
    case Op::kSelect:
    case Op::kHas:
      return Select(node);
    case Op::kList:
      return MakeList(node);
    case Op::kMap:
      return MakeMap(node);
    case Op::kCall:
    case Op::kMatches:
      return CallFunction(node);
    case Op::kAll:
    case Op::kExists:
      return Quantify(node);
    case Op::kExistsOne:
      return ExistsOne(node);
    case Op::kFilter:
    case Op::kMapMacro:
    case Op::kTransformList:
      return Collect(node);
    case Op::kTransformMap:
    case Op::kTransformMapEntry:
      return CollectMap(node);
    case Op::kBind:
    case Op::kOptMap:
    case Op::kOptFlatMap:
    case Op::kOptOr:
      return BindTo(node);
  }
  return Error(node, EvalFault::kNoSuchOverload);
}

}  // namespace landfall::rules
