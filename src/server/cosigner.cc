// SPDX-License-Identifier: Apache-2.0
#include "server/cosigner.h"

#include "app/ledger_keys.h"
#include "ledger/small_file.h"
#include "ledger/witness.h"
#include "server/http_client.h"

namespace landfall::server {
namespace {

// The lines of `answer` that this witness has signed over the note's text.
Result<std::vector<ledger::NoteSignature>> Cosignatures(const std::string& note, const std::string& answer,
                                                        const ledger::VerifierKey& witness) {
  const auto parsed = ledger::SignedNote::Parse(note + answer);
  if (!parsed) return Corrupt("witness.answer_malformed", parsed.error().detail);
  std::vector<ledger::NoteSignature> own;
  for (const ledger::NoteSignature& signature : parsed->signatures)
    if (witness.IsNamedBy(signature) && witness.Verifies(parsed->text, signature.bytes)) own.push_back(signature);
  if (own.empty()) return Corrupt("witness.answer_malformed", "the answer has no cosignature of " + witness.name());
  return own;
}

}  // namespace

Cosigner::~Cosigner() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stop_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void Cosigner::Start() {
  thread_ = std::thread([this] { Loop(); });
}

void Cosigner::Loop() {
  std::string last;
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    const Status done = RunOnce();
    // A witness that is away for a day is told once, and once more when it is back.
    std::string now = done ? "" : done.error().code + " " + done.error().detail;
    if (now != last && log_) log_("witness: " + (now.empty() ? "cosigning again" : now));
    last = std::move(now);
    lock.lock();
    stop_.wait_for(lock, kEvery, [this] { return stopping_; });
  }
}

Status Cosigner::RunOnce() {
  Status first = Ok{};
  for (app::Engine* engine : engines_)
    if (Status done = Round(*engine); !done && first) first = std::move(done);
  return first;
}

Status Cosigner::Round(app::Engine& engine) {
  LF_ASSIGN(const std::vector<app::LedgerWitness> witnesses, app::ReadWitnesses(engine.files()));
  if (witnesses.empty()) return Ok{};
  const std::vector<ledger::VerifierKey> witness_keys = app::KeysOf(witnesses);
  LF_ASSIGN(const std::vector<ledger::VerifierKey> log_keys, app::ReadLedgerKeys(engine.log().store()));
  LF_ASSIGN(const std::string note, engine.SignedCheckpoint());
  LF_ASSIGN(const ledger::OpenedCheckpoint ours, ledger::OpenCheckpoint(note, log_keys));
  // A file that is not this ledger's is replaced: what counts is what the witness says.
  const auto before = app::ReadCosigned(engine.files(), log_keys, witness_keys);
  const bool have = before && *before;
  const bool same_size = have && (*before)->size == ours.checkpoint.size;
  std::string cosigned = same_size ? (*before)->note : note;
  Status first = Ok{};
  bool changed = false;
  for (const app::LedgerWitness& witness : witnesses) {
    const std::string name = engine.files().folder + "\n" + witness.key.Encode();
    const bool signed_before =
        have && std::any_of((*before)->by.begin(), (*before)->by.end(), [&](const ledger::Cosignature& by) {
          return by.name == witness.key.name() && by.key_id == witness.key.key_id();
        });
    if (signed_before && same_size) continue;
    if (signed_before) known_.emplace(name, (*before)->size);
    auto answer = Ask(engine, witness, note, ours.checkpoint);
    auto lines =
        answer ? Cosignatures(note, *answer, witness.key) : Result<std::vector<ledger::NoteSignature>>(answer.error());
    if (!lines) {
      if (first) first = lines.error();
      continue;
    }
    for (ledger::NoteSignature& line : *lines) {
      LF_ASSIGN(cosigned, ledger::AddSignature(cosigned, std::move(line)));
    }
    known_[name] = ours.checkpoint.size;
    changed = true;
  }
  if (changed) LF_TRY(ledger::ReplaceSmallFile(app::CosignedPath(engine.files()), cosigned));
  return first;
}

Result<std::string> Cosigner::Ask(app::Engine& engine, const app::LedgerWitness& witness, const std::string& note,
                                  const ledger::Checkpoint& checkpoint) {
  LF_ASSIGN(const app::WitnessAddress address, app::ParseWitnessUrl(witness.url));
  LF_ASSIGN(HttpClient client, HttpClient::Connect(address.host, address.port, kTimeout));
  client.SetBodyBytesMax(kAnswerBytesMax);
  std::uint64_t& known = known_[engine.files().folder + "\n" + witness.key.Encode()];
  const auto view = engine.log().View();
  // Twice: the second time from the size that the witness names.
  for (int attempt = 0;; ++attempt) {
    ledger::AddCheckpoint request{known, {}, note};
    if (known > 0 && known < checkpoint.size) {
      LF_ASSIGN(request.proof, view->Consistency(known, checkpoint.size));
    }
    LF_ASSIGN(const ClientResponse answer,
              client.Send("POST", address.prefix + "/add-checkpoint", {}, ledger::FormatAddCheckpoint(request)));
    if (answer.status == 200) return answer.body;
    if (answer.status != 409)
      return Conflict("witness.refused", witness.key.name() + " answers " + std::to_string(answer.status));
    const auto size = answer.body.ends_with('\n')
                          ? ledger::ParseDecimal(std::string_view(answer.body).substr(0, answer.body.size() - 1))
                          : std::nullopt;
    if (!size) return Corrupt("witness.answer_malformed", witness.key.name() + " answers 409 without a size");
    if (*size > checkpoint.size)
      return Conflict("witness.knows_more", witness.key.name() + " has cosigned " + std::to_string(*size) +
                                                " entries, the ledger holds " + std::to_string(checkpoint.size));
    if (attempt == 1 || *size == known)
      return Conflict("witness.refused",
                      witness.key.name() + " has cosigned another tree of " + std::to_string(*size) + " entries");
    known = *size;
  }
}

}  // namespace landfall::server
