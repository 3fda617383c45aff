// SPDX-License-Identifier: Apache-2.0
// The generator's only way into a ledger: commands by their wire names with JSON bodies, read by the table that HTTP
// uses, sent by an account to the writer, which asks the policy and decides. No event is made here.
//
// Threads: one uses a Wire; answers are handed out on it, in the order of sending, so that a run repeats.
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "app/engine.h"
#include "base/period.h"

namespace landfall::city {

// The clock of the seam, put on by the generator while the writer stands still.
class CityClock final : public Clock {
 public:
  explicit CityClock(Instant now) : now_(now.time_since_epoch().count()) {}
  Instant Now() override { return Instant(std::chrono::microseconds(now_.load())); }
  void Set(Instant now) { now_.store(now.time_since_epoch().count()); }

 private:
  std::atomic<std::int64_t> now_;
};

// A JSON object, member by member.
class Body {
 public:
  Body& Text(std::string_view name, std::string_view value);
  Body& Number(std::string_view name, std::int64_t value);
  Body& Raw(std::string_view name, std::string_view json);
  Body& On(Day day) { return Text("effective_on", FormatDay(day)); }
  Body& Evidence(const Digest& digest);  // A list of one.
  // Of a command that is read already: its canonical form is the name and the object.
  static Body Whole(std::string canonical) {
    Body body;
    canonical.pop_back();
    body.json_ = canonical.substr(canonical.find('{'));
    return body;
  }
  std::string Take() { return std::move(json_ += '}'); }

 private:
  void Name(std::string_view name);
  std::string json_ = "{";
};

class Wire {
 public:
  using Then = std::function<void(const app::Answer&)>;
  // A refusal that whoever sends the command has an answer to; false when it is none of those.
  using Otherwise = std::function<bool(const Error&)>;

  Wire(app::Engine& engine, CityClock& clock, std::uint64_t seed) : engine_(engine), clock_(clock), keys_(seed) {}

  void Send(const Actor& by, std::string_view command, Body body, Then then = {}, Otherwise otherwise = {});
  // Sends what waits, and what the answers give rise to, until nothing waits. The clock goes on by a minute for each
  // round. Errors: the first refusal that nobody expected, its detail naming command and body.
  Status Flush();

  // For what is an act of its own beside the table: `act` gets a fresh key.
  Status Import(const std::function<Status(const std::string& key)>& act) {
    LF_TRY(Flush());
    return act(app::NewKey(clock_, keys_));
  }

  Day today() const { return today_; }
  void BeginDay(Day day);  // Nine o'clock on the city's wall.
  std::uint64_t sent() const { return sent_; }

 private:
  struct Letter {
    Actor by;
    std::string command, body;
    Then then;
    Otherwise otherwise;
  };
  app::Engine& engine_;
  CityClock& clock_;
  SeededRandom keys_;
  std::vector<Letter> waiting_;
  Day today_{};
  std::uint64_t sent_ = 0;
};

}  // namespace landfall::city
