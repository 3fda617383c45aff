// SPDX-License-Identifier: Apache-2.0
// What happens around an obligation while it is open: 催办, its source, the list it stands on, working notes, 督查
// levels. Typed words stand in RemarkGiven and SourceWorded, which can be erased.
#pragma once

#include "base/describe.h"
#include "ledger/event.h"

namespace landfall::obligation {

// 催办: a reminder, or a warning 督办 that the next level will take it up.
enum class UrgeLevel : std::uint8_t { reminder, warning };
BOOST_DESCRIBE_ENUM(UrgeLevel, reminder, warning)

// Where the obligation came from: 会议议定, 领导批示, 督查发现, 企业反映, 自查.
enum class Source : std::uint8_t { meeting, leader_instruction, inspection, enterprise, own_review };
BOOST_DESCRIBE_ENUM(Source, meeting, leader_instruction, inspection, enterprise, own_review)

// 三个清单: 问题清单, 任务清单, 责任清单 (DOMAIN §2.5).
enum class ListName : std::uint8_t { problem, task, duty };
BOOST_DESCRIBE_ENUM(ListName, problem, task, duty)

// 痛点, 堵点, 断点, 难点 (DOMAIN §5 case 14).
enum class Category : std::uint8_t { pain_point, blockage, breakpoint, difficulty };
BOOST_DESCRIBE_ENUM(Category, pain_point, blockage, breakpoint, difficulty)

inline constexpr int kSupervisionLevels = 3;  // 三级督查

struct Urged {
  static constexpr EventInfo kInfo{"obligation.urged", 1, EventClass::kInternal, false};
  ObligationId on;
  UrgeLevel level;
  Day urged_on;
};
BOOST_DESCRIBE_STRUCT(Urged, (), (level, urged_on))

// A later one replaces it. `post` is who gave the instruction: a post, never a person's name.
struct SourceStated {
  static constexpr EventInfo kInfo{"obligation.source_stated", 1, EventClass::kInternal, false};
  ObligationId on;
  Source source;
  std::optional<Day> stated_on;
  std::optional<PostId> post;
  List<Digest, 20> evidence;  // The scanned note.
};
BOOST_DESCRIBE_STRUCT(SourceStated, (), (source, stated_on, post, evidence))

struct SourceWorded {
  static constexpr EventInfo kInfo{"obligation.source_worded", 1, EventClass::kInternal, true};
  ObligationId on;
  Text<500> text;
};
BOOST_DESCRIBE_STRUCT(SourceWorded, (), (text))

struct Listed {
  static constexpr EventInfo kInfo{"obligation.listed", 1, EventClass::kInternal, false};
  ObligationId on;
  ListName list;
  std::optional<Category> category;
};
BOOST_DESCRIBE_STRUCT(Listed, (), (list, category))

struct ProgressNoted {
  static constexpr EventInfo kInfo{"obligation.progress_noted", 1, EventClass::kInternal, false};
  ObligationId on;
  Day noted_on;
  List<Digest, 20> evidence;
};
BOOST_DESCRIBE_STRUCT(ProgressNoted, (), (noted_on, evidence))

struct Escalated {
  static constexpr EventInfo kInfo{"obligation.escalated", 1, EventClass::kInternal, false};
  ObligationId on;
  Int<1, kSupervisionLevels> level;  // That it has now.
  Day escalated_on;
};
BOOST_DESCRIBE_STRUCT(Escalated, (), (level, escalated_on))

// What the person who wrote it off saw with their own eyes.
struct EvidenceAttached {
  static constexpr EventInfo kInfo{"obligation.evidence_attached", 1, EventClass::kInternal, false};
  ObligationId on;
  List<Digest, 20> evidence;
};
BOOST_DESCRIBE_STRUCT(EvidenceAttached, (), (evidence))

}  // namespace landfall::obligation
