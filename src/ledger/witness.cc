// SPDX-License-Identifier: Apache-2.0
#include "ledger/witness.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>

#include "ledger/small_file.h"

namespace landfall::ledger {
namespace {

constexpr std::string_view kOld = "old ";

std::string KeyPath(const std::string& folder) { return folder + "/witness.key"; }
std::string LogsPath(const std::string& folder) { return folder + "/logs"; }
// An origin may hold any character: its hash is a safe name.
std::string LogFolder(const std::string& folder, std::string_view origin) {
  return LogsPath(folder) + "/" + Hex(Sha256(origin));
}

// There from the day a log is trusted until it is cosigned for the first time.
std::string FreshPath(const std::string& log_folder) { return log_folder + "/fresh"; }

Error Malformed(std::string why) { return Invalid("witness.malformed", std::move(why)); }
Error CorruptState(const std::string& path) { return Corrupt("witness.state_corrupt", path); }

std::string_view TakeLine(std::string_view& rest) {
  const std::size_t end = std::min(rest.find('\n'), rest.size());
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return line;
}

// Nothing when the log is not known.
Result<std::vector<VerifierKey>> LoadKeys(const std::string& log_folder) {
  std::vector<VerifierKey> keys;
  const auto text = ReadSmallFile(log_folder + "/keys");
  if (!text && text.error().code == "file.missing") return keys;
  if (!text) return text.error();
  for (std::string_view rest = *text; !rest.empty();) {
    auto key = VerifierKey::Parse(TakeLine(rest));
    if (!key) return CorruptState(log_folder + "/keys");
    keys.push_back(std::move(*key));
  }
  return keys;
}

Status MakeFolder(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  return error ? Status(Unavailable("store.io", path + ": " + error.message())) : Status(Ok{});
}

}  // namespace

std::string FormatAddCheckpoint(const AddCheckpoint& request) {
  std::string body = fmt::format("{}{}\n", kOld, request.old_size);
  for (const Digest& hash : request.proof) body += Base64(hash) + "\n";
  return body + "\n" + request.note;
}

Result<AddCheckpoint> ParseAddCheckpoint(std::string_view body) {
  if (body.size() > kWitnessBodyBytesMax) return Malformed("the body is too large");
  AddCheckpoint out;
  std::string_view line = TakeLine(body);
  const auto old_size = line.starts_with(kOld) ? ParseDecimal(line.substr(kOld.size())) : std::nullopt;
  if (!old_size) return Malformed("the first line is not the old size");
  out.old_size = *old_size;
  for (line = TakeLine(body); !line.empty(); line = TakeLine(body)) {
    const auto hash = ParseBase64(line);
    if (!hash || hash->size() != sizeof(Digest)) return Malformed("a line is not a hash of 32 bytes");
    if (out.proof.size() == kWitnessProofHashesMax) return Malformed("more hashes than any proof has");
    std::memcpy(out.proof.emplace_back().data(), hash->data(), sizeof(Digest));
  }
  if (body.empty()) return Malformed("there is no checkpoint");
  out.note = body;
  return out;
}

Result<std::string> Witness::Create(const std::string& folder, std::string_view name, Random& random) {
  if (std::filesystem::exists(KeyPath(folder))) return Conflict("witness.exists", folder);
  LF_ASSIGN(const SignerKey signer, SignerKey::Generate(name, SignatureType::kCosignatureV1, random));
  LF_TRY(MakeFolder(LogsPath(folder)));
  LF_TRY(ReplaceSmallFile(KeyPath(folder), signer.Encode() + "\n", 0600));
  return signer.verifier().Encode();
}

Status Witness::Trust(const std::string& folder, std::string_view vkey) {
  LF_ASSIGN(const VerifierKey key, VerifierKey::Parse(vkey));
  if (key.type() != SignatureType::kEd25519) return Invalid("note.key_malformed", "not a log's key");
  LF_TRY(ReadSmallFile(KeyPath(folder)));
  const std::string log_folder = LogFolder(folder, key.name());
  LF_ASSIGN(const std::vector<VerifierKey> known, LoadKeys(log_folder));
  std::string text;
  for (const VerifierKey& k : known) {
    if (k.Encode() == key.Encode()) return Ok{};
    text += k.Encode() + "\n";
  }
  LF_TRY(MakeFolder(log_folder));
  if (known.empty()) LF_TRY(ReplaceSmallFile(FreshPath(log_folder), ""));
  return ReplaceSmallFile(log_folder + "/keys", text + key.Encode() + "\n");
}

Result<std::unique_ptr<Witness>> Witness::Open(const std::string& folder, Clock& clock) {
  LF_ASSIGN(std::string skey, ReadSmallFile(KeyPath(folder)));
  while (!skey.empty() && skey.back() == '\n') skey.pop_back();
  LF_ASSIGN(SignerKey signer, SignerKey::Parse(skey));
  if (signer.verifier().type() != SignatureType::kCosignatureV1)
    return Invalid("note.key_malformed", "not a witness's key");
  const int lock = ::open((folder + "/lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (lock < 0) return Unavailable("store.io", folder + "/lock");
  if (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
    ::close(lock);
    return Conflict("witness.in_use", folder);
  }
  return std::unique_ptr<Witness>(new Witness(folder, std::move(signer), clock, lock));
}

Witness::~Witness() { ::close(lock_); }

Result<Witness::Seen> Witness::LoadSeen(const std::string& log_folder) const {
  const std::string path = log_folder + "/checkpoint";
  const auto note = ReadSmallFile(path);
  // Only what was never cosigned is new; a checkpoint that was there and is gone must not begin a second history.
  if (!note && note.error().code == "file.missing" && std::filesystem::exists(FreshPath(log_folder))) return Seen{};
  if (!note && note.error().code == "file.missing") return CorruptState(path);
  if (!note) return note.error();
  // Only our own cosignature makes it something that we have seen.
  const auto opened = OpenNote(*note, {&signer_.verifier(), 1});
  if (!opened) return CorruptState(path);
  const auto checkpoint = ParseCheckpoint(opened->text);
  if (!checkpoint) return CorruptState(path);
  return Seen{checkpoint->size, checkpoint->root, CosignatureSeconds(opened->verified[0].bytes)};
}

Result<Witness::Outcome> Witness::Add(std::string_view body) {
  LF_ASSIGN(const AddCheckpoint request, ParseAddCheckpoint(body));
  const auto parsed = SignedNote::Parse(request.note);
  if (!parsed) return Malformed(parsed.error().detail);
  const auto checkpoint = ParseCheckpoint(parsed->text);
  if (!checkpoint) return Malformed(checkpoint.error().detail);
  const std::string log_folder = LogFolder(folder_, checkpoint->origin);
  LF_ASSIGN(const std::vector<VerifierKey> log_keys, LoadKeys(log_folder));
  if (log_keys.empty()) return NotFound("witness.unknown_log", checkpoint->origin);
  if (!OpenCheckpoint(request.note, log_keys)) return Forbidden("witness.unsigned", checkpoint->origin);
  if (request.old_size > checkpoint->size) return Malformed("the old size is above the checkpoint's");
  if (checkpoint->size == 0 && checkpoint->root != EmptyRoot())
    return Invalid("witness.not_consistent", "the root of no leaves is another one");

  const std::lock_guard lock(mutex_);
  LF_ASSIGN(const Seen seen, LoadSeen(log_folder));
  if (request.old_size != seen.size) return Outcome{seen.size, {}};
  if (seen.size == checkpoint->size && seen.posix_seconds != 0 && seen.root != checkpoint->root)
    return Outcome{seen.size, {}};
  if (seen.size == 0 || seen.size == checkpoint->size) {
    if (!request.proof.empty()) return Invalid("witness.not_consistent", "there is nothing to prove");
  } else if (!VerifyConsistency(seen.size, checkpoint->size, request.proof, seen.root, checkpoint->root)) {
    return Invalid("witness.not_consistent", checkpoint->origin);
  }
  // A clock that was put back must not make the newer statement look like the older one.
  const auto now = std::chrono::duration_cast<std::chrono::seconds>(clock_.Now().time_since_epoch()).count();
  const NoteSignature cosignature = signer_.Cosign(
      parsed->text, std::max(static_cast<std::uint64_t>(std::max<std::int64_t>(now, 1)), seen.posix_seconds));
  // Kept without strangers' signatures: the log's own, so that the file is evidence, and ours.
  SignedNote kept{parsed->text, {}};
  for (const NoteSignature& signature : parsed->signatures)
    if (std::any_of(log_keys.begin(), log_keys.end(), [&](const VerifierKey& k) { return k.IsNamedBy(signature); }))
      kept.signatures.push_back(signature);
  kept.signatures.push_back(cosignature);
  LF_TRY(ReplaceSmallFile(log_folder + "/checkpoint", kept.Format()));
  std::error_code error;
  std::filesystem::remove(FreshPath(log_folder), error);
  if (error) return Unavailable("store.io", FreshPath(log_folder));
  return Outcome{std::nullopt, SignedNote{parsed->text, {cosignature}}.Format().substr(parsed->text.size() + 1)};
}

Result<std::vector<std::string>> Witness::Cosigned(const std::string& folder) {
  std::vector<std::string> notes;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(LogsPath(folder), error)) {
    auto note = ReadSmallFile(entry.path().string() + "/checkpoint");
    if (!note && note.error().code == "file.missing") continue;
    if (!note) return std::move(note).error();
    notes.push_back(*std::move(note));
  }
  if (error) return Unavailable("store.io", LogsPath(folder));
  return notes;
}

}  // namespace landfall::ledger
