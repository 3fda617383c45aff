// SPDX-License-Identifier: Apache-2.0
#include "simulate/disk.h"

#include <algorithm>
#include <cstring>
#include <span>

namespace landfall::simulate {
namespace {

using Change = Disk::File::Change;
using Kind = DiskOperation::Kind;

void Put(std::string& image, std::uint64_t offset, std::string_view bytes) {
  if (image.size() < offset + bytes.size()) image.resize(offset + bytes.size());
  std::memcpy(image.data() + offset, bytes.data(), bytes.size());
}

void Apply(std::string& image, const Change& change) {
  if (change.truncates)
    image.resize(change.size_after);
  else
    Put(image, change.offset, change.bytes);
}

std::uint64_t Below(SeededRandom& chance, std::uint64_t n) { return chance.Next() % n; }

// The first changes, and the sectors of the next one up to a place.
std::string PrefixOf(const Disk::File& file, std::uint32_t sector, SeededRandom& chance) {
  std::string image = file.safe;
  if (file.unsynced.empty()) return image;
  const std::size_t whole = Below(chance, file.unsynced.size() + 1);
  for (std::size_t i = 0; i < whole; ++i) Apply(image, file.unsynced[i]);
  if (whole == file.unsynced.size() || file.unsynced[whole].truncates) return image;
  const Change& torn = file.unsynced[whole];
  const std::uint64_t cut = (torn.offset + Below(chance, torn.bytes.size() + 1)) / sector * sector;
  if (cut > torn.offset) Put(image, torn.offset, std::string_view(torn.bytes).substr(0, cut - torn.offset));
  return image;
}

// Each sector as it stood after some of the writes that touched it, and the file as long as it was after one of the
// changes. A truncation is there wholly or not at all, and without it nothing that was written behind it.
std::string SomeOf(const Disk::File& file, std::uint32_t sector, SeededRandom& chance) {
  std::string image = file.safe;
  if (file.unsynced.empty()) return image;
  const std::uint64_t version = Below(chance, file.unsynced.size() + 1);
  const std::uint64_t size = version == 0 ? file.safe.size() : file.unsynced[version - 1].size_after;
  std::span<const Change> changes = file.unsynced;
  for (std::size_t i = version; i < changes.size(); ++i)
    if (changes[i].truncates) changes = changes.first(i);
  std::uint64_t longest = image.size();
  for (const Change& c : changes) longest = std::max(longest, c.size_after);
  image.resize(longest);
  const auto touched = [&](const Change& c) {
    return std::pair(c.offset / sector, (c.offset + c.bytes.size() + sector - 1) / sector);
  };
  // How many writes touch a sector, then how many of them it has yet to see.
  std::vector<std::uint32_t> left((longest + sector - 1) / sector);
  for (const Change& c : changes)
    if (!c.truncates)
      for (auto [at, end] = touched(c); at < end; ++at) ++left[at];
  for (std::uint32_t& n : left)
    if (n > 0) n = static_cast<std::uint32_t>(Below(chance, n + 1));
  for (const Change& c : changes) {
    if (c.truncates) {
      std::fill(image.begin() + static_cast<std::ptrdiff_t>(c.size_after), image.end(), '\0');
      continue;
    }
    for (auto [at, end] = touched(c); at < end; ++at) {
      if (left[at] == 0) continue;
      --left[at];
      const std::uint64_t from = std::max<std::uint64_t>(at * sector, c.offset);
      const std::uint64_t to = std::min<std::uint64_t>((at + 1) * sector, c.offset + c.bytes.size());
      std::memcpy(image.data() + from, c.bytes.data() + (from - c.offset), to - from);
    }
  }
  image.resize(size);
  return image;
}

std::string Surviving(const Disk::File& file, Survival survival, std::uint32_t sector, SeededRandom& chance) {
  switch (survival) {
    case Survival::kNothing:
      return file.safe;
    case Survival::kAll:
      return file.content;
    case Survival::kPrefix:
      return PrefixOf(file, sector, chance);
    case Survival::kSome:
      return SomeOf(file, sector, chance);
  }
  return file.safe;
}

}  // namespace

Disk::Handle Disk::Find(const std::string& name) const {
  const auto found = names_.find(name);
  return found == names_.end() ? nullptr : found->second;
}

Disk::Handle Disk::Create(const std::string& name) {
  Note(Kind::kCreate, name);
  return names_[name] = std::make_shared<File>();
}

void Disk::Remove(const std::string& name, bool safely) {
  const auto found = names_.find(name);
  if (found == names_.end()) return;
  Note(Kind::kRemove, name, safely ? 1 : 0);
  if (!safely && found->second->name_is_safe) removed_[name] = found->second;
  if (safely) removed_.erase(name);
  names_.erase(found);
}

void Disk::Write(const Handle& file, const std::string& name, std::uint64_t offset, std::string_view bytes) {
  Note(Kind::kWrite, name, offset, bytes);
  Put(file->content, offset, bytes);
  file->unsynced.push_back({offset, std::string(bytes), false, file->content.size()});
}

void Disk::Truncate(const Handle& file, const std::string& name, std::uint64_t size) {
  Note(Kind::kTruncate, name, size);
  file->content.resize(size);
  file->unsynced.push_back({size, {}, true, size});
}

void Disk::Sync(const Handle& file, const std::string& name) {
  Note(Kind::kSync, name);
  if (faults.sync_lies) return;
  for (const Change& change : file->unsynced) Apply(file->safe, change);
  file->unsynced.clear();
  for (const auto& [_, named] : names_) named->name_is_safe = true;
  removed_.clear();
}

void Disk::Do(const DiskOperation& operation) {
  if (operation.kind == Kind::kRemove) return Remove(operation.name, operation.offset != 0);
  if (operation.kind == Kind::kCreate) return (void)Create(operation.name);
  Handle file = Find(operation.name);
  if (!file) file = Create(operation.name);
  if (operation.kind == Kind::kWrite) Write(file, operation.name, operation.offset, operation.bytes);
  if (operation.kind == Kind::kTruncate) Truncate(file, operation.name, operation.offset);
  if (operation.kind == Kind::kSync) Sync(file, operation.name);
}

Disk Disk::AfterPowerCut(Survival survival, std::uint32_t sector_bytes, SeededRandom& chance) const {
  Disk after;
  const auto keep = [&](const std::string& name, const File& file) {
    auto kept = std::make_shared<File>();
    kept->content = Surviving(file, survival, sector_bytes, chance);
    kept->safe = kept->content;
    kept->name_is_safe = true;
    after.names_[name] = std::move(kept);
  };
  const auto lucky = [&] { return survival == Survival::kAll || (survival != Survival::kNothing && Below(chance, 2)); };
  for (const auto& [name, file] : removed_)
    if (!lucky()) keep(name, *file);
  for (const auto& [name, file] : names_)
    if (file->name_is_safe || lucky()) keep(name, *file);
  return after;
}

Disk::Fate Disk::ChangeFate() {
  if (!power_) return Fate::kNoPower;
  ++changes_;
  if (faults.power_cut_at != 0 && changes_ >= faults.power_cut_at) {
    power_ = false;
    return Fate::kNoPower;
  }
  if (changes_ >= faults.fails_from && changes_ < faults.fails_until) {
    ++struck_;
    return Fate::kFails;
  }
  return Fate::kDone;
}

Disk::Fate Disk::ReadFate() const {
  if (!power_) return Fate::kNoPower;
  if (!faults.reads_fail || changes_ < faults.fails_from || changes_ >= faults.fails_until) return Fate::kDone;
  ++struck_;
  return Fate::kFails;
}

std::uint64_t Disk::bytes() const {
  std::uint64_t sum = 0;
  for (const auto& [_, file] : names_) sum += file->content.size();
  return sum;
}

void Disk::Note(Kind kind, const std::string& name, std::uint64_t offset, std::string_view bytes) {
  if (record_ != nullptr) record_->push_back({kind, name, offset, std::string(bytes)});
}

}  // namespace landfall::simulate
