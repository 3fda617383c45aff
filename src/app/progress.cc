// SPDX-License-Identifier: Apache-2.0
#include "app/progress.h"

#include <openssl/crypto.h>

#include "base/hash.h"

namespace landfall::app {
namespace {

constexpr std::string_view kDigits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr int kCodeDigits = 10;

// What was typed, as it is compared: ten digits, or something that is no code.
std::string Normal(std::string_view typed) {
  std::string out;
  for (char c : typed) {
    if (c == '-' || c == ' ') continue;
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    out += c == 'O' ? '0' : c == 'I' || c == 'L' ? '1' : c;
  }
  return out;
}

}  // namespace

CaseProgress ProgressOf(const CasePage& page) {
  const CaseListRow& file = page.file;
  CaseProgress out;
  out.as_of = page.standing.as_of;
  out.id = file.id;
  out.name = file.name;
  out.department = file.owner_unit.name;
  out.state = file.state;
  out.applied_on = file.applied_on;
  out.accepted_on = file.accepted_on;
  out.due_on = file.due_on;
  out.closed_on = file.closed_on;
  out.delivered_on = file.delivered_on;
  out.delivery = page.delivery;
  out.office = page.office;
  out.waiting_days = file.waiting_days;
  out.waiting_work_days = page.waiting_work_days;
  for (const CaseStepView& step : page.steps) {
    ProgressStep& row = out.steps.emplace_back();
    row.step = step.step;
    row.name = step.name;
    row.department = step.owner_unit.name;
    row.state = step.state;
    row.dead_end = step.dead_end;
    for (const std::int64_t other : step.waits_for)
      if (page.steps[static_cast<std::size_t>(other - 1)].state != StepState::approved) row.waits_for.push_back(other);
    if (step.office) row.due_on = step.office->due_on;
    row.decided_on = step.decided_on;
    if (step.state == StepState::suspended && !step.suspensions.empty()) row.suspension = step.suspensions.back();
    row.outcomes = step.outcomes;
  }
  for (const CasePaperView& paper : page.papers)
    if (paper.state == PaperState::lacking || paper.state == PaperState::asked || paper.state == PaperState::later)
      out.papers.push_back({paper.name.empty() ? paper.paper : paper.name, paper.state, paper.due_on, paper.overdue});
  return out;
}

std::optional<std::string> ProgressCode(cases::CaseId id, const ledger::EntryRecord& record) {
  if (record.payloads.empty() || !record.payloads.front().salted) return std::nullopt;
  const std::string_view salt = std::string_view(*record.payloads.front().salted).substr(0, ledger::kSaltBytes);
  std::string bytes = "landfall progress\n" + id.ToString() + "\n";
  bytes += salt;
  const Digest digest = Sha256(bytes);
  std::uint64_t bits = 0;  // The first 64 of the digest.
  for (std::size_t i = 0; i < 8; ++i) bits = bits << 8 | digest[i];
  std::string code;
  for (int digit = 0; digit < kCodeDigits; ++digit) {
    if (digit == kCodeDigits / 2) code += '-';
    code += kDigits[bits >> (59 - 5 * digit) & 31];
  }
  return code;
}

bool IsProgressCode(std::string_view code, std::string_view typed) {
  const std::string right = Normal(code), told = Normal(typed);
  return right.size() == told.size() && CRYPTO_memcmp(right.data(), told.data(), right.size()) == 0;
}

Result<std::optional<std::string>> ReadProgressCode(Engine& engine, cases::CaseId id) {
  std::uint64_t seq = 0;
  {
    const auto now = engine.Read();
    if (!now.state().cases.Knows(id)) return NotFound("case.unknown", {}, "id");
    seq = now.state().cases.cases[id.index()].seq;
  }
  LF_ASSIGN(const ledger::EntryRecord record, engine.log().Entry(seq));
  return ProgressCode(id, record);
}

Result<CaseProgress> AskProgress(Engine& engine, Day today, std::string_view typed_case, std::string_view typed_code) {
  const Error unknown = NotFound("progress.unknown");
  const auto id = cases::CaseId::Parse(typed_case);
  if (!id) return unknown;
  auto code = ReadProgressCode(engine, *id);
  if (!code) return code.error().code == "case.unknown" ? unknown : code.error();
  if (!*code || !IsProgressCode(**code, typed_code)) return unknown;
  const auto now = engine.Read();
  LF_ASSIGN(const CasePage page, QueryCase({now.state(), today, now.seq(), now.last_at(), now.seq(), {}}, *id));
  return ProgressOf(page);
}

}  // namespace landfall::app
