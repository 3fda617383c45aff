// SPDX-License-Identifier: Apache-2.0
// The writer and its readers: one thread takes commands in batches, decides each against the state, makes the batch
// durable in one transaction, flips, and only then answers. Readers never wait for the disk (DESIGN §3).
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "app/ledger_files.h"
#include "app/replica.h"
#include "app/state.h"
#include "base/seam.h"
#include "ledger/log.h"

namespace landfall::app {

struct Answer {
  std::uint64_t seq = 0;
  std::vector<std::string> ids;  // Subjects that the entry speaks of, in order, each once: "p88".
  bool repeated = false;
};

struct Request {
  Actor by;
  std::string key;  // UUIDv7
  AnyCommand command;
  // Called once from the writer's thread after the entry is durable, or with the refusal. Must not block.
  std::function<void(Result<Answer>)> done;
};

struct EngineOptions {
  Clock* clock = nullptr;  // null: the system's
  Random* random = nullptr;
  std::string vfs;  // SQLite VFS, the disk's seam
  bool snapshot_on_close = true;
  bool read_only = false;  // No writer, nothing is stored, no signing key is needed; Submit answers ledger.read_only.
  // With read_only: takes in what other processes append, for a server that serves reads. Never stops for a database
  // that cannot be reached; standing() says how old the view then is.
  bool follow = false;
  // No thread of its own: Submit only queues, and the caller does the writer's (with read_only: the follower's) work by
  // Step, in its own thread. Nothing then depends on the scheduler, which the simulator needs. Closing such an engine
  // stores nothing, like the death of a process.
  bool stepped = false;
  std::size_t batch_max = 1000;
};

// UUIDv7 (RFC 9562 §5.7) for clients.
std::string NewKey(Clock& clock, Random& random);
// The instant inside a UUIDv7. Errors: key.not_uuid_v7.
Result<Instant> TimeOfKey(std::string_view key);

class Engine {
 public:
  // Makes the folder, the store, the signing key and entry 1. Errors: ledger.exists, those of CreateLedger, store.*.
  static Status Create(const LedgerFiles& files, const admin::CreateLedger& command, const EngineOptions& options);
  // Opens, folds (from a snapshot where one fits) and starts the writer. Errors: store.missing, ledger.corrupt, …
  static Result<std::unique_ptr<Engine>> Open(const LedgerFiles& files, const EngineOptions& options);
  ~Engine();  // Answers what is queued, stops, writes a snapshot.

  // Threads: any. `done` gets the outcome.
  void Submit(Request request);
  // The same, waiting.
  Result<Answer> Run(Actor by, std::string key, AnyCommand command);

  // All commands as entries of one batch in one transaction, closed by batch.completed under `key`; or none of them.
  // The engine writes the number of commands into completion.entries. `known_seq`: the ledger's size when the commands
  // were planned (they may name ids that the batch itself will give); when it has grown since, ledger.moved_on. kAnySeq
  // where they name nothing of the kind. Who may send each command may close the batch: it needs no permission. Errors
  // carry the index of the refused command in `field` ("[3].title"). An empty list stores nothing and answers seq 0.
  using Progress = std::function<void(std::size_t done, std::size_t total)>;
  static constexpr std::uint64_t kAnySeq = UINT64_MAX;
  Result<Answer> RunBatch(Actor by, std::string key, const std::vector<AnyCommand>& commands,
                          admin::CompleteBatch completion, std::uint64_t known_seq, const Progress& progress = {});
  // Decides them on a copy and throws it away; the first refusal per command, by index.
  std::vector<std::pair<std::size_t, Error>> TryBatch(Actor by, const std::vector<AnyCommand>& commands);

  // With `stepped` only: does everything that is queued, or looks for what other processes have appended.
  // `keep_checkpoint`: a minute has passed since the last one was kept. Threads: the one that steps.
  void Step(bool keep_checkpoint);

