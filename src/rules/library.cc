// SPDX-License-Identifier: Apache-2.0
// Signatures, the table of all functions, operators, optionals.
#include "rules/library.h"

#include <algorithm>
#include <map>

namespace landfall::rules {
namespace {

// Whether an optional.ofNonZeroValue would be empty.
bool IsZero(const Value& value) {
  switch (value.kind) {
    case Kind::kNull:
      return true;
    case Kind::kBool:
    case Kind::kInt:
    case Kind::kUint:
    case Kind::kDuration:
      return value.i == 0;
    case Kind::kDouble:
      return value.d == 0;
    case Kind::kString:
    case Kind::kBytes:
    case Kind::kList:
      return value.aux == 0;
    case Kind::kMap:
      return value.map->size == 0;
    case Kind::kTimestamp:
      return value.i == 0 && value.aux == 0;
    case Kind::kOptional:
      return value.items == nullptr;
    default:
      return false;
  }
}

Value OptionalOf(CallScope& scope, const Value* a, std::uint32_t) { return scope.NewOptional(a[0]); }
Value OptionalOfNonZero(CallScope& scope, const Value* a, std::uint32_t) {
  return IsZero(a[0]) ? Value::Optional(nullptr) : scope.NewOptional(a[0]);
}
Value OptionalNone(CallScope&, const Value*, std::uint32_t) { return Value::Optional(nullptr); }
Value HasValue(CallScope&, const Value* a, std::uint32_t) { return Value::Bool(a[0].items != nullptr); }
Value ValueOf(CallScope&, const Value* a, std::uint32_t) {
  return a[0].items == nullptr ? Value::Error(EvalFault::kEmptyOptional) : *a[0].items;
}

class Registry {
 public:
  Registry() {
    std::map<std::string, Function> by_name;
    for (const auto part : {OperatorLibrary(), ConversionLibrary(), StringLibrary(), FormatLibrary(), MathLibrary(),
                            TimeLibrary(), OptionalLibrary()}) {
      for (const LibraryEntry& entry : part) {
        auto signature = ParseSignature(arena_, entry.signature);
        LF_CHECK(signature.ok());
        signature->overload.run = entry.run;
        Function& function = by_name[signature->name];
        function.name = signature->name;
        function.overloads.push_back(std::move(signature->overload));
      }
    }
    for (auto& [name, function] : by_name) {
      function.variadic = name == "math.greatest" || name == "math.least";
      functions_.push_back(std::move(function));
    }
  }
  const Function* Find(std::string_view name) const {
    const auto it =
        std::lower_bound(functions_.begin(), functions_.end(), name,
                         [](const Function& function, std::string_view wanted) { return function.name < wanted; });
    return it != functions_.end() && it->name == name ? &*it : nullptr;
  }
  std::span<const Function> all() const { return functions_; }

