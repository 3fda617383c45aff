// SPDX-License-Identifier: Apache-2.0
// 办件: applications for a package of matters, each matter a step of its own, and the definitions they are made of.
#pragma once

#include "base/describe.h"
#include "cases/definition_events.h"
#include "cases/handover_events.h"
#include "cases/paper.h"
#include "cases/step_events.h"

namespace landfall::cases {

// A matter of the case, with the version it is held against.
struct StepOf {
  Key<40> matter;
  Int<1, 9999> version;
};
BOOST_DESCRIBE_STRUCT(StepOf, (), (matter, version))

struct CaseApplied {
  static constexpr EventInfo kInfo{"case.applied", 1, EventClass::kInternal, false};
  CaseId on;
  Key<40> package;
  Int<1, 9999> version;
  List<StepOf, kMattersMax> steps;  // In the order of the package; step n of the case is the n-th.
  std::optional<EnterpriseId> enterprise;
  std::optional<ProjectId> project;
  List<HandedPaper, kCasePapersMax> papers;
  Day day;
};
BOOST_DESCRIBE_STRUCT(CaseApplied, (), (package, version, steps, enterprise, project, papers, day))

struct CaseWorded {
  static constexpr EventInfo kInfo{"case.worded", 1, EventClass::kPersonal, true};
  CaseId on;
  Text<500> text;
};
BOOST_DESCRIBE_STRUCT(CaseWorded, (), (text))

// 一次告知: everything that is lacking, once.
struct CaseNotified {
  static constexpr EventInfo kInfo{"case.notified", 1, EventClass::kInternal, false};
  CaseId on;
  List<Key<40>, kCasePapersMax> papers;
  Day day;
};
BOOST_DESCRIBE_STRUCT(CaseNotified, (), (papers, day))

struct CaseSupplied {
  static constexpr EventInfo kInfo{"case.supplied", 1, EventClass::kInternal, false};
  CaseId on;
  List<HandedPaper, kCasePapersMax> papers;
  Day day;
};
BOOST_DESCRIBE_STRUCT(CaseSupplied, (), (papers, day))

struct CaseAccepted {
  static constexpr EventInfo kInfo{"case.accepted", 1, EventClass::kInternal, false};
  CaseId on;
  Day day;
};
BOOST_DESCRIBE_STRUCT(CaseAccepted, (), (day))

struct CaseWithdrawn {
  static constexpr EventInfo kInfo{"case.withdrawn", 1, EventClass::kInternal, false};
  CaseId on;
  Day day;
};
BOOST_DESCRIBE_STRUCT(CaseWithdrawn, (), (day))

enum class Delivery : std::uint8_t { counter, post, electronic };
BOOST_DESCRIBE_ENUM(Delivery, counter, post, electronic)

struct CaseDelivered {
  static constexpr EventInfo kInfo{"case.delivered", 1, EventClass::kInternal, false};
  CaseId on;
  Delivery how;
  Day day;
};
BOOST_DESCRIBE_STRUCT(CaseDelivered, (), (how, day))

struct CaseRated {  // 好差评
  static constexpr EventInfo kInfo{"case.rated", 1, EventClass::kInternal, false};
  CaseId on;
  Int<1, 5> stars;
};
BOOST_DESCRIBE_STRUCT(CaseRated, (), (stars))

struct CaseMigrated {
  static constexpr EventInfo kInfo{"case.migrated", 1, EventClass::kInternal, false};
  CaseId on;
  Int<1, 9999> version;
  List<StepOf, kMattersMax> steps;
  Day day;
};
BOOST_DESCRIBE_STRUCT(CaseMigrated, (), (version, steps, day))

struct CaseRemarked {
  static constexpr EventInfo kInfo{"case.remarked", 1, EventClass::kInternal, true};
  CaseId on;
  Text<500> remark;
};
BOOST_DESCRIBE_STRUCT(CaseRemarked, (), (remark))

using Event = boost::mp11::mp_append<DefinitionEvents,
                                     std::variant<CaseApplied, CaseWorded, CaseNotified, CaseSupplied, CaseAccepted,
                                                  CaseWithdrawn, CaseDelivered, CaseRated, CaseMigrated, CaseRemarked>,
                                     StepEvents, HandoverEvents>;

}  // namespace landfall::cases
