// SPDX-License-Identifier: Apache-2.0
#include "ledger/sm_note.h"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/obj_mac.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>

#include <cstring>

#include "base/hash.h"
#include "ledger/note_text.h"

namespace landfall::ledger {
namespace {

constexpr std::size_t kPointBytes = 65;
constexpr std::size_t kSignatureBytesMax = 72;  // DER of two numbers of 33 bytes.

template <auto Free>
struct Deleter {
  template <class T>
  void operator()(T* p) const {
    Free(p);
  }
};
using Number = std::unique_ptr<BIGNUM, Deleter<BN_clear_free>>;

std::string Typed(std::string_view key) {
  std::string out = "\xff";
  out += kSmSignatureType;
  return out += key;
}

// The name and what is behind the type; `bytes` long. Errors: note.key_malformed.
Result<KeyText> ParseTyped(std::string_view text, std::size_t bytes) {
  LF_ASSIGN(KeyText out, SplitKeyText(text));
  const std::string type = Typed({});
  if (!std::string_view(out.type_and_key).starts_with(type) || out.type_and_key.size() != type.size() + bytes) {
    OPENSSL_cleanse(out.type_and_key.data(), out.type_and_key.size());
    return Invalid("note.key_malformed", "not an SM2 key");
  }
  out.type_and_key.erase(0, type.size());
  return out;
}

// An EVP key of SM2's curve; without `secret` a public one. Nothing where OpenSSL refuses the numbers.
std::shared_ptr<EVP_PKEY> MakeKey(std::string_view point, const BIGNUM* secret) {
  const std::unique_ptr<OSSL_PARAM_BLD, Deleter<OSSL_PARAM_BLD_free>> builder(OSSL_PARAM_BLD_new());
  LF_CHECK(OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "SM2", 0) == 1);
  LF_CHECK(OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()) == 1);
  if (secret != nullptr) LF_CHECK(OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_PRIV_KEY, secret) == 1);
  const std::unique_ptr<OSSL_PARAM, Deleter<OSSL_PARAM_free>> parameters(OSSL_PARAM_BLD_to_param(builder.get()));
  const std::unique_ptr<EVP_PKEY_CTX, Deleter<EVP_PKEY_CTX_free>> context(
      EVP_PKEY_CTX_new_from_name(nullptr, "SM2", nullptr));
  LF_CHECK(parameters != nullptr && context != nullptr && EVP_PKEY_fromdata_init(context.get()) == 1);
  EVP_PKEY* key = nullptr;
  const int kind = secret != nullptr ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY;
  if (EVP_PKEY_fromdata(context.get(), &key, kind, parameters.get()) != 1) return nullptr;
  return Own(key);
}

// The point secret·G, uncompressed; nothing when the secret is not in [1, n - 2] (GB/T 32918.1 §6.1).
std::optional<std::string> PointOf(const BIGNUM* secret) {
  static const std::shared_ptr<EC_GROUP> group(EC_GROUP_new_by_curve_name(NID_sm2), EC_GROUP_free);
  const Number last(BN_dup(EC_GROUP_get0_order(group.get())));
  LF_CHECK(last != nullptr && BN_sub_word(last.get(), 1) == 1);
  if (BN_is_zero(secret) || BN_cmp(secret, last.get()) >= 0) return std::nullopt;
  const std::unique_ptr<EC_POINT, Deleter<EC_POINT_free>> point(EC_POINT_new(group.get()));
  LF_CHECK(EC_POINT_mul(group.get(), point.get(), secret, nullptr, nullptr, nullptr) == 1);
  std::string out(kPointBytes, '\0');
  LF_CHECK(EC_POINT_point2oct(group.get(), point.get(), POINT_CONVERSION_UNCOMPRESSED,
                              reinterpret_cast<unsigned char*>(out.data()), out.size(), nullptr) == kPointBytes);
  return out;
}

using Begin = int (*)(EVP_MD_CTX*, EVP_PKEY_CTX**, const EVP_MD*, ENGINE*, EVP_PKEY*);
DigestContext Begun(Begin begin, EVP_PKEY* key) {
  DigestContext context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  EVP_PKEY_CTX* inner = nullptr;  // Lives and dies with `context`.
  LF_CHECK(begin(context.get(), &inner, EVP_sm3(), nullptr, key) == 1);
  LF_CHECK(EVP_PKEY_CTX_set1_id(inner, kSmSignerIdentity.data(), static_cast<int>(kSmSignerIdentity.size())) == 1);
  return context;
}

}  // namespace

Result<SmVerifierKey> SmVerifierKey::From(std::string_view name, std::string_view point) {
  SmVerifierKey out;
  if (!IsKeyName(name)) return Invalid("note.key_malformed", "the name is empty or has white space or a plus sign");
  out.name_ = name;
  out.point_ = point;
  out.key_id_ = KeyId(name, Typed(point));
  if (point.front() == '\x04') out.key_ = MakeKey(point, nullptr);
  if (!out.key_) return Invalid("note.key_malformed", "not a point of SM2's curve");
  return out;
}

Result<SmVerifierKey> SmVerifierKey::Parse(std::string_view vkey) {
  LF_ASSIGN(const KeyText text, ParseTyped(vkey, kPointBytes));
  LF_ASSIGN(SmVerifierKey out, From(text.name, text.type_and_key));
  if (KeyIdText(out.key_id_) != text.key_id) return Invalid("note.key_malformed", "the key id is another key's");
  return out;
}

