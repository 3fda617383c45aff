// SPDX-License-Identifier: Apache-2.0
// Definitions of figures, newest version of each, and working mechanisms with every version. Values are computed from
// facts when asked (app/query_figures.cc).
#pragma once

#include <string>
#include <vector>

#include "admin/events.h"
#include "base/columns.h"
#include "figure/commands.h"
#include "people/events.h"

namespace landfall::figure {

struct Definition {
  FigureDefined event;
  std::uint64_t seq = 0;
};

inline constexpr std::int32_t kOpen = INT32_MAX;

// What a mechanism was made to be from `day` on. Those of one mechanism follow each other by day, and by record.
struct MechanismVersion {
  std::uint32_t owner;     // raw UnitId
  std::uint32_t figure;    // Of `definitions`: index + 1, 0 for none.
  std::uint32_t previous;  // Of the same mechanism: index + 1, 0 for none.
  std::uint32_t seq;
  std::int32_t day;
};

struct State {
  std::vector<std::string> rows;  // Per definition: key, JSON of FigureDefined, seq as text. Few; they travel as text.
  ErasableText zh, en;            // by definition index
  std::vector<std::string> ladder_rows;  // key, its milestones separated by spaces, key, …

  std::vector<Definition> definitions;  // derived from rows

  // By mechanism, in the order of their definition:
  std::vector<std::string> mechanism_keys;
  std::vector<std::int32_t> mechanism_until;  // The first day without it, kOpen while it is not ended.
  std::vector<std::uint32_t> mechanism_last;  // Of `mechanism_versions`: index + 1.
  std::vector<MechanismVersion> mechanism_versions;
  ErasableText mechanism_words;  // By version: JSON of MechanismWorded.
  std::uint32_t units = 0;       // How many there are; their ids are dense.

  int Find(std::string_view key) const {
    for (std::size_t i = 0; i < definitions.size(); ++i)
      if (definitions[i].event.on.key == key) return static_cast<int>(i);
    return -1;
  }

  int FindMechanism(std::string_view key) const {
    for (std::size_t i = 0; i < mechanism_keys.size(); ++i)
      if (mechanism_keys[i] == key) return static_cast<int>(i);
    return -1;
  }
  // The version that holds on a day, also after the end; nullptr before the first. Cost: its versions, of which there
  // are few.
  const MechanismVersion* VersionOn(std::size_t mechanism, std::int32_t day) const;

  template <class Archive>
  void Columns(Archive& a) {
    a("figure.rows", rows);
    zh.Columns(a, "figure.zh");
    en.Columns(a, "figure.en");
    a("figure.ladders", ladder_rows);
    a("mechanism.keys", mechanism_keys);
    a("mechanism.until", mechanism_until);
    a("mechanism.last", mechanism_last);
    a("mechanism.versions", mechanism_versions);
    mechanism_words.Columns(a, "mechanism.words");
    a("figure.units", units);
  }
  void Rebuild();
};

using Decided = Result<std::vector<Event>>;
Decided Decide(const State&, const DecideContext&, const DefineFigure&);
Decided Decide(const State&, const DecideContext&, const DefineMechanism&);
Decided Decide(const State&, const DecideContext&, const ChangeMechanism&);
Decided Decide(const State&, const DecideContext&, const EndMechanism&);
void Apply(State&, const Origin&, const FigureDefined&);
void Apply(State&, const Origin&, const FigureNamed&);
void Apply(State&, const Origin&, const MechanismDefined&);
void Apply(State&, const Origin&, const MechanismWorded&);
void Apply(State&, const Origin&, const MechanismEnded&);
void Apply(State&, const Origin&, const project::LadderDefined&);
void Apply(State&, const Origin&, const people::UnitCreated&);
void Apply(State&, const Origin&, const admin::PayloadErased&);

}  // namespace landfall::figure
