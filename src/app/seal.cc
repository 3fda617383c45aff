// SPDX-License-Identifier: Apache-2.0
#include "app/seal.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/bn.h>
#include <openssl/cms.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "app/ledger_keys.h"
#include "ledger/small_file.h"

namespace landfall::app {
namespace {

template <auto Free>
struct Deleter {
  template <class T>
  void operator()(T* p) const {
    Free(p);
  }
};
using Number = std::unique_ptr<BIGNUM, Deleter<BN_clear_free>>;
using Memory = std::unique_ptr<BIO, Deleter<BIO_free_all>>;
using Time = std::unique_ptr<ASN1_TIME, Deleter<ASN1_TIME_free>>;

constexpr char kCurve[] = "prime256v1";
constexpr std::string_view kNoteHeader = "landfall-seal.1\n";
constexpr int kSizesTried = 8;  // The longest of so many is one in four signatures at least, as good as always.

Memory Over(std::string_view bytes) {
  Memory memory(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())));
  LF_CHECK(memory != nullptr);
  return memory;
}
std::string TextOf(BIO* memory) {
  char* text = nullptr;
  const long size = BIO_get_mem_data(memory, &text);
  return std::string(text, static_cast<std::size_t>(size));
}

Time TimeOf(Instant at) {
  Time time(ASN1_TIME_set(nullptr, std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count()));
  LF_CHECK(time != nullptr);
  return time;
}

// Held until it goes; also when the process dies.
class Lock {
 public:
  static Result<Lock> On(const std::string& path) {
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return Unavailable("store.io", path);
    Lock lock(fd);
    int locked = 0;
    do locked = ::flock(fd, LOCK_EX);
    while (locked != 0 && errno == EINTR);
    if (locked != 0) return Unavailable("store.io", path);
    return lock;
  }
  Lock(Lock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Lock& operator=(Lock&&) = delete;
  ~Lock() {
    if (fd_ >= 0) ::close(fd_);
  }

 private:
  explicit Lock(int fd) : fd_(fd) {}
  int fd_;
};

// Nothing where there is no such file.
Result<std::optional<std::string>> ReadIfThere(const std::string& path) {
  auto text = ledger::ReadSmallFile(path);
  if (!text && text.error().code == "file.missing") return std::optional<std::string>();
  if (!text) return std::move(text).error();
  return std::optional(*std::move(text));
}

// ---- the key ----

// Of a secret in [1, n - 1]; else nothing.
std::shared_ptr<EVP_PKEY> KeyOf(const BIGNUM* secret) {
  const std::unique_ptr<EC_GROUP, Deleter<EC_GROUP_free>> group(EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1));
  LF_CHECK(group != nullptr);
  if (BN_is_zero(secret) || BN_cmp(secret, EC_GROUP_get0_order(group.get())) >= 0) return nullptr;
  const std::unique_ptr<EC_POINT, Deleter<EC_POINT_free>> point(EC_POINT_new(group.get()));
  LF_CHECK(EC_POINT_mul(group.get(), point.get(), secret, nullptr, nullptr, nullptr) == 1);
  std::array<unsigned char, 65> bytes{};
  LF_CHECK(EC_POINT_point2oct(group.get(), point.get(), POINT_CONVERSION_UNCOMPRESSED, bytes.data(), bytes.size(),
                              nullptr) == bytes.size());
  const std::unique_ptr<OSSL_PARAM_BLD, Deleter<OSSL_PARAM_BLD_free>> builder(OSSL_PARAM_BLD_new());
  LF_CHECK(OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, kCurve, 0) == 1);
  LF_CHECK(OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, bytes.data(), bytes.size()) == 1);
  LF_CHECK(OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_PRIV_KEY, secret) == 1);
  const std::unique_ptr<OSSL_PARAM, Deleter<OSSL_PARAM_free>> parameters(OSSL_PARAM_BLD_to_param(builder.get()));
  const std::unique_ptr<EVP_PKEY_CTX, Deleter<EVP_PKEY_CTX_free>> context(
      EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
  EVP_PKEY* key = nullptr;
  LF_CHECK(parameters != nullptr && context != nullptr && EVP_PKEY_fromdata_init(context.get()) == 1 &&
           EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_KEYPAIR, parameters.get()) == 1);
  return {key, EVP_PKEY_free};
}

std::shared_ptr<EVP_PKEY> NewKey(Random& random) {
  for (;;) {
    std::array<std::uint8_t, 32> secret;
    random.Fill(secret);
    const Number number(BN_bin2bn(secret.data(), static_cast<int>(secret.size()), nullptr));
    OPENSSL_cleanse(secret.data(), secret.size());
    LF_CHECK(number != nullptr);
    // One number of four billion is not below the curve's order.
    if (auto key = KeyOf(number.get())) return key;
  }
}

