// SPDX-License-Identifier: Apache-2.0
#include "app/engine.h"

#include <malloc.h>

#include <filesystem>

#include "app/engine_side.h"
#include "app/ledger_keys.h"
#include "app/policy.h"
#include "ledger/small_file.h"

namespace landfall::app {
namespace {

constexpr auto kKeyWindow = std::chrono::hours(7 * 24);
constexpr auto kIdleTick = std::chrono::seconds(1);
constexpr auto kCheckpointEvery = std::chrono::seconds(60);
constexpr int kGatherPart = 2;  // Of what the disk takes.
constexpr auto kGatherMax = std::chrono::milliseconds(1);
constexpr auto kWatchMax = std::chrono::microseconds(100);
constexpr std::size_t kBatchIdsMax = 10'000;
constexpr std::size_t kSmallBatch = 600;
constexpr int kFirstEntryAttempts = 5;
constexpr auto kFirstEntryPause = std::chrono::milliseconds(200);

std::string IdOfSubject(std::string_view on) {
  const std::size_t slash = on.find('/');
  return std::string(slash == std::string_view::npos ? on : on.substr(slash + 1));
}

void AddId(std::vector<std::string>& ids, std::string_view on) {
  std::string id = IdOfSubject(on);
  if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(std::move(id));
}

// A database that cannot be reached now: while nothing is on its way to it, waiting does no harm. A disk that refuses
// is another matter.
bool IsAway(const LedgerFiles& files, const Error& error) {
  return files.in_database() && error.fault == Fault::kUnavailable;
}

// One line of a small file of the ledger's folder.
Result<std::string> ReadLine(const std::string& path) {
  auto text = ledger::ReadSmallFile(path);
  if (!text && text.error().code == "file.missing") return NotFound("ledger.key_missing", path);
  while (text && !text->empty() && text->back() == '\n') text->pop_back();
  return text;
}

// The ledger's public key and its entry 1, in one transaction: no ledger is ever there without them. `unknown` is set
// when the answer to the commit was lost and no further attempt could find out; it then may be there.
Status StoreFirstEntry(const LedgerFiles& files, const std::string& vfs, const std::string& vkey,
                       const ledger::EntryDraft& draft, Random& random, bool& unknown) {
  for (int attempt = 1;; ++attempt) {
    Status stored = [&]() -> Status {
      LF_ASSIGN(std::unique_ptr<ledger::Store> store, OpenStore(files, {.vfs = vfs, .create = true}));
      LF_ASSIGN(const std::unique_ptr<ledger::Log> log, ledger::Log::Open(std::move(store), random));
      return log->store().AppendAll([&]() -> Status {
        LF_TRY(log->store().PutMeta("vkey", vkey));
        LF_TRY(log->Add(draft));
        return log->Flush();
      });
    }();
    if (stored) return stored;
    const std::string& code = stored.error().code;
    if (unknown && code == "store.exists") {
      // Ours of the attempt before, which the database has let us wait for; or somebody else was first.
      LF_ASSIGN(const std::unique_ptr<ledger::Store> there, OpenStore(files, {.vfs = vfs, .read_only = true}));
      LF_ASSIGN(const std::optional<std::string> whose, there->Meta("vkey"));
      unknown = false;
      return whose == vkey ? Status(Ok{}) : stored;
    }
    unknown = unknown || code == "store.answer_lost";
    if (!unknown || stored.error().fault != Fault::kUnavailable || attempt == kFirstEntryAttempts) return stored;
    std::this_thread::sleep_for(kFirstEntryPause * attempt);
  }
}

}  // namespace

std::string NewKey(Clock& clock, Random& random) {
  const auto ms = static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(clock.Now().time_since_epoch()).count());
  std::array<std::uint8_t, 16> b;
  random.Fill(b);
  for (int i = 0; i < 6; ++i) b[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(ms >> (8 * (5 - i)));
  b[6] = static_cast<std::uint8_t>(0x70 | (b[6] & 0x0F));
  b[8] = static_cast<std::uint8_t>(0x80 | (b[8] & 0x3F));
  const std::string hex = Hex(b);
  return hex.substr(0, 8) + "-" + hex.substr(8, 4) + "-" + hex.substr(12, 4) + "-" + hex.substr(16, 4) + "-" +
         hex.substr(20);
}

Result<Instant> TimeOfKey(std::string_view key) {
  if (key.size() != 36 || key[8] != '-' || key[13] != '-' || key[18] != '-' || key[23] != '-' || key[14] != '7')
    return Invalid("request.key_not_uuid_v7");
  std::string hex;
  for (char c : key)
    if (c != '-') hex += c;
  auto bytes = ParseHex(hex);
  if (!bytes || (static_cast<std::uint8_t>((*bytes)[8]) & 0xC0) != 0x80) return Invalid("request.key_not_uuid_v7");
  std::int64_t ms = 0;
  for (int i = 0; i < 6; ++i) ms = ms << 8 | static_cast<std::uint8_t>((*bytes)[static_cast<std::size_t>(i)]);
  return Instant(std::chrono::milliseconds(ms));
}

// ---- the two sides ----

Engine::Reader::~Reader() {
  if (side_ != nullptr) side_->Leave(stripe_);
}
const State& Engine::Reader::state() const { return side_->state; }
std::uint64_t Engine::Reader::seq() const { return side_->seq; }
Instant Engine::Reader::last_at() const { return side_->last_at; }

// Left-right (Ramalhete & Correia 2015): a reader announces itself at the side it saw active and looks again; the
// writer touches only the other side, after its last reader has left.
Engine::Reader Engine::Read() const {
  static std::atomic<std::size_t> next{0};
  thread_local const std::size_t stripe = next.fetch_add(1) % Reader::Side::kStripes;
  for (;;) {
    const int at = active_.load();
    Reader::Side& side = *sides_[at];
    side.readers[stripe].n.fetch_add(1);
    if (active_.load() == at) return Reader(&side, stripe);
    side.Leave(stripe);
  }
}

struct Engine::Pending {
  Origin origin;
  std::vector<AnyEvent> events;
  Answer answer;
};

struct Engine::Batch {
  Actor by;
  std::string key;
  const std::vector<AnyCommand>& commands;
  admin::CompleteBatch completion;
  std::uint64_t known_seq;
  const Progress& progress;
  std::optional<Result<Answer>> result;
  std::condition_variable done;
};

// ---- opening ----

Engine::Engine(const LedgerFiles& files, const EngineOptions& options)
    : files_(files),
      options_(options),
      clock_(options.clock != nullptr ? options.clock : &SystemClock()),
      random_(options.random != nullptr ? options.random : &SystemRandom()) {
  for (auto& side : sides_) side = std::make_unique<Reader::Side>();
}

Status Engine::Create(const LedgerFiles& files, const admin::CreateLedger& command, const EngineOptions& options) {
  Clock& clock = options.clock != nullptr ? *options.clock : SystemClock();
  Random& random = options.random != nullptr ? *options.random : SystemRandom();
  std::error_code error;
  LF_ASSIGN(const bool exists, LedgerExists(files));
  if (exists) return Conflict("ledger.exists", files.in_database() ? files.jurisdiction : files.folder);
  // A ledger of another database may have left its key here; a key is never overwritten.
  if (files.in_database() && std::filesystem::exists(files.key())) return Conflict("ledger.exists", files.key());
  State empty;
  const AnyCommand any(command);
  const Instant now = clock.Now();
  LF_ASSIGN(
      std::vector<AnyEvent> events,
      Decide(empty, {now, WallDay(now, {static_cast<int>(command.utc_offset_minutes.value)}), Actor::Local()}, any));
  std::filesystem::create_directories(files.folder, error);
  if (error) return Unavailable("store.io", files.folder + ": " + error.message());
  const bool had_key = std::filesystem::exists(files.key());
  LF_ASSIGN(const ledger::SignerKey signer, KeyOfNewLedger(files, "landfall/" + command.jurisdiction.value, random));
  ledger::EntryDraft draft{now, "local", NewKey(clock, random), {}, "ledger.create", CanonicalJson(any), {}};
  for (const AnyEvent& event : events) draft.events.push_back(DraftOf(event));
  bool unknown = false;
  Status stored = StoreFirstEntry(files, options.vfs, signer.verifier().Encode(), draft, random, unknown);
  // The key of no ledger would be in the way of the next try; that of a ledger which may be there is never removed.
  if (stored) return stored;
  const auto there = OpenStore(files, {.vfs = options.vfs, .read_only = true});
  const bool nowhere = files.in_database() ? !unknown : !there && there.error().code == "store.missing";
  if (nowhere && !had_key) std::filesystem::remove(files.key(), error);
  return stored;
}

Result<std::unique_ptr<Engine>> Engine::Open(const LedgerFiles& files, const EngineOptions& options) {
  auto engine = std::unique_ptr<Engine>(new Engine(files, options));
  LF_TRY(engine->Start());
  return engine;
}

Status Engine::Start() {
  LF_ASSIGN(std::unique_ptr<ledger::Store> store,
            OpenStore(files_, {.vfs = options_.vfs, .create = false, .read_only = options_.read_only}));
  LF_ASSIGN(log_, ledger::Log::Open(std::move(store), *random_));
  LF_ASSIGN(const std::vector<ledger::VerifierKey> keys, ReadLedgerKeys(log_->store()));
  if (!options_.read_only) {
    // What went on elsewhere must not go on here too.
    LF_ASSIGN(const std::optional<std::string> moved, log_->store().Meta(kMovedKey));
    if (moved) return Conflict("ledger.moved", *moved);
    LF_ASSIGN(std::string skey, ReadLine(files_.key()));
    LF_ASSIGN(ledger::SignerKey signer, ledger::SignerKey::Parse(skey));
    if (signer.verifier().Encode() != keys[0].Encode()) return Conflict("ledger.other_key", files_.key());
    signer_ = std::make_unique<ledger::SignerKey>(std::move(signer));
  }

  // The tree must still contain what was last signed: a ledger that was rolled back or rewritten is not opened.
  LF_ASSIGN(const std::optional<std::string> note, log_->store().LastCheckpoint());
  if (note) LF_TRY(CheckSigned(*note, keys));
  verifier_ = std::make_unique<ledger::VerifierKey>(keys[0]);
  if (const auto kept = ledger::ReadSmallFile(files_.checkpoint())) {
    if (Status checked = CheckSigned(*kept, keys); !checked) return std::move(checked).error().At("checkpoint");
  } else if (kept.error().code != "file.missing") {
    return kept.error();
  }

  Replica replica;
  LoadSnapshot(files_.snapshots(), replica, *log_, UINT64_MAX);
  erasures_ = replica.state.admin.erased.size();  // Those behind it make the snapshot one that must go.
  LF_TRY(Fold(*log_, replica));
  keys_ = std::move(replica.keys);
  history_.Take(std::move(replica.history));
  last_at_ = replica.last_at;
  for (auto& side : sides_) {
    side->seq = replica.seq;
    side->last_at = replica.last_at;
  }
  sides_[0]->state = std::move(replica.state);
  idle_stale_ = true;  // Copied by the writer's thread while readers are served; who only reads needs no second copy.
  ::malloc_trim(0);    // Folding leaves a heap full of holes; they go back to the system.
  ForgetErased();
  checked_at_ = std::chrono::steady_clock::now().time_since_epoch().count();
  seen_size_ = replica.seq;
  if (options_.stepped) return Ok{};
  if (!options_.read_only) {
    thread_ = std::thread([this] { Loop(); });
    if (files_.in_database()) listener_ = std::thread([this] { Listen(); });
  } else if (options_.follow) {
    thread_ = std::thread([this] { Follow(); });
  }
  return Ok{};
}

Status Engine::CheckSigned(const std::string& note, std::span<const ledger::VerifierKey> keys) {
  LF_ASSIGN(const ledger::OpenedCheckpoint last, ledger::OpenCheckpoint(note, keys));
  const std::uint64_t size = last.checkpoint.size;
  if (size > log_->size())
    return Corrupt("ledger.rolled_back",
                   "signed " + std::to_string(size) + " entries, holds " + std::to_string(log_->size()));
  LF_ASSIGN(const Digest root, log_->View()->RootAt(size));
  if (root != last.checkpoint.root) return Corrupt("ledger.rewritten", "checkpoint of " + std::to_string(size));
  kept_checkpoint_ = std::max(kept_checkpoint_, size);
  return Ok{};
}

Engine::~Engine() {
  if (thread_.joinable()) {
    {
      std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_all();
    log_->store().WakeListener();
    thread_.join();
    if (listener_.joinable()) listener_.join();
    if (options_.read_only) return;
    const Reader::Side& side = *sides_[active_.load()];
    const std::vector<SnapshotInfo> snapshots = ListSnapshots(files_.snapshots());
    const bool fresh = !snapshots.empty() && snapshots[0].seq == side.seq;
    if (options_.snapshot_on_close && !stopped_ && !fresh && side.seq >= 1000)
      (void)WriteSnapshot(files_.snapshots(), {side.state, keys_, history_, side.seq, side.last_at}, *log_).ok();
  }
}

// ---- clients ----

void Engine::Submit(Request request) {
  {
    std::lock_guard lock(mutex_);
    if (!stopping_ && !options_.read_only) {
      queue_.push_back(std::move(request));
      queued_.store(queue_.size(), std::memory_order_relaxed);
      if (!watching_ && (queue_.size() == 1 || queue_.size() == expected_)) wake_.notify_one();
      return;
    }
  }
  request.done(Unavailable(options_.read_only ? "ledger.read_only" : "ledger.stopped"));
}

Result<Answer> Engine::Run(Actor by, std::string key, AnyCommand command) {
  std::mutex mutex;
  std::condition_variable arrived;
  std::optional<Result<Answer>> outcome;
  Submit({by, std::move(key), std::move(command), [&](Result<Answer> answer) {
            std::lock_guard lock(mutex);
            outcome = std::move(answer);
            arrived.notify_one();
          }});
  if (options_.stepped) Step(false);
  std::unique_lock lock(mutex);
  arrived.wait(lock, [&] { return outcome.has_value(); });
  return std::move(*outcome);
}

Result<Answer> Engine::RunBatch(Actor by, std::string key, const std::vector<AnyCommand>& commands,
                                admin::CompleteBatch completion, std::uint64_t known_seq, const Progress& progress) {
  if (commands.empty()) return Answer{};
  completion.entries = {static_cast<std::int64_t>(commands.size())};
  Batch batch{by, std::move(key), commands, std::move(completion), known_seq, progress, std::nullopt, {}};
  std::unique_lock lock(mutex_);
  if (stopping_ || options_.read_only) return Unavailable(options_.read_only ? "ledger.read_only" : "ledger.stopped");
  batches_.push_back(&batch);
  wake_.notify_one();
  if (options_.stepped) {
    lock.unlock();
    Step(false);
    lock.lock();
  }
  batch.done.wait(lock, [&] { return batch.result.has_value(); });
  return std::move(*batch.result);
}

std::vector<std::pair<std::size_t, Error>> Engine::TryBatch(Actor by, const std::vector<AnyCommand>& commands) {
  auto state = std::make_unique<State>();
  std::uint64_t seq = 0;
  {
    const Reader reader = Read();
    *state = reader.state();
    seq = reader.seq();
  }
  const Instant now = clock_->Now();
  const DecideContext context{now, WallDay(now, state->admin.offset()), by};
  std::vector<std::pair<std::size_t, Error>> refused;
  for (std::size_t i = 0; i < commands.size(); ++i) {
    Status allowed = Authorize(*state, by, context.today, commands[i]);
    if (!allowed) {
      refused.emplace_back(i, std::move(allowed).error());
      continue;
    }
    auto events = Decide(*state, context, commands[i]);
    if (!events) {
      refused.emplace_back(i, std::move(events).error());
      continue;
    }
    Origin origin{++seq, 0, now, by, false};
    for (const AnyEvent& event : *events) {
      ApplyEvent(*state, origin, event);
      ++origin.event;
    }
  }
  return refused;
}

// ---- the writer's thread ----

void Engine::Loop() {
  for (;;) {
    FollowActiveEarly();
    Gather();
    if (!Round(std::chrono::steady_clock::now() - kept_at_ >= kCheckpointEvery)) return;
  }
}

// Until there is something to do. Whoever is answered asks again a moment later. A writer that goes on at once with the
// few that came meanwhile splits its clients into two halves that take turns, and each commit, which costs the disk the
// same, carries half of them. So it waits for as many as were on their way last time, but never longer than a part of
// what the disk takes: beyond that a commit of half of them is cheaper. Clients of this process are back before a
// thread could fall asleep and be woken, so that it first looks without sleeping. Where waiting was in vain, as for
// clients across a network, it is not tried for some commits.
void Engine::Gather() {
  const std::size_t expected = expected_;
  const auto longest = std::min<std::chrono::nanoseconds>(disk_took_ / kGatherPart, kGatherMax);
  if (watching_ && watch_.IsWorthATry()) {
    const auto until = std::chrono::steady_clock::now() + std::min<std::chrono::nanoseconds>(longest, kWatchMax);
    const auto all = [&] { return queued_.load(std::memory_order_relaxed) >= expected; };
    while (!all() && std::chrono::steady_clock::now() < until) std::this_thread::yield();
    if (!all()) watch_.WasInVain();
  }
  std::unique_lock lock(mutex_);
  watching_ = false;
  wake_.wait_for(lock, kIdleTick, [&] { return stopping_ || news_ || !queue_.empty() || !batches_.empty(); });
  if (queue_.empty() || queue_.size() >= expected || !gather_.IsWorthATry()) return;
  wake_.wait_for(lock, longest, [&] { return stopping_ || !batches_.empty() || queue_.size() >= expected; });
  if (queue_.size() < expected) gather_.WasInVain();
}

bool Engine::Round(bool checkpoint_due) {
  std::vector<Batch*> batches;
  taken_.clear();
  bool stopping = false;
  {
    std::lock_guard lock(mutex_);
    news_ = false;
    taken_.swap(queue_);
    queued_.store(0, std::memory_order_relaxed);
    batches.swap(batches_);
    stopping = stopping_;
  }
  const bool idle = taken_.empty() && batches.empty();
  // A database that went while others' entries were taken in: the log is ahead of the state, on which nothing is
  // decided.
  if (!idle && !stopped_ && log_->size() != sides_[active_.load()]->seq && !CatchUpWithOthers()) Stop();
  for (Batch* batch : batches) {
    Result<Answer> answer = CommitBatch(*batch);
    std::lock_guard lock(mutex_);
    batch->result = std::move(answer);
    batch->done.notify_all();
  }
  for (std::size_t from = 0; from < taken_.size(); from += options_.batch_max) {
    const std::size_t to = std::min(taken_.size(), from + options_.batch_max);
    std::vector<Request> part(std::make_move_iterator(taken_.begin() + static_cast<std::ptrdiff_t>(from)),
                              std::make_move_iterator(taken_.begin() + static_cast<std::ptrdiff_t>(to)));
    CommitRequests(part);
  }
  if (idle && !stopped_) {
    if (Status others = CatchUpWithOthers(); !others && !IsAway(files_, others.error())) Stop();
  }
  if (!stopped_) KeepCheckpoint(checkpoint_due || stopping);
  return !(stopping && idle);
}

void Engine::Step(bool keep_checkpoint) {
  LF_CHECK(options_.stepped);
  if (!options_.read_only)
    (void)Round(keep_checkpoint);
  else if (!FollowOnce())
    Stop();
}

void Engine::Stop() { stopped_.store(true); }

void Engine::FollowActive() {
  Reader::Side& idle = Idle();
  const Reader::Side& active = *sides_[active_.load()];
  if (idle_stale_) {
    idle.state = active.state;
    idle_stale_ = false;
  } else {
    for (const auto& [origin, event] : unapplied_) ApplyEvent(idle.state, origin, event);
  }
  unapplied_.clear();
  idle.seq = active.seq;
  idle.last_at = active.last_at;
}

// Between commits, while those who were answered think.
void Engine::FollowActiveEarly() {
  if (!stopped_ && (idle_stale_ || !unapplied_.empty()) && !Idle().Busy()) FollowActive();
}

void Engine::PrepareIdle() {
  Reader::Side& idle = Idle();
  const auto start = std::chrono::steady_clock::now();
  idle.AwaitReaders();
  const auto waited = static_cast<std::uint64_t>((std::chrono::steady_clock::now() - start).count());
  FollowActive();
  std::lock_guard lock(stats_mutex_);
  stats_.reader_wait_ns_max = std::max(stats_.reader_wait_ns_max, waited);
  stats_.reader_wait_ns_total += waited;
  if (reader_waits_.size() < 1'000'000)
    reader_waits_.push_back(static_cast<std::uint32_t>(std::min<std::uint64_t>(waited, UINT32_MAX)));
}

Status Engine::CheckKey(const std::string& key) const {
  LF_ASSIGN(const Instant at, TimeOfKey(key));
  const Instant now = clock_->Now();
  if (at < now - kKeyWindow || at > now + kKeyWindow || keys_.MayHaveForgotten(at))
    return Invalid("request.key_out_of_window");
  return Ok{};
}

std::optional<Result<Answer>> Engine::AnswerRepeated(const Actor& by, const std::string& key,
                                                     const AnyCommand& command) {
  const std::uint64_t seq = keys_.Find(by.ToString(), key);
  if (seq == 0) return std::nullopt;
  auto record = log_->Entry(seq);
  if (!record) return Result<Answer>(std::move(record).error());
  ledger::Leaf leaf;
  if (!ledger::ParseLeaf(record->leaf, leaf))
    return Result<Answer>(Corrupt("ledger.corrupt", "entry " + std::to_string(seq)));
  if (leaf.key != key || leaf.by != by.ToString()) return std::nullopt;
  const auto& first = record->payloads.at(0).salted;
  // An erased first payload took its salt with it: the same and another body cannot be told apart, so refuse.
  if (!first || AsText(ledger::TagOf(std::string_view(*first).substr(0, ledger::kSaltBytes), CanonicalJson(command))) !=
                    record->tag)
    return Result<Answer>(Conflict("request.key_reused", "key of entry " + std::to_string(seq)));
  return AnswerOf(seq, key);
}

Result<Answer> Engine::AnswerOf(std::uint64_t seq, const std::string& key) {
  Answer answer{seq, {}, true};
  // A batch is answered with what all of its entries speak of, as it was the first time.
  std::uint64_t first = seq;
  ledger::Leaf leaf;
  while (first > 1) {
    LF_ASSIGN(const ledger::EntryRecord before, log_->Entry(first - 1));
    if (!ledger::ParseLeaf(before.leaf, leaf)) return Corrupt("ledger.corrupt", "entry " + std::to_string(first - 1));
    if (leaf.batch != key) break;
    --first;
  }
  const std::uint64_t last = first == seq ? seq : seq - 1;
  for (std::uint64_t at = first; at <= last && answer.ids.size() < kBatchIdsMax; ++at) {
    LF_ASSIGN(const ledger::EntryRecord record, log_->Entry(at));
    if (!ledger::ParseLeaf(record.leaf, leaf)) return Corrupt("ledger.corrupt", "entry " + std::to_string(at));
    std::vector<std::string> ids;
    for (const ledger::LeafEvent& event : leaf.events) AddId(ids, event.on);
    for (std::string& id : ids)
      if (answer.ids.size() < kBatchIdsMax) answer.ids.push_back(std::move(id));
  }
  return answer;
}

Result<Engine::Pending> Engine::DecideOne(const Actor& by, const std::string& key, const std::string& batch,
                                          const AnyCommand& command, Instant at, bool allowed) {
  Reader::Side& idle = Idle();
  if (!allowed) LF_TRY(Authorize(idle.state, by, WallDay(at, idle.state.admin.offset()), command));
  const auto* erase = std::get_if<admin::ErasePayload>(&command);
  if (erase != nullptr) {
    LF_ASSIGN(const ledger::EntryRecord target, log_->Entry(static_cast<std::uint64_t>(erase->seq.value)));
    const auto event = static_cast<std::size_t>(erase->event.value);
    if (event >= target.payloads.size()) return NotFound("entry.not_found", {}, "event");
    if (!target.payloads[event].erasable) return Conflict("payload.not_erasable", {}, "event");
  }
  LF_ASSIGN(std::vector<AnyEvent> events,
            Decide(idle.state, {at, WallDay(at, idle.state.admin.offset()), by}, command));
  ledger::EntryDraft draft{at, by.ToString(), key, batch, std::string(InfoOf(command).name), CanonicalJson(command),
                           {}};
  draft.events.reserve(events.size());
  for (const AnyEvent& event : events) draft.events.push_back(DraftOf(event));
  LF_ASSIGN(const std::uint64_t seq, log_->Add(draft));
  if (erase != nullptr)
    log_->Erase(static_cast<std::uint64_t>(erase->seq.value), static_cast<std::uint32_t>(erase->event.value));
  Pending pending{{seq, 0, at, by, false}, std::move(events), {seq, {}, false}};
  Origin origin = pending.origin;
  for (std::size_t i = 0; i < pending.events.size(); ++i) {
    origin.event = static_cast<std::uint32_t>(i);
    ApplyEvent(idle.state, origin, pending.events[i]);
    AddId(pending.answer.ids, draft.events[i].on);
  }
  return pending;
}

void Engine::Flip(Instant at, std::uint64_t seq) {
  Reader::Side& idle = Idle();
  idle.seq = seq;
  idle.last_at = at;
  last_at_ = at;
  active_.store(1 - active_.load());
  ForgetErased();
  std::vector<std::function<void(std::uint64_t)>> call;
  {
    std::lock_guard lock(subscribers_mutex_);
    for (const auto& [handle, f] : subscribers_) call.push_back(f);
  }
  for (const auto& f : call) f(seq);
}

void Engine::Remember(std::vector<Pending>& pending) {
  for (Pending& p : pending) {
    for (std::size_t e = 0; e < p.events.size(); ++e) {
      Origin origin = p.origin;
      origin.event = static_cast<std::uint32_t>(e);
      history_.Add(DraftSubject(p.events[e]), p.origin.seq);
      unapplied_.emplace_back(origin, std::move(p.events[e]));
    }
  }
}

void Engine::CommitRequests(std::vector<Request>& requests) {
  struct Outcome {
    std::optional<Result<Answer>> answer;
    std::size_t same_as = SIZE_MAX;  // A request of this very commit with the same key and body.
  };
  int lost_answers = 0;
  for (;;) {
    std::vector<Outcome> outcomes(requests.size());
    std::vector<Pending> pending;
    std::vector<std::size_t> owner;  // of pending: index of its request
    if (!stopped_) PrepareIdle();
    const Instant at = Stamp();
    for (std::size_t i = 0; i < requests.size(); ++i) {
      Request& r = requests[i];
      if (stopped_) {
        outcomes[i].answer = Unavailable("ledger.stopped");
        continue;
      }
      if (Status key = CheckKey(r.key); !key) {
        outcomes[i].answer = std::move(key).error();
        continue;
      }
      if (std::holds_alternative<admin::CompleteBatch>(r.command)) {
        outcomes[i].answer = Invalid("batch.closes_nothing");  // Only RunBatch may close what it has begun.
        continue;
      }
      const std::uint64_t known = keys_.Find(r.by.ToString(), r.key);
      if (known != 0 && !pending.empty() && known >= pending.front().origin.seq) {
        const std::size_t twin = owner[known - pending.front().origin.seq];
        if (requests[twin].key == r.key && requests[twin].by == r.by) {
          if (CanonicalJson(requests[twin].command) == CanonicalJson(r.command))
            outcomes[i].same_as = twin;
          else
            outcomes[i].answer = Conflict("request.key_reused");
          continue;
        }
      } else if (known != 0) {
        outcomes[i].answer = AnswerRepeated(r.by, r.key, r.command);
        if (outcomes[i].answer) continue;
      }
      auto decided = DecideOne(r.by, r.key, {}, r.command, at);
      if (!decided) {
        outcomes[i].answer = std::move(decided).error();
        continue;
      }
      keys_.Add(at, r.by.ToString(), r.key, decided->origin.seq);
      outcomes[i].answer = decided->answer;
      pending.push_back(std::move(*decided));
      owner.push_back(i);
    }
    if (!pending.empty()) {
      const auto began = std::chrono::steady_clock::now();
      Status flushed = log_->Flush();
      disk_took_ = std::chrono::steady_clock::now() - began;
      if (!flushed) {
        // What was decided on a state that may no longer be true is forgotten, and decided again. A request that a lost
        // answer was about is then found by its key.
        keys_.DropNewest(pending.size());
        if (Status recovered = Recover(flushed.error(), lost_answers); recovered)
          continue;
        else
          flushed = std::move(recovered);
      }
      if (flushed) {
        Flip(at, log_->next_seq() - 1);
        Remember(pending);
      } else {
        Stop();
        for (const std::size_t i : owner) outcomes[i].answer = Unavailable("ledger.stopped", flushed.error().detail);
      }
    }
    {
      std::lock_guard lock(stats_mutex_);
      stats_.commits += !pending.empty();
      stats_.entries += pending.size();
      stats_.commands += requests.size();
    }
    // Before any answer goes out: a repetition is told all that the first one is told.
    for (Outcome& outcome : outcomes) {
      if (outcome.same_as == SIZE_MAX) continue;
      outcome.answer = outcomes[outcome.same_as].answer;
      if (*outcome.answer) (*outcome.answer)->repeated = true;
    }
    {
      std::lock_guard lock(mutex_);
      expected_ = requests.size() + queue_.size();
      watching_ = expected_ > 1;
    }
    for (std::size_t i = 0; i < requests.size(); ++i) requests[i].done(*std::move(outcomes[i].answer));
    return;
  }
}

Result<Answer> Engine::CommitBatch(Batch& batch) {
  int lost_answers = 0;
  for (;;) {
    if (stopped_) return Unavailable("ledger.stopped");
    LF_TRY(CheckKey(batch.key));
    if (auto repeated = AnswerRepeated(batch.by, batch.key, AnyCommand(batch.completion))) return std::move(*repeated);
    if (batch.known_seq != kAnySeq && log_->next_seq() != batch.known_seq + 1)
      return Conflict("ledger.moved_on", std::to_string(log_->next_seq() - 1));
    PrepareIdle();
    const Instant at = Stamp();
    const std::uint64_t first = log_->next_seq();
    std::vector<std::pair<std::string, std::uint64_t>> spoken;
    std::vector<Pending> pending;  // Of a batch so small that its events are cheaper to keep than the state to copy.
    const bool small = batch.commands.size() <= kSmallBatch;
    const auto add = [&](const AnyCommand& command, bool last) -> Result<Answer> {
      LF_ASSIGN(Pending p, DecideOne(batch.by, last ? batch.key : std::string(), last ? std::string() : batch.key,
                                     command, at, last));
      Answer answer = p.answer;
      if (small)
        pending.push_back(std::move(p));
      else
        for (const AnyEvent& event : p.events) spoken.emplace_back(DraftSubject(event), p.origin.seq);
      return answer;
    };
    const auto abandon = [&](Error error, std::size_t index) -> Error {
      log_->DropPending();
      if (log_->stopped()) Stop();
      idle_stale_ = true;
      return std::move(error).At("[" + std::to_string(index) + "]");
    };
    std::vector<std::string> ids;
    for (std::size_t i = 0; i < batch.commands.size(); ++i) {
      auto answer = add(batch.commands[i], false);
      if (!answer) return abandon(std::move(answer).error(), i);
      for (std::string& id : answer->ids)
        if (ids.size() < kBatchIdsMax) ids.push_back(std::move(id));
      if (batch.progress && i % 100 == 99) batch.progress(i + 1, batch.commands.size());
    }
    auto last = add(AnyCommand(batch.completion), true);
    if (!last) return abandon(std::move(last).error(), batch.commands.size());
    const std::uint64_t entries = log_->next_seq() - first;
    Status flushed = log_->Flush();
    if (!flushed) {
      flushed = Recover(flushed.error(), lost_answers);
      if (flushed) continue;
      Stop();
      idle_stale_ = true;
      return Unavailable("ledger.stopped", flushed.error().detail);
    }
    Flip(at, log_->next_seq() - 1);
    idle_stale_ = !small;  // Of a long import the state is copied once; that is cheaper than holding every event.
    Remember(pending);
    for (const auto& [on, seq] : spoken) history_.Add(on, seq);
    keys_.Add(at, batch.by.ToString(), batch.key, last->seq);
    {
      std::lock_guard lock(stats_mutex_);
      ++stats_.commits;
      stats_.entries += entries;
    }
    if (batch.progress) batch.progress(batch.commands.size(), batch.commands.size());
    return Answer{last->seq, std::move(ids), false};
  }
}

void Engine::KeepCheckpoint(bool due) {
  // Kept once a minute and at the end: what was signed can never again be denied.
  const std::uint64_t size = log_->size();
  if (size == kept_checkpoint_ || !due) return;
  auto note = SignedCheckpoint();
  if (!note) return Stop();
  if (Status put = log_->store().PutCheckpoint(size, *note); !put) return IsAway(files_, put.error()) ? void() : Stop();
  (void)ledger::ReplaceSmallFile(files_.checkpoint(), *note)
      .ok();  // A second witness; the one inside the store is durable.
  kept_checkpoint_ = size;
  kept_at_ = std::chrono::steady_clock::now();
}

}  // namespace landfall::app
