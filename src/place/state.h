// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "admin/events.h"
#include "base/columns.h"
#include "place/commands.h"

namespace landfall::place {

inline constexpr std::int32_t kOpen = INT32_MAX;

struct State {
  // By region index:
  TextColumn code;
  ErasableText name;
  std::vector<std::uint32_t> parent, successor;  // raw RegionId, 0 for none
  std::vector<std::int32_t> from, until;         // day numbers; until kOpen while it stands
  TextIndex by_code;                             // derived; regions that stand

  bool Knows(RegionId id) const { return id && id.index() < from.size(); }

  template <class Archive>
  void Columns(Archive& a) {
    a("place.code", code);
    name.Columns(a, "place.name");
    a("place.parent", parent);
    a("place.successor", successor);
    a("place.from", from);
    a("place.until", until);
  }
  void Rebuild() { by_code.Rebuild(code); }
};

using Decided = Result<std::vector<Event>>;
Decided Decide(const State&, const DecideContext&, const AddRegion&);
Decided Decide(const State&, const DecideContext&, const RenameRegion&);
Decided Decide(const State&, const DecideContext&, const CloseRegion&);
void Apply(State&, const Origin&, const RegionAdded&);
void Apply(State&, const Origin&, const RegionNamed&);
void Apply(State&, const Origin&, const RegionClosed&);
void Apply(State&, const Origin&, const admin::PayloadErased&);

}  // namespace landfall::place
