// SPDX-License-Identifier: Apache-2.0
#include "app/verify_watch.h"

namespace landfall::app {
namespace {

using Seen = SeenPayload::State;

template <class E>
constexpr bool Is(std::string_view type) {
  return type == E::kInfo.type;
}

template <class E>
std::vector<Digest> EvidenceOf(std::string_view payload) {
  E event{};
  // Most payloads name none: looking for the text costs a tenth of reading them.
  if (payload.find("\"sha256:") == std::string_view::npos || !ScanJson(payload, event)) return {};
  return event.evidence.items;
}

}  // namespace

void EntryWatch::Entry(const ledger::Leaf& leaf, std::span<const SeenPayload> payloads) {
  CheckFirst(leaf);
  CheckBatch(leaf, payloads[0]);
  for (std::uint32_t i = 0; i < leaf.events.size(); ++i) CheckEvent(leaf, i, payloads[i]);
}

void EntryWatch::Finish(std::uint64_t size) {
  if (!open_batch_.empty())
    found_.Tell(Check::batch, batch_first_, {}, "ledger.batch_open", "no batch.completed follows it");
  const auto holds = [](const std::vector<EventPlace>& places, EventPlace place) {
    return std::binary_search(places.begin(), places.end(), place);
  };
  for (const auto& [place, by] : erased_)
    if (by <= size && !holds(absent_, place) && !holds(withheld_, place))
      found_.Tell(Check::erasure, place.first, place.second, "ledger.erased_still_there",
                  "entry " + std::to_string(by) + " erased it, and it is there");
}

void EntryWatch::CheckFirst(const ledger::Leaf& leaf) {
  const bool creates = Is<admin::LedgerCreated>(leaf.events[0].type);
  if (creates != (leaf.seq == 1))
    found_.Tell(Check::order, leaf.seq, {}, "ledger.corrupt",
                creates ? "a ledger is created once" : "entry 1 is not ledger.created");
}

void EntryWatch::CheckBatch(const ledger::Leaf& leaf, const SeenPayload& first) {
  if (!leaf.batch.empty()) {
    if (leaf.batch != open_batch_) {
      if (!open_batch_.empty())
        found_.Tell(Check::batch, batch_first_, {}, "ledger.batch_open", "another batch begins before it is closed");
      open_batch_ = leaf.batch;
      batch_first_ = leaf.seq;
      batch_entries_ = 0;
    }
    ++batch_entries_;
    return;
  }
  const bool closes = Is<admin::BatchCompleted>(leaf.events[0].type);
  if (!closes && open_batch_.empty()) return;
  found_.Looked(Check::batch);
  admin::BatchCompleted completed;
  if (!closes || leaf.key != open_batch_) {
    found_.Tell(
        Check::batch, leaf.seq, {}, "ledger.batch_open",
        closes ? "it closes no batch that stands before it" : "a batch is open, and this entry does not close it");
  } else if (first.state == Seen::kOpen && ScanJson(first.payload, completed) &&
             completed.entries.value != batch_entries_) {
    found_.Tell(
        Check::batch, leaf.seq, 0, "ledger.batch_open",
        "it counts " + std::to_string(completed.entries.value) + " entries of " + std::to_string(batch_entries_));
  }
  open_batch_.clear();
}

void EntryWatch::CheckEvent(const ledger::Leaf& leaf, std::uint32_t i, const SeenPayload& seen) {
  const ledger::LeafEvent& event = leaf.events[i];
  found_.Looked(Check::event_type);
  const EventType* type = FindEventType(event.type, event.version);
  if (type == nullptr)
    found_.Tell(Check::event_type, leaf.seq, i, "ledger.newer_version",
                "this build does not know " + std::string(event.type));
  else if (type->info.cls != event.cls || type->info.erasable != seen.in_erasable_table.value_or(type->info.erasable))
    found_.Tell(Check::event_type, leaf.seq, i, "ledger.corrupt", "its class or its place is not that of its type");
  switch (seen.state) {
    case Seen::kOpen:
      return ReadPayload(event.type, seen.payload, {leaf.seq, i});
    case Seen::kAbsent:
      found_.Looked(Check::erasure);
      if (type != nullptr && !type->info.erasable)
        found_.Tell(Check::erasure, leaf.seq, i, "ledger.payload_missing", "payloads of its type are never erased");
      absent_.push_back({leaf.seq, i});
      return;
    case Seen::kWithheld:
      if (type == nullptr || type->info.erasable) withheld_.push_back({leaf.seq, i});
      withheld_erasures_ = withheld_erasures_ || Is<admin::PayloadErased>(event.type);
      return;
  }
}

void EntryWatch::ReadPayload(std::string_view type, std::string_view payload, EventPlace place) {
  std::vector<Digest> evidence;
  if (Is<admin::PayloadErased>(type)) {
    admin::PayloadErased e;
    if (ScanJson(payload, e))
      erased_.emplace(EventPlace(e.seq.value, static_cast<std::uint32_t>(e.event.value)), place.first);
  } else if (Is<admin::BatchCompleted>(type)) {
    admin::BatchCompleted e;
    if (ScanJson(payload, e) && e.report) evidence.push_back(*e.report);
  } else if (Is<project::MilestoneReached>(type)) {
    evidence = EvidenceOf<project::MilestoneReached>(payload);
  } else if (Is<project::FundsReceived>(type)) {
    evidence = EvidenceOf<project::FundsReceived>(payload);
  } else if (Is<obligation::ReportedDone>(type)) {
    evidence = EvidenceOf<obligation::ReportedDone>(payload);
  }
  for (const Digest& digest : evidence) evidence_.emplace(digest, place);
}

}  // namespace landfall::app
