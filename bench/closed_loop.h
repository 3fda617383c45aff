// SPDX-License-Identifier: Apache-2.0
// Clients of an engine in a closed loop, each with one command outstanding, on two threads that take the answers and
// send what comes next. Every command must succeed.
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "app/engine.h"
#include "bench/bench.h"

namespace landfall::bench {

struct Outcome {
  double seconds = 0;
  std::vector<double> latencies_us;
  double entries_per_commit = 0;
};

// A Client has `app::Request Next(FixedClock&)` and `void Take(const app::Answer&)`, which is called before the next
// Next.
template <class Client>
class ClosedLoop {
 public:
  ClosedLoop(app::Engine& engine, std::vector<Client>& clients, FixedClock& clock)
      : engine_(engine), clients_(clients), clock_(clock), sent_at_(clients.size()), left_(clients.size()) {}

  // So many by all of them together, whoever is first.
  Outcome Run(std::size_t commands) {
    together_ = true;
    left_[0] = commands;
    return RunAll(commands);
  }
  // So many by each.
  Outcome RunEach(std::size_t commands) {
    together_ = false;
    for (std::atomic<std::size_t>& left : left_) left = commands;
    return RunAll(commands * clients_.size());
  }

 private:
  using Clock = std::chrono::steady_clock;
  struct Inbox {
    std::mutex mutex;
    std::condition_variable arrived;
    std::vector<std::pair<std::size_t, Result<app::Answer>>> answers;
  };

  Outcome RunAll(std::size_t commands) {
    const auto before = engine_.stats();
    const std::uint64_t size = engine_.log().size();
    outcome_ = {};
    const auto start = Clock::now();
    std::thread threads[2];
    for (std::size_t t = 0; t < 2; ++t) threads[t] = std::thread([this, t] { Consume(t); });
    for (std::thread& thread : threads) thread.join();
    outcome_.seconds = std::chrono::duration<double>(Clock::now() - start).count();
    const auto after = engine_.stats();
    LF_CHECK(engine_.log().size() == size + commands && after.entries - before.entries == commands);
    LF_CHECK(outcome_.latencies_us.size() == commands);
    outcome_.entries_per_commit = static_cast<double>(commands) / static_cast<double>(after.commits - before.commits);
    return std::move(outcome_);
  }

  bool Send(std::size_t client) {
    std::atomic<std::size_t>& budget = left_[together_ ? 0 : client];
    std::size_t left = budget.load();
    do {
      if (left == 0) return false;
    } while (!budget.compare_exchange_weak(left, left - 1));
    app::Request request = clients_[client].Next(clock_);
    Inbox& inbox = inboxes_[client % 2];
    request.done = [client, &inbox](Result<app::Answer> answer) {
      bool first = false;
      {
        std::lock_guard lock(inbox.mutex);
        inbox.answers.emplace_back(client, std::move(answer));
        first = inbox.answers.size() == 1;
      }
      if (first) inbox.arrived.notify_one();  // Not while the lock is held, for which it would wait.
    };
    sent_at_[client] = Clock::now();
    engine_.Submit(std::move(request));
    return true;
  }

  void Consume(std::size_t thread) {
    std::size_t outstanding = 0;
    for (std::size_t c = thread; c < clients_.size(); c += 2) outstanding += Send(c);
    std::vector<double> latencies;
    Inbox& inbox = inboxes_[thread];
    std::vector<std::pair<std::size_t, Result<app::Answer>>> answers;
    while (outstanding > 0) {
      answers.clear();
      {
        std::unique_lock lock(inbox.mutex);
        inbox.arrived.wait(lock, [&] { return !inbox.answers.empty(); });
        answers.swap(inbox.answers);
      }
      const auto now = Clock::now();
      for (auto& [client, answer] : answers) {
        latencies.push_back(std::chrono::duration<double, std::micro>(now - sent_at_[client]).count());
        clients_[client].Take(answer.value());
        outstanding -= !Send(client);
      }
    }
    std::lock_guard lock(inboxes_[0].mutex);
    outcome_.latencies_us.insert(outcome_.latencies_us.end(), latencies.begin(), latencies.end());
  }

  app::Engine& engine_;
  std::vector<Client>& clients_;
  FixedClock& clock_;
  std::vector<Clock::time_point> sent_at_;
  bool together_ = true;
  std::vector<std::atomic<std::size_t>> left_;  // Commands still to send: by all in [0], or by each.
  Inbox inboxes_[2];
  Outcome outcome_;
};

}  // namespace landfall::bench
