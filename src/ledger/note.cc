// SPDX-License-Identifier: Apache-2.0
#include "ledger/note.h"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <simdjson.h>

#include <algorithm>
#include <cstring>

#include "base/hash.h"
#include "ledger/note_text.h"

namespace landfall::ledger {
namespace {

constexpr std::string_view kSignaturePrefix = "\u2014 ";
constexpr std::size_t kEd25519Bytes = 64;
constexpr std::size_t kTimeBytes = 8;

using Seed = std::array<std::uint8_t, 32>;

bool IsUtf8(std::string_view text) { return simdjson::validate_utf8(text.data(), text.size()); }

// A text that a note may carry, or a whole note: UTF-8 without control characters but the newline, which ends it.
bool IsNoteText(std::string_view text) {
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\n'; };
  return text.ends_with('\n') && std::none_of(text.begin(), text.end(), is_control) && IsUtf8(text);
}

template <std::size_t kBytes>
std::uint64_t BigEndian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < kBytes; ++i) value = value << 8 | static_cast<std::uint8_t>(bytes[i]);
  return value;
}

template <std::size_t kBytes>
void AppendBigEndian(std::string& out, std::uint64_t value) {
  for (std::size_t i = kBytes; i-- > 0;) out += static_cast<char>(value >> (8 * i));
}

bool IsKnownType(SignatureType type) {
  return type == SignatureType::kEd25519 || type == SignatureType::kCosignatureV1;
}

std::string TypeAndKey(SignatureType type, std::span<const std::uint8_t, 32> key) {
  std::string out(1, static_cast<char>(type));
  out += AsText(key);
  return out;
}

// The 32 bytes behind a type that we know.
struct KnownKey {
  std::string_view name, key_id;
  SignatureType type;
  std::array<std::uint8_t, 32> key;
};

Result<KnownKey> ParseKeyText(std::string_view text) {
  LF_ASSIGN(KeyText split, SplitKeyText(text));
  KnownKey out{split.name, split.key_id, SignatureType{}, {}};
  if (split.type_and_key.size() != 1 + out.key.size())
    return Invalid("note.key_malformed", "the key is not base64 of 33 bytes");
  out.type = static_cast<SignatureType>(split.type_and_key[0]);
  std::memcpy(out.key.data(), split.type_and_key.data() + 1, out.key.size());
  OPENSSL_cleanse(split.type_and_key.data(), split.type_and_key.size());
  if (!IsKnownType(out.type)) return Invalid("note.key_malformed", "the key is of a type that is not supported");
  return out;
}

// C2SP tlog-cosignature: what a witness signs.
std::string CosignedMessage(std::string_view text, std::uint64_t posix_seconds) {
  return fmt::format("cosignature/v1\ntime {}\n{}", posix_seconds, text);
}

void AppendSignatureLine(std::string& out, const NoteSignature& signature) {
  std::string raw;
  AppendBigEndian<4>(raw, signature.key_id);
  raw += signature.bytes;
  out += fmt::format("{}{} {}\n", kSignaturePrefix, signature.name, Base64(Bytes(raw)));
}

// One line without its newline.
Result<NoteSignature> ParseSignatureLine(std::string_view line) {
  const auto malformed = [](std::string why) { return Invalid("note.malformed", std::move(why)); };
  if (!line.starts_with(kSignaturePrefix)) return malformed("a signature line does not start with a dash and a space");
  line.remove_prefix(kSignaturePrefix.size());
  const std::size_t space = line.find(' ');
  if (space == line.npos || !IsKeyName(line.substr(0, space))) return malformed("a signature line has no key name");
  const auto raw = ParseBase64(line.substr(space + 1));
  if (!raw || raw->size() < 5) return malformed("a signature is not base64 of at least 5 bytes");
  return NoteSignature{std::string(line.substr(0, space)), static_cast<std::uint32_t>(BigEndian<4>(*raw)),
                       raw->substr(4)};
}

Error TooLarge(std::size_t bytes) { return Invalid("note.too_large", fmt::format("{} bytes", bytes)); }

}  // namespace

bool IsKeyName(std::string_view name) {
  if (name.empty() || name.find_first_of("+\t\n\v\f\r ") != name.npos || !IsUtf8(name)) return false;
  // The rest of Unicode's White_Space; in valid UTF-8 these bytes cannot begin inside another character.
  static constexpr std::array<std::string_view, 19> kSpaces = {
      "\u0085", "\u00a0", "\u1680", "\u2000", "\u2001", "\u2002", "\u2003", "\u2004", "\u2005", "\u2006",
      "\u2007", "\u2008", "\u2009", "\u200a", "\u2028", "\u2029", "\u202f", "\u205f", "\u3000"};
  return std::none_of(kSpaces.begin(), kSpaces.end(), [&](std::string_view s) { return name.find(s) != name.npos; });
}

