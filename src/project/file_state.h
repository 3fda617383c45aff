// SPDX-License-Identifier: Apache-2.0
// What stands in a project's file, by column: agreement, counterparts, commitments, papers, baselines, blocks, readings
// of money in place, duplicates told apart.
//
// Each kind of row is a chain per project, newest first; `previous` and the heads are index + 1, 0 for none. Memory: 32
// bytes for a project that has any, and 24 to 96 bytes a row.
#pragma once

#include <span>
#include <vector>

#include "base/columns.h"
#include "project/agreement_events.h"
#include "project/baseline_events.h"
#include "project/batch_events.h"
#include "project/block_events.h"
#include "project/duplicate_events.h"
#include "project/funds_events.h"
#include "project/ground_events.h"
#include "project/receipts.h"
#include "project/result_events.h"

namespace landfall::project {

inline constexpr std::int32_t kNoDay = INT32_MIN;
inline constexpr std::int32_t kNever = INT32_MAX;

struct Agreement {
  std::uint32_t seq, previous, withdrawn_by;  // withdrawn_by: 0: stands
  std::uint32_t counterpart, commitment;      // heads of its own chains
  std::int32_t day;
  std::uint32_t evidence, unused;  // evidence: number of files
};

struct Counterpart {
  std::uint32_t seq, previous;
  std::int32_t day;
  std::uint8_t kind, unused[3];
};

struct Commitment {
  std::int64_t investment, output, tax;  // kNoMoney: not promised
  std::uint32_t seq, previous;
  std::int32_t day, start, production;  // kNoDay: not promised
  std::int32_t jobs, land;              // −1: not promised; land in hundredths of a 亩
  std::int16_t full_bp, full_months;    // 0: not defined
  std::uint32_t evidence, unused;
};

struct GroundRow {
  std::uint32_t seq, previous, withdrawn_by;
  std::int32_t day;
  std::uint8_t ground, evidence, unused[2];
};

enum class BaselineState : std::uint8_t { asked, approved, rejected };
struct Baseline {
  std::uint32_t seq, previous;
  std::uint32_t first_day;  // in baseline_days; as many as its ladder has rungs
  std::uint32_t by, decided_by, decided_seq;
  std::int32_t day, decided_day;
  std::uint8_t state, unused[7];
};

struct Block {
  std::uint32_t seq, previous, solved_seq;  // solved_seq: 0: open
  std::uint32_t project, owner;             // raw
  std::int32_t day, due, solved;            // solved: kNoDay: open
  std::uint8_t kind, rung, unused[2];
};

struct BatchMember {
  std::uint32_t project, seq, previous;  // project: raw
  std::int32_t from, until;              // until: the day it left; kNever: it stands on the list
  std::uint8_t batch, unused[3];
};
struct BatchTarget {
  std::uint32_t seq, projects;
  std::int32_t first, last;  // Period
  std::uint8_t batch, unused[3];
};

inline constexpr std::uint32_t kWholeShare = 10'000;
struct ShareSet {
  std::uint32_t seq, previous, first, count;  // first: in `shares`
};
struct Share {
  std::uint32_t unit, bp;  // unit: raw
};

struct PlanRow {
  std::uint32_t seq, previous, first, count;  // first: in `tasks`
  std::int32_t day;
};
struct TaskRow {
  std::uint32_t owner;     // raw
  std::int32_t due, rung;  // rung: −1: none
};

// What was brought in some months.
struct ResultRow {
  std::int64_t output, tax;                        // kNoMoney: not told
  std::int32_t jobs, land;                         // −1: not told; as at the end of the last month
  std::int32_t first, last;                        // Period
  std::uint32_t project, seq, previous, ended_by;  // project: raw; ended_by: corrected or withdrawn by that record
  std::uint32_t by;                                // raw account, 0: not an account
  std::uint8_t evidence, unused[3];
};

struct FileHeads {
  std::uint32_t agreement, ground, baseline, block, batch, shares, plan, result;
};

struct FileState {
  SparseColumn<FileHeads> heads;                     // By project.
  SparseColumn<std::uint32_t> counted_in;            // By project: raw id of the project that counts for it, 0: itself.
  SparseColumn<std::int32_t> blocked_since{kNever};  // By project: day since which its oldest open block stands.
  std::vector<Agreement> agreements;
  std::vector<Counterpart> counterparts;
  TextColumn counterpart_number;  // By counterpart: credit code or number abroad.
  ErasableText counterpart_name;  // By counterpart.
  std::vector<Commitment> commitments;
  std::vector<GroundRow> grounds;
  TextColumn ground_number;  // By ground.
  std::vector<Baseline> baselines;
  std::vector<std::int32_t> baseline_days;
  std::vector<Block> blocks;
  ErasableText block_text;  // By block.
  ReadingColumn readings;
  std::vector<std::uint64_t> told_apart;  // Smaller raw id << 32 | greater, sorted.
  std::vector<std::uint8_t> coded;        // By enterprise: 1 where its credit code is known.
  std::vector<BatchMember> members;
  std::vector<BatchTarget> targets;  // Of those of the same months the newest counts.
  std::vector<ShareSet> share_sets;
  std::vector<Share> shares;
  std::vector<PlanRow> plans;
  std::vector<ResultRow> results;
  std::vector<TaskRow> tasks;
  ErasableText plan_words;              // By plan: JSON of PlanWorded.
  std::vector<std::string> guard_rows;  // key of a ladder, JSON of its guards, key, …

