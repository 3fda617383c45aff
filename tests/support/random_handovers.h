// SPDX-License-Identifier: Apache-2.0
// What goes to a neighbour's ledger and comes from it, by chance: receipts for what is out, sometimes forged, and for
// what the neighbour may have had.
#pragma once

#include "support/receipts.h"

namespace landfall::app::test {

class RandomHandOvers {
 public:
  explicit RandomHandOvers(SeededRandom& random) : random_(random) {}

  AnyCommand Next(const State& state, Day today) {
    const cases::State& s = state.cases;
    const cases::JurisdictionCode peer{"430281"};
    const bool trusted =
        s.peers.Find(peer.value) >= 0 && s.peers.revoked[static_cast<std::size_t>(s.peers.Find(peer.value))] == 0;
    if (!trusted && Below(3) != 0) return cases::TrustPeer{peer, {"示例邻区"}, {Neighbour(false).vkey()}};
    switch (Below(12)) {
      case 0:
        return cases::RevokePeer{peer};
      case 1:
      case 2:
        return cases::ReturnResult{
            cases::CaseId{s.take_overs.empty() ? 1 : s.take_overs[Below(s.take_overs.size())].of}};
      case 3:
      case 4:
        return TakeOver(s, today);
      case 5:
      case 6:
      case 7:
        return Receive(s, today);
      default: {
        cases::HandOverCase c{cases::CaseId{static_cast<std::uint32_t>(1 + Below(s.cases.size() + 1))}, peer, {}};
        if (Below(2) == 0) c.steps.items.push_back({static_cast<std::int64_t>(1 + Below(3))});
        return c;
      }
    }
  }

 private:
  std::uint64_t Below(std::uint64_t n) { return n == 0 ? 0 : random_.Next() % n; }
  static landfall::test::Neighbour Neighbour(bool forged) {
    return forged ? landfall::test::Neighbour("neighbour.example/430281", "forged") : landfall::test::Neighbour();
  }
  AnyCommand TakeOver(const cases::State& s, Day today) {
    cases::TakeOverCase c{{"nobody"}, {}, {}, {}};
    cases::CaseHandedOver fact{
        cases::CaseId{static_cast<std::uint32_t>(1 + Below(99))}, {s.own_code}, {"theirs"}, {}, {}, today, today};
    if (!s.packages.empty()) {
      const cases::PackageDefined& package = s.packages[Below(s.packages.size())].event;
      c.package = {package.on.key};
      fact.matters.items.push_back(package.matters.items[Below(package.matters.items.size())]);
    }
    c.receipt_text = {Neighbour(Below(4) == 0).Receipt(1 + Below(200), fact)};
    return c;
  }
  AnyCommand Receive(const cases::State& s, Day today) {
    cases::ReceiveResult c{cases::CaseId{1}, {}};
    cases::ResultReturned fact{cases::CaseId{7}, {s.own_code}, {1}, cases::CaseId{1}, Digest{}, {}, today};
    if (!s.hand_overs.empty()) {
      const cases::HandOver& out = s.hand_overs[Below(s.hand_overs.size())];
      c.case_id = fact.origin = cases::CaseId{out.of};
      fact.seq = {out.seq};
      for (const cases::FormStep& step : s.FormOf(s.cases[c.case_id.index()]).steps) {
        cases::MatterResult result{{s.matters[step.matter].event.on.key}, {}, {}};
        if (Below(4) != 0) result.outcome = Below(4) == 0 ? cases::Outcome::refused : cases::Outcome::approved;
        fact.results.items.push_back(std::move(result));
      }
    }
    c.receipt_text = {Neighbour(Below(4) == 0).Receipt(1 + Below(200), fact)};
    return c;
  }

  SeededRandom& random_;
};

}  // namespace landfall::app::test
