// SPDX-License-Identifier: Apache-2.0
// What is told of working mechanisms 工作机制.
#pragma once

#include "app/views.h"
#include "figure/mechanism_events.h"

namespace landfall::app {

enum class MechanismState : std::uint8_t { holds, planned, ended };
BOOST_DESCRIBE_ENUM(MechanismState, holds, planned, ended)

// The figure that a mechanism is judged by. Its value is that of the list of figures; where there is none for this
// reader, `reason` is the code that says why.
struct MechanismFigure {
  static constexpr std::string_view kName = "MechanismFigure";
  std::string id;
  std::string zh;
  std::string en;
  std::optional<FigureValue> value;
  std::optional<bool> own_only;  // true: of what the reader's own units have, and no more
  std::optional<std::string> reason;
};
BOOST_DESCRIBE_STRUCT(MechanismFigure, (), (id, zh, en, value, own_only, reason))

// As it stands on the day that is asked about: a planned one as it will begin, an ended one as it was at last.
struct MechanismRow {
  static constexpr std::string_view kName = "Mechanism";
  std::string id;    // its key
  std::string name;  // "" once erased
  std::optional<std::string> about;
  std::vector<figure::MechanismPart> parts;
  NamedRef owner_unit;
  MechanismState state = MechanismState::holds;
  Day from;                  // of its first version
  std::optional<Day> until;  // the first day without it
  std::int64_t version = 1;  // the one that is shown, in force since `version_from`
  Day version_from;
  std::int64_t versions = 1;     // how many there are, also such as begin later
  std::int64_t defined_seq = 0;  // of the version
  std::optional<MechanismFigure> figure;
};
BOOST_DESCRIBE_STRUCT(MechanismRow, (),
                      (id, name, about, parts, owner_unit, state, from, until, version, version_from, versions,
                       defined_seq, figure))

struct MechanismList {
  static constexpr std::string_view kName = "MechanismList";
  Standing standing;
  std::vector<MechanismRow> rows;  // Those that hold, then planned and ended ones; each in the order of definition.
};
BOOST_DESCRIBE_STRUCT(MechanismList, (), (standing, rows))

}  // namespace landfall::app
