// SPDX-License-Identifier: Apache-2.0
#include "wire.h"

#include <condition_variable>
#include <mutex>

#include "base/json.h"

namespace landfall::city {

void Body::Name(std::string_view name) {
  if (json_.size() > 1) json_ += ',';
  AppendJsonString(json_, name);
  json_ += ':';
}
Body& Body::Text(std::string_view name, std::string_view value) {
  Name(name);
  AppendJsonString(json_, value);
  return *this;
}
Body& Body::Number(std::string_view name, std::int64_t value) {
  Name(name);
  AppendInt(json_, value);
  return *this;
}
Body& Body::Raw(std::string_view name, std::string_view json) {
  Name(name);
  json_ += json;
  return *this;
}
Body& Body::Evidence(const Digest& digest) { return Raw("evidence", ToJson(std::vector<Digest>{digest})); }

void Wire::Send(const Actor& by, std::string_view command, Body body, Then then, Otherwise otherwise) {
  waiting_.push_back({by, std::string(command), body.Take(), std::move(then), std::move(otherwise)});
}

void Wire::BeginDay(Day day) {
  today_ = day;
  clock_.Set(Instant(day) + std::chrono::hours(1));  // UTC; the city's wall is eight hours ahead.
}

Status Wire::Flush() {
  while (!waiting_.empty()) {
    const std::vector<Letter> round = std::exchange(waiting_, {});
    std::vector<std::optional<Result<app::Answer>>> answers(round.size());
    std::mutex mutex;
    std::condition_variable all_done;
    std::size_t done = 0;
    std::size_t begun = 0;
    for (; begun < round.size(); ++begun) {
      const Letter& letter = round[begun];
      const app::CommandType* type = app::FindCommand(letter.command);
      if (type == nullptr) return NotFound("command.unknown", letter.command);
      auto command = type->read(letter.body);
      if (!command) {
        answers[begun] = command.error();
        break;
      }
      engine_.Submit(
          {letter.by, app::NewKey(clock_, keys_), *std::move(command), [&, slot = begun](Result<app::Answer> answer) {
             const std::lock_guard lock(mutex);
             answers[slot] = std::move(answer);
             ++done;
             all_done.notify_one();
           }});
    }
    {
      std::unique_lock lock(mutex);
      all_done.wait(lock, [&] { return done == begun; });
    }
    clock_.Set(clock_.Now() + std::chrono::minutes(1));
    for (std::size_t i = 0; i < round.size() && answers[i]; ++i) {
      const Letter& letter = round[i];
      ++sent_;
      if (*answers[i]) {
        if (letter.then) letter.then(**answers[i]);
        continue;
      }
      Error error = answers[i]->error();
      if (letter.otherwise && letter.otherwise(error)) continue;
      error.detail += " " + FormatDay(today_) + " " + letter.by.ToString() + " " + letter.command + " " + letter.body;
      return error;
    }
  }
  return Ok{};
}

}  // namespace landfall::city