Status WriteKey(const std::string& path, EVP_PKEY* key) {
  const Memory memory(BIO_new(BIO_s_mem()));
  LF_CHECK(memory != nullptr &&
           PEM_write_bio_PKCS8PrivateKey(memory.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1);
  std::string pem = TextOf(memory.get());
  Status written = ledger::ReplaceSmallFile(path, pem, 0600);
  OPENSSL_cleanse(pem.data(), pem.size());
  return written;
}

std::shared_ptr<EVP_PKEY> ParseKey(std::string_view pem) {
  const Memory memory = Over(pem);
  EVP_PKEY* key = PEM_read_bio_PrivateKey(memory.get(), nullptr, nullptr, nullptr);
  if (key == nullptr) return nullptr;
  return {key, EVP_PKEY_free};
}

// ---- the certificate ----

void AddExtension(X509* certificate, int nid, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  const std::unique_ptr<X509_EXTENSION, Deleter<X509_EXTENSION_free>> extension(
      X509V3_EXT_conf_nid(nullptr, &context, nid, value));
  LF_CHECK(extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1);
}

// RFC 5280; without an end, as §4.1.2.5 spells it: who sees the ledger change its seal sees it by the note.
std::shared_ptr<X509> NewCertificate(EVP_PKEY* key, std::string_view origin, Instant now, Random& random) {
  std::shared_ptr<X509> out(X509_new(), X509_free);
  X509* c = out.get();
  LF_CHECK(c != nullptr && X509_set_version(c, 2) == 1);
  std::array<std::uint8_t, 16> serial;
  random.Fill(serial);
  serial[0] = static_cast<std::uint8_t>((serial[0] & 0x7F) | 0x40);  // Positive, and always as long.
  const Number number(BN_bin2bn(serial.data(), static_cast<int>(serial.size()), nullptr));
  LF_CHECK(number != nullptr && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(c)) != nullptr);
  LF_CHECK(X509_set1_notBefore(c, TimeOf(now).get()) == 1);
  LF_CHECK(ASN1_TIME_set_string(X509_getm_notAfter(c), "99991231235959Z") == 1);
  const std::string name(origin.substr(0, 64));  // ub-common-name
  X509_NAME* subject = X509_get_subject_name(c);
  LF_CHECK(X509_NAME_add_entry_by_txt(subject, "O", MBSTRING_UTF8,
                                      reinterpret_cast<const unsigned char*>("Landfall seal"), -1, -1, 0) == 1);
  LF_CHECK(X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(name.data()),
                                      static_cast<int>(name.size()), -1, 0) == 1);
  LF_CHECK(X509_set_issuer_name(c, subject) == 1 && X509_set_pubkey(c, key) == 1);
  AddExtension(c, NID_basic_constraints, "critical,CA:FALSE");
  AddExtension(c, NID_key_usage, "critical,digitalSignature,nonRepudiation");
  AddExtension(c, NID_subject_key_identifier, "hash");
  LF_CHECK(X509_sign(c, key, EVP_sha256()) > 0);
  return out;
}

std::shared_ptr<X509> ParseCertificate(std::string_view pem) {
  const Memory memory = Over(pem);
  X509* certificate = PEM_read_bio_X509(memory.get(), nullptr, nullptr, nullptr);
  if (certificate == nullptr) return nullptr;
  return {certificate, X509_free};
}

std::string PemOf(X509* certificate) {
  const Memory memory(BIO_new(BIO_s_mem()));
  LF_CHECK(memory != nullptr && PEM_write_bio_X509(memory.get(), certificate) == 1);
  return TextOf(memory.get());
}

Digest FingerprintOf(const X509* certificate) {
  Digest digest;
  unsigned int size = 0;
  LF_CHECK(X509_digest(certificate, EVP_sha256(), digest.data(), &size) == 1 && size == digest.size());
  return digest;
}

// ---- the note ----

std::string NoteText(std::string_view origin, const Digest& fingerprint) {
  return fmt::format("{}{}\nsha256:{}\n", kNoteHeader, origin, Hex(fingerprint));
}

bool IsSignedBy(const std::string& note, const std::string& text, const ledger::VerifierKey& key) {
  const auto opened = ledger::OpenNote(note, std::span(&key, 1));
  return opened.ok() && opened->text == text;
}

}  // namespace

std::string SealKeyPath(const LedgerFiles& files) { return files.folder + "/seal.key"; }
std::string SealCertificatePath(const LedgerFiles& files) { return files.folder + "/seal.crt"; }
std::string SealNotePath(const LedgerFiles& files) { return files.folder + "/seal.note"; }

