// SPDX-License-Identifier: Apache-2.0
// 工作机制: how a place says that it works, such as its 三平台 or 两条线. What stands behind such a name differs from
// place to place, so the place words it; what the ledger asks for is who answers for it, since when, and by which
// figure it is judged. Nothing is decided by what a mechanism says.
#pragma once

#include "base/describe.h"
#include "ledger/event.h"

namespace landfall::figure {

inline constexpr std::size_t kMechanismPartsMax = 12;

struct MechanismSubject {
  std::string key;
  std::string Subject() const { return "mechanism/" + key; }
  static Result<MechanismSubject> Parse(std::string_view text) { return MechanismSubject{std::string(text)}; }
};

// One of the three platforms, one of the two lines.
struct MechanismPart {
  static constexpr std::string_view kName = "MechanismPart";
  Text<60> name;
  std::optional<Text<300>> about;
};
BOOST_DESCRIBE_STRUCT(MechanismPart, (), (name, about))

// A version of it, in force from that day on until the next one or the end.
struct MechanismDefined {
  static constexpr EventInfo kInfo{"mechanism.defined", 1, EventClass::kInternal, false};
  MechanismSubject on;
  Int<1, INT32_MAX> version;
  UnitId owner_unit;
  std::optional<Key<60>> figure;
  Day effective_on;
};
BOOST_DESCRIBE_STRUCT(MechanismDefined, (), (version, owner_unit, figure, effective_on))

// Of the version that was defined in the same entry.
struct MechanismWorded {
  static constexpr EventInfo kInfo{"mechanism.worded", 1, EventClass::kInternal, true};
  MechanismSubject on;
  Text<60> name;
  std::optional<Text<1000>> about;  // Absent: still to be filled in.
  std::optional<List<MechanismPart, kMechanismPartsMax>> parts;
};
BOOST_DESCRIBE_STRUCT(MechanismWorded, (), (name, about, parts))

struct MechanismEnded {
  static constexpr EventInfo kInfo{"mechanism.ended", 1, EventClass::kInternal, false};
  MechanismSubject on;
  Day effective_on;  // The first day without it.
};
BOOST_DESCRIBE_STRUCT(MechanismEnded, (), (effective_on))

}  // namespace landfall::figure