std::uint32_t KeyId(std::string_view name, std::string_view type_and_key) {
  std::string input(name);
  input += '\n';
  input += type_and_key;
  return static_cast<std::uint32_t>(BigEndian<4>(AsText(Sha256(input))));
}

std::string KeyIdText(std::uint32_t key_id) { return fmt::format("{:08x}", key_id); }

Result<KeyText> SplitKeyText(std::string_view text) {
  const auto malformed = [](std::string why) { return Invalid("note.key_malformed", std::move(why)); };
  const std::size_t first = text.find('+');
  const std::size_t second = first == text.npos ? text.npos : text.find('+', first + 1);
  if (second == text.npos || text.size() > 4096) return malformed("not of the form name+id+key");
  KeyText out{text.substr(0, first), text.substr(first + 1, second - first - 1), {}};
  if (!IsKeyName(out.name)) return malformed("the name is empty or has white space");
  if (out.key_id.size() != 8) return malformed("the key id has not 8 digits");
  auto decoded = ParseBase64(text.substr(second + 1));
  if (!decoded) return malformed("the key is not base64");
  out.type_and_key = *std::move(decoded);
  return out;
}

std::uint64_t CosignatureSeconds(std::string_view bytes) { return BigEndian<kTimeBytes>(bytes); }

Result<SignedNote> SignedNote::Parse(std::string_view note) {
  if (note.size() > kNoteBytesMax) return TooLarge(note.size());
  if (!IsNoteText(note)) return Invalid("note.malformed", "not UTF-8 text that ends in a newline");
  const std::size_t split = note.rfind("\n\n");  // The text itself may have empty lines: the last one ends it.
  if (split == note.npos) return Invalid("note.malformed", "no empty line before signatures");
  SignedNote out{std::string(note.substr(0, split + 1)), {}};
  for (std::string_view rest = note.substr(split + 2); !rest.empty();) {
    if (out.signatures.size() == kNoteSignaturesMax) return Invalid("note.malformed", "too many signatures");
    const std::size_t end = rest.find('\n');
    LF_ASSIGN(auto signature, ParseSignatureLine(rest.substr(0, end)));
    out.signatures.push_back(std::move(signature));
    rest.remove_prefix(end + 1);
  }
  if (out.signatures.empty()) return Invalid("note.malformed", "no signature");
  return out;
}

std::string SignedNote::Format() const {
  std::string out = text;
  out += '\n';
  for (const NoteSignature& signature : signatures) AppendSignatureLine(out, signature);
  return out;
}

Result<VerifierKey> VerifierKey::From(std::string_view name, SignatureType type,
                                      std::span<const std::uint8_t, 32> public_key) {
  if (!IsKeyName(name)) return Invalid("note.key_malformed", "the name is empty or has white space or a plus sign");
  if (!IsKnownType(type)) return Invalid("note.key_malformed", "the key is of a type that is not supported");
  VerifierKey out;
  out.name_ = name;
  out.type_ = type;
  std::copy(public_key.begin(), public_key.end(), out.public_key_.begin());
  out.key_id_ = KeyId(name, TypeAndKey(type, public_key));
  out.key_ = Own(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, public_key.data(), public_key.size()));
  if (!out.key_) return Invalid("note.key_malformed", "not an Ed25519 public key");
  return out;
}

Result<VerifierKey> VerifierKey::Parse(std::string_view vkey) {
  LF_ASSIGN(const KnownKey text, ParseKeyText(vkey));
  LF_ASSIGN(VerifierKey out, From(text.name, text.type, text.key));
  if (KeyIdText(out.key_id_) != text.key_id) return Invalid("note.key_malformed", "the key id is another key's");
  return out;
}

std::string VerifierKey::Encode() const {
  return fmt::format("{}+{}+{}", name_, KeyIdText(key_id_), Base64(Bytes(TypeAndKey(type_, public_key_))));
}

bool VerifierKey::Verifies(std::string_view text, std::string_view signature) const {
  std::string message;
  if (type_ == SignatureType::kCosignatureV1) {
    if (signature.size() != kTimeBytes + kEd25519Bytes) return false;
    const std::uint64_t seconds = CosignatureSeconds(signature);
    if (seconds >> 63 != 0) return false;
    message = CosignedMessage(text, seconds);
    text = message;
    signature.remove_prefix(kTimeBytes);
  }
  if (signature.size() != kEd25519Bytes) return false;
  const DigestContext context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  LF_CHECK(EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key_.get()) == 1);
  return EVP_DigestVerify(context.get(), Bytes(signature).data(), signature.size(), Bytes(text).data(), text.size()) ==
         1;
}

Result<SignerKey> SignerKey::From(std::string_view name, SignatureType type, std::span<const std::uint8_t, 32> seed) {
  SignerKey out;
  out.key_ = Own(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.data(), seed.size()));
  LF_CHECK(out.key_ != nullptr);
  std::array<std::uint8_t, 32> public_key;
  std::size_t length = public_key.size();
  LF_CHECK(EVP_PKEY_get_raw_public_key(out.key_.get(), public_key.data(), &length) == 1);
  LF_ASSIGN(out.verifier_, VerifierKey::From(name, type, public_key));
  return out;
}

