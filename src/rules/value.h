// SPDX-License-Identifier: Apache-2.0
// A CEL value in 16 bytes.
//
// Purpose: facts, constants and results have one shape that fits in two registers; a comparison of numbers or strings
// touches no heap. A Value never owns: the bytes of strings, lists and maps belong to a FactSet, a Program or an
// Evaluator. Source of the rules of equality and order: cel-spec langdef, "Equality and Ordering" (numbers compare
// across int, uint and double, a whole number with a double as its nearest double; values of other different kinds are
// unequal; NaN equals nothing). Threads: plain data.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "rules/arena.h"

namespace landfall::rules {

enum class Kind : std::uint8_t {
  kMissing,  // A fact nobody has given. Only in fact slots; reading it yields kUnknown.
  kUnknown,  // Depends on missing facts; which ones, the Evaluator tells.
  kError,    // Fault in `aux`, source offset in `u`.
  kNull,
  kBool,
  kInt,
  kUint,
  kDouble,
  kString,
  kBytes,
  kTimestamp,  // Seconds since 1970 in `i`, nanoseconds in `aux`; 0001-01-01 … 9999-12-31.
  kDuration,   // Nanoseconds in `i`.
  kList,
  kMap,
  kType,  // The name of a type, as text.
  kOptional,
};

// Why an evaluation has no value. Each has a code "rules.…" with sentences in catalog/errors/rules.json.
enum class EvalFault : std::uint8_t {
  kNoSuchOverload,   // rules.no_such_overload: operands of these kinds do not go together
  kDivideByZero,     // rules.divide_by_zero
  kOverflow,         // rules.overflow: outside the range of the type
  kNoSuchKey,        // rules.no_such_key
  kIndexOutOfRange,  // rules.index_out_of_range
  kBadKey,           // rules.bad_key: a map key of a kind that cannot be one
  kDuplicateKey,     // rules.duplicate_key
  kBadConversion,    // rules.bad_conversion: the text is not a number, time, …
  kBadUtf8,          // rules.bad_utf8
  kBadPattern,       // rules.bad_pattern: a regular expression that cannot be read
  kBadFormat,        // rules.bad_format: a clause of format()
  kEmptyOptional,    // rules.empty_optional
  kUnknownZone,      // rules.unknown_zone
  kUndeclared,       // rules.undeclared
  kUnknownFunction,  // rules.unknown_function
  kHostRefused,      // rules.host_refused: a host function could not answer
  kCostLimit,        // rules.cost_limit: ends the evaluation, is never absorbed by && or ||
  kMemoryLimit,      // rules.memory_limit: likewise
};
std::string_view FaultCode(EvalFault fault);
constexpr bool IsFatal(EvalFault fault) { return fault == EvalFault::kCostLimit || fault == EvalFault::kMemoryLimit; }

struct MapRep;

struct Value {
  Kind kind = Kind::kMissing;
  std::uint32_t aux = 0;  // Length of text, count of a list, nanoseconds, or the fault.
  union {
    std::int64_t i = 0;
    std::uint64_t u;
    double d;
    const char* text;
    const Value* items;
    const MapRep* map;
  };

  static Value Null() { return Of(Kind::kNull); }
  static Value Bool(bool v) {
    Value out = Of(Kind::kBool);
    out.i = v;
    return out;
  }
  static Value Int(std::int64_t v) {
    Value out = Of(Kind::kInt);
    out.i = v;
    return out;
  }
  static Value Uint(std::uint64_t v) {
    Value out = Of(Kind::kUint);
    out.u = v;
    return out;
  }
  static Value Double(double v) {
    Value out = Of(Kind::kDouble);
    out.d = v;
    return out;
  }
  // The bytes must outlive the value; at most 4 GiB.
  static Value String(std::string_view v) { return Text(Kind::kString, v); }
  static Value Bytes(std::string_view v) { return Text(Kind::kBytes, v); }
  static Value TypeName(std::string_view v) { return Text(Kind::kType, v); }
  static Value Timestamp(std::int64_t seconds, std::uint32_t nanos) {
    Value out = Of(Kind::kTimestamp);
    out.i = seconds;
    out.aux = nanos;
    return out;
  }
  // A civil day (base/day.h) stands in rules as its midnight in UTC.
  static Value DayNumber(std::int32_t days) { return Timestamp(std::int64_t{days} * 86400, 0); }
  static Value Duration(std::int64_t nanos) {
    Value out = Of(Kind::kDuration);
    out.i = nanos;
    return out;
  }
  static Value List(const Value* items, std::uint32_t count) {
    Value out = Of(Kind::kList);
    out.items = items;
    out.aux = count;
    return out;
  }
  static Value Map(const MapRep* map) {
    Value out = Of(Kind::kMap);
    out.map = map;
    return out;
  }
  // `inner` nullptr is optional.none().
  static Value Optional(const Value* inner) {
    Value out = Of(Kind::kOptional);
    out.items = inner;
    return out;
  }
  static Value Error(EvalFault fault) {
    Value out = Of(Kind::kError);
    out.aux = static_cast<std::uint32_t>(fault);
    return out;
  }

