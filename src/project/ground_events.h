// SPDX-License-Identifier: Apache-2.0
// 要件: what must be there before a project may stand on a rung of its ladder (DOMAIN §3.2), and what is there.
//
// Guards are data of the ladder and stand in the ledger. They are asked when somebody records that a rung was reached;
// what an outside register states is recorded as stated (project.record_row).
#pragma once

#include "base/describe.h"
#include "ledger/event.h"

namespace landfall::project {

struct LadderSubject {
  std::string key;
  std::string Subject() const { return "ladder/" + key; }
  static Result<LadderSubject> Parse(std::string_view text) { return LadderSubject{std::string(text)}; }
};

// The first six follow from other records of the project; the others are papers, recorded one by one with evidence.
enum class Ground : std::uint8_t {
  agreement,          // An agreement with its file.
  counterpart,        // The other party is known, or is said to be registered later.
  amount,             // Planned investment is known.
  duplicates_judged,  // Every project of the same counterpart was linked as the same or told apart.
  local_enterprise,   // Its enterprise has a unified social credit code.
  full_definition,    // The agreement says what full production means.
  fair_competition_review,
  filing,  // P1-01 or P1-02, with the project code.
  land_grant,
  factory_lease,  // Of a standard factory: then no land is granted and no construction permit issued.
  vacant_possession,
  construction_permit,
  permit_exemption,
  works_photo,  // Of permanent works; levelling of a site is no start.
  equipment_photo,
  works_contract,
  acceptance,
  operating_permit,
  commissioning,
  first_invoice,
  electricity_use,
  tax_paid,
  above_scale_entry,  // In the pipeline of enterprises above designated size (规上).
  full_output         // The agreement's definition was met in the months running.
};
BOOST_DESCRIBE_ENUM(Ground, agreement, counterpart, amount, duplicates_judged, local_enterprise, full_definition,
                    fair_competition_review, filing, land_grant, factory_lease, vacant_possession, construction_permit,
                    permit_exemption, works_photo, equipment_photo, works_contract, acceptance, operating_permit,
                    commissioning, first_invoice, electricity_use, tax_paid, above_scale_entry, full_output)
inline constexpr bool IsPaper(Ground ground) { return ground >= Ground::fair_competition_review; }

// Any one of these lets a project on the rung, together with the rung's other guards.
struct Guard {
  static constexpr std::string_view kName = "Guard";
  Key<40> rung;
  List<Ground, 6> any;
  bool operator==(const Guard&) const = default;
};
BOOST_DESCRIBE_STRUCT(Guard, (), (rung, any))
inline constexpr std::size_t kGuardsMax = 64;

// Replaces the guards that the ladder had. What was recorded before is not judged anew.
struct LadderGuarded {
  static constexpr EventInfo kInfo{"ladder.guarded", 1, EventClass::kPublic, false};
  LadderSubject on;
  List<Guard, kGuardsMax> guards;
};
BOOST_DESCRIBE_STRUCT(LadderGuarded, (), (guards))

struct GroundRecorded {
  static constexpr EventInfo kInfo{"project.ground_recorded", 1, EventClass::kInternal, false};
  ProjectId on;
  Ground ground;
  Day effective_on;
  std::optional<Code<60>> number;  // Of the paper; of a filing the project code (GB/T 40058-2021).
  List<Digest, 20> evidence;
};
BOOST_DESCRIBE_STRUCT(GroundRecorded, (), (ground, effective_on, number, evidence))

struct GroundWithdrawn {
  static constexpr EventInfo kInfo{"project.ground_withdrawn", 1, EventClass::kInternal, false};
  ProjectId on;
  Int<1, INT64_MAX> corrects;  // seq of the record that was wrong
};
BOOST_DESCRIBE_STRUCT(GroundWithdrawn, (), (corrects))

using GroundEvents = std::variant<LadderGuarded, GroundRecorded, GroundWithdrawn>;

}  // namespace landfall::project
