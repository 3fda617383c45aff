// SPDX-License-Identifier: Apache-2.0
#include "app/ledger_keys.h"

#include <filesystem>

#include "app/ledger_files.h"
#include "ledger/small_file.h"

namespace landfall::app {
namespace {

constexpr std::string_view kCurrent = "vkey", kRetired = "vkeys_retired";

std::string NextPath(const LedgerFiles& files) { return files.key() + ".next"; }

Result<ledger::SignerKey> ReadSigner(const std::string& path) {
  LF_ASSIGN(std::string skey, ledger::ReadSmallFile(path));
  while (!skey.empty() && skey.back() == '\n') skey.pop_back();
  return ledger::SignerKey::Parse(skey);
}

Result<KeyChange> Finish(const LedgerFiles& files, const std::string& vkey, const std::string& old_vkey,
                         const std::string& checkpoint) {
  std::error_code error;
  std::filesystem::rename(NextPath(files), files.key(), error);
  if (error) return Unavailable("store.io", files.key());
  LF_TRY(ledger::ReplaceSmallFile(files.checkpoint(), checkpoint));
  return KeyChange{vkey, old_vkey, checkpoint};
}

}  // namespace

Result<std::vector<ledger::VerifierKey>> ReadLedgerKeys(ledger::Store& store) {
  LF_ASSIGN(const std::optional<std::string> current, store.Meta(kCurrent));
  if (!current) return Corrupt("ledger.key_missing", "the store names no key");
  LF_ASSIGN(const std::optional<std::string> retired, store.Meta(kRetired));
  const std::string all = *current + "\n" + retired.value_or("");
  std::vector<ledger::VerifierKey> keys;
  for (std::string_view rest = all; !rest.empty();) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    LF_ASSIGN(ledger::VerifierKey key, ledger::VerifierKey::Parse(rest.substr(0, end)));
    // A change that was cut off may have retired a key that is still the current one.
    if (keys.empty() || key.Encode() != keys[0].Encode()) keys.push_back(std::move(key));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return keys;
}

Result<ledger::SignerKey> KeyOfNewLedger(const LedgerFiles& files, const std::string& name, Random& random) {
  if (std::filesystem::exists(files.key())) {
    LF_ASSIGN(ledger::SignerKey kept, ReadSigner(files.key()));
    if (kept.verifier().name() != name || kept.verifier().type() != ledger::SignatureType::kEd25519)
      return Conflict("ledger.other_key", files.key());
    return kept;
  }
  LF_ASSIGN(ledger::SignerKey made, ledger::SignerKey::Generate(name, ledger::SignatureType::kEd25519, random));
  LF_TRY(ledger::ReplaceSmallFile(files.key(), made.Encode() + "\n", 0600));
  return made;
}

Result<ledger::SignerKey> ReadSigningKey(const LedgerFiles& files) { return ReadSigner(files.key()); }

Result<KeyChange> ChangeKey(const LedgerFiles& files, Random& random) {
  LF_ASSIGN(std::unique_ptr<ledger::Store> opened, OpenStore(files, {.vfs = {}, .create = false}));
  LF_ASSIGN(const std::unique_ptr<ledger::Log> log, ledger::Log::Open(std::move(opened), random));
  ledger::Store& store = log->store();
  LF_ASSIGN(const std::vector<ledger::VerifierKey> keys, ReadLedgerKeys(store));
  const std::string vkey = keys[0].Encode();
  // The store named the new key already, but the file did not follow.
  if (const auto next = ReadSigner(NextPath(files)); next && next->verifier().Encode() == vkey) {
    LF_ASSIGN(const std::optional<std::string> note, store.LastCheckpoint());
    return Finish(files, vkey, keys.size() > 1 ? keys[1].Encode() : "", note.value_or(""));
  }
  LF_ASSIGN(const ledger::SignerKey old, ReadSigner(files.key()));
  if (old.verifier().Encode() != vkey) return Conflict("ledger.other_key", files.key());
  LF_ASSIGN(const ledger::SignerKey fresh,
            ledger::SignerKey::Generate(old.verifier().name(), ledger::SignatureType::kEd25519, random));
  const auto view = log->View();
  LF_ASSIGN(const std::string text, ledger::FormatCheckpoint({old.verifier().name(), view->size(), view->Root(), {}}));
  const ledger::SignerKey both[] = {fresh, old};
  LF_ASSIGN(const std::string note, ledger::SignNote(text, both));
  std::string retired = vkey + "\n";
  for (std::size_t i = 1; i < keys.size(); ++i) retired += keys[i].Encode() + "\n";
  // In this order a cut leaves either the old key whole or a change that the next call finishes.
  LF_TRY(ledger::ReplaceSmallFile(NextPath(files), fresh.Encode() + "\n", 0600));
  LF_TRY(store.PutCheckpoint(view->size(), note));
  LF_TRY(store.PutMeta(kRetired, retired));
  LF_TRY(store.PutMeta(kCurrent, fresh.verifier().Encode()));
  return Finish(files, fresh.verifier().Encode(), vkey, note);
}

}  // namespace landfall::app