 private:
  Arena arena_;
  std::vector<Function> functions_;  // Sorted by name.
};

const Registry& TheRegistry() {
  static const Registry kRegistry;
  return kRegistry;
}

std::string_view Trim(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

}  // namespace

Value CallScope::NewText(std::string_view text, Kind kind) {
  if (!meter_.Charge(1 + text.size() / 16)) return Value::Error(EvalFault::kCostLimit);
  const std::string_view copy = arena_.Copy(text);
  if (copy.data() == nullptr) return Value::Error(EvalFault::kMemoryLimit);
  return kind == Kind::kString ? Value::String(copy) : Value::Bytes(copy);
}

Value CallScope::NewList(std::span<const Value> items) {
  if (!meter_.Charge(1 + items.size())) return Value::Error(EvalFault::kCostLimit);
  auto* copy = arena_.Array<Value>(items.size());
  if (copy == nullptr) return Value::Error(EvalFault::kMemoryLimit);
  std::copy(items.begin(), items.end(), copy);
  return Value::List(copy, static_cast<std::uint32_t>(items.size()));
}

Value CallScope::NewOptional(const Value& inner) {
  auto* copy = arena_.Array<Value>(1);
  if (copy == nullptr) return Value::Error(EvalFault::kMemoryLimit);
  *copy = inner;
  return Value::Optional(copy);
}

bool KindFits(const Value& value, TypeRef type) {
  switch (type->kind) {
    case TypeKind::kDyn:
    case TypeKind::kParam:
    case TypeKind::kVar:
      return true;
    case TypeKind::kNull:
      return value.kind == Kind::kNull;
    case TypeKind::kBool:
      return value.kind == Kind::kBool;
    case TypeKind::kInt:
      return value.kind == Kind::kInt;
    case TypeKind::kUint:
      return value.kind == Kind::kUint;
    case TypeKind::kDouble:
      return value.kind == Kind::kDouble;
    case TypeKind::kString:
      return value.kind == Kind::kString;
    case TypeKind::kBytes:
      return value.kind == Kind::kBytes;
    case TypeKind::kTimestamp:
      return value.kind == Kind::kTimestamp;
    case TypeKind::kDuration:
      return value.kind == Kind::kDuration;
    case TypeKind::kList:
      return value.kind == Kind::kList;
    case TypeKind::kMap:
      return value.kind == Kind::kMap;
    case TypeKind::kType:
      return value.kind == Kind::kType;
    case TypeKind::kOptional:
      return value.kind == Kind::kOptional;
  }
  return false;
}

Result<Signature> ParseSignature(Arena& arena, std::string_view text) {
  const Error bad = Invalid("rules.bad_signature", "a function's signature cannot be read", "signature");
  const std::size_t arrow = text.rfind("->");
  if (arrow == std::string_view::npos) return bad;
  Signature out;
  LF_ASSIGN(out.overload.result, ParseType(arena, Trim(text.substr(arrow + 2)), true));
  std::string_view head = Trim(text.substr(0, arrow));
  if (head.empty() || head.back() != ')') return bad;
  // The parenthesis that opens the arguments.
  std::size_t open = head.size() - 1;
  int depth = 1;
  while (depth > 0 && open > 0) {
    --open;
    depth += head[open] == ')' ? 1 : head[open] == '(' ? -1 : 0;
  }
  if (depth != 0) return bad;
  std::string_view arguments = head.substr(open + 1, head.size() - open - 2);
  std::string_view name = Trim(head.substr(0, open));
  // "optional" alone is the namespace of optional.of; as a receiver it is written with its type.
  if (const std::size_t dot = name.rfind('.'); dot != std::string_view::npos && name.substr(0, dot) != "optional") {
    if (auto receiver = ParseType(arena, name.substr(0, dot), true)) {
      out.overload.member = true;
      out.overload.params.push_back(*receiver);
      name.remove_prefix(dot + 1);
    }
  }
  if (name.empty()) return bad;
  out.name = name;
  while (!Trim(arguments).empty()) {
    std::size_t end = 0;
    for (int inside = 0; end < arguments.size() && (inside > 0 || arguments[end] != ','); ++end) {
      inside += arguments[end] == '(' ? 1 : arguments[end] == ')' ? -1 : 0;
    }
    LF_ASSIGN(TypeRef type, ParseType(arena, Trim(arguments.substr(0, end)), true));
    out.overload.params.push_back(type);
    arguments.remove_prefix(std::min(end + 1, arguments.size()));
  }
  if (out.overload.params.size() > 16) return bad;
  return out;
}

const Function* FindStandardFunction(std::string_view name) { return TheRegistry().Find(name); }
std::span<const Function> StandardFunctions() { return TheRegistry().all(); }

std::span<const LibraryEntry> OperatorLibrary() {
  static constexpr LibraryEntry kEntries[] = {
      {"!_(bool)->bool"},
      {"-_(int)->int"},
      {"-_(double)->double"},
      {"_?_:_(bool,A,A)->A"},
      {"_==_(A,A)->bool"},
      {"_!=_(A,A)->bool"},
      {"_<_(bool,bool)->bool"},
      {"_<_(string,string)->bool"},
      {"_<_(bytes,bytes)->bool"},
      {"_<_(timestamp,timestamp)->bool"},
      {"_<_(duration,duration)->bool"},
      {"_<_(int,int)->bool"},
      {"_<_(int,uint)->bool"},
      {"_<_(int,double)->bool"},
      {"_<_(uint,int)->bool"},
      {"_<_(uint,uint)->bool"},
      {"_<_(uint,double)->bool"},
      {"_<_(double,int)->bool"},
      {"_<_(double,uint)->bool"},
      {"_<_(double,double)->bool"},
      {"_<=_(bool,bool)->bool"},
      {"_<=_(string,string)->bool"},
      {"_<=_(bytes,bytes)->bool"},
      {"_<=_(timestamp,timestamp)->bool"},
      {"_<=_(duration,duration)->bool"},
      {"_<=_(int,int)->bool"},
      {"_<=_(int,uint)->bool"},
      {"_<=_(int,double)->bool"},
      {"_<=_(uint,int)->bool"},
      {"_<=_(uint,uint)->bool"},
      {"_<=_(uint,double)->bool"},
      {"_<=_(double,int)->bool"},
      {"_<=_(double,uint)->bool"},
      {"_<=_(double,double)->bool"},
      {"_>_(bool,bool)->bool"},
      {"_>_(string,string)->bool"},
      {"_>_(bytes,bytes)->bool"},
      {"_>_(timestamp,timestamp)->bool"},
      {"_>_(duration,duration)->bool"},
      {"_>_(int,int)->bool"},
      {"_>_(int,uint)->bool"},
      {"_>_(int,double)->bool"},
      {"_>_(uint,int)->bool"},
      {"_>_(uint,uint)->bool"},
      {"_>_(uint,double)->bool"},
      {"_>_(double,int)->bool"},
      {"_>_(double,uint)->bool"},
      {"_>_(double,double)->bool"},
      {"_>=_(bool,bool)->bool"},
      {"_>=_(string,string)->bool"},
      {"_>=_(bytes,bytes)->bool"},
      {"_>=_(timestamp,timestamp)->bool"},
      {"_>=_(duration,duration)->bool"},
      {"_>=_(int,int)->bool"},
      {"_>=_(int,uint)->bool"},
      {"_>=_(int,double)->bool"},
      {"_>=_(uint,int)->bool"},
      {"_>=_(uint,uint)->bool"},
      {"_>=_(uint,double)->bool"},
      {"_>=_(double,int)->bool"},
      {"_>=_(double,uint)->bool"},
      {"_>=_(double,double)->bool"},
      {"@in(A,list(A))->bool"},
      {"@in(A,map(A,B))->bool"},
      {"_[_](list(A),int)->A"},
      {"_[_](map(A,B),A)->B"},
      {"_[_](optional(list(A)),int)->optional(A)"},
      {"_[_](optional(map(A,B)),A)->optional(B)"},
      {"_[?_](list(A),int)->optional(A)"},
      {"_[?_](map(A,B),A)->optional(B)"},
      {"_[?_](optional(list(A)),int)->optional(A)"},
      {"_[?_](optional(map(A,B)),A)->optional(B)"},
      {"_+_(int,int)->int"},
      {"_+_(uint,uint)->uint"},
      {"_+_(double,double)->double"},
      {"_+_(string,string)->string"},
      {"_+_(bytes,bytes)->bytes"},
      {"_+_(list(A),list(A))->list(A)"},
      {"_+_(timestamp,duration)->timestamp"},
      {"_+_(duration,timestamp)->timestamp"},
      {"_+_(duration,duration)->duration"},
      {"_-_(int,int)->int"},
      {"_-_(uint,uint)->uint"},
      {"_-_(double,double)->double"},
      {"_-_(timestamp,timestamp)->duration"},
      {"_-_(timestamp,duration)->timestamp"},
      {"_-_(duration,duration)->duration"},
      {"_*_(int,int)->int"},
      {"_*_(uint,uint)->uint"},
      {"_*_(double,double)->double"},
      {"_/_(int,int)->int"},
      {"_/_(uint,uint)->uint"},
      {"_/_(double,double)->double"},
      {"_%_(int,int)->int"},
      {"_%_(uint,uint)->uint"},
  };
  return kEntries;
}

std::span<const LibraryEntry> OptionalLibrary() {
  static constexpr LibraryEntry kEntries[] = {
      {"optional.of(A)->optional(A)", OptionalOf},
      {"optional.ofNonZeroValue(A)->optional(A)", OptionalOfNonZero},
      {"optional.none()->optional(A)", OptionalNone},
      {"optional(A).hasValue()->bool", HasValue},
      {"optional(A).value()->A", ValueOf},
      // These two are lazy, so the evaluator does them.
      {"optional(A).or(optional(A))->optional(A)"},
      {"optional(A).orValue(A)->A"},
  };
  return kEntries;
}

}  // namespace landfall::rules
