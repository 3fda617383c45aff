// SPDX-License-Identifier: Apache-2.0
// Chasing an obligation, and saying where it comes from and what has been done so far.
#pragma once

#include "ledger/command.h"
#include "obligation/events.h"

namespace landfall::obligation {

// At most once a day at the same level: more is noise that people learn to ignore.
struct Urge {
  static constexpr std::string_view kRefusals[] = {"obligation.unknown", "obligation.wrong_state",
                                                   "obligation.urged_today"};
  static constexpr CommandInfo kInfo{"obligation.urge", "obligation.assign", Scope::kJurisdiction, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  ObligationId obligation;
  UrgeLevel level;
  std::optional<Text<500>> remark;
};
BOOST_DESCRIBE_STRUCT(Urge, (), (obligation, level, remark))

struct StateSource {
  static constexpr std::string_view kRefusals[] = {"obligation.unknown",
                                                   "obligation.wrong_state",
                                                   "post.unknown",
                                                   "obligation.source_day_in_future",
                                                   "obligation.source_day_missing",
                                                   "obligation.source_note_missing"};
  static constexpr CommandInfo kInfo{"obligation.state_source", "obligation.assign", Scope::kJurisdiction, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  ObligationId obligation;
  Source source;
  std::optional<Day> stated_on;
  std::optional<PostId> post;
  std::optional<List<Digest, 20>> evidence;
  std::optional<Text<500>> text;
};
BOOST_DESCRIBE_STRUCT(StateSource, (), (obligation, source, stated_on, post, evidence, text))

struct PutOnList {
  static constexpr std::string_view kRefusals[] = {"obligation.unknown", "obligation.wrong_state",
                                                   "obligation.list_unchanged"};
  static constexpr CommandInfo kInfo{"obligation.list", "obligation.assign", Scope::kJurisdiction, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  ObligationId obligation;
  ListName list;
  std::optional<Category> category;
};
BOOST_DESCRIBE_STRUCT(PutOnList, (), (obligation, list, category))

struct NoteProgress {
  static constexpr std::string_view kRefusals[] = {"obligation.unknown", "obligation.wrong_state",
                                                   "obligation.not_accepted"};
  static constexpr CommandInfo kInfo{"obligation.note_progress", "obligation.act", Scope::kObligationField, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  ObligationId obligation;
  Text<500> remark;
  std::optional<List<Digest, 20>> evidence;
};
BOOST_DESCRIBE_STRUCT(NoteProgress, (), (obligation, remark, evidence))

struct Escalate {
  static constexpr std::string_view kRefusals[] = {"obligation.unknown", "obligation.wrong_state",
                                                   "obligation.highest_level"};
  static constexpr CommandInfo kInfo{"obligation.escalate", "obligation.assign", Scope::kJurisdiction, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  ObligationId obligation;
  Text<500> remark;
};
BOOST_DESCRIBE_STRUCT(Escalate, (), (obligation, remark))

}  // namespace landfall::obligation
