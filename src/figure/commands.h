// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "figure/events.h"
#include "figure/mechanism_commands.h"
#include "ledger/command.h"

namespace landfall::figure {

struct DefineFigure {
  static constexpr std::string_view kRefusals[] = {"figure.milestone_missing", "figure.unknown_ladder",
                                                   "figure.unknown_milestone", "figure.funds_kind_misplaced",
                                                   "figure.unchanged"};
  static constexpr CommandInfo kInfo{"figure.define", "figure.define", Scope::kJurisdiction, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  Key<60> figure;
  Text<100> zh;
  Text<200> en;
  Measure measure;
  std::optional<Key<40>> ladder;
  std::optional<Key<40>> milestone;
  std::optional<Money> at_least_minor;
  std::optional<project::FundsKind> funds_kind;
  project::EvidenceLevel evidence;
};
BOOST_DESCRIBE_STRUCT(DefineFigure, (),
                      (figure, zh, en, measure, ladder, milestone, at_least_minor, funds_kind, evidence))

using Commands = boost::mp11::mp_list<DefineFigure, DefineMechanism, ChangeMechanism, EndMechanism>;

}  // namespace landfall::figure
