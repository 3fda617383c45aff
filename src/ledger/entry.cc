// SPDX-License-Identifier: Apache-2.0
#define OPENSSL_SUPPRESS_DEPRECATED  // See ShortSha256.
#include "ledger/entry.h"

#include <openssl/sha.h>

#include <cstring>

#include "base/json.h"
#include "base/seam.h"
#include "ledger/tree.h"

namespace landfall {

std::string_view EventClassName(EventClass c) {
  static constexpr std::array<std::string_view, 4> kNames{"public", "internal", "enterprise", "personal"};
  return kNames[static_cast<std::size_t>(c)];
}

bool ParseEventClass(std::string_view text, EventClass& out) {
  for (std::size_t i = 0; i < 4; ++i) {
    out = static_cast<EventClass>(i);
    if (EventClassName(out) == text) return true;
  }
  return false;
}

}  // namespace landfall

namespace landfall::ledger {
namespace {

// Body framing, little-endian. Entry: u32 leaf bytes, leaf, 16-byte tag, u16 events, events. Event: u8 place (0 here, 1
// in the erasable table), and when here u32 bytes of (salt ‖ payload), and them.
constexpr char kHere = 0, kErasableTable = 1;

template <class T>
void AppendLittle(std::string& out, T value) {
  char bytes[sizeof(T)];
  std::memcpy(bytes, &value, sizeof(T));
  out.append(bytes, sizeof(T));
}

template <class T>
bool TakeLittle(std::string_view& rest, T& value) {
  if (rest.size() < sizeof(T)) return false;
  std::memcpy(&value, rest.data(), sizeof(T));
  rest.remove_prefix(sizeof(T));
  return true;
}

bool TakeBytes(std::string_view& rest, std::size_t n, std::string_view& out) {
  if (rest.size() < n) return false;
  out = rest.substr(0, n);
  rest.remove_prefix(n);
  return true;
}

bool IsLeafSafe(std::string_view text) {
  for (char c : text)
    if (c < ' ' || c > '~' || c == '"' || c == '\\') return false;
  return !text.empty();
}

// The low-level SHA-256 of OpenSSL for payloads of a hundred bytes, where the set-up of EVP costs as much as the
// hashing (tree.cc, HashParts). Its one-shot SHA256() is no way out: it fetches the method anew at each call and takes
// four times as long.
Digest ShortSha256(std::string_view first, std::string_view second) {
  SHA256_CTX context;
  Digest out;
  SHA256_Init(&context);
  SHA256_Update(&context, first.data(), first.size());
  if (!second.empty()) SHA256_Update(&context, second.data(), second.size());
  SHA256_Final(out.data(), &context);
  return out;
}

}  // namespace

RequestTag TagOf(std::string_view salt, std::string_view command) {
  const Digest digest = ShortSha256(salt, command);
  RequestTag tag;
  std::memcpy(tag.data(), digest.data(), tag.size());
  return tag;
}

bool HasDigest(std::string_view salted, std::string_view digest_hex) {
  static constexpr char kDigits[] = "0123456789abcdef";
  if (salted.size() < kSaltBytes || digest_hex.size() != 64) return false;
  const Digest digest = ShortSha256(salted, {});
  for (std::size_t i = 0; i < digest.size(); ++i)
    if (digest_hex[2 * i] != kDigits[digest[i] >> 4] || digest_hex[2 * i + 1] != kDigits[digest[i] & 15]) return false;
  return true;
}

Status AppendEntry(std::string& body, std::uint64_t seq, const EntryDraft& draft, Random& random, Digest& leaf_hash,
                   std::vector<std::pair<std::uint32_t, std::string>>& erasable, std::string& leaf) {
  LF_CHECK(!draft.events.empty() && draft.key.empty() != draft.batch.empty());
  if (draft.events.size() > kMaxEventsPerEntry) return Invalid("entry.too_many_events");

  std::string payloads;
  std::size_t payload_bytes = 0;
  for (const EventDraft& event : draft.events) payload_bytes += 8 + kSaltBytes + event.payload.size();
  payloads.reserve(payload_bytes);
  leaf = "{\"seq\":";
  AppendInt(leaf, static_cast<std::int64_t>(seq));
  leaf += ",\"at\":\"";
  AppendInstant(leaf, draft.at);
  leaf += "\",\"by\":\"";
  leaf += draft.by;
  leaf += draft.key.empty() ? "\",\"batch\":\"" : "\",\"key\":\"";
  leaf += draft.key.empty() ? draft.batch : draft.key;
  leaf += "\",\"cmd\":\"";
  leaf += draft.cmd;
  leaf += "\",\"events\":[";
  RequestTag tag{};
  for (std::size_t i = 0; i < draft.events.size(); ++i) {
    const EventDraft& event = draft.events[i];
    LF_CHECK(IsLeafSafe(event.on));
    if (event.payload.size() > kMaxPayloadBytes) return Invalid("entry.payload_too_long");
    Salt salt;
    random.Fill(salt);
    const Digest digest = ShortSha256(AsText(salt), event.payload);
    if (i == 0) tag = TagOf(AsText(salt), draft.command);
    if (event.info.erasable) {
      payloads += kErasableTable;
      std::string bytes(AsText(salt));
      bytes += event.payload;
      erasable.emplace_back(static_cast<std::uint32_t>(i), std::move(bytes));
    } else {
      payloads += kHere;
      AppendLittle(payloads, static_cast<std::uint32_t>(kSaltBytes + event.payload.size()));
      payloads += AsText(salt);
      payloads += event.payload;
    }
    if (i != 0) leaf += ',';
    leaf += "{\"type\":\"";
    leaf += event.info.type;
    leaf += "\",\"v\":";
    AppendInt(leaf, event.info.version);
    leaf += ",\"on\":\"";
    leaf += event.on;
    leaf += "\",\"class\":\"";
    leaf += EventClassName(event.info.cls);
    leaf += "\",\"digest\":\"";
    AppendDigestText(leaf, digest);
    leaf += "\"}";
  }
  leaf += "]}";
  if (leaf.size() > kMaxLeafBytes) return Invalid("entry.leaf_too_long");
  leaf_hash = LeafHash(Bytes(leaf));
  AppendLittle(body, static_cast<std::uint32_t>(leaf.size()));
  body += leaf;
  body += AsText(tag);
  AppendLittle(body, static_cast<std::uint16_t>(draft.events.size()));
  body += payloads;
  return Ok{};
}

bool ParseLeaf(std::string_view bytes, Leaf& out) {
  Scanner s(bytes);
  std::int64_t seq = 0;
  std::string_view at;
  out.key = out.batch = {};
  out.events.clear();
  if (!s.Literal("{\"seq\":") || !s.Int(seq) || seq < 1 || !s.Literal(",\"at\":") || !s.PlainString(at) ||
      !s.Literal(",\"by\":") || !s.PlainString(out.by))
    return false;
  out.seq = static_cast<std::uint64_t>(seq);
  auto instant = ParseInstant(at);
  if (!instant) return false;
  out.at = *instant;
  if (s.Literal(",\"key\":")) {
    if (!s.PlainString(out.key) || out.key.empty()) return false;
  } else if (!s.Literal(",\"batch\":") || !s.PlainString(out.batch) || out.batch.empty()) {
    return false;
  }
  if (!s.Literal(",\"cmd\":") || !s.PlainString(out.cmd) || !s.Literal(",\"events\":[")) return false;
  for (;;) {
    LeafEvent& event = out.events.emplace_back();
    std::int64_t version = 0;
    std::string_view cls;
    if (!s.Literal("{\"type\":") || !s.PlainString(event.type) || !s.Literal(",\"v\":") || !s.Int(version) ||
        version < 1 || version > 1000 || !s.Literal(",\"on\":") || !s.PlainString(event.on) ||
        !s.Literal(",\"class\":") || !s.PlainString(cls) || !ParseEventClass(cls, event.cls) ||
        !s.Literal(",\"digest\":\"sha256:"))
      return false;
    event.version = static_cast<int>(version);
    const char* digits = s.position();
    const std::string_view rest(digits, static_cast<std::size_t>(bytes.data() + bytes.size() - digits));
    if (rest.size() < 64) return false;
    event.digest_hex = rest.substr(0, 64);
    if (!s.Literal(event.digest_hex) || !s.Literal("\"}")) return false;
    if (s.Literal("]}")) return s.AtEnd();
    if (!s.Literal(",") || out.events.size() >= kMaxEventsPerEntry) return false;
  }
}

bool BodyReader::Next(StoredEntry& entry) {
  std::string_view rest = rest_;  // Kept as it is where no whole entry follows.
  std::uint32_t leaf_bytes = 0;
  std::uint16_t events = 0;
  if (!TakeLittle(rest, leaf_bytes) || leaf_bytes > kMaxLeafBytes || !TakeBytes(rest, leaf_bytes, entry.leaf) ||
      !TakeBytes(rest, kTagBytes, entry.tag) || !TakeLittle(rest, events) || events > kMaxEventsPerEntry)
    return false;
  entry.events.clear();
  for (std::uint16_t i = 0; i < events; ++i) {
    StoredEvent& event = entry.events.emplace_back();
    std::string_view place;
    if (!TakeBytes(rest, 1, place)) return false;
    event.erasable = place[0] == kErasableTable;
    if (event.erasable) continue;
    std::uint32_t n = 0;
    if (place[0] != kHere || !TakeLittle(rest, n) || n < kSaltBytes || !TakeBytes(rest, n, event.salted)) return false;
  }
  rest_ = rest;
  return true;
}

}  // namespace landfall::ledger