  std::int32_t newest_block = kNoDay;  // derived: on and after this day `blocked_since` holds

  // The agreement that stands, or nullptr.
  const Agreement* AgreementOf(std::size_t p) const;
  // What was in force on a day, or nullptr.
  const Counterpart* CounterpartAt(std::size_t p, std::int32_t day) const;
  const Commitment* CommitmentAt(std::size_t p, std::int32_t day) const;
  // The oldest open block of a project on a day, or nullptr. Cost: the project's blocks.
  const Block* OpenBlock(std::size_t p, std::int32_t day) const;
  // The day since which it is blocked, as of a day; a later day or kNever where it is not.
  std::int32_t BlockedSince(std::size_t p, std::int32_t as_of) const {
    if (as_of >= newest_block) return blocked_since[p];
    const Block* block = OpenBlock(p, as_of);
    return block == nullptr ? kNever : block->day;
  }
  // Whether a paper of that kind lay in the file on a day.
  const GroundRow* PaperAt(std::size_t p, Ground ground, std::int32_t day) const;
  // The baseline in force, and the one that waits for a second person; nullptr: none.
  const Baseline* BaselineOf(std::size_t p) const;
  const Baseline* AskedOf(std::size_t p) const;
  bool ToldApart(std::uint32_t a, std::uint32_t b) const;
  // The newest time a project was put on a list, or nullptr.
  const BatchMember* LastIn(std::size_t p, Batch batch) const;
  const BatchTarget* TargetOf(Batch batch, Period first, Period last) const;
  // Who shares the credit; empty: all of it is the owner unit's.
  std::span<const Share> SharesOf(std::size_t p) const;

  void Erase(std::uint64_t seq, std::uint32_t event) {
    counterpart_name.Erase(seq, event);
    block_text.Erase(seq, event);
    plan_words.Erase(seq, event);
  }

  template <class Archive>
  void Columns(Archive& a) {
    a("file.heads", heads);
    a("file.counted_in", counted_in);
    a("file.blocked_since", blocked_since);
    a("file.agreements", agreements);
    a("file.counterparts", counterparts);
    a("file.counterpart_number", counterpart_number);
    counterpart_name.Columns(a, "file.counterpart_name");
    a("file.commitments", commitments);
    a("file.grounds", grounds);
    a("file.ground_number", ground_number);
    a("file.baselines", baselines);
    a("file.baseline_days", baseline_days);
    a("file.blocks", blocks);
    block_text.Columns(a, "file.block_text");
    a("file.readings", readings);
    a("file.told_apart", told_apart);
    a("file.coded", coded);
    a("file.members", members);
    a("file.targets", targets);
    a("file.share_sets", share_sets);
    a("file.shares", shares);
    a("file.plans", plans);
    a("file.tasks", tasks);
    plan_words.Columns(a, "file.plan_words");
    a("file.results", results);
    a("file.guards", guard_rows);
  }
};

}  // namespace landfall::project
