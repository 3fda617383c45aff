// SPDX-License-Identifier: Apache-2.0
// A disk in memory that knows what of it would survive a power cut, and fails when it is told to.
//
// Model. Files are bytes under names. What is written is seen by every process at once and is safe after the file's
// next sync. A power cut leaves, of each file, what was safe, and of what was written since a part that chance chooses
// sector by sector (512 or 4,096 bytes): each sector stands as it was after some of the writes that touched it, so
// writes are lost, torn and reordered. A sector is never half written, and a write never harms bytes beside it
// (SQLite's POWERSAFE_OVERWRITE, which its own unix VFS assumes). A name that was made or removed is safe after the
// next sync of any file, as on the journalling file systems of Linux.
//
// Threads: one. Cost: a sync costs what was written since the last one; a power cut, the size of the files.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/seam.h"

namespace landfall::simulate {

// What becomes of unsynced writes when the power goes.
enum class Survival : std::uint8_t {
  kNothing,  // All of them are lost.
  kAll,      // None is.
  kPrefix,   // The first ones are there, the next one is torn, the rest is lost: a disk that keeps the order.
  kSome,     // Chance decides for each sector.
};

// One change of the disk, as it was asked for; of a recorded run.
struct DiskOperation {
  enum class Kind : std::uint8_t { kCreate, kWrite, kTruncate, kSync, kRemove } kind = Kind::kWrite;
  std::string name;
  std::uint64_t offset = 0;  // Of a write; of a truncation, the new size.
  std::string bytes{};
};

class Disk {
 public:
  struct File {
    struct Change {
      std::uint64_t offset = 0;
      std::string bytes;
      bool truncates = false;
      std::uint64_t size_after = 0;
    };
    std::string content;           // As processes see it.
    std::string safe;              // As of the last sync.
    std::vector<Change> unsynced;  // Since then.
    bool name_is_safe = false;
  };
  using Handle = std::shared_ptr<File>;

  // ---- what processes do; none of these asks Fate(), the caller does ----
  Handle Find(const std::string& name) const;
  Handle Create(const std::string& name);
  void Remove(const std::string& name, bool safely);
  void Write(const Handle& file, const std::string& name, std::uint64_t offset, std::string_view bytes);
  void Truncate(const Handle& file, const std::string& name, std::uint64_t size);
  void Sync(const Handle& file, const std::string& name);
  void Do(const DiskOperation& operation);  // A recorded one. A file that is not there is made.

  // What is there after the power was cut and came back. Everything in it is safe.
  Disk AfterPowerCut(Survival survival, std::uint32_t sector_bytes, SeededRandom& chance) const;

  // Every change from here on is noted, for as long as `into` lives.
  void RecordInto(std::vector<DiskOperation>* into) { record_ = into; }

  // ---- faults ----
  // Each call that changes something asks once, each read too. Calls are counted from 1 and the plan names their
  // numbers, so that a seed can strike anywhere.
  struct Faults {
    std::uint64_t power_cut_at = 0;                 // This changing call and all later ones find no power.
    std::uint64_t fails_from = 0, fails_until = 0;  // These changing calls are refused [from, until) …
    bool full = false;                              // … because the disk is full; else because of an I/O error, …
    bool torn = false;                              // … having written half of the bytes.
    bool reads_fail = false;                        // … and reads between them too.
    bool sync_lies = false;                         // Nothing is made safe by a sync, and it says it was.
  };
  Faults faults;
  enum class Fate : std::uint8_t { kDone, kFails, kNoPower };
  Fate ChangeFate();
  Fate ReadFate() const;
  std::uint64_t changes() const { return changes_; }  // Changing calls so far.
  bool power() const { return power_; }
  std::uint64_t struck() const { return struck_; }  // Calls that were refused.

  std::uint64_t bytes() const;  // Of all files, as processes see them.

 private:
  void Note(DiskOperation::Kind kind, const std::string& name, std::uint64_t offset = 0, std::string_view bytes = {});

  std::map<std::string, Handle> names_;
  std::map<std::string, Handle> removed_;  // Names that a power cut may bring back.
  std::vector<DiskOperation>* record_ = nullptr;
  std::uint64_t changes_ = 0;
  mutable std::uint64_t struck_ = 0;
  bool power_ = true;
};

}  // namespace landfall::simulate
