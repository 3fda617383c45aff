// SPDX-License-Identifier: Apache-2.0
// The applicant's own look at a case 办件进度: a query code on the receipt opens it, and no account is needed.
//
// The code is derived and nothing is stored: the first 50 bits of
//   SHA-256("landfall progress\n" + id of the case ("k12") + "\n" + salt of the first payload of the record that made
//   the case)
// as ten digits of Crockford's base32 (no I, L, O, U). The salt is secret to whoever may not read that payload
// (docs/formats/payload.md), so every server and follower of the ledger gives the same code, and nobody else can. A
// case whose payload is gone has none. This file is the only place that says so; the receipt and the page ask here.
//
// Told to whoever has the code: the course of the case and what it still lacks. Never who applied, no person, no
// project, no remark: the code may be lost with the paper it stands on.
#pragma once

#include "app/engine.h"
#include "app/query_cases.h"

namespace landfall::app {

struct ProgressStep {
  static constexpr std::string_view kName = "ProgressStep";
  std::int64_t step = 0;
  std::string name, department;
  StepState state = StepState::waiting;
  bool dead_end = false;                // What it waits for was refused.
  std::vector<std::int64_t> waits_for;  // Steps that are not decided yet.
  std::optional<Day> due_on, decided_on;
  std::optional<SuspensionView> suspension;  // The one in which it stands still.
  std::vector<OutcomeView> outcomes;
};
BOOST_DESCRIBE_STRUCT(ProgressStep, (),
                      (step, name, department, state, dead_end, waits_for, due_on, decided_on, suspension, outcomes))

// Of what lacks, or must follow.
struct ProgressPaper {
  static constexpr std::string_view kName = "ProgressPaper";
  std::string name;
  PaperState state = PaperState::lacking;
  std::optional<Day> due_on;
  bool overdue = false;
};
BOOST_DESCRIBE_STRUCT(ProgressPaper, (), (name, state, due_on, overdue))

struct CaseProgress {
  static constexpr std::string_view kName = "CaseProgress";
  Day as_of{};
  cases::CaseId id;
  std::string name, department;  // Of the package; of the window.
  CaseState state = CaseState::incomplete;
  Day applied_on{};
  std::optional<Day> accepted_on, due_on, closed_on, delivered_on;
  std::optional<cases::Delivery> delivery;
  std::optional<OfficeClock> office;
  std::int64_t waiting_days = 0, waiting_work_days = 0;  // The applicant's clock.
  std::vector<ProgressStep> steps;
  std::vector<ProgressPaper> papers;
};
BOOST_DESCRIBE_STRUCT(CaseProgress, (),
                      (as_of, id, name, department, state, applied_on, accepted_on, due_on, closed_on, delivered_on,
                       delivery, office, waiting_days, waiting_work_days, steps, papers))

// Of a case's page, what an applicant is told.
CaseProgress ProgressOf(const CasePage& page);
// "ABCDE-FGHJK", by the record that made the case; nothing where its first payload is gone.
std::optional<std::string> ProgressCode(cases::CaseId id, const ledger::EntryRecord& record);
// Whether somebody typed that code: case, hyphens and spaces do not matter, O reads as 0, I and L as 1. Takes as long
// for a wrong one.
bool IsProgressCode(std::string_view code, std::string_view typed);
// The same, which reads the record. Errors: case.unknown. [disk]
Result<std::optional<std::string>> ReadProgressCode(Engine& engine, cases::CaseId id);
// `typed_case`: "k12". Errors: progress.unknown (kNotFound), the same for a case that there is none of, a wrong code
// and a case without one. [disk]
Result<CaseProgress> AskProgress(Engine& engine, Day today, std::string_view typed_case, std::string_view typed_code);

}  // namespace landfall::app