Result<std::optional<Digest>> ReadSealFingerprint(const LedgerFiles& files) {
  LF_ASSIGN(const std::optional<std::string> pem, ReadIfThere(SealCertificatePath(files)));
  if (!pem) return std::optional<Digest>();
  const std::shared_ptr<X509> certificate = ParseCertificate(*pem);
  if (!certificate) return Corrupt("seal.malformed", SealCertificatePath(files));
  return std::optional(FingerprintOf(certificate.get()));
}

Result<Seal> Seal::Open(const LedgerFiles& files, Instant now, Random& random, WhenMissing when) {
  const bool may_make = when == WhenMissing::kMake && std::filesystem::exists(files.key());
  std::optional<Lock> lock;
  std::optional<ledger::SignerKey> signer;
  if (may_make) {
    LF_ASSIGN(Lock taken, Lock::On(files.key()));
    lock.emplace(std::move(taken));
    LF_ASSIGN(ledger::SignerKey read, ReadSigningKey(files));
    signer.emplace(std::move(read));
  }
  LF_ASSIGN(std::optional<std::string> key, ReadIfThere(SealKeyPath(files)));
  LF_ASSIGN(const std::optional<std::string> certificate, ReadIfThere(SealCertificatePath(files)));
  LF_ASSIGN(const std::optional<std::string> note, ReadIfThere(SealNotePath(files)));
  if (!key && certificate) return Conflict("seal.key_missing", SealKeyPath(files));
  if (!may_make && (!key || !certificate || !note)) return Conflict("seal.none", files.folder);

  Seal seal;
  if (key) {
    seal.key_ = ParseKey(*key);
    OPENSSL_cleanse(key->data(), key->size());
    if (!seal.key_) return Corrupt("seal.malformed", SealKeyPath(files));
  } else {
    // The secret first: a certificate without its key would be in the way of the next try.
    seal.key_ = NewKey(random);
    LF_TRY(WriteKey(SealKeyPath(files), seal.key_.get()));
  }
  if (certificate) {
    seal.certificate_ = ParseCertificate(*certificate);
    if (!seal.certificate_ || X509_check_private_key(seal.certificate_.get(), seal.key_.get()) != 1)
      return Corrupt("seal.malformed", SealCertificatePath(files));
  } else {
    seal.certificate_ = NewCertificate(seal.key_.get(), signer->verifier().name(), now, random);
    LF_TRY(ledger::ReplaceSmallFile(SealCertificatePath(files), PemOf(seal.certificate_.get())));
  }
  seal.certificate_pem_ = PemOf(seal.certificate_.get());
  seal.fingerprint_ = FingerprintOf(seal.certificate_.get());
  seal.note_ = note.value_or("");
  if (signer) {
    const std::string text = NoteText(signer->verifier().name(), seal.fingerprint_);
    if (!IsSignedBy(seal.note_, text, signer->verifier())) {
      LF_ASSIGN(seal.note_, ledger::SignNote(text, std::span(&*signer, 1)));
      LF_TRY(ledger::ReplaceSmallFile(SealNotePath(files), seal.note_));
    }
  }
  return seal;
}

std::string Seal::SignOnce(std::string_view content, Instant at) const {
  constexpr unsigned kFlags = CMS_BINARY | CMS_DETACHED | CMS_NOSMIMECAP;
  const std::unique_ptr<CMS_ContentInfo, Deleter<CMS_ContentInfo_free>> cms(
      CMS_sign(nullptr, nullptr, nullptr, nullptr, kFlags | CMS_PARTIAL));
  LF_CHECK(cms != nullptr);
  CMS_SignerInfo* signer =
      CMS_add1_signer(cms.get(), certificate_.get(), key_.get(), EVP_sha256(), kFlags | CMS_PARTIAL);
  LF_CHECK(signer != nullptr);
  // Before OpenSSL adds the machine's own time.
  const Time time = TimeOf(at);
  LF_CHECK(CMS_signed_add1_attr_by_NID(signer, NID_pkcs9_signingTime, time->type, time.get(), -1) == 1);
  const Memory data = Over(content);
  LF_CHECK(CMS_final(cms.get(), data.get(), nullptr, kFlags) == 1);
  const Memory der(BIO_new(BIO_s_mem()));
  LF_CHECK(der != nullptr && i2d_CMS_bio(der.get(), cms.get()) == 1);
  return TextOf(der.get());
}

std::size_t Seal::SignatureBytes(Instant at) const {
  std::size_t bytes = 0;
  for (int i = 0; i < kSizesTried; ++i) bytes = std::max(bytes, SignOnce("size", at).size());
  return bytes;
}

std::string Seal::Sign(std::string_view content, Instant at, std::size_t bytes) const {
  for (;;) {
    std::string der = SignOnce(content, at);
    if (der.size() == bytes) return der;
  }
}

}  // namespace landfall::app
