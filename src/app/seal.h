// SPDX-License-Identifier: Apache-2.0
// The seal 封签 of a ledger: an ECDSA P-256 key with a certificate that it signs itself, for what only PDF readers
// check.
//
// A checkpoint is signed with Ed25519, which PDF readers do not know. So papers bear a CMS signature by this key, and a
// note under the ledger's own key names the certificate: paper → seal → ledger key → witnesses. It says that a server
// of this ledger made the file and that nobody has changed it since; it is no 电子印章, which needs an authority that
// certifies (docs/formats/document.md).
//
// Beside the ledger's signing key, whichever engine keeps the entries: seal.key (a secret, PKCS #8 in PEM), seal.crt
// (the certificate in PEM), seal.note. Made when it is first needed, by who has the signing key.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "app/ledger_files.h"
#include "base/hash.h"
#include "base/seam.h"

struct evp_pkey_st;
struct x509_st;

namespace landfall::app {

std::string SealKeyPath(const LedgerFiles& files);
std::string SealCertificatePath(const LedgerFiles& files);
std::string SealNotePath(const LedgerFiles& files);

// The SHA-256 of the certificate's DER; nothing before the seal is made. Errors: seal.malformed, store.io.
Result<std::optional<Digest>> ReadSealFingerprint(const LedgerFiles& files);

// Threads: immutable; any.
class Seal {
 public:
  enum class WhenMissing : std::uint8_t { kMake, kRefuse };
  // One process and thread makes it, others wait. After a change of the ledger's key the note is signed anew. Errors:
  // seal.none (kConflict) where there is none and none may be made; seal.key_missing (kConflict) when a certificate is
  // there without its key; seal.malformed (kCorrupt); ledger.other_key, note.key_malformed; store.io.
  static Result<Seal> Open(const LedgerFiles& files, Instant now, Random& random, WhenMissing when);

  const Digest& fingerprint() const { return fingerprint_; }
  const std::string& certificate() const { return certificate_pem_; }
  // A signed note (C2SP): "landfall-seal.1", the ledger's origin, "sha256:" and the fingerprint, a line each.
  const std::string& note() const { return note_; }

  // The length of a signature at that time; ECDSA gives one of a few.
  std::size_t SignatureBytes(Instant at) const;
  // A detached CMS SignedData (RFC 5652) in DER, with the certificate and the signed attributes content type, message
  // digest and signing time, of exactly `bytes`. ECDSA draws from OpenSSL's generator: it is drawn until it fits.
  // Precondition: `bytes` is what SignatureBytes gave for `at`. Cost: about 1 ms.
  std::string Sign(std::string_view content, Instant at, std::size_t bytes) const;

 private:
  Seal() = default;
  std::string SignOnce(std::string_view content, Instant at) const;
  std::shared_ptr<evp_pkey_st> key_;
  std::shared_ptr<x509_st> certificate_;
  Digest fingerprint_{};
  std::string certificate_pem_, note_;
};

}  // namespace landfall::app
