// SPDX-License-Identifier: Apache-2.0
// Conversions between types, type(), dyn(), size() and base64. Source: cel-spec langdef "List of Standard Definitions".
#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "base/hash.h"
#include "rules/library.h"

namespace landfall::rules {
namespace {

const Value kBad = Value::Error(EvalFault::kBadConversion);
const Value kRange = Value::Error(EvalFault::kOverflow);

Value Same(CallScope&, const Value* a, std::uint32_t) { return a[0]; }

// Numbers as Go's strconv reads them: an optional sign and nothing around.
template <class T>
bool ReadNumber(std::string_view text, T* out) {
  if (text.starts_with('+')) text.remove_prefix(1);
  if (text.empty() || text.size() > 1000) return false;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), *out);
  return read.ec == std::errc() && read.ptr == text.data() + text.size();
}

Value BoolFromString(CallScope&, const Value* a, std::uint32_t) {
  for (const std::string_view yes : {"1", "t", "T", "true", "TRUE", "True"})
    if (a[0].str() == yes) return Value::Bool(true);
  for (const std::string_view no : {"0", "f", "F", "false", "FALSE", "False"})
    if (a[0].str() == no) return Value::Bool(false);
  return kBad;
}

Value IntFromUint(CallScope&, const Value* a, std::uint32_t) {
  return a[0].u > INT64_MAX ? kRange : Value::Int(a[0].i);
}
Value IntFromDouble(CallScope&, const Value* a, std::uint32_t) {
  // The bounds themselves are refused: doubles that near cannot be told apart.
  if (!(a[0].d > -9223372036854775808.0 && a[0].d < 9223372036854775808.0)) return kRange;
  return Value::Int(static_cast<std::int64_t>(a[0].d));
}
Value IntFromString(CallScope& scope, const Value* a, std::uint32_t) {
  scope.meter().ChargeText(a[0].aux);
  std::int64_t out = 0;
  return ReadNumber(a[0].str(), &out) ? Value::Int(out) : kBad;
}
Value IntFromTimestamp(CallScope&, const Value* a, std::uint32_t) { return Value::Int(a[0].i); }

Value UintFromInt(CallScope&, const Value* a, std::uint32_t) { return a[0].i < 0 ? kRange : Value::Uint(a[0].u); }
Value UintFromDouble(CallScope&, const Value* a, std::uint32_t) {
  if (!(a[0].d >= 0 && a[0].d < 18446744073709551616.0)) return kRange;
  return Value::Uint(static_cast<std::uint64_t>(a[0].d));
}
Value UintFromString(CallScope& scope, const Value* a, std::uint32_t) {
  scope.meter().ChargeText(a[0].aux);
  std::uint64_t out = 0;
  return ReadNumber(a[0].str(), &out) ? Value::Uint(out) : kBad;
}

Value DoubleFromInt(CallScope&, const Value* a, std::uint32_t) { return Value::Double(static_cast<double>(a[0].i)); }
Value DoubleFromUint(CallScope&, const Value* a, std::uint32_t) { return Value::Double(static_cast<double>(a[0].u)); }
Value DoubleFromString(CallScope& scope, const Value* a, std::uint32_t) {
  scope.meter().Charge(4 + a[0].aux / 16);
  double out = 0;
  return ReadNumber(a[0].str(), &out) ? Value::Double(out) : kBad;
}

Value StringFromBool(CallScope&, const Value* a, std::uint32_t) {
  return Value::String(a[0].i != 0 ? "true" : "false");
}
Value StringFromInt(CallScope& scope, const Value* a, std::uint32_t) {
  return scope.NewString(fmt::format_int(a[0].i).c_str());
}
Value StringFromUint(CallScope& scope, const Value* a, std::uint32_t) {
  return scope.NewString(fmt::format_int(a[0].u).c_str());
}
Value StringFromDouble(CallScope& scope, const Value* a, std::uint32_t) { return scope.NewString(DoubleText(a[0].d)); }
Value StringFromBytes(CallScope& scope, const Value* a, std::uint32_t) {
  if (!scope.meter().ChargeText(a[0].aux * std::uint64_t{4})) return Value::Error(EvalFault::kCostLimit);
  return ValidUtf8(a[0].str()) ? Value::String(a[0].str()) : Value::Error(EvalFault::kBadUtf8);
}
Value StringFromTimestamp(CallScope& scope, const Value* a, std::uint32_t) {
  scope.meter().Charge(10);
  return scope.NewString(FormatTimestamp(a[0]));
}
Value StringFromDuration(CallScope& scope, const Value* a, std::uint32_t) {
  scope.meter().Charge(4);
  return scope.NewString(FormatDuration(a[0].i));
}
Value BytesFromString(CallScope&, const Value* a, std::uint32_t) { return Value::Bytes(a[0].str()); }

