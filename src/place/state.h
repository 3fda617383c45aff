// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "admin/events.h"
#include "base/columns.h"
#include "place/commands.h"

namespace landfall::place {

inline constexpr std::int32_t kOpen = INT32_MAX;

struct Border {
  Digest shape;
  std::uint32_t region;    // raw
  std::uint32_t previous;  // Of the same region: index + 1, 0 for none.
  std::uint32_t seq;
  std::int32_t day;  // From which on it holds.
  std::uint8_t system, unused[3];
};

struct State {
  // By region index:
  TextColumn code;
  ErasableText name;
  std::vector<std::uint32_t> parent, successor;  // raw RegionId, 0 for none
  std::vector<std::int32_t> from, until;         // day numbers; until kOpen while it stands
  std::vector<std::uint32_t> last_border;        // Of `borders`: index + 1, 0 for none.
  TextIndex by_code;                             // derived; regions that stand

  std::vector<Border> borders;                  // In the order of their records.
  ErasableText border_source, border_approval;  // By border; no approval given: not Given.

  bool Knows(RegionId id) const { return id && id.index() < from.size(); }
  // The border that holds on a day, nullptr for none. Cost: the region's borders, of which there are few.
  const Border* BorderAt(RegionId region, std::int32_t day) const;

  template <class Archive>
  void Columns(Archive& a) {
    a("place.code", code);
    name.Columns(a, "place.name");
    a("place.parent", parent);
    a("place.successor", successor);
    a("place.from", from);
    a("place.until", until);
    a("place.last_border", last_border);
    a("place.borders", borders);
    border_source.Columns(a, "place.border_source");
    border_approval.Columns(a, "place.border_approval");
  }
  void Rebuild() { by_code.Rebuild(code); }
};

using Decided = Result<std::vector<Event>>;
Decided Decide(const State&, const DecideContext&, const AddRegion&);
Decided Decide(const State&, const DecideContext&, const RenameRegion&);
Decided Decide(const State&, const DecideContext&, const CloseRegion&);
Decided Decide(const State&, const DecideContext&, const DrawRegion&);
void Apply(State&, const Origin&, const RegionAdded&);
void Apply(State&, const Origin&, const RegionNamed&);
void Apply(State&, const Origin&, const RegionClosed&);
void Apply(State&, const Origin&, const RegionDrawn&);
void Apply(State&, const Origin&, const BorderSourced&);
void Apply(State&, const Origin&, const admin::PayloadErased&);

}  // namespace landfall::place
