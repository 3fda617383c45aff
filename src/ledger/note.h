// SPDX-License-Identifier: Apache-2.0
// C2SP signed notes: a text and the Ed25519 signatures under it, as golang.org/x/mod/sumdb/note reads and writes them.
//
//   <text, ending in a newline>
//   <empty line>
//   — <key name> base64(4 bytes of key id ‖ signature)          one line per signature, U+2014 and a space in front
//
// Bounds: a note is at most kNoteBytesMax long and carries 1 to kNoteSignaturesMax signatures; valid UTF-8, and no
// control character but the newline. Errors: note.malformed, note.too_large, note.key_malformed (kInvalid);
// note.signature_wrong, note.unsigned (kCorrupt). Sources: C2SP signed-note; the key texts are those of
// golang.org/x/mod/sumdb/note.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/seam.h"

struct evp_pkey_st;  // EVP_PKEY of OpenSSL.

namespace landfall::ledger {

inline constexpr std::size_t kNoteBytesMax = 1 << 20;
inline constexpr std::size_t kNoteSignaturesMax = 100;

// The assigned identifier bytes; others are kept as unknown signatures and never verified.
enum class SignatureType : std::uint8_t {
  kEd25519 = 0x01,        // 64 bytes over the note's text.
  kCosignatureV1 = 0x04,  // 8 bytes of POSIX seconds and 64 bytes over "cosignature/v1\ntime <seconds>\n" and the text.
};

// The time inside a signature of type kCosignatureV1. Precondition: at least 8 bytes.
std::uint64_t CosignatureSeconds(std::string_view bytes);

struct NoteSignature {
  std::string name;  // Of the key; without white space and '+'.
  std::uint32_t key_id = 0;
  std::string bytes;  // What follows the key id.
  bool operator==(const NoteSignature&) const = default;
};

struct SignedNote {
  std::string text;  // Ends in a newline.
  std::vector<NoteSignature> signatures;

  // Checks the form only. Errors: note.too_large, note.malformed.
  static Result<SignedNote> Parse(std::string_view note);
  // Precondition: text and signatures are of the form that Parse accepts; Sign and Parse give no other.
  std::string Format() const;
};

// A key that checks signatures. Text form (vkey): <name>+<8 hex digits of the key id>+base64(type ‖ 32 bytes).
// Threads: immutable; any.
class VerifierKey {
 public:
  // Errors: note.key_malformed, also when the key id is not the hash of name and key.
  static Result<VerifierKey> Parse(std::string_view vkey);
  static Result<VerifierKey> From(std::string_view name, SignatureType type,
                                  std::span<const std::uint8_t, 32> public_key);

  const std::string& name() const { return name_; }
  std::uint32_t key_id() const { return key_id_; }
  SignatureType type() const { return type_; }
  std::string Encode() const;

  // Whether `signature` (its bytes, of this key's type) holds for `text`. Cost: about 140 µs.
  bool Verifies(std::string_view text, std::string_view signature) const;
  // Whether the signature line names this key.
  bool IsNamedBy(const NoteSignature& signature) const {
    return signature.key_id == key_id_ && signature.name == name_;
  }

 private:
  friend class SignerKey;
  VerifierKey() = default;
  std::string name_;
  SignatureType type_ = SignatureType::kEd25519;
  std::uint32_t key_id_ = 0;
  std::array<std::uint8_t, 32> public_key_{};
  std::shared_ptr<evp_pkey_st> key_;
};

// A key that signs. Text form (skey, a secret): PRIVATE+KEY+<name>+<key id>+base64(type ‖ 32 bytes of seed).
// Threads: immutable; any.
class SignerKey {
 public:
  // Errors: note.key_malformed.
  static Result<SignerKey> Parse(std::string_view skey);
  static Result<SignerKey> From(std::string_view name, SignatureType type, std::span<const std::uint8_t, 32> seed);
  static Result<SignerKey> Generate(std::string_view name, SignatureType type, Random& random);

  const VerifierKey& verifier() const { return verifier_; }
  std::string Encode() const;

  // Preconditions: the key's type is kEd25519 for Sign and kCosignatureV1 for Cosign; seconds <= 2^63 - 1. Ed25519
  // draws no randomness: the same key and text give the same bytes. Cost: about 60 µs.
  NoteSignature Sign(std::string_view text) const;
  NoteSignature Cosign(std::string_view text, std::uint64_t posix_seconds) const;

 private:
  SignerKey() = default;
  std::string SignRaw(std::string_view message) const;
  VerifierKey verifier_;
  std::shared_ptr<evp_pkey_st> key_;  // Holds the seed.
};

// A note of which at least one signature by a known key has been verified.
struct OpenedNote {
  std::string text;
  std::vector<NoteSignature> verified;    // Each by a different known key.
  std::vector<NoteSignature> unverified;  // By keys we do not know; kept, never trusted.
};

// Verifies every signature of a known key. Errors: those of Parse; note.signature_wrong when the signature of a known
// key does not hold, even if another does; note.unsigned when no known key has signed.
Result<OpenedNote> OpenNote(std::string_view note, std::span<const VerifierKey> known);

// Text and one signature per signer (kEd25519), in order. Errors: note.malformed when the text is not one that a note
// can carry; note.too_large.
Result<std::string> SignNote(std::string_view text, std::span<const SignerKey> signers);
// The same note with one more signature line. Errors: those of Parse; note.malformed past kNoteSignaturesMax.
Result<std::string> AddSignature(std::string_view note, NoteSignature signature);

}  // namespace landfall::ledger
