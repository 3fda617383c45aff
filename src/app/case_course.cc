// SPDX-License-Identifier: Apache-2.0
#include "app/case_course.h"

#include <algorithm>

#include "ledger/entry.h"

namespace landfall::app {
namespace {

constexpr std::string_view kToApplicant[] = {"case.notify", "step.correct", "step.refuse", "case.withdraw",
                                             "case.rate"};

struct Record {
  ledger::Leaf leaf;
  std::vector<std::string_view> payloads;  // "" where it was erased.
};

// The payload of a record's first event of a type that is kept and is what the type says.
template <class E>
bool Find(const Record& record, E& into) {
  for (std::size_t i = 0; i < record.leaf.events.size(); ++i)
    if (record.leaf.events[i].type == E::kInfo.type && record.leaf.events[i].version == E::kInfo.version)
      return !record.payloads[i].empty() && ScanJson(record.payloads[i], into);
  return false;
}

template <class E>
void TakeFiles(const Record& record, std::uint64_t seq, std::vector<CaseFile>& files) {
  E event{};
  if (!Find(record, event)) return;
  for (const cases::HandedPaper& told : event.papers.items)
    if (told.digest) files.push_back({told.paper.value, *told.digest, static_cast<std::int64_t>(seq), record.leaf.at});
}

void TakeRemark(const Record& record, std::vector<CaseRemark>& remarks) {
  if (std::find(std::begin(kToApplicant), std::end(kToApplicant), record.leaf.cmd) == std::end(kToApplicant)) return;
  cases::CaseRemarked remarked{};
  if (!Find(record, remarked)) return;
  CaseRemark row{std::string(record.leaf.cmd), std::nullopt, remarked.remark.value, record.leaf.at};
  if (cases::StepSuspended stopped{}; Find(record, stopped)) row.step = stopped.step.value;
  if (cases::StepDecided decided{}; Find(record, decided)) row.step = decided.step.value;
  remarks.push_back(std::move(row));
}

}  // namespace

Result<CaseCourse> ReadCaseCourse(Engine& engine, cases::CaseId id) {
  CaseCourse course;
  for (const std::uint64_t seq : engine.history().Find(id.Subject(), 0, SIZE_MAX)) {
    LF_ASSIGN(const ledger::EntryRecord stored, engine.log().Entry(seq));
    Record record;
    if (!ledger::ParseLeaf(stored.leaf, record.leaf) || record.leaf.events.size() != stored.payloads.size())
      return Corrupt("ledger.corrupt", "entry " + std::to_string(seq));
    for (const auto& payload : stored.payloads)
      record.payloads.push_back(payload.salted ? std::string_view(*payload.salted).substr(ledger::kSaltBytes)
                                               : std::string_view());
    TakeFiles<cases::CaseApplied>(record, seq, course.files);
    TakeFiles<cases::CaseSupplied>(record, seq, course.files);
    TakeRemark(record, course.remarks);
  }
  return course;
}

}  // namespace landfall::app