Result<SignerKey> SignerKey::Parse(std::string_view skey) {
  if (!skey.starts_with(kSecretPrefix)) return Invalid("note.key_malformed", "not a private key");
  LF_ASSIGN(KnownKey text, ParseKeyText(skey.substr(kSecretPrefix.size())));
  auto out = From(text.name, text.type, text.key);
  OPENSSL_cleanse(text.key.data(), text.key.size());
  if (out && KeyIdText(out->verifier_.key_id()) != text.key_id) {
    return Invalid("note.key_malformed", "the key id is another key's");
  }
  return out;
}

Result<SignerKey> SignerKey::Generate(std::string_view name, SignatureType type, Random& random) {
  Seed seed;
  random.Fill(seed);
  auto out = From(name, type, seed);
  OPENSSL_cleanse(seed.data(), seed.size());
  return out;
}

std::string SignerKey::Encode() const {
  Seed seed;
  std::size_t length = seed.size();
  LF_CHECK(EVP_PKEY_get_raw_private_key(key_.get(), seed.data(), &length) == 1);
  std::string raw = TypeAndKey(verifier_.type(), seed);
  std::string out =
      fmt::format("{}{}+{}+{}", kSecretPrefix, verifier_.name(), KeyIdText(verifier_.key_id()), Base64(Bytes(raw)));
  OPENSSL_cleanse(seed.data(), seed.size());
  OPENSSL_cleanse(raw.data(), raw.size());
  return out;
}

std::string SignerKey::SignRaw(std::string_view message) const {
  std::string out(kEd25519Bytes, '\0');
  std::size_t length = out.size();
  const DigestContext context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  LF_CHECK(EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get()) == 1);
  LF_CHECK(EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(out.data()), &length, Bytes(message).data(),
                          message.size()) == 1);
  LF_CHECK(length == kEd25519Bytes);
  return out;
}

NoteSignature SignerKey::Sign(std::string_view text) const {
  LF_CHECK(verifier_.type() == SignatureType::kEd25519);
  return {verifier_.name(), verifier_.key_id(), SignRaw(text)};
}

NoteSignature SignerKey::Cosign(std::string_view text, std::uint64_t posix_seconds) const {
  LF_CHECK(verifier_.type() == SignatureType::kCosignatureV1 && posix_seconds >> 63 == 0);
  std::string bytes;
  AppendBigEndian<kTimeBytes>(bytes, posix_seconds);
  bytes += SignRaw(CosignedMessage(text, posix_seconds));
  return {verifier_.name(), verifier_.key_id(), std::move(bytes)};
}

Result<OpenedNote> OpenNote(std::string_view note, std::span<const VerifierKey> known) {
  LF_ASSIGN(auto parsed, SignedNote::Parse(note));
  OpenedNote out{std::move(parsed.text), {}, {}};
  for (NoteSignature& signature : parsed.signatures) {
    const auto key =
        std::find_if(known.begin(), known.end(), [&](const VerifierKey& k) { return k.IsNamedBy(signature); });
    if (key == known.end()) {
      out.unverified.push_back(std::move(signature));
      continue;
    }
    if (!key->Verifies(out.text, signature.bytes)) {
      return Corrupt("note.signature_wrong",
                     fmt::format("the signature of key {} does not hold", KeyIdText(key->key_id())));
    }
    const bool repeated = std::any_of(out.verified.begin(), out.verified.end(),
                                      [&](const NoteSignature& earlier) { return key->IsNamedBy(earlier); });
    if (!repeated) out.verified.push_back(std::move(signature));
  }
  if (out.verified.empty()) return Corrupt("note.unsigned", "no known key has signed");
  return out;
}

Result<std::string> SignNote(std::string_view text, std::span<const SignerKey> signers) {
  if (!IsNoteText(text)) return Invalid("note.malformed", "not UTF-8 text that ends in a newline");
  if (signers.empty() || signers.size() > kNoteSignaturesMax) return Invalid("note.malformed", "1 to 100 signers");
  SignedNote note{std::string(text), {}};
  for (const SignerKey& signer : signers) note.signatures.push_back(signer.Sign(text));
  std::string out = note.Format();
  if (out.size() > kNoteBytesMax) return TooLarge(out.size());
  return out;
}

Result<std::string> AddSignature(std::string_view note, NoteSignature signature) {
  LF_ASSIGN(auto parsed, SignedNote::Parse(note));
  if (parsed.signatures.size() == kNoteSignaturesMax) return Invalid("note.malformed", "too many signatures");
  parsed.signatures.push_back(std::move(signature));
  std::string out = parsed.Format();
  if (out.size() > kNoteBytesMax) return TooLarge(out.size());
  return out;
}

}  // namespace landfall::ledger
