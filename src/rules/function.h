// SPDX-License-Identifier: Apache-2.0
// Functions of the language and of the host, seen alike: a name, overloads with types, and C++ behind each.
//
// The arguments an implementation gets have the kinds of its signature; it never sees an unknown or an error.
// Threads: implementations may run on any number of threads at once and keep no state.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "rules/times.h"
#include "rules/type.h"
#include "rules/value.h"

namespace landfall::rules {

class Regex;

// What an implementation may use: memory that lives as long as the result, the step counter, time zones.
class CallScope {
 public:
  CallScope(Arena& arena, Meter& meter, ZoneProvider* zones) : arena_(arena), meter_(meter), zones_(zones) {}
  Arena& arena() { return arena_; }
  Meter& meter() { return meter_; }
  ZoneProvider* zones() { return zones_; }

  // Charge for the bytes, copy them, and answer kMemoryLimit or kCostLimit where that is not possible.
  Value NewString(std::string_view text) { return NewText(text, Kind::kString); }
  Value NewBytes(std::string_view text) { return NewText(text, Kind::kBytes); }
  Value NewList(std::span<const Value> items);
  Value NewOptional(const Value& inner);

  // Memory of the caller for compiled patterns, or nullptr. One entry is enough: most rules ask one pattern of many
  // texts.
  std::unique_ptr<Regex>* pattern_cache = nullptr;
  std::string* pattern_cached = nullptr;

 private:
  Value NewText(std::string_view text, Kind kind);
  Arena& arena_;
  Meter& meter_;
  ZoneProvider* zones_;
};

using Implementation = Value (*)(CallScope& scope, const Value* arguments, std::uint32_t count);

// A function of the application: working days, membership of a region, units of money.
struct HostFunction {
  // E.g. "yi(double) -> int", "in_region(string, string) -> bool", or as a member "timestamp.plusWorkDays(int) ->
  // timestamp". Several overloads of one name are several HostFunctions.
  std::string signature;
  std::function<Value(CallScope& scope, std::span<const Value> arguments)> call;
  bool pure = true;         // Same arguments, same answer: may be computed once at compile time.
  std::uint32_t cost = 10;  // Steps a call is charged.
};

struct Overload {
  std::vector<TypeRef> params;  // The first is the receiver of a member.
  TypeRef result = nullptr;
  bool member = false;
  Implementation run = nullptr;
  std::shared_ptr<const HostFunction> host;
};

struct Function {
  std::string name;
  bool variadic = false;  // math.greatest and math.least: any number of numbers, or one list.
  std::vector<Overload> overloads;
};

// Whether a value of this kind can be passed where a signature says `type`.
bool KindFits(const Value& value, TypeRef type);

struct Signature {
  std::string name;
  Overload overload;
};
// Errors: rules.bad_signature.
Result<Signature> ParseSignature(Arena& arena, std::string_view text);

// The standard library with the extensions strings, math, optionals, base64 and day(); see docs/rules.md.
// nullptr when there is none of that name.
const Function* FindStandardFunction(std::string_view name);
// For suggestions.
std::span<const Function> StandardFunctions();

}  // namespace landfall::rules