std::string SmVerifierKey::Encode() const {
  return fmt::format("{}+{}+{}", name_, KeyIdText(key_id_), Base64(Bytes(Typed(point_))));
}

std::string SmVerifierKey::Pem() const {
  const std::unique_ptr<BIO, Deleter<BIO_free_all>> memory(BIO_new(BIO_s_mem()));
  LF_CHECK(memory != nullptr && PEM_write_bio_PUBKEY(memory.get(), key_.get()) == 1);
  char* text = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &text);
  return std::string(text, static_cast<std::size_t>(size));
}

bool SmVerifierKey::Verifies(std::string_view text, std::string_view signature) const {
  if (signature.size() > kSignatureBytesMax) return false;
  const DigestContext context = Begun(&EVP_DigestVerifyInit, key_.get());
  return EVP_DigestVerify(context.get(), Bytes(signature).data(), signature.size(), Bytes(text).data(), text.size()) ==
         1;
}

Result<SmSignerKey> SmSignerKey::From(std::string_view name, const Secret& secret) {
  const Number number(BN_bin2bn(secret.data(), static_cast<int>(secret.size()), nullptr));
  LF_CHECK(number != nullptr);
  const std::optional<std::string> point = PointOf(number.get());
  if (!point) return Invalid("note.key_malformed", "not a private key of SM2");
  SmSignerKey out;
  LF_ASSIGN(out.verifier_, SmVerifierKey::From(name, *point));
  out.key_ = MakeKey(*point, number.get());
  LF_CHECK(out.key_ != nullptr);
  return out;
}

Result<SmSignerKey> SmSignerKey::Generate(std::string_view name, Random& random) {
  for (;;) {
    Secret secret;
    random.Fill(secret);
    auto out = From(name, secret);
    OPENSSL_cleanse(secret.data(), secret.size());
    // One number of four billion is not below the curve's order.
    if (out || !IsKeyName(name)) return out;
  }
}

Result<SmSignerKey> SmSignerKey::Parse(std::string_view skey) {
  if (!skey.starts_with(kSecretPrefix)) return Invalid("note.key_malformed", "not a private key");
  Secret secret;
  LF_ASSIGN(KeyText text, ParseTyped(skey.substr(kSecretPrefix.size()), secret.size()));
  std::memcpy(secret.data(), text.type_and_key.data(), secret.size());
  OPENSSL_cleanse(text.type_and_key.data(), text.type_and_key.size());
  auto out = From(text.name, secret);
  OPENSSL_cleanse(secret.data(), secret.size());
  if (out && KeyIdText(out->verifier_.key_id()) != text.key_id)
    return Invalid("note.key_malformed", "the key id is another key's");
  return out;
}

std::string SmSignerKey::Encode() const {
  BIGNUM* number = nullptr;
  LF_CHECK(EVP_PKEY_get_bn_param(key_.get(), OSSL_PKEY_PARAM_PRIV_KEY, &number) == 1);
  const Number owned(number);
  std::string secret(sizeof(Secret), '\0');
  LF_CHECK(BN_bn2binpad(number, reinterpret_cast<unsigned char*>(secret.data()), static_cast<int>(secret.size())) > 0);
  std::string raw = Typed(secret);
  std::string out =
      fmt::format("{}{}+{}+{}", kSecretPrefix, verifier_.name(), KeyIdText(verifier_.key_id()), Base64(Bytes(raw)));
  OPENSSL_cleanse(secret.data(), secret.size());
  OPENSSL_cleanse(raw.data(), raw.size());
  return out;
}

NoteSignature SmSignerKey::Sign(std::string_view text) const {
  const DigestContext context = Begun(&EVP_DigestSignInit, key_.get());
  std::string out(kSignatureBytesMax, '\0');
  std::size_t length = out.size();
  LF_CHECK(EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(out.data()), &length, Bytes(text).data(),
                          text.size()) == 1);
  out.resize(length);
  return {verifier_.name(), verifier_.key_id(), std::move(out)};
}

Result<std::string> SignSmCheckpoint(const Checkpoint& checkpoint, const SmSignerKey& signer) {
  if (signer.verifier().name() != checkpoint.origin)
    return Conflict("checkpoint.other_log", "the signing key is named for another log");
  LF_ASSIGN(const std::string text, FormatCheckpoint(checkpoint));
  return SignedNote{text, {signer.Sign(text)}}.Format();
}

Result<Checkpoint> OpenSmCheckpoint(std::string_view note, const SmVerifierKey& key) {
  LF_ASSIGN(const SignedNote parsed, SignedNote::Parse(note));
  bool is_signed = false;
  for (const NoteSignature& signature : parsed.signatures) {
    if (signature.key_id != key.key_id() || signature.name != key.name()) continue;
    if (!key.Verifies(parsed.text, signature.bytes))
      return Corrupt("note.signature_wrong",
                     fmt::format("the signature of key {} does not hold", KeyIdText(key.key_id())));
    is_signed = true;
  }
  if (!is_signed) return Corrupt("note.unsigned", "the key has not signed");
  LF_ASSIGN(Checkpoint checkpoint, ParseCheckpoint(parsed.text));
  if (checkpoint.origin != key.name())
    return Conflict("checkpoint.other_log", "the origin is not the name of the log's key");
  return checkpoint;
}

}  // namespace landfall::ledger
