// SPDX-License-Identifier: Apache-2.0
// Where an answering thread and a connection meet. Private to the server: beast.cc is the only reader besides
// http_exchange.cc.
//
// Threads: an Exchange and its stream are the only parts of a connection that other threads touch. They reach it
// through a Mailbox, which the connection's I/O thread empties.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/http.h"

namespace landfall::server {

// Whoever waits for the answer: a connection.
class AnswerTaker {
 public:
  virtual void OnWake() = 0;  // Something has changed: an answer, or bytes of a stream.

 protected:
  ~AnswerTaker() = default;
};

// Of one I/O thread. Lives as long as an Exchange points to it, and does nothing once the server is gone.
class Mailbox {
 public:
  virtual ~Mailbox() = default;
  // Calls the exchange's connection on the I/O thread, if it still waits. One wake-up per burst. Threads: any.
  virtual void Post(std::shared_ptr<Exchange> exchange) = 0;
  virtual bool IsCurrent() const = 0;  // Whether the caller is the I/O thread.
};

// The outgoing side of an event stream: a bounded text that senders append to and the connection takes away.
class EventStreamState {
 public:
  explicit EventStreamState(Exchange& exchange) : exchange_(exchange) {}

  bool Send(std::string_view event) {
    bool open = true;
    {
      const std::lock_guard lock(mutex_);
      if (closed_) return false;
      if (pending_.size() + in_flight_ + event.size() > limit) {
        open = false;
        closed_ = cut_off_ = true;
      } else {
        pending_ += event;
      }
      if (std::exchange(posted_, true) && open) return true;
    }
    Wake();
    return open;
  }
  // Queues `last`, past the bound, and takes no more.
  void Close(std::string_view last = {}) {
    {
      const std::lock_guard lock(mutex_);
      if (closed_) return;
      pending_ += last;
      closed_ = true;
      if (std::exchange(posted_, true)) return;
    }
    Wake();
  }
  bool closed() const {
    const std::lock_guard lock(mutex_);
    return closed_;
  }
  bool cut_off() const {
    const std::lock_guard lock(mutex_);
    return cut_off_;
  }

  // For the connection: what there is to write goes to `out`; false when nothing more will ever come.
  bool Take(std::string& out) {
    out.clear();
    const std::lock_guard lock(mutex_);
    out.swap(pending_);
    in_flight_ = out.size();
    posted_ = false;
    return !(closed_ && out.empty());
  }
  // For the connection: the client is gone.
  void Leave() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    pending_.clear();
  }

  std::size_t limit = 0;  // Set before other threads see the stream.

 private:
  void Wake();

  Exchange& exchange_;
  mutable std::mutex mutex_;
  std::string pending_;
  std::size_t in_flight_ = 0;
  bool posted_ = false;
  bool closed_ = false;
  bool cut_off_ = false;
};

// One request waiting for its answer: where the answering thread and the connection meet.
class Exchange : public std::enable_shared_from_this<Exchange> {
 public:
  Exchange(std::shared_ptr<Mailbox> loop, AnswerTaker* taker, std::size_t stream_limit)
      : stream(*this), taker(taker), loop_(std::move(loop)) {
    stream.limit = stream_limit;
  }

  bool Answer(Response answer) {
    if (!Claim()) return false;
    response = std::move(answer);
    Publish(State::kAnswered);
    return true;
  }
  // For an answer that will never come. Cost: nothing when there is one.
  void Fail() {
    if (!Claim()) return;
    response = Problem(500, "http.internal");
    Publish(State::kAnswered);
  }
  bool Open(std::vector<Field> headers) {
    if (!Claim()) return false;
    response.headers = std::move(headers);
    Publish(State::kStreaming);
    return true;
  }
  void Wake() { loop_->Post(shared_from_this()); }
  bool answered() const { return state_.load(std::memory_order_acquire) >= State::kAnswered; }
  bool streaming() const { return state_.load(std::memory_order_acquire) == State::kStreaming; }

  std::atomic<bool> abandoned{false};
  Response response;  // The answering thread's until answered(), then the connection's.
  EventStreamState stream;
  AnswerTaker* taker;       // Null once nobody waits. Belongs to the loop's thread, like the next.
  bool in_handler = false;  // The handler is being called: an answer from inside needs no wake-up.

 private:
  enum class State : std::uint8_t { kPending, kWriting, kAnswered, kStreaming };
  bool Claim() {
    State pending = State::kPending;
    return state_.compare_exchange_strong(pending, State::kWriting, std::memory_order_relaxed);
  }
  void Publish(State state) {
    state_.store(state, std::memory_order_release);
    if (!(loop_->IsCurrent() && in_handler)) Wake();
  }

  std::shared_ptr<Mailbox> loop_;
  std::atomic<State> state_{State::kPending};
};

}  // namespace landfall::server
