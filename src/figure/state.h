// SPDX-License-Identifier: Apache-2.0
// Definitions of figures, newest version of each. Values are computed from facts when asked (app/figures).
#pragma once

#include <string>
#include <vector>

#include "admin/events.h"
#include "base/columns.h"
#include "figure/commands.h"

namespace landfall::figure {

struct Definition {
  FigureDefined event;
  std::uint64_t seq = 0;
};

struct State {
  std::vector<std::string> rows;  // Per definition: key, JSON of FigureDefined, seq as text. Few; they travel as text.
  ErasableText zh, en;            // by definition index
  std::vector<std::string> ladder_rows;  // key, its milestones separated by spaces, key, …

  std::vector<Definition> definitions;  // derived from rows

  int Find(std::string_view key) const {
    for (std::size_t i = 0; i < definitions.size(); ++i)
      if (definitions[i].event.on.key == key) return static_cast<int>(i);
    return -1;
  }

  template <class Archive>
  void Columns(Archive& a) {
    a("figure.rows", rows);
    zh.Columns(a, "figure.zh");
    en.Columns(a, "figure.en");
    a("figure.ladders", ladder_rows);
  }
  void Rebuild();
};

using Decided = Result<std::vector<Event>>;
Decided Decide(const State&, const DecideContext&, const DefineFigure&);
void Apply(State&, const Origin&, const FigureDefined&);
void Apply(State&, const Origin&, const FigureNamed&);
void Apply(State&, const Origin&, const project::LadderDefined&);
void Apply(State&, const Origin&, const admin::PayloadErased&);

}  // namespace landfall::figure
