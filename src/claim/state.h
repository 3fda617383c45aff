// SPDX-License-Identifier: Apache-2.0
// Published figures by the order in which they were recorded. Thousands at most: they travel as text.
#pragma once

#include <string>
#include <vector>

#include "admin/events.h"
#include "base/columns.h"
#include "claim/commands.h"
#include "enterprise/events.h"
#include "figure/events.h"
#include "place/events.h"

namespace landfall::claim {

struct Relation {
  ClaimRelated event;
  std::uint64_t seq = 0;
};

struct State {
  std::vector<std::string> rows;                             // by claim: JSON of ClaimRecorded
  std::vector<std::uint32_t> seqs;                           // by claim: entry that recorded it
  std::vector<std::uint32_t> withdrawn;                      // by claim: entry that withdrew it; 0: stands
  TextColumn source;                                         // by claim
  ErasableText name, period, unit, scope;                    // by claim
  std::vector<std::string> relation_rows;                    // claim, JSON of ClaimRelated, entry, claim, …
  std::vector<std::string> figures;                          // keys that are defined
  std::uint32_t projects = 0, enterprises = 0, regions = 0;  // how many there are

  std::vector<ClaimRecorded> claims;  // derived from rows
  std::vector<Relation> relations;    // derived from relation_rows
  TextIndex by_source;                // derived

  bool Knows(ClaimId id) const { return id && id.index() < rows.size(); }
  bool Stands(ClaimId id) const { return withdrawn[id.index()] == 0; }

  template <class Archive>
  void Columns(Archive& a) {
    a("claim.rows", rows);
    a("claim.seqs", seqs);
    a("claim.withdrawn", withdrawn);
    a("claim.source", source);
    name.Columns(a, "claim.name");
    period.Columns(a, "claim.period");
    unit.Columns(a, "claim.unit");
    scope.Columns(a, "claim.scope");
    a("claim.relations", relation_rows);
    a("claim.figures", figures);
    a("claim.projects", projects);
    a("claim.enterprises", enterprises);
    a("claim.regions", regions);
  }
  void Rebuild();
};

using Decided = Result<std::vector<Event>>;
Decided Decide(const State&, const DecideContext&, const RecordClaim&);
Decided Decide(const State&, const DecideContext&, const RelateClaim&);
Decided Decide(const State&, const DecideContext&, const WithdrawClaim&);
void Apply(State&, const Origin&, const ClaimRecorded&);
void Apply(State&, const Origin&, const ClaimWorded&);
void Apply(State&, const Origin&, const ClaimRelated&);
void Apply(State&, const Origin&, const ClaimWithdrawn&);
void Apply(State&, const Origin&, const project::ProjectRegistered&);
void Apply(State&, const Origin&, const enterprise::EnterpriseRegistered&);
void Apply(State&, const Origin&, const place::RegionAdded&);
void Apply(State&, const Origin&, const figure::FigureDefined&);
void Apply(State&, const Origin&, const admin::PayloadErased&);

}  // namespace landfall::claim
