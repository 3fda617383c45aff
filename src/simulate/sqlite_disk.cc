// SPDX-License-Identifier: Apache-2.0
#include "simulate/sqlite_disk.h"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <new>

#include "base/result.h"

namespace landfall::simulate {
namespace {

struct OpenFile;

// What all processes of a machine share about a file.
struct Shared {
  std::vector<OpenFile*> open;
  std::vector<std::unique_ptr<char[]>> regions;  // Of shared memory.
  std::size_t region_bytes = 0;
  std::size_t mapped = 0;  // By so many of `open`; the last one clears it.
};

}  // namespace

struct Machine::Inside {
  Disk disk;
  SeededRandom random{0};
  std::map<std::string, Shared> shared;
};

struct Process::Inside {
  Machine::Inside* machine = nullptr;
  sqlite3_vfs vfs{};
  std::string name;
  std::uint64_t changes_left = 0;  // 0: it lives on.
  bool dead = false;
  // Shared memory as it was when this process died. What is left of it in this program may still write there.
  std::map<std::string, std::vector<std::string>> at_death{};

  void Die() {
    if (std::exchange(dead, true)) return;
    for (const auto& [path, shared] : machine->shared)
      for (const auto& region : shared.regions) at_death[path].emplace_back(region.get(), shared.region_bytes);
  }
  void Bury() {
    for (const auto& [path, regions] : at_death) {
      Shared& shared = machine->shared[path];
      if (shared.regions.size() < regions.size()) continue;  // Nobody had it mapped any more.
      for (std::size_t i = 0; i < regions.size(); ++i)
        std::memcpy(shared.regions[i].get(), regions[i].data(), regions[i].size());
    }
  }
};

namespace {

using Fate = Disk::Fate;

// SQLite gives the memory and calls no constructor: this is made and destroyed in place.
struct OpenFile {
  sqlite3_file base{};
  Process::Inside* process = nullptr;
  Disk::Handle file;
  std::string name;  // Empty: a temporary one, of no name and of no interest to others.
  int lock = SQLITE_LOCK_NONE;
  std::uint16_t shm_shared = 0, shm_exclusive = 0;
  bool mapped = false, remove_on_close = false;

