// SPDX-License-Identifier: Apache-2.0
#include "project/checks.h"

namespace landfall::project {
namespace {

// Index of a receipt that stands.
Result<std::size_t> StandingReceipt(const State& state, ProjectId id, std::int64_t seq) {
  LF_TRY(CheckKnown(state, id));
  for (std::uint32_t at = state.last_receipt[id.index()]; at != 0; at = state.receipts.Previous(at - 1)) {
    if (state.ReceiptAt(at - 1).seq != static_cast<std::uint64_t>(seq)) continue;
    if (state.receipts.ReversedBy(at - 1) != 0) return Conflict("project.receipt_reversed", {}, "receipt");
    return at - 1;
  }
  return NotFound("project.no_such_receipt", {}, "receipt");
}

// A reading may find less than was stated, never more: what came beside it is a receipt of its own.
Status CheckReading(const Receipt& receipt, Money amount) {
  LF_TRY(CheckAmount(amount, "amount_minor"));
  if (amount.minor() > receipt.minor) return Invalid("project.above_receipt", {}, "amount_minor");
  return Ok{};
}

}  // namespace

Decided Decide(const State& state, const DecideContext& context, const VerifyFunds& c) {
  LF_ASSIGN(const std::size_t at, StandingReceipt(state, c.project, c.receipt.value));
  if (state.files.readings[at].by == AccountOf(context.by)) return Forbidden("project.own_receipt", {}, "receipt");
  LF_TRY(CheckReading(state.ReceiptAt(at), c.amount_minor));
  LF_TRY(CheckEvidence(c.evidence));
  return Events{FundsVerified{c.project, c.receipt, c.amount_minor, c.evidence}};
}

Decided Decide(const State& state, const DecideContext&, const CountFunds& c) {
  LF_ASSIGN(const std::size_t at, StandingReceipt(state, c.project, c.receipt.value));
  LF_TRY(CheckReading(state.ReceiptAt(at), c.amount_minor));
  Events events{FundsCounted{c.project, c.receipt, c.amount_minor}};
  if (c.remark) events.push_back(RemarkGiven{c.project, *c.remark});
  return events;
}

}  // namespace landfall::project
