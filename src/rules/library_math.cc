// SPDX-License-Identifier: Apache-2.0
// The math extension. Source: cel-go ext/math, as tested by cel-spec math_ext.
#include <bit>
#include <cmath>

#include "rules/library.h"

namespace landfall::rules {
namespace {

Value Overflow() { return Value::Error(EvalFault::kOverflow); }

// The greatest (sign +1) or least (−1) of numbers of any kind; the first of equals.
template <int kSign>
Value Extreme(CallScope& scope, const Value* a, std::uint32_t count) {
  if (count == 1 && a[0].kind == Kind::kList) {
    count = a[0].aux;
    a = a[0].items;
  }
  if (count == 0 || !scope.meter().Charge(count)) return Value::Error(EvalFault::kNoSuchOverload);
  Value best = a[0];
  for (std::uint32_t i = 0; i < count; ++i) {
    if (!a[i].IsNumber()) return Value::Error(EvalFault::kNoSuchOverload);
    if (Compare(a[i], best) == kSign) best = a[i];
  }
  return best;
}

template <double (*kFunction)(double)>
Value Real(CallScope&, const Value* a, std::uint32_t) {
  return Value::Double(kFunction(a[0].d));
}
double Ceil(double x) { return std::ceil(x); }
double Floor(double x) { return std::floor(x); }
double Round(double x) { return std::round(x); }  // Half away from zero.
double Trunc(double x) { return std::trunc(x); }
double Abs(double x) { return std::fabs(x); }
double Sqrt(double x) { return std::sqrt(x); }
double Sign(double x) { return std::isnan(x) ? x : x > 0 ? 1.0 : x < 0 ? -1.0 : 0.0; }

Value SqrtInt(CallScope&, const Value* a, std::uint32_t) {
  return Value::Double(std::sqrt(static_cast<double>(a[0].i)));
}
Value SqrtUint(CallScope&, const Value* a, std::uint32_t) {
  return Value::Double(std::sqrt(static_cast<double>(a[0].u)));
}
Value AbsInt(CallScope&, const Value* a, std::uint32_t) {
  if (a[0].i == INT64_MIN) return Overflow();
  return Value::Int(a[0].i < 0 ? -a[0].i : a[0].i);
}
Value AbsUint(CallScope&, const Value* a, std::uint32_t) { return a[0]; }
Value SignInt(CallScope&, const Value* a, std::uint32_t) { return Value::Int((a[0].i > 0) - (a[0].i < 0)); }
Value SignUint(CallScope&, const Value* a, std::uint32_t) { return Value::Uint(a[0].u > 0 ? 1 : 0); }
Value IsNan(CallScope&, const Value* a, std::uint32_t) { return Value::Bool(std::isnan(a[0].d)); }
Value IsInf(CallScope&, const Value* a, std::uint32_t) { return Value::Bool(std::isinf(a[0].d)); }
Value IsFinite(CallScope&, const Value* a, std::uint32_t) { return Value::Bool(std::isfinite(a[0].d)); }

// On int and uint alike; the result has the kind of the first operand.
Value Like(const Value& model, std::uint64_t bits) {
  return model.kind == Kind::kInt ? Value::Int(static_cast<std::int64_t>(bits)) : Value::Uint(bits);
}
Value BitAnd(CallScope&, const Value* a, std::uint32_t) { return Like(a[0], a[0].u & a[1].u); }
Value BitOr(CallScope&, const Value* a, std::uint32_t) { return Like(a[0], a[0].u | a[1].u); }
Value BitXor(CallScope&, const Value* a, std::uint32_t) { return Like(a[0], a[0].u ^ a[1].u); }
Value BitNot(CallScope&, const Value* a, std::uint32_t) { return Like(a[0], ~a[0].u); }
Value ShiftLeft(CallScope&, const Value* a, std::uint32_t) {
  if (a[1].i < 0) return Overflow();
  return Like(a[0], a[1].i > 63 ? 0 : a[0].u << a[1].i);
}
// Logical: zeros come in from the left, also for negative int.
Value ShiftRight(CallScope&, const Value* a, std::uint32_t) {
  if (a[1].i < 0) return Overflow();
  return Like(a[0], a[1].i > 63 ? 0 : a[0].u >> a[1].i);
}

}  // namespace

std::span<const LibraryEntry> MathLibrary() {
  static constexpr LibraryEntry kEntries[] = {
      {"math.greatest(dyn)->dyn", Extreme<1>},
      {"math.least(dyn)->dyn", Extreme<-1>},
      {"math.ceil(double)->double", Real<Ceil>},
      {"math.floor(double)->double", Real<Floor>},
      {"math.round(double)->double", Real<Round>},
      {"math.trunc(double)->double", Real<Trunc>},
      {"math.abs(int)->int", AbsInt},
      {"math.abs(uint)->uint", AbsUint},
      {"math.abs(double)->double", Real<Abs>},
      {"math.sign(int)->int", SignInt},
      {"math.sign(uint)->uint", SignUint},
      {"math.sign(double)->double", Real<Sign>},
      {"math.sqrt(double)->double", Real<Sqrt>},
      {"math.sqrt(int)->double", SqrtInt},
      {"math.sqrt(uint)->double", SqrtUint},
      {"math.isNaN(double)->bool", IsNan},
      {"math.isInf(double)->bool", IsInf},
      {"math.isFinite(double)->bool", IsFinite},
      {"math.bitAnd(int,int)->int", BitAnd},
      {"math.bitAnd(uint,uint)->uint", BitAnd},
      {"math.bitOr(int,int)->int", BitOr},
      {"math.bitOr(uint,uint)->uint", BitOr},
      {"math.bitXor(int,int)->int", BitXor},
      {"math.bitXor(uint,uint)->uint", BitXor},
      {"math.bitNot(int)->int", BitNot},
      {"math.bitNot(uint)->uint", BitNot},
      {"math.bitShiftLeft(int,int)->int", ShiftLeft},
      {"math.bitShiftLeft(uint,int)->uint", ShiftLeft},
      {"math.bitShiftRight(int,int)->int", ShiftRight},
      {"math.bitShiftRight(uint,int)->uint", ShiftRight},
  };
  return kEntries;
}

}  // namespace landfall::rules
