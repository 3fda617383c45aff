// SPDX-License-Identifier: Apache-2.0
// What a case is made of: matters 事项 and packages 一件事, by versions that are never changed. They stand in the
// ledger, so that a later catalogue changes no case and nobody can type a limit.
#pragma once

#include <variant>

#include "base/describe.h"
#include "cases/matter.h"
#include "ledger/event.h"

namespace landfall::cases {

inline constexpr std::size_t kMattersMax = 64;  // Of a package: which of them wait for which is one word of bits.
inline constexpr std::size_t kPapersMax = 40;   // Of a matter.
inline constexpr std::size_t kMadeMax = 20;     // By a matter.
inline constexpr std::size_t kCasePapersMax = 400;

struct NeededPaper {
  Key<40> paper;
  std::optional<Int<1, 36500>> valid_days;  // Calendar days from its day: it has a last day, which is asked.
  bool may_follow = false;                  // 容缺
  bool may_promise = false;                 // 告知承诺
  std::optional<bool> if_made;              // Absent: no. Needed only in a case of which a matter makes it.
};
BOOST_DESCRIBE_STRUCT(NeededPaper, (), (paper, valid_days, may_follow, may_promise, if_made))

// How long something that a matter makes stands: calendar days after the day of the decision.
struct MadeValid {
  Key<40> paper;
  Int<1, 36500> valid_days;
};
BOOST_DESCRIBE_STRUCT(MadeValid, (), (paper, valid_days))

struct MatterSubject {
  std::string key;
  std::string Subject() const { return "matter/" + key; }
  static Result<MatterSubject> Parse(std::string_view text) { return MatterSubject{std::string(text)}; }
};
struct PackageSubject {
  std::string key;
  std::string Subject() const { return "package/" + key; }
  static Result<PackageSubject> Parse(std::string_view text) { return PackageSubject{std::string(text)}; }
};

struct MatterDefined {
  static constexpr EventInfo kInfo{"matter.defined", 1, EventClass::kPublic, false};
  MatterSubject on;
  Int<1, 9999> version;
  Day from;
  UnitId owner_unit;  // The one that is competent.
  MatterKind kind;
  Level level;
  bool discretion = true;
  std::optional<Limit> statutory, promised;  // At least one.
  List<NeededPaper, kPapersMax> papers;
  List<Key<40>, kMadeMax> makes;
  std::optional<List<MadeValid, kMadeMax>> made_valid = {};  // Of those that end by themselves.
};
BOOST_DESCRIBE_STRUCT(MatterDefined, (),
                      (version, from, owner_unit, kind, level, discretion, statutory, promised, papers, makes,
                       made_valid))

struct MatterNamed {
  static constexpr EventInfo kInfo{"matter.named", 1, EventClass::kPublic, true};
  MatterSubject on;
  Int<1, 9999> version;
  Text<200> zh;
  std::optional<Text<300>> law;
  List<Text<200>, kPapersMax> papers;  // Names of the papers, in the order of the definition.
};
BOOST_DESCRIBE_STRUCT(MatterNamed, (), (version, zh, law, papers))

struct PackageDefined {
  static constexpr EventInfo kInfo{"package.defined", 1, EventClass::kPublic, false};
  PackageSubject on;
  Int<1, 9999> version;
  Day from;
  UnitId owner_unit;  // The one that leads, and receives.
  List<Key<40>, kMattersMax> matters;
  std::optional<Limit> promised;  // Of the whole.
};
BOOST_DESCRIBE_STRUCT(PackageDefined, (), (version, from, owner_unit, matters, promised))

struct PackageNamed {
  static constexpr EventInfo kInfo{"package.named", 1, EventClass::kPublic, true};
  PackageSubject on;
  Int<1, 9999> version;
  Text<200> zh;
};
BOOST_DESCRIBE_STRUCT(PackageNamed, (), (version, zh))

using DefinitionEvents = std::variant<MatterDefined, MatterNamed, PackageDefined, PackageNamed>;

}  // namespace landfall::cases