  Disk& disk() const { return process->machine->disk; }
  Shared& shared() const { return process->machine->shared[name]; }
  Fate MayChange() const {
    if (process->dead) return Fate::kNoPower;
    if (process->changes_left > 0 && --process->changes_left == 0) {
      process->Die();
      return Fate::kNoPower;
    }
    return disk().ChangeFate();
  }
  Fate MayRead() const { return process->dead ? Fate::kNoPower : disk().ReadFate(); }
  bool Refused() const { return process->dead || !disk().power(); }
  // Of a dead process nothing is in anybody's way.
  bool Counts() const { return !process->dead; }
};
OpenFile& Of(sqlite3_file* file) { return *reinterpret_cast<OpenFile*>(file); }

void Unmap(OpenFile& f) {
  f.shm_shared = f.shm_exclusive = 0;
  if (!std::exchange(f.mapped, false)) return;
  Shared& shared = f.shared();
  if (--shared.mapped == 0) shared.regions.clear();
}

int Close(sqlite3_file* file) {
  OpenFile& f = Of(file);
  Unmap(f);
  if (!f.name.empty()) std::erase(f.shared().open, &f);
  if (f.remove_on_close && !f.name.empty() && f.MayChange() == Fate::kDone) f.disk().Remove(f.name, false);
  f.~OpenFile();
  return SQLITE_OK;
}

int Read(sqlite3_file* file, void* to, int n, sqlite3_int64 at) {
  const OpenFile& f = Of(file);
  if (f.MayRead() != Fate::kDone) return SQLITE_IOERR_READ;
  const std::string& content = f.file->content;
  const auto offset = static_cast<std::size_t>(at), wanted = static_cast<std::size_t>(n);
  const std::size_t there = offset >= content.size() ? 0 : std::min(wanted, content.size() - offset);
  std::memcpy(to, content.data() + (there > 0 ? offset : 0), there);
  if (there == wanted) return SQLITE_OK;
  std::memset(static_cast<char*>(to) + there, 0, wanted - there);
  return SQLITE_IOERR_SHORT_READ;
}

int Write(sqlite3_file* file, const void* from, int n, sqlite3_int64 at) {
  const OpenFile& f = Of(file);
  const std::string_view bytes(static_cast<const char*>(from), static_cast<std::size_t>(n));
  const Fate fate = f.MayChange();
  if (fate == Fate::kDone) {
    f.disk().Write(f.file, f.name, static_cast<std::uint64_t>(at), bytes);
    return SQLITE_OK;
  }
  if (fate == Fate::kNoPower) return SQLITE_IOERR_WRITE;
  if (f.disk().faults.torn)
    f.disk().Write(f.file, f.name, static_cast<std::uint64_t>(at), bytes.substr(0, bytes.size() / 2));
  return f.disk().faults.full ? SQLITE_FULL : SQLITE_IOERR_WRITE;
}

int Truncate(sqlite3_file* file, sqlite3_int64 size) {
  const OpenFile& f = Of(file);
  if (f.MayChange() != Fate::kDone) return SQLITE_IOERR_TRUNCATE;
  f.disk().Truncate(f.file, f.name, static_cast<std::uint64_t>(size));
  return SQLITE_OK;
}

int Sync(sqlite3_file* file, int) {
  const OpenFile& f = Of(file);
  if (f.MayChange() != Fate::kDone) return SQLITE_IOERR_FSYNC;
  f.disk().Sync(f.file, f.name);
  return SQLITE_OK;
}

int FileSize(sqlite3_file* file, sqlite3_int64* size) {
  const OpenFile& f = Of(file);
  if (f.MayRead() != Fate::kDone) return SQLITE_IOERR_FSTAT;
  *size = static_cast<sqlite3_int64>(f.file->content.size());
  return SQLITE_OK;
}

// The strongest lock that another living process holds.
int LockOfOthers(const OpenFile& f) {
  int strongest = SQLITE_LOCK_NONE;
  for (const OpenFile* other : f.shared().open)
    if (other != &f && other->Counts()) strongest = std::max(strongest, other->lock);
  return strongest;
}

int Lock(sqlite3_file* file, int wanted) {
  OpenFile& f = Of(file);
  if (f.Refused()) return SQLITE_IOERR_LOCK;
  if (f.lock >= wanted) return SQLITE_OK;
  const int others = LockOfOthers(f);
  if (wanted == SQLITE_LOCK_SHARED ? others >= SQLITE_LOCK_PENDING : others >= SQLITE_LOCK_RESERVED) return SQLITE_BUSY;
  if (wanted == SQLITE_LOCK_EXCLUSIVE) {
    f.lock = SQLITE_LOCK_PENDING;  // From here on nobody new may read.
    if (others >= SQLITE_LOCK_SHARED) return SQLITE_BUSY;
  }
  f.lock = wanted;
  return SQLITE_OK;
}

int Unlock(sqlite3_file* file, int level) {
  OpenFile& f = Of(file);
  f.lock = std::min(f.lock, level);
  return SQLITE_OK;
}

int CheckReserved(sqlite3_file* file, int* out) {
  const OpenFile& f = Of(file);
  if (f.Refused()) return SQLITE_IOERR_CHECKRESERVEDLOCK;
  *out = std::max(f.lock, LockOfOthers(f)) >= SQLITE_LOCK_RESERVED;
  return SQLITE_OK;
}

int Control(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
int SectorSize(sqlite3_file*) { return 4096; }
// As SQLite's unix VFS says by default.
int Characteristics(sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }

int ShmMap(sqlite3_file* file, int region, int size, int extend, void volatile** out) {
  OpenFile& f = Of(file);
  *out = nullptr;
  if (f.Refused()) return SQLITE_IOERR_SHMMAP;
  Shared& shared = f.shared();
  if (!std::exchange(f.mapped, true)) ++shared.mapped;
  shared.region_bytes = static_cast<std::size_t>(size);
  const auto at = static_cast<std::size_t>(region);
  if (at >= shared.regions.size()) {
    if (extend == 0) return SQLITE_OK;
    while (shared.regions.size() <= at)
      shared.regions.push_back(std::make_unique<char[]>(static_cast<std::size_t>(size)));
  }
  *out = shared.regions[at].get();
  return SQLITE_OK;
}

int ShmLock(sqlite3_file* file, int first, int n, int flags) {
  OpenFile& f = Of(file);
  const auto mask = static_cast<std::uint16_t>(((1u << n) - 1) << first);
  if ((flags & SQLITE_SHM_UNLOCK) != 0) {
    f.shm_shared = static_cast<std::uint16_t>(f.shm_shared & ~mask);
    f.shm_exclusive = static_cast<std::uint16_t>(f.shm_exclusive & ~mask);
    return SQLITE_OK;
  }
  if (f.Refused()) return SQLITE_IOERR_SHMLOCK;
  const bool exclusive = (flags & SQLITE_SHM_EXCLUSIVE) != 0;
  for (const OpenFile* other : f.shared().open) {
    if (other == &f || !other->Counts()) continue;
    if ((other->shm_exclusive & mask) != 0 || (exclusive && (other->shm_shared & mask) != 0)) return SQLITE_BUSY;
  }
  std::uint16_t& held = exclusive ? f.shm_exclusive : f.shm_shared;
  held = static_cast<std::uint16_t>(held | mask);
  return SQLITE_OK;
}

void ShmBarrier(sqlite3_file*) {}
int ShmUnmap(sqlite3_file* file, int) {
  Unmap(Of(file));
  return SQLITE_OK;
}

// Version 2: no memory mapping, so that every read passes through here.
constexpr sqlite3_io_methods kMethods = {
    2,        Close,         Read,    Write,      Truncate,        Sync,   FileSize, Lock,
    Unlock,   CheckReserved, Control, SectorSize, Characteristics, ShmMap, ShmLock,  ShmBarrier,
    ShmUnmap, nullptr,       nullptr};

Process::Inside& ProcessOf(sqlite3_vfs* vfs) { return *static_cast<Process::Inside*>(vfs->pAppData); }

int Open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out) {
  Process::Inside& process = ProcessOf(vfs);
  auto* f = new (file) OpenFile;
  f->process = &process;
  f->name = name == nullptr ? "" : name;
  const auto give_up = [f](int code) {
    f->~OpenFile();
    new (f) sqlite3_file{};  // SQLite closes no file that has no methods.
    return code;
  };
  if (f->Refused()) return give_up(SQLITE_CANTOPEN);
  if (f->name.empty())
    f->file = std::make_shared<Disk::File>();
  else
    f->file = f->disk().Find(f->name);
  if (!f->file) {
    if ((flags & SQLITE_OPEN_CREATE) == 0 || f->MayChange() != Fate::kDone) return give_up(SQLITE_CANTOPEN);
    f->file = f->disk().Create(f->name);
  }
  f->remove_on_close = (flags & SQLITE_OPEN_DELETEONCLOSE) != 0;
  if (!f->name.empty()) f->shared().open.push_back(f);
  f->base.pMethods = &kMethods;
  if (out != nullptr) *out = flags;
  return SQLITE_OK;
}

int Delete(sqlite3_vfs* vfs, const char* name, int sync) {
  Process::Inside& process = ProcessOf(vfs);
  OpenFile asking;
  asking.process = &process;
  if (asking.Refused()) return SQLITE_IOERR_DELETE;
  if (!asking.disk().Find(name)) return SQLITE_IOERR_DELETE_NOENT;
  if (asking.MayChange() != Fate::kDone) return SQLITE_IOERR_DELETE;
  asking.disk().Remove(name, sync != 0);
  return SQLITE_OK;
}

int Access(sqlite3_vfs* vfs, const char* name, int, int* out) {
  const Process::Inside& process = ProcessOf(vfs);
  if (process.dead || !process.machine->disk.power()) return SQLITE_IOERR_ACCESS;
  *out = process.machine->disk.Find(name) != nullptr;
  return SQLITE_OK;
}

int FullPathname(sqlite3_vfs*, const char* name, int n, char* out) {
  sqlite3_snprintf(n, out, "%s", name);
  return SQLITE_OK;
}

int Randomness(sqlite3_vfs* vfs, int n, char* out) {
  ProcessOf(vfs).machine->random.Fill({reinterpret_cast<std::uint8_t*>(out), static_cast<std::size_t>(n)});
  return n;
}

// Nothing else goes on meanwhile, so who waits here waits in vain, but no time passes.
int Sleep(sqlite3_vfs*, int micros) { return micros; }
// Never asked: no statement of the store names the time.
int CurrentTime64(sqlite3_vfs*, sqlite3_int64* out) {
  *out = 0;
  return SQLITE_OK;
}
int CurrentTime(sqlite3_vfs*, double* out) {
  *out = 0;
  return SQLITE_OK;
}
int LastError(sqlite3_vfs*, int, char*) { return 0; }

}  // namespace

Machine::Machine(std::uint64_t seed) : inside_(std::make_unique<Inside>()) {
  inside_->random = SeededRandom(seed);
  // What SQLite draws for the salts of its write-ahead log; else a run would not repeat byte by byte.
  sqlite3_initialize();
  sqlite3_test_control(SQLITE_TESTCTRL_PRNG_SEED, static_cast<int>(seed % 0x7FFFFFFF) + 1, nullptr);
}
Machine::~Machine() = default;

Disk& Machine::disk() { return inside_->disk; }

void Machine::PowerOn(Disk survived) {
  for (const auto& [_, shared] : inside_->shared) LF_CHECK(shared.open.empty());
  inside_->shared.clear();
  inside_->disk = std::move(survived);
}

Process::Process(Machine& machine) : inside_(std::make_unique<Inside>()) {
  static std::atomic<std::uint64_t> made{0};
  inside_->machine = machine.inside_.get();
  inside_->name = "landfall-simulated-" + std::to_string(++made);
  sqlite3_vfs& v = inside_->vfs;
  v.iVersion = 2;
  v.szOsFile = static_cast<int>(sizeof(OpenFile));
  v.mxPathname = 512;
  v.zName = inside_->name.c_str();
  v.pAppData = inside_.get();
  v.xOpen = Open;
  v.xDelete = Delete;
  v.xAccess = Access;
  v.xFullPathname = FullPathname;
  v.xRandomness = Randomness;
  v.xSleep = Sleep;
  v.xCurrentTime = CurrentTime;
  v.xGetLastError = LastError;
  v.xCurrentTimeInt64 = CurrentTime64;
  LF_CHECK(sqlite3_vfs_register(&v, 0) == SQLITE_OK);
}

Process::~Process() {
  inside_->Bury();
  sqlite3_vfs_unregister(&inside_->vfs);
}

const std::string& Process::vfs() const { return inside_->name; }
void Process::Kill() { inside_->Die(); }
void Process::KillAtChange(std::uint64_t n) { inside_->changes_left = n; }
bool Process::dead() const { return inside_->dead; }

}  // namespace landfall::simulate