Value TimestampFromString(CallScope& scope, const Value* a, std::uint32_t) {
  scope.meter().Charge(4);
  return ParseTimestamp(a[0].str()).value_or(kBad);
}
Value TimestampFromInt(CallScope&, const Value* a, std::uint32_t) {
  return a[0].i < kFirstSecond || a[0].i > kLastSecond ? kRange : Value::Timestamp(a[0].i, 0);
}
Value DayFromString(CallScope& scope, const Value* a, std::uint32_t) {
  scope.meter().Charge(2);
  return ParseDayAsTimestamp(a[0].str()).value_or(kBad);
}
Value DurationFromString(CallScope& scope, const Value* a, std::uint32_t) {
  scope.meter().Charge(4 + a[0].aux / 4);
  const auto nanos = ParseDuration(a[0].str());
  return nanos ? Value::Duration(*nanos) : kBad;
}

Value TypeOf(CallScope&, const Value* a, std::uint32_t) { return Value::TypeName(TypeNameOf(a[0])); }

Value SizeOfString(CallScope& scope, const Value* a, std::uint32_t) {
  scope.meter().ChargeText(a[0].aux);
  return Value::Int(static_cast<std::int64_t>(CountCodePoints(a[0].str())));
}
Value SizeOfMany(CallScope&, const Value* a, std::uint32_t) { return Value::Int(a[0].aux); }
Value SizeOfMap(CallScope&, const Value* a, std::uint32_t) { return Value::Int(a[0].map->size); }

Value Base64Encode(CallScope& scope, const Value* a, std::uint32_t) {
  if (!scope.meter().Charge(a[0].aux / 4)) return Value::Error(EvalFault::kCostLimit);
  return scope.NewString(Base64(landfall::Bytes(a[0].str())));
}
// With or without the padding, as cel-go takes it.
Value Base64Decode(CallScope& scope, const Value* a, std::uint32_t) {
  if (!scope.meter().Charge(a[0].aux / 4)) return Value::Error(EvalFault::kCostLimit);
  std::string text(a[0].str());
  if (text.find('=') == std::string::npos) text.append((4 - text.size() % 4) % 4, '=');
  const auto bytes = ParseBase64(text);
  return bytes ? scope.NewBytes(*bytes) : kBad;
}

}  // namespace

std::string DoubleText(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "Infinity" : "-Infinity";
  return fmt::format("{}", value);
}

std::span<const LibraryEntry> ConversionLibrary() {
  static constexpr LibraryEntry kEntries[] = {
      {"bool(bool)->bool", Same},
      {"bool(string)->bool", BoolFromString},
      {"int(int)->int", Same},
      {"int(uint)->int", IntFromUint},
      {"int(double)->int", IntFromDouble},
      {"int(string)->int", IntFromString},
      {"int(timestamp)->int", IntFromTimestamp},
      {"uint(uint)->uint", Same},
      {"uint(int)->uint", UintFromInt},
      {"uint(double)->uint", UintFromDouble},
      {"uint(string)->uint", UintFromString},
      {"double(double)->double", Same},
      {"double(int)->double", DoubleFromInt},
      {"double(uint)->double", DoubleFromUint},
      {"double(string)->double", DoubleFromString},
      {"string(string)->string", Same},
      {"string(bool)->string", StringFromBool},
      {"string(int)->string", StringFromInt},
      {"string(uint)->string", StringFromUint},
      {"string(double)->string", StringFromDouble},
      {"string(bytes)->string", StringFromBytes},
      {"string(timestamp)->string", StringFromTimestamp},
      {"string(duration)->string", StringFromDuration},
      {"bytes(bytes)->bytes", Same},
      {"bytes(string)->bytes", BytesFromString},
      {"timestamp(timestamp)->timestamp", Same},
      {"timestamp(string)->timestamp", TimestampFromString},
      {"timestamp(int)->timestamp", TimestampFromInt},
      {"day(string)->timestamp", DayFromString},
      {"duration(duration)->duration", Same},
      {"duration(string)->duration", DurationFromString},
      {"dyn(A)->dyn", Same},
      {"type(A)->type", TypeOf},
      {"size(string)->int", SizeOfString},
      {"size(bytes)->int", SizeOfMany},
      {"size(list(A))->int", SizeOfMany},
      {"size(map(A,B))->int", SizeOfMap},
      {"string.size()->int", SizeOfString},
      {"bytes.size()->int", SizeOfMany},
      {"list(A).size()->int", SizeOfMany},
      {"map(A,B).size()->int", SizeOfMap},
      {"base64.encode(bytes)->string", Base64Encode},
      {"base64.decode(string)->bytes", Base64Decode},
  };
  return kEntries;
}

}  // namespace landfall::rules
