// SPDX-License-Identifier: Apache-2.0
// The keys of a ledger: the one that signs now and those that signed before it.
//
// A key is changed when it may have been seen by others, or by rule. The tree stays the same: the checkpoint at the
// change is signed by both keys, so that who trusts the old one can follow. Old checkpoints keep their signatures and
// are checked with the retired keys.
#pragma once

#include "app/engine.h"
#include "ledger/note.h"

namespace landfall::app {

// The current key first, then retired ones, newest first. Errors: ledger.key_missing, note.key_malformed; those of the
// store. Threads: any.
Result<std::vector<ledger::VerifierKey>> ReadLedgerKeys(ledger::Store& store);

// The signing key of a ledger that is being made, on the disk and for its owner's eyes alone. One that is there without
// a ledger was left by a try that was cut off, or belongs to a ledger that was lost and whose checkpoints somebody may
// hold: it is used, never overwritten. Errors: ledger.other_key when it is named for another ledger;
// note.key_malformed; store.io.
Result<ledger::SignerKey> KeyOfNewLedger(const LedgerFiles& files, const std::string& name, Random& random);

// The key that signs now. Errors: file.missing, note.key_malformed, store.io.
Result<ledger::SignerKey> ReadSigningKey(const LedgerFiles& files);

struct KeyChange {
  std::string vkey;  // The new one.
  std::string old_vkey;
  std::string checkpoint;  // Signed by both, at the size of the change.
};
// Makes a new signing key of the same name. Finishes a change that was interrupted. No server may have the ledger open.
// Errors: ledger.other_key when the signing key is not the ledger's, ledger.key_missing, store.*.
Result<KeyChange> ChangeKey(const LedgerFiles& files, Random& random);

}  // namespace landfall::app
