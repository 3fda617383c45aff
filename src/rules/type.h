// SPDX-License-Identifier: Apache-2.0
// The types of CEL, as the checker knows them.
//
// Written as text: dyn, null_type, bool, int, uint, double, string, bytes, timestamp, duration, list(T), map(K, V),
// type, optional(T), and in signatures of functions a single capital letter for "any type, the same wherever it
// stands". Threads: immutable.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "rules/arena.h"

namespace landfall::rules {

enum class TypeKind : std::uint8_t {
  kDyn,
  kNull,
  kBool,
  kInt,
  kUint,
  kDouble,
  kString,
  kBytes,
  kTimestamp,
  kDuration,
  kList,
  kMap,
  kType,
  kOptional,
  kParam,  // A capital letter in a signature; `id` is 0 … 25.
  kVar,    // A type the checker has yet to find; `id` is its number.
};

struct TypeNode {
  TypeKind kind = TypeKind::kDyn;
  std::uint32_t id = 0;
  const TypeNode* first = nullptr;   // Element of a list, key of a map, inside of an optional, operand of type.
  const TypeNode* second = nullptr;  // Value of a map.
};
using TypeRef = const TypeNode*;

// The types without parameters; static.
TypeRef SimpleType(TypeKind kind);
TypeRef MakeType(Arena& arena, TypeKind kind, TypeRef first, TypeRef second = nullptr);

// Nested at most 16 deep. Errors: rules.bad_type.
Result<TypeRef> ParseType(Arena& arena, std::string_view text, bool allow_params = false);
std::string TypeText(TypeRef type);

}  // namespace landfall::rules