  bool IsTrue() const { return kind == Kind::kBool && i != 0; }
  bool IsFalse() const { return kind == Kind::kBool && i == 0; }
  bool IsError() const { return kind == Kind::kError; }
  bool IsUnknown() const { return kind == Kind::kUnknown; }
  bool IsValue() const { return kind > Kind::kError; }
  bool IsNumber() const { return kind >= Kind::kInt && kind <= Kind::kDouble; }
  EvalFault fault() const { return static_cast<EvalFault>(aux); }
  std::string_view str() const { return {text, aux}; }

 private:
  static Value Of(Kind kind) {
    Value out;
    out.kind = kind;
    return out;
  }
  static Value Text(Kind kind, std::string_view v) {
    Value out = Of(kind);
    out.text = v.data();
    out.aux = static_cast<std::uint32_t>(v.size());
    return out;
  }
};
static_assert(sizeof(Value) == 16);

// Counts steps. One step is one visited node, one element, or 16 bytes of text: all below 50 ns.
class Meter {
 public:
  explicit Meter(std::int64_t limit = 0) : left_(limit) {}
  bool Charge(std::uint64_t steps) {
    left_ = steps > static_cast<std::uint64_t>(kMost) ? -1 : left_ - static_cast<std::int64_t>(steps);
    return left_ >= 0;
  }
  bool ChargeText(std::size_t bytes) { return Charge(bytes / 16); }
  bool empty() const { return left_ < 0; }
  std::int64_t left() const { return left_; }

 private:
  static constexpr std::int64_t kMost = std::int64_t{1} << 40;
  std::int64_t left_;
};

// An immutable map in the order in which it was written. Look-ups are linear up to 8 keys, hashed beyond.
struct MapRep {
  std::uint32_t size = 0;
  std::uint32_t mask = 0;  // Size of `table` − 1, or 0 without one.
  const Value* keys = nullptr;
  const Value* values = nullptr;
  const std::uint32_t* table = nullptr;  // Index + 1 into keys, 0 = free.

  const Value* Find(const Value& key, Meter& meter) const;
};

// CEL equality. Charges `meter`; when that runs dry the answer is false and means nothing.
bool Equal(const Value& a, const Value& b, Meter& meter, int depth = 0);

// −1, 0, +1, or 2 for unordered (NaN); kNotComparable where the kinds have no order.
inline constexpr int kNotComparable = 3;
int Compare(const Value& a, const Value& b);

// Equal numbers of different kinds have equal hashes. Only for scalars.
std::uint64_t HashScalar(const Value& value);
bool CanBeKey(const Value& value);
// A double that is a whole number, and a uint that fits, as an int; all else as it is.
Value NormalNumber(const Value& value);

enum class MapError : std::uint8_t { kNone, kBadKey, kDuplicate, kMemory, kCost };
// Builds a map over `keys` and `values`, which stay where they are. Refuses bad and repeated keys.
MapError BuildMap(Arena& arena, const Value* keys, const Value* values, std::uint32_t size, Meter& meter, MapRep** out);

// "int", "google.protobuf.Timestamp", …: what type(x) answers.
std::string_view TypeNameOf(const Value& value);

// The value as a CEL literal or constructor call ("timestamp('…')"); readable, and parses back to an equal value.
void AppendLiteral(std::string& out, const Value& value, int depth = 0);
// JSON per cel-spec "JSON Data Conversion"; whole numbers beyond 2^53 as strings, timestamps and durations as text.
void AppendJson(std::string& out, const Value& value, int depth = 0);
void AppendJsonString(std::string& out, std::string_view text);

// Number of code points; invalid bytes count one each.
std::size_t CountCodePoints(std::string_view text);
bool ValidUtf8(std::string_view text);
void AppendUtf8(std::string& out, std::uint32_t code_point);
// The code point at `at` and the offset after it. `text` should be valid; a bad byte reads as U+FFFD.
std::uint32_t NextCodePoint(std::string_view text, std::size_t& at);

}  // namespace landfall::rules
