// SPDX-License-Identifier: Apache-2.0
// The nodes that read or build lists and maps, and the macros.
#include <algorithm>

#include "rules/code.h"

namespace landfall::rules {
namespace {

// The place of `key` in a list of `size`: only whole numbers count, also as uint and double. −1 for none.
std::int64_t PlaceOf(const Value& key, std::uint32_t size) {
  const Value plain = NormalNumber(key);
  return plain.kind == Kind::kInt && plain.i >= 0 && plain.i < size ? plain.i : -1;
}

}  // namespace

// a[k], a[?k]; on an optional the result is optional again.
Value Machine::Index(const Node& node) {
  Value base = Eval(KidOf(node, 0));
  const Value key = Eval(KidOf(node, 1));
  if (!base.IsValue() || !key.IsValue()) return Pass(base, key);
  bool optional = node.optional;
  if (base.kind == Kind::kOptional) {
    if (base.items == nullptr) return base;
    base = *base.items;
    optional = true;
  }
  const Value* found = nullptr;
  EvalFault fault = EvalFault::kIndexOutOfRange;
  if (base.kind == Kind::kList) {
    if (!key.IsNumber()) return Error(node, EvalFault::kNoSuchOverload);
    const std::int64_t place = PlaceOf(key, base.aux);
    if (place >= 0) found = &base.items[place];
  } else if (base.kind == Kind::kMap) {
    found = base.map->Find(key, scope_.meter());
    if (scope_.meter().empty()) return OutOf(node);
    fault = EvalFault::kNoSuchKey;
  } else {
    return Error(node, EvalFault::kNoSuchOverload);
  }
  if (!optional) return found == nullptr ? Error(node, fault) : *found;
  return found == nullptr ? Value::Optional(nullptr) : Located(node, scope_.NewOptional(*found));
}

// a.f, a.?f and has(a.f).
Value Machine::Select(const Node& node) {
  Value base = Eval(KidOf(node, 0));
  if (!base.IsValue()) return base;
  bool optional = node.optional;
  if (base.kind == Kind::kOptional) {
    if (base.items == nullptr) return node.op == Op::kHas ? Value::Bool(false) : base;
    base = *base.items;
    optional = true;
  }
  if (base.kind != Kind::kMap) return Error(node, EvalFault::kNoSuchKey);
  const Value* found = base.map->Find(node.constant, scope_.meter());
  if (scope_.meter().empty()) return OutOf(node);
  if (node.op == Op::kHas) return Value::Bool(found != nullptr);
  if (!optional) return found == nullptr ? Error(node, EvalFault::kNoSuchKey) : *found;
  return found == nullptr ? Value::Optional(nullptr) : Located(node, scope_.NewOptional(*found));
}

Value Machine::MakeList(const Node& node) {
  if (!scope_.meter().Charge(node.count)) return OutOf(node);
  auto* items = scope_.arena().Array<Value>(node.count);
  if (items == nullptr) return Error(node, EvalFault::kMemoryLimit);
  std::uint32_t size = 0;
  Value bad = Value::Null();
  for (std::uint32_t i = 0; i < node.count; ++i) {
    Value value = Eval(KidOf(node, i));
    const bool optional = node.marks != nullptr && node.marks[i];
    if (optional && value.IsValue()) {
      if (value.kind != Kind::kOptional)
        value = Error(node, EvalFault::kNoSuchOverload);
      else if (value.items == nullptr)
        continue;
      else
        value = *value.items;
    }
    if (!value.IsValue()) {
      bad = bad.IsValue() ? value : Pass(bad, value);
      if (bad.IsError() && IsFatal(bad.fault())) return bad;
      continue;
    }
    items[size++] = value;
  }
  return bad.IsValue() ? Value::List(items, size) : bad;
}

Value Machine::FinishMap(const Node& node, const Value* keys, const Value* values, std::uint32_t size) {
  MapRep* map = nullptr;
  const MapError error = BuildMap(scope_.arena(), keys, values, size, scope_.meter(), &map);
  if (scope_.meter().empty()) return OutOf(node);
  switch (error) {
    case MapError::kNone:
      return Value::Map(map);
    case MapError::kBadKey:
      return Error(node, EvalFault::kBadKey);
    case MapError::kDuplicate:
      return Error(node, EvalFault::kDuplicateKey);
    case MapError::kMemory:
      return Error(node, EvalFault::kMemoryLimit);
    case MapError::kCost:
      break;
  }
  return OutOf(node);
}

Value Machine::MakeMap(const Node& node) {
  const std::uint32_t pairs = node.count / 2;
  if (!scope_.meter().Charge(node.count)) return OutOf(node);
  auto* keys = scope_.arena().Array<Value>(pairs);
  auto* values = scope_.arena().Array<Value>(pairs);
  if (keys == nullptr || values == nullptr) return Error(node, EvalFault::kMemoryLimit);
  std::uint32_t size = 0;
  Value bad = Value::Null();
  for (std::uint32_t i = 0; i < pairs; ++i) {
    const Value key = Eval(KidOf(node, 2 * i));
    Value value = Eval(KidOf(node, 2 * i + 1));
    if (node.marks != nullptr && node.marks[i] && value.IsValue()) {
      if (value.kind != Kind::kOptional)
        value = Error(node, EvalFault::kNoSuchOverload);
      else if (value.items == nullptr && key.IsValue())
        continue;
      else if (value.items != nullptr)
        value = *value.items;
    }
    if (!key.IsValue() || !value.IsValue()) {
      const Value both = !key.IsValue() && !value.IsValue() ? Pass(key, value) : key.IsValue() ? value : key;
      bad = bad.IsValue() ? both : Pass(bad, both);
      if (bad.IsError() && IsFatal(bad.fault())) return bad;
      continue;
    }
    keys[size] = key;
    values[size++] = value;
  }
  return bad.IsValue() ? FinishMap(node, keys, values, size) : bad;
}

bool Machine::RangeOf(const Node& node, Range* range, Value* out) {
  const Value value = Eval(KidOf(node, 0));
  if (value.kind == Kind::kList) {
    *range = node.two ? Range{nullptr, value.items, value.aux} : Range{value.items, nullptr, value.aux};
    return true;
  }
  if (value.kind == Kind::kMap) {
    *range = Range{value.map->keys, node.two ? value.map->values : nullptr, value.map->size};
    return true;
  }
  *out = value.IsValue() ? Error(node, EvalFault::kNoSuchOverload) : value;
  return false;
}

void Machine::SetVariables(const Node& node, const Range& range, std::uint32_t i) {
  locals_[node.index] = range.first != nullptr ? range.first[i] : Value::Int(i);
  if (node.two) locals_[node.index + 1] = range.second[i];
}

// all() is && over the elements, exists() is ||.
Value Machine::Quantify(const Node& node) {
  Range range;
  Value out;
  if (!RangeOf(node, &range, &out)) return out;
  const bool absorbing = node.op == Op::kExists;
  Value rest = Value::Bool(!absorbing);
  for (std::uint32_t i = 0; i < range.size; ++i) {
    SetVariables(node, range, i);
    Value value = Eval(KidOf(node, 1));
    if (value.kind == Kind::kBool) {
      if ((value.i != 0) == absorbing) return value;
      continue;
    }
    if (value.IsValue()) value = Error(node, EvalFault::kNoSuchOverload);
    if (value.IsError() && IsFatal(value.fault())) return value;
    rest = rest.kind == Kind::kBool ? value : Pass(rest, value);
  }
  return rest;
}

Value Machine::ExistsOne(const Node& node) {
  Range range;
  Value out;
  if (!RangeOf(node, &range, &out)) return out;
  std::uint32_t count = 0;
  Value bad = Value::Null();
  for (std::uint32_t i = 0; i < range.size; ++i) {
    SetVariables(node, range, i);
    Value value = Eval(KidOf(node, 1));
    if (value.kind == Kind::kBool) {
      count += value.i != 0;
      continue;
    }
    if (value.IsValue()) value = Error(node, EvalFault::kNoSuchOverload);
    bad = bad.IsValue() ? value : Pass(bad, value);
    if (bad.IsError() && IsFatal(bad.fault())) return bad;
  }
  return bad.IsValue() ? Value::Bool(count == 1) : bad;
}

// filter, map and transformList: kids are the range, perhaps a condition, and what to keep (not for filter).
Value Machine::Collect(const Node& node) {
  Range range;
  Value out;
  if (!RangeOf(node, &range, &out)) return out;
  if (!scope_.meter().Charge(range.size)) return OutOf(node);
  auto* items = scope_.arena().Array<Value>(range.size);
  if (items == nullptr) return Error(node, EvalFault::kMemoryLimit);
  const bool filter = node.op == Op::kFilter;
  const bool conditional = filter || node.count == 3;
  std::uint32_t size = 0;
  Value bad = Value::Null();
  for (std::uint32_t i = 0; i < range.size; ++i) {
    SetVariables(node, range, i);
    Value value = Value::Bool(true);
    if (conditional) {
      value = Eval(KidOf(node, 1));
      if (value.IsValue() && value.kind != Kind::kBool) value = Error(node, EvalFault::kNoSuchOverload);
      if (value.IsFalse()) continue;
    }
    if (value.IsValue()) {
      // The body may have used the same slot for its own macros, never this one's.
      value = filter ? locals_[node.index] : Eval(KidOf(node, node.count - 1));
    }
    if (value.IsValue()) {
      items[size++] = value;
      continue;
    }
    bad = bad.IsValue() ? value : Pass(bad, value);
    if (bad.IsError() && IsFatal(bad.fault())) return bad;
  }
  return bad.IsValue() ? Value::List(items, size) : bad;
}

Value Machine::CollectMap(const Node& node) {
  Range range;
  Value out;
  if (!RangeOf(node, &range, &out)) return out;
  if (!scope_.meter().Charge(std::uint64_t{range.size} * 2)) return OutOf(node);
  const bool entries = node.op == Op::kTransformMapEntry;
  auto* keys = scope_.arena().Array<Value>(range.size);
  auto* values = scope_.arena().Array<Value>(range.size);
  if (keys == nullptr || values == nullptr) return Error(node, EvalFault::kMemoryLimit);
  std::uint32_t size = 0;
  Value bad = Value::Null();
  for (std::uint32_t i = 0; i < range.size; ++i) {
    SetVariables(node, range, i);
    const Value key = locals_[node.index];
    Value value = Value::Bool(true);
    if (node.count == 3) {
      value = Eval(KidOf(node, 1));
      if (value.IsValue() && value.kind != Kind::kBool) value = Error(node, EvalFault::kNoSuchOverload);
      if (value.IsFalse()) continue;
    }
    if (value.IsValue()) value = Eval(KidOf(node, node.count - 1));
    if (entries && value.IsValue() && (value.kind != Kind::kMap || value.map->size != 1)) {
      value = Error(node, EvalFault::kNoSuchOverload);
    }
    if (value.IsValue()) {
      keys[size] = entries ? value.map->keys[0] : key;
      values[size++] = entries ? value.map->values[0] : value;
      continue;
    }
    bad = bad.IsValue() ? value : Pass(bad, value);
    if (bad.IsError() && IsFatal(bad.fault())) return bad;
  }
  return bad.IsValue() ? FinishMap(node, keys, values, size) : bad;
}

// cel.bind, optMap, optFlatMap, or, orValue.
Value Machine::BindTo(const Node& node) {
  const Value value = Eval(KidOf(node, 0));
  if (node.op == Op::kBind) {
    locals_[node.index] = value;  // An unknown or an error is bound too: only those who read it are concerned.
    if (value.IsError() && IsFatal(value.fault())) return value;
    return Eval(KidOf(node, 1));
  }
  if (!value.IsValue()) return value;
  if (value.kind != Kind::kOptional) return Error(node, EvalFault::kNoSuchOverload);
  if (node.op == Op::kOptOr) {
    if (value.items != nullptr) return node.two ? *value.items : value;
    const Value other = Eval(KidOf(node, 1));
    if (!node.two && other.IsValue() && other.kind != Kind::kOptional) return Error(node, EvalFault::kNoSuchOverload);
    return other;
  }
  if (value.items == nullptr) return value;
  locals_[node.index] = *value.items;
  const Value body = Eval(KidOf(node, 1));
  if (!body.IsValue()) return body;
  if (node.op == Op::kOptMap) return Located(node, scope_.NewOptional(body));
  return body.kind == Kind::kOptional ? body : Error(node, EvalFault::kNoSuchOverload);
}

}  // namespace landfall::rules
