// SPDX-License-Identifier: Apache-2.0
#include "project/slots.h"
#include "project/state.h"

namespace landfall::project {
namespace {

std::uint32_t Size(std::size_t n) { return static_cast<std::uint32_t>(n); }

// Appends a row to a chain. Its `previous` is set here.
template <class Row>
void Push(std::vector<Row>& rows, std::uint32_t& head, Row row) {
  row.previous = head;
  rows.push_back(row);
  head = Size(rows.size());
}

// The row of a chain that a record made, or nullptr.
template <class Row>
Row* BySeq(std::vector<Row>& rows, std::uint32_t head, std::int64_t seq) {
  for (; head != 0; head = rows[head - 1].previous)
    if (rows[head - 1].seq == static_cast<std::uint64_t>(seq)) return &rows[head - 1];
  return nullptr;
}

// The agreement that stands, to be changed.
Agreement* StandingAgreement(FileState& files, std::size_t p) {
  const std::uint32_t head = files.heads[p].agreement;
  return head == 0 || files.agreements[head - 1].withdrawn_by != 0 ? nullptr : &files.agreements[head - 1];
}

void PushBaseline(State& state, const Origin& origin, ProjectId id, Day day,
                  const List<BaselineDay, kBaselineDaysMax>& days, BaselineState as) {
  FileState& files = state.files;
  const Ladder& ladder = state.ladders[state.ladder[id.index()]];
  Baseline row{};
  row.seq = SeqForColumn(origin.seq);
  row.first_day = Size(files.baseline_days.size());
  row.by = AccountOf(origin.by);
  row.day = DayNumber(day);
  row.decided_day = kNoDay;
  row.state = static_cast<std::uint8_t>(as);
  files.baseline_days.resize(files.baseline_days.size() + ladder.rungs.size(), kNoDay);
  for (const BaselineDay& d : days.items)
    if (const int rung = ladder.Find(d.milestone.value); rung >= 0)
      files.baseline_days[row.first_day + static_cast<std::size_t>(rung)] = DayNumber(d.due_on);
  Push(files.baselines, files.heads.Edit(id.index()).baseline, row);
}

void DecideBaseline(State& state, const Origin& origin, ProjectId id, std::int64_t asked, Day day, BaselineState as) {
  Baseline* row = BySeq(state.files.baselines, state.files.heads[id.index()].baseline, asked);
  if (row == nullptr) return;
  row->state = static_cast<std::uint8_t>(as);
  row->decided_by = AccountOf(origin.by);
  row->decided_seq = SeqForColumn(origin.seq);
  row->decided_day = DayNumber(day);
}

// Index + 1 of the receipt that a record made, 0 for none.
std::uint32_t ReceiptOf(const State& state, ProjectId id, std::int64_t seq) {
  for (std::uint32_t at = state.last_receipt[id.index()]; at != 0; at = state.receipts.Previous(at - 1))
    if (state.ReceiptAt(at - 1).seq == static_cast<std::uint64_t>(seq)) return at;
  return 0;
}

}  // namespace

void Apply(State& state, const Origin& origin, const AgreementConcluded& e) {
  FileState& files = state.files;
  Agreement row{};
  row.seq = SeqForColumn(origin.seq);
  row.day = DayNumber(e.signed_on);
  row.evidence = Size(e.evidence.items.size());
  Push(files.agreements, files.heads.Edit(e.on.index()).agreement, row);
}

void Apply(State& state, const Origin& origin, const AgreementWithdrawn& e) {
  if (Agreement* agreement = StandingAgreement(state.files, e.on.index()))
    agreement->withdrawn_by = SeqForColumn(origin.seq);
}

void Apply(State& state, const Origin& origin, const CounterpartSet& e) {
  FileState& files = state.files;
  Agreement* agreement = StandingAgreement(files, e.on.index());
  if (agreement == nullptr) return;
  Counterpart row{};
  row.seq = SeqForColumn(origin.seq);
  row.day = DayNumber(e.effective_on);
  row.kind = static_cast<std::uint8_t>(e.counterpart);
  Push(files.counterparts, agreement->counterpart, row);
  files.counterpart_number.Resize(files.counterparts.size());
  files.counterpart_name.Resize(files.counterparts.size());
  if (e.credit_code) files.counterpart_number.Set(files.counterparts.size() - 1, e.credit_code->value);
  if (e.foreign_number) files.counterpart_number.Set(files.counterparts.size() - 1, e.foreign_number->value);
}

void Apply(State& state, const Origin& origin, const CounterpartNamed& e) {
  FileState& files = state.files;
  const Agreement* agreement = StandingAgreement(files, e.on.index());
  if (agreement == nullptr || agreement->counterpart == 0) return;
  files.counterpart_name.Set(agreement->counterpart - 1, origin.seq, origin.event, e.counterpart_name.value);
}

void Apply(State& state, const Origin& origin, const CommitmentsMade& e) {
  FileState& files = state.files;
  Agreement* agreement = StandingAgreement(files, e.on.index());
  if (agreement == nullptr) return;
  const auto minor = [](const std::optional<Money>& m) { return m ? m->minor() : kNoMoney; };
  const auto day = [](const std::optional<Day>& d) { return d ? DayNumber(*d) : kNoDay; };
  Commitment row{};
  row.investment = minor(e.investment_minor);
  row.output = minor(e.output_minor);
  row.tax = minor(e.tax_minor);
  row.seq = SeqForColumn(origin.seq);
  row.day = DayNumber(e.effective_on);
  row.start = day(e.start_on);
  row.production = day(e.production_on);
  row.jobs = e.jobs ? static_cast<std::int32_t>(e.jobs->value) : -1;
  row.land = e.land_mu_hundredths ? static_cast<std::int32_t>(e.land_mu_hundredths->value) : -1;
  row.full_bp = e.full_output_bp ? static_cast<std::int16_t>(e.full_output_bp->value) : std::int16_t{0};
  row.full_months = e.full_months ? static_cast<std::int16_t>(e.full_months->value) : std::int16_t{0};
  row.evidence = Size(e.evidence.items.size());
  Push(files.commitments, agreement->commitment, row);
}

void Apply(State& state, const Origin&, const LadderGuarded& e) {
  const int ladder = state.FindLadder(e.on.key);
  if (ladder < 0) return;
  state.ladders[static_cast<std::size_t>(ladder)].guards = e.guards.items;
  std::vector<std::string>& rows = state.files.guard_rows;
  for (std::size_t i = 0; i < rows.size(); i += 2)
    if (rows[i] == e.on.key) {
      rows[i + 1] = ToJson(e.guards);
      return;
    }
  rows.push_back(e.on.key);
  rows.push_back(ToJson(e.guards));
}

void Apply(State& state, const Origin& origin, const GroundRecorded& e) {
  FileState& files = state.files;
  GroundRow row{};
  row.seq = SeqForColumn(origin.seq);
  row.day = DayNumber(e.effective_on);
  row.ground = static_cast<std::uint8_t>(e.ground);
  row.evidence = static_cast<std::uint8_t>(e.evidence.items.size());
  Push(files.grounds, files.heads.Edit(e.on.index()).ground, row);
  files.ground_number.Resize(files.grounds.size());
  if (e.number) files.ground_number.Set(files.grounds.size() - 1, e.number->value);
}

void Apply(State& state, const Origin& origin, const GroundWithdrawn& e) {
  if (GroundRow* row = BySeq(state.files.grounds, state.files.heads[e.on.index()].ground, e.corrects.value))
    row->withdrawn_by = SeqForColumn(origin.seq);
}

void Apply(State& state, const Origin& origin, const BaselineFrozen& e) {
  PushBaseline(state, origin, e.on, e.effective_on, e.days, BaselineState::approved);
}
void Apply(State& state, const Origin& origin, const RebaselineAsked& e) {
  PushBaseline(state, origin, e.on, e.effective_on, e.days, BaselineState::asked);
}
void Apply(State& state, const Origin& origin, const RebaselineApproved& e) {
  DecideBaseline(state, origin, e.on, e.asked.value, e.effective_on, BaselineState::approved);
}
void Apply(State& state, const Origin& origin, const RebaselineRejected& e) {
  DecideBaseline(state, origin, e.on, e.asked.value, e.effective_on, BaselineState::rejected);
}

void Apply(State& state, const Origin& origin, const BlockRaised& e) {
  FileState& files = state.files;
  const int rung = state.ladders[state.ladder[e.on.index()]].Find(e.milestone.value);
  LF_CHECK(rung >= 0);
  Block row{};
  row.seq = SeqForColumn(origin.seq);
  row.project = e.on.raw;
  row.owner = e.owner_unit.raw;
  row.day = DayNumber(e.effective_on);
  row.due = DayNumber(e.due_on);
  row.solved = kNoDay;
  row.kind = static_cast<std::uint8_t>(e.block);
  row.rung = static_cast<std::uint8_t>(rung);
  Push(files.blocks, files.heads.Edit(e.on.index()).block, row);
  files.block_text.Resize(files.blocks.size());
  files.blocked_since.Set(e.on.index(), std::min(files.blocked_since[e.on.index()], row.day));
  files.newest_block = std::max(files.newest_block, row.day);
  state.MarkUnusual(e.on.index());
}

void Apply(State& state, const Origin& origin, const BlockWorded& e) {
  const std::uint32_t head = state.files.heads[e.on.index()].block;
  if (head != 0) state.files.block_text.Set(head - 1, origin.seq, origin.event, e.text.value);
}

void Apply(State& state, const Origin& origin, const BlockSolved& e) {
  FileState& files = state.files;
  Block* solved = BySeq(files.blocks, files.heads[e.on.index()].block, e.raised.value);
  if (solved == nullptr) return;
  solved->solved = DayNumber(e.effective_on);
  solved->solved_seq = SeqForColumn(origin.seq);
  files.newest_block = std::max(files.newest_block, solved->solved);
  std::int32_t since = kNever;
  for (std::uint32_t at = files.heads[e.on.index()].block; at != 0; at = files.blocks[at - 1].previous)
    if (files.blocks[at - 1].solved == kNoDay) since = std::min(since, files.blocks[at - 1].day);
  files.blocked_since.Set(e.on.index(), since);
}

void Apply(State& state, const Origin& origin, const FundsVerified& e) {
  if (const std::uint32_t at = ReceiptOf(state, e.on, e.receipt.value); at != 0) {
    const std::uint32_t seq = SeqForColumn(origin.seq);
    state.files.readings.Verify(at - 1, e.amount_minor.minor(), seq);
    state.known.Verified(seq, e.on.index(), static_cast<std::uint32_t>(e.receipt.value), e.amount_minor.minor(),
                         static_cast<std::uint8_t>(EvidenceLevel::verified));
  }
}
void Apply(State& state, const Origin& origin, const FundsCounted& e) {
  if (const std::uint32_t at = ReceiptOf(state, e.on, e.receipt.value); at != 0)
    state.files.readings.Count(at - 1, e.amount_minor.minor(), SeqForColumn(origin.seq));
}

void Apply(State& state, const Origin& origin, const DuplicateLinked& e) {
  if (state.Counts(e.on.index())) CountProject(state, e.on.index(), -1);
  const std::uint32_t counted_in = state.files.counted_in[e.on.index()];
  state.known.Replaced(SeqForColumn(origin.seq), e.on.index(), Known::Part::counted_in, counted_in);
  state.files.counted_in.Set(e.on.index(), e.counted_in.raw);
  state.MarkUnusual(e.on.index());
}
void Apply(State& state, const Origin& origin, const DuplicateUnlinked& e) {
  if (state.Counts(e.on.index())) return;
  const std::uint32_t counted_in = state.files.counted_in[e.on.index()];
  state.known.Replaced(SeqForColumn(origin.seq), e.on.index(), Known::Part::counted_in, counted_in);
  state.files.counted_in.Set(e.on.index(), 0);
  state.MarkUnusual(e.on.index());
  CountProject(state, e.on.index(), +1);
}
void Apply(State& state, const Origin&, const ToldApart& e) {
  std::uint32_t a = e.on.raw, b = e.other.raw;
  if (a > b) std::swap(a, b);
  const std::uint64_t pair = std::uint64_t{a} << 32 | b;
  std::vector<std::uint64_t>& pairs = state.files.told_apart;
  const auto at = std::lower_bound(pairs.begin(), pairs.end(), pair);
  if (at == pairs.end() || *at != pair) pairs.insert(at, pair);
}

}  // namespace landfall::project
