// SPDX-License-Identifier: Apache-2.0
// The bytes of an entry: leaf, payloads, and how the entries of one commit lie together in a row. Specified in
// docs/formats/entry.md; frozen.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "base/seam.h"
#include "ledger/event.h"

namespace landfall::ledger {

inline constexpr std::size_t kMaxLeafBytes = 65'535;    // C2SP tlog-tiles: a uint16 stands before each leaf.
inline constexpr std::size_t kMaxEventsPerEntry = 200;  // More is a batch of entries.
inline constexpr std::size_t kMaxPayloadBytes = 1 << 20;
inline constexpr std::size_t kSaltBytes = 32;
inline constexpr std::size_t kTagBytes = 16;

using Salt = std::array<std::uint8_t, kSaltBytes>;
using RequestTag = std::array<std::uint8_t, kTagBytes>;

// One event that is about to be stored. `payload` is canonical JSON.
struct EventDraft {
  EventInfo info;
  std::string on;  // "project/p88"
  std::string payload;
};

// One entry that is about to be stored. Exactly one of `key` and `batch` is set; the last entry of a batch has the key.
struct EntryDraft {
  Instant at;
  std::string by, key, batch, cmd;
  std::string command;  // Canonical JSON of the command; only its salted hash is kept.
  std::vector<EventDraft> events;
};

struct LeafEvent {
  std::string_view type, on;
  int version = 0;
  EventClass cls = EventClass::kInternal;
  std::string_view digest_hex;  // 64 digits
};

// A parsed leaf; the views point into its bytes.
struct Leaf {
  std::uint64_t seq = 0;
  Instant at;
  std::string_view by, key, batch, cmd;
  std::vector<LeafEvent> events;
};

// Reads a leaf, accepting exactly the bytes that AppendLeaf writes. `out.events` is reused. False on any deviation.
bool ParseLeaf(std::string_view bytes, Leaf& out);

// One event as stored. `salted` = 32 salt bytes followed by the payload; empty when it lies in the erasable table.
struct StoredEvent {
  bool erasable = false;
  std::string_view salted;
  std::string_view payload() const { return salted.substr(std::min(salted.size(), kSaltBytes)); }
};

// One entry as stored; views point into the commit's body.
struct StoredEntry {
  std::string_view leaf;
  std::string_view tag;  // 16 bytes: SHA-256(first salt ‖ command), cut.
  std::vector<StoredEvent> events;
  Digest leaf_hash{};  // Given by a replay that verifies leaves.
};

// Appends one entry to a commit body. `erasable` receives (event index, salt ‖ payload) of events of erasable types.
// Errors: entry.leaf_too_long, entry.too_many_events, entry.payload_too_long.
Status AppendEntry(std::string& body, std::uint64_t seq, const EntryDraft& draft, Random& random, Digest& leaf_hash,
                   std::vector<std::pair<std::uint32_t, std::string>>& erasable, std::string& leaf_scratch);

// SHA-256(salt ‖ command) cut to 16 bytes, to tell a repeated request from another one under the same key.
RequestTag TagOf(std::string_view salt, std::string_view command);

// Whether 32 salt bytes and a payload have the digest that a leaf names, as 64 lower-case hex digits. Never allocates;
// 0.2 µs for a payload of 100 bytes.
bool HasDigest(std::string_view salted, std::string_view digest_hex);

// Walks the entries of a body. `entry` is reused between calls.
class BodyReader {
 public:
  explicit BodyReader(std::string_view body) : rest_(body) {}
  bool AtEnd() const { return rest_.empty(); }
  // False when the bytes do not hold a further whole entry.
  bool Next(StoredEntry& entry);

 private:
  std::string_view rest_;
};

}  // namespace landfall::ledger
