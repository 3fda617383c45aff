// SPDX-License-Identifier: Apache-2.0
#include "base/hash.h"

#include <openssl/evp.h>

#include <cstring>

namespace landfall {
namespace {

// A fetched digest and a reused context cost 471 ns an entry where a new context each time costs 923 (KERNEL §1).
struct Context {
  EVP_MD_CTX* ctx = EVP_MD_CTX_new();
  ~Context() { EVP_MD_CTX_free(ctx); }
};

const EVP_MD* Sha256Method() {
  static const EVP_MD* md = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  LF_CHECK(md != nullptr);
  return md;
}

// `text` is of even length; `out` has room for half of it.
bool DecodeHex(std::string_view text, std::uint8_t* out) {
  const auto nibble = [](char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1; };
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    const int high = nibble(text[i]), low = nibble(text[i + 1]);
    if (high < 0 || low < 0) return false;
    *out++ = static_cast<std::uint8_t>(high * 16 + low);
  }
  return true;
}

}  // namespace

Digest Sha256(std::span<const std::uint8_t> first, std::span<const std::uint8_t> second) {
  thread_local Context context;
  Digest out;
  LF_CHECK(EVP_DigestInit_ex2(context.ctx, Sha256Method(), nullptr) == 1);
  LF_CHECK(EVP_DigestUpdate(context.ctx, first.data(), first.size()) == 1);
  if (!second.empty()) LF_CHECK(EVP_DigestUpdate(context.ctx, second.data(), second.size()) == 1);
  LF_CHECK(EVP_DigestFinal_ex(context.ctx, out.data(), nullptr) == 1);
  return out;
}

Digest Sha256(std::span<const std::uint8_t> bytes) { return Sha256(bytes, {}); }
Digest Sha256(std::string_view text) { return Sha256(Bytes(text), {}); }

Sha256Stream::Sha256Stream() : context_(EVP_MD_CTX_new()) {
  LF_CHECK(EVP_DigestInit_ex2(static_cast<EVP_MD_CTX*>(context_), Sha256Method(), nullptr) == 1);
}
Sha256Stream::~Sha256Stream() { EVP_MD_CTX_free(static_cast<EVP_MD_CTX*>(context_)); }
void Sha256Stream::Add(std::span<const std::uint8_t> bytes) {
  LF_CHECK(EVP_DigestUpdate(static_cast<EVP_MD_CTX*>(context_), bytes.data(), bytes.size()) == 1);
}
Digest Sha256Stream::Finish() {
  Digest out;
  LF_CHECK(EVP_DigestFinal_ex(static_cast<EVP_MD_CTX*>(context_), out.data(), nullptr) == 1);
  return out;
}

void AppendHex(std::string& out, std::span<const std::uint8_t> bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  const std::size_t at = out.size();
  out.resize(at + 2 * bytes.size());
  char* p = out.data() + at;
  for (std::uint8_t b : bytes) {
    *p++ = kDigits[b >> 4];
    *p++ = kDigits[b & 15];
  }
}

std::string Hex(std::span<const std::uint8_t> bytes) {
  std::string out;
  AppendHex(out, bytes);
  return out;
}

Result<std::string> ParseHex(std::string_view text) {
  if (text.size() % 2 != 0) return Invalid("hex.malformed");
  std::string out(text.size() / 2, '\0');
  if (!DecodeHex(text, reinterpret_cast<std::uint8_t*>(out.data()))) return Invalid("hex.malformed");
  return out;
}

std::string Base64(std::span<const std::uint8_t> bytes) {
  std::string out((bytes.size() + 2) / 3 * 4, '\0');
  if (!out.empty())
    EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), bytes.data(), static_cast<int>(bytes.size()));
  return out;
}

Result<std::string> ParseBase64(std::string_view text) {
  if (text.size() % 4 != 0 || text.size() > (1u << 30)) return Invalid("base64.malformed");
  if (text.empty()) return std::string();
  std::string out(text.size() / 4 * 3, '\0');
  const int n = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  if (n < 0) return Invalid("base64.malformed");
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0;
  std::string bytes = out.substr(0, out.size() - padding);
  if (Base64(Bytes(bytes)) != text) return Invalid("base64.malformed");  // white space, loose bits
  return bytes;
}

void AppendDigestText(std::string& out, const Digest& digest) {
  out += "sha256:";
  AppendHex(out, digest);
}

Result<Digest> ParseDigestText(std::string_view text) {
  if (text.size() != 71 || !text.starts_with("sha256:")) return Invalid("digest.malformed");
  Digest out;
  if (!DecodeHex(text.substr(7), out.data())) return Invalid("digest.malformed");
  return out;
}

}  // namespace landfall
