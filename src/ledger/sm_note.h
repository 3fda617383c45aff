// SPDX-License-Identifier: Apache-2.0
// Signed notes under SM2 signatures, and the checkpoint of the SM3 tree (sm_tree.h) as such a note: what an operator
// shows who is asked for 国密 evidence.
//
// The note is that of note.h with a signature type that C2SP has not registered: 0xFF and the text
// "sm2-with-sm3/v1". A signature is SM2 with SM3 over the note's text with the signer's identity 1234567812345678
// (GB/T 32918.2-2016, GM/T 0009-2012 §10; RFC 8998 §3.2.1), in DER: SEQUENCE { r INTEGER, s INTEGER }. The checkpoint's
// origin is <name of the ledger's key>/sm3, because another tree is another log.
//
// Errors: note.key_malformed, note.malformed, note.too_large, checkpoint.malformed (kInvalid); note.signature_wrong,
// note.unsigned (kCorrupt); checkpoint.other_log (kConflict). Threads: keys are immutable; any.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/seam.h"
#include "ledger/checkpoint.h"

namespace landfall::ledger {

// Behind the byte 0xFF, before the public key.
inline constexpr std::string_view kSmSignatureType = "sm2-with-sm3/v1";
inline constexpr std::string_view kSmSignerIdentity = "1234567812345678";

// Text form: <name>+<8 hex digits of the key id>+base64(0xFF ‖ "sm2-with-sm3/v1" ‖ 04 ‖ x ‖ y), 81 bytes.
class SmVerifierKey {
 public:
  static Result<SmVerifierKey> Parse(std::string_view vkey);

  const std::string& name() const { return name_; }
  std::uint32_t key_id() const { return key_id_; }
  std::string Encode() const;
  // SubjectPublicKeyInfo in PEM, as other tools for SM2 read it.
  std::string Pem() const;
  // Whether `signature` (DER) holds for `text`. Cost: about 0.4 ms.
  bool Verifies(std::string_view text, std::string_view signature) const;

 private:
  friend class SmSignerKey;
  static Result<SmVerifierKey> From(std::string_view name, std::string_view point);
  std::string name_, point_;
  std::uint32_t key_id_ = 0;
  std::shared_ptr<evp_pkey_st> key_;
};

// Text form (a secret): PRIVATE+KEY+<name>+<key id>+base64(0xFF ‖ "sm2-with-sm3/v1" ‖ 32 bytes of the private key).
class SmSignerKey {
 public:
  static Result<SmSignerKey> Parse(std::string_view skey);
  static Result<SmSignerKey> Generate(std::string_view name, Random& random);

  const SmVerifierKey& verifier() const { return verifier_; }
  std::string Encode() const;
  // SM2 draws a fresh number from OpenSSL's generator: the same text gives another signature each time.
  NoteSignature Sign(std::string_view text) const;

 private:
  using Secret = std::array<std::uint8_t, 32>;
  static Result<SmSignerKey> From(std::string_view name, const Secret& secret);
  SmVerifierKey verifier_;
  std::shared_ptr<evp_pkey_st> key_;
};

Result<std::string> SignSmCheckpoint(const Checkpoint& checkpoint, const SmSignerKey& signer);
// Verifies the signature and that the origin is the key's name. Signatures by other keys are ignored.
Result<Checkpoint> OpenSmCheckpoint(std::string_view note, const SmVerifierKey& key);

}  // namespace landfall::ledger
