// SPDX-License-Identifier: Apache-2.0
#include "simulate/oracle.h"

#include <fmt/format.h>

namespace landfall::simulate {
namespace {

using app::AnyCommand;
using app::State;

struct Entry {
  std::string by, key, batch;
};

// Money as the commands of the clients say it, by project.
struct Books {
  struct Receipt {
    std::size_t project;
    std::int64_t amount;
  };
  std::map<std::uint64_t, Receipt> receipts;  // By seq.
  std::vector<std::int64_t> funds, investment;

  // False: the command speaks of what is not there, and should have been refused.
  bool Enter(std::uint64_t seq, const AnyCommand& command) {
    if (const auto* made = std::get_if<project::RegisterProject>(&command)) {
      funds.push_back(0);
      investment.push_back(made->investment_minor ? made->investment_minor->minor() : 0);
    } else if (const auto* received = std::get_if<project::ReceiveFunds>(&command)) {
      if (received->project.index() >= funds.size()) return false;
      receipts[seq] = {received->project.index(), received->amount_minor.minor()};
      funds[received->project.index()] += received->amount_minor.minor();
    } else if (const auto* reversed = std::get_if<project::ReverseFunds>(&command)) {
      const auto receipt = receipts.find(static_cast<std::uint64_t>(reversed->corrects.value));
      if (receipt == receipts.end()) return false;
      funds[receipt->second.project] -= receipt->second.amount;
      receipts.erase(receipt);
    }
    return true;
  }
};

class Examination {
 public:
  Examination(app::Engine& engine, const Oracle& oracle) : engine_(engine), oracle_(oracle) {}

  std::optional<std::string> Run() {
    if (auto broken = Replay()) return broken;
    if (auto broken = Tree()) return broken;
    if (auto broken = EachOnce()) return broken;
    return Money();
  }

 private:
  using Broken = std::optional<std::string>;

  Broken Replay() {
    ledger::ReplayOptions options;
    options.verify_leaves = options.verify_payloads = true;
    const Status read = engine_.log().Replay(
        options, [&](const ledger::Leaf& leaf, const ledger::StoredEntry&, std::span<const std::string_view> salted) {
          entries_.push_back({std::string(leaf.by), std::string(leaf.key), std::string(leaf.batch)});
          return app::ApplyEntry(replayed_, leaf, salted);
        });
    if (!read) return fmt::format("the ledger does not replay: {} {}", read.error().code, read.error().detail);
    const app::Engine::Reader live = engine_.Read();
    if (live.seq() != entries_.size())
      return fmt::format("the live state stands at entry {}, the ledger at {}", live.seq(), entries_.size());
    const std::string expected = HashOf(live.state()), got = HashOf(replayed_);
    if (expected != got) return fmt::format("replay gives the state {}, live is {}", got, expected);
    return {};
  }

  Broken Tree() {
    const std::shared_ptr<const ledger::TreeView> view = engine_.log().View();
    if (view->size() < oracle_.seen)
      return fmt::format("a view held {} entries, now there are {}", oracle_.seen, view->size());
    for (const auto& [size, root] : oracle_.shown) {
      if (size > view->size())
        return fmt::format("the root of {} entries was shown, now there are {}", size, view->size());
      const auto now = view->RootAt(size);
      if (!now) return fmt::format("the root of {} entries: {}", size, now.error().code);
      if (*now != root) return fmt::format("the root of {} entries is not the one that was shown", size);
    }
    return {};
  }

  Broken EachOnce() {
    std::map<std::pair<std::string, std::string>, std::size_t> by_key;  // To index in sent.
    for (std::size_t i = 0; i < oracle_.sent.size(); ++i)
      by_key[{oracle_.sent[i].by.ToString(), oracle_.sent[i].key}] = i;
    last_of_.assign(oracle_.sent.size(), 0);
    for (std::size_t at = 1; at < entries_.size(); ++at) {  // Entry 1 made the ledger.
      const Entry& entry = entries_[at];
      const bool inside = !entry.batch.empty();
      const auto found = by_key.find({entry.by, inside ? entry.batch : entry.key});
      if (found == by_key.end()) return fmt::format("entry {} is of no request that was sent", at + 1);
      const Sent& sent = oracle_.sent[found->second];
      if (last_of_[found->second] != 0)
        return fmt::format("request {} stands at entry {} and again at {}", sent.key, last_of_[found->second], at + 1);
      if (!sent.accepted && !sent.unknown)
        return fmt::format("request {} was refused and stands at entry {}", sent.key, at + 1);
      std::size_t last = at;
      if (sent.batch) {
        last = at + sent.commands.size();
        bool whole = last < entries_.size() && entries_[last].key == sent.key;
        for (std::size_t i = at; whole && i < last; ++i) whole = entries_[i].batch == sent.key;
        if (!whole) return fmt::format("batch {} stands half from entry {} on", sent.key, at + 1);
      }
      for (std::size_t i = 0; i < sent.commands.size(); ++i)
        if (!books_.Enter(at + i + 1, sent.commands[i]))
          return fmt::format("entry {} speaks of what is not there", at + i + 1);
      last_of_[found->second] = last + 1;
      at = last;
    }
    for (std::size_t i = 0; i < oracle_.sent.size(); ++i) {
      const Sent& sent = oracle_.sent[i];
      if (!sent.accepted) continue;
      if (last_of_[i] == 0)
        return fmt::format("request {} was acknowledged as entry {} and is not there", sent.key, sent.accepted->seq);
      if (last_of_[i] != sent.accepted->seq)
        return fmt::format("request {} was acknowledged as entry {} and stands at {}", sent.key, sent.accepted->seq,
                           last_of_[i]);
    }
    return {};
  }

  Broken Money() {
    const project::State& projects = replayed_.project;
    if (projects.funds != books_.funds) return "the funds of the projects are not what was sent";
    if (projects.investment != books_.investment) return "the investments of the projects are not what was sent";
    std::int64_t funds = 0, investment = 0;
    for (const std::int64_t amount : books_.funds) funds += amount;
    for (const std::int64_t amount : books_.investment) investment += amount;
    const app::Engine::Reader live = engine_.Read();
    if (live.state().project.total_funds != funds || live.state().project.total_investment != investment)
      return "the totals are not the sums of what was sent";
    return {};
  }

  app::Engine& engine_;
  const Oracle& oracle_;
  std::vector<Entry> entries_;
  State replayed_;
  std::vector<std::uint64_t> last_of_;  // By index in sent: the entry that bears its key.
  Books books_;
};

}  // namespace

std::optional<std::string> Oracle::Show(app::Engine& engine) {
  const std::shared_ptr<const ledger::TreeView> view = engine.log().View();
  seen = std::max(seen, view->size());
  const auto [known, fresh] = shown.try_emplace(view->size(), view->Root());
  if (fresh || known->second == view->Root()) return std::nullopt;
  return fmt::format("two roots were shown for {} entries", view->size());
}

std::optional<std::string> BrokenPromise(app::Engine& engine, const Oracle& oracle) {
  return Examination(engine, oracle).Run();
}

}  // namespace landfall::simulate