  // A consistent view for as long as it lives. Keep it below 10 ms: the writer waits for it before its next flip but
  // one.
  class Reader {
   public:
    struct Side;
    Reader(Reader&& other) noexcept : side_(std::exchange(other.side_, nullptr)), stripe_(other.stripe_) {}
    Reader& operator=(Reader&&) = delete;
    ~Reader();
    const State& state() const;
    std::uint64_t seq() const;
    Instant last_at() const;

   private:
    friend class Engine;
    Reader(Side* side, std::size_t stripe) : side_(side), stripe_(stripe) {}
    Side* side_;
    std::size_t stripe_;
  };
  Reader Read() const;
  // The state as it was known at `seq`, by replay from the nearest snapshot; the last two are kept. Blocks: not for I/O
  // threads. Errors: known_at.beyond_ledger.
  Result<std::shared_ptr<const State>> StateAt(std::uint64_t seq);
  // The last seq recorded on or before a day on the jurisdiction's wall; 0 when the ledger is younger. Cost: log2(n)
  // entry reads.
  Result<std::uint64_t> SeqAtDay(Day day);

  const HistoryIndex& history() const { return history_; }
  ledger::Log& log() { return *log_; }
  const LedgerFiles& files() const { return files_; }
  Clock& clock() { return *clock_; }
  Random& random() { return *random_; }
  bool stopped() const { return stopped_.load(); }

  // A checkpoint signed over the tree as it stands; remembered per size. Without the key (read_only), the newest one
  // that the writer kept. Errors: ledger.unsigned.
  Result<std::string> SignedCheckpoint();
  const ledger::SignerKey& signer() const { return *signer_; }  // Of a writer.
  const ledger::VerifierKey& verifier() const { return *verifier_; }

  // How far behind other processes' entries this view may be.
  struct Standing {
    bool follows = false;                               // Somebody else writes.
    std::chrono::steady_clock::duration checked_ago{};  // Since the store was last seen to hold no more than is folded.
    std::uint64_t behind = 0;                           // Entries that were seen there, and are not folded yet.
    // A view is called stale when it was not confirmed for so long.
    static constexpr auto kStale = std::chrono::seconds(5);
    bool stale() const { return follows && checked_ago > kStale; }
  };
  Standing standing() const;

  // Called from the writer's thread (a follower's: from the one that follows) after each commit with the newest seq.
  // Returns a handle for Unsubscribe.
  int Subscribe(std::function<void(std::uint64_t)> on_commit);
  void Unsubscribe(int handle);

  struct Stats {
    std::uint64_t commands = 0, refused = 0, commits = 0, entries = 0;
    std::uint64_t reader_wait_ns_max = 0, reader_wait_ns_total = 0;
  };
  Stats stats() const;
  // Waits of the writer for readers, ns, one per commit; for benches. Cleared by the call.
  std::vector<std::uint32_t> TakeReaderWaits();

