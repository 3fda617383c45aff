// SPDX-License-Identifier: Apache-2.0
// Define a matter or a package. A definition is never changed: the next version follows it.
#pragma once

#include "cases/definition_events.h"
#include "ledger/command.h"

namespace landfall::cases {

struct PaperOf {
  Key<40> paper;
  Text<200> zh;
  std::optional<Int<1, 36500>> valid_days;
  std::optional<bool> may_follow;    // 容缺; absent: no.
  std::optional<bool> may_promise;   // 告知承诺; absent: no.
  std::optional<bool> if_made = {};  // Needed only in a case of which a matter makes it; absent: always.
};
BOOST_DESCRIBE_STRUCT(PaperOf, (), (paper, zh, valid_days, may_follow, may_promise, if_made))

struct DefineMatter {
  static constexpr std::string_view kRefusals[] = {"unit.unknown", "matter.version_wrong", "matter.no_limit",
                                                   "matter.promise_above_limit", "matter.paper_repeated"};
  static constexpr CommandInfo kInfo{"matter.define", "matter.write", Scope::kJurisdiction, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  Key<40> matter;
  Int<1, 9999> version;  // 1, 2, …
  Day from;              // In force from this day on, not before the version before.
  Text<200> zh;
  UnitId owner_unit;
  MatterKind kind;
  Level level;
  bool discretion = true;
  std::optional<Limit> statutory, promised;
  List<PaperOf, kPapersMax> papers;
  List<Key<40>, kMadeMax> makes;
  std::optional<Text<300>> law;
  std::optional<List<MadeValid, kMadeMax>> made_valid = {};  // What is not made by the matter has no effect here.
};
BOOST_DESCRIBE_STRUCT(DefineMatter, (),
                      (matter, version, from, zh, owner_unit, kind, level, discretion, statutory, promised, papers,
                       makes, law, made_valid))

// package.cycle: the detail is the path, maker by maker.
struct DefinePackage {
  static constexpr std::string_view kRefusals[] = {"unit.unknown", "package.version_wrong", "matter.unknown",
                                                   "package.matter_repeated", "package.cycle"};
  static constexpr CommandInfo kInfo{"package.define", "matter.write", Scope::kJurisdiction, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  Key<40> package;
  Int<1, 9999> version;
  Day from;
  Text<200> zh;
  UnitId owner_unit;
  List<Key<40>, kMattersMax> matters;  // In force on `from`.
  std::optional<Limit> promised;
};
BOOST_DESCRIBE_STRUCT(DefinePackage, (), (package, version, from, zh, owner_unit, matters, promised))

}  // namespace landfall::cases