 private:
  Engine(const LedgerFiles& files, const EngineOptions& options);
  Status Start();
  void Loop();
  void Gather();                    // Waits for commands, and for more of them.
  bool Round(bool checkpoint_due);  // All that is queued; false when nothing is left and the engine closes.
  void Follow();
  bool FollowOnce();  // False: what is stored is not what was written.
  void Listen();
  struct Pending;  // One decided request of the current commit.
  struct Batch;    // A RunBatch that waits for the writer.
  void CommitRequests(std::vector<Request>& requests);
  Result<Answer> CommitBatch(Batch& batch);
  // `allowed`: that the actor may was asked already. Decides against the idle side, adds the entry to the pending
  // commit and applies it to the idle side.
  Result<Pending> DecideOne(const Actor& by, const std::string& key, const std::string& batch,
                            const AnyCommand& command, Instant at, bool allowed = false);
  // Makes what was committed known: history, and events for the side that has yet to fold them.
  void Remember(std::vector<Pending>& pending);
  // What was answered when this key was done; nothing when it is new.
  std::optional<Result<Answer>> AnswerRepeated(const Actor& by, const std::string& key, const AnyCommand& command);
  Result<Answer> AnswerOf(std::uint64_t seq, const std::string& key);
  Status CheckKey(const std::string& key) const;
  Reader::Side& Idle() { return *sides_[1 - active_.load()]; }
  void PrepareIdle();                        // Waits for its readers, then brings it to where the active side is.
  void FollowActive();                       // Nobody reads the idle side.
  void FollowActiveEarly();                  // Only if nobody does.
  void Flip(Instant at, std::uint64_t seq);  // The idle side, as it stands after `seq`, becomes the one that is read.
  void Stop();
  Status CatchUpWithOthers();
  Status CatchUpAfterLostRace();
  Status CatchUpAfterLostAnswer();
  // After a commit that was not stored as it was meant: Ok when the requests may be decided again.
  Status Recover(const Error& why, int& lost_answers);
  void KeepCheckpoint(bool due);
  Status CheckSigned(const std::string& note, std::span<const ledger::VerifierKey> keys);
  void ForgetErased();  // After erasures: snapshots and remembered states that still hold the text go.
  Instant Stamp() { return std::max(clock_->Now(), last_at_); }

  LedgerFiles files_;
  EngineOptions options_;
  Clock* clock_;
  Random* random_;
  std::unique_ptr<ledger::Log> log_;
  std::unique_ptr<ledger::SignerKey> signer_;
  std::unique_ptr<ledger::VerifierKey> verifier_;

  std::unique_ptr<Reader::Side> sides_[2];
  std::atomic<int> active_{0};
  std::vector<std::pair<Origin, AnyEvent>> unapplied_;  // Committed, but not yet folded by the idle side.
  bool idle_stale_ = false;                             // The idle side must be copied from the active one.
  KeyWindow keys_;
  HistoryIndex history_;
  Instant last_at_{};

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<Request> queue_, taken_;  // taken_: the round's; a member so that its room is used again.
  std::vector<Batch*> batches_;
  bool stopping_ = false;
  bool news_ = false;  // Another process has appended.
  // Commands that were on their way when the last commit was answered: those it answered, whose senders are likely to
  // ask again, and those that waited. See Gather.
  std::size_t expected_ = 0;
  bool watching_ = false;                  // The writer looks at queued_: nobody needs to wake it.
  std::atomic<std::size_t> queued_{0};     // queue_.size()
  std::chrono::nanoseconds disk_took_{0};  // the last commit; like the next, the writer's thread's
  // What is not tried again at once where it failed.
  class Patience {
   public:
    bool IsWorthATry() { return rest_ == 0 || --rest_ == 0; }
    void WasInVain() { rest_ = kRest; }

   private:
    static constexpr int kRest = 8;  // Commits.
    int rest_ = 0;
  };
  Patience watch_, gather_;
  std::atomic<bool> stopped_{false};
  std::thread thread_, listener_;
  std::atomic<std::int64_t> checked_at_{0};  // Of the steady clock, ns.
  std::atomic<std::uint64_t> seen_size_{0};

  mutable std::mutex subscribers_mutex_;
  std::vector<std::pair<int, std::function<void(std::uint64_t)>>> subscribers_;
  int next_subscriber_ = 1;

  mutable std::mutex stats_mutex_;
  Stats stats_;
  std::vector<std::uint32_t> reader_waits_;

  std::mutex replay_mutex_;  // One replay of the past at a time: each holds a whole state.
  std::mutex past_mutex_;    // Of the cache and of erasures_, held for moments only.
  std::size_t erasures_ = 0;
  std::vector<std::pair<std::uint64_t, std::shared_ptr<const State>>> past_;

  std::mutex checkpoint_mutex_;
  std::uint64_t checkpoint_size_ = UINT64_MAX, kept_checkpoint_ = 0;
  std::chrono::steady_clock::time_point kept_at_{};
  std::string checkpoint_;
};

}  // namespace landfall::app
