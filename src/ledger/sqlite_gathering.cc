// SPDX-License-Identifier: Apache-2.0
#include "ledger/sqlite_gathering.h"

#include <sqlite3.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <memory>
#include <mutex>
#include <string_view>

namespace landfall::ledger {
namespace {

// The system's VFS takes less than 128 KiB at once.
constexpr std::size_t kRunMax = 64 * 1024;

// The disk below, and what is on its way to it.
struct Gathered {
  std::unique_ptr<char[]> memory;  // Of the file below, as large as its VFS asks for.
  bool gathers = false;            // The database and its log; of other files each write goes on at once.
  std::string run;
  sqlite3_int64 at = 0;          // Where the run begins.
  int failed = SQLITE_OK;        // Handing on failed: so does whatever depends on it, until the locks are given back.
  Gathered* database = nullptr;  // Of a log: whose it is.
  Gathered* log = nullptr;       // Of a database: its log while that is open.

  sqlite3_file* file() { return reinterpret_cast<sqlite3_file*>(memory.get()); }
  const sqlite3_io_methods* io() { return file()->pMethods; }
};

struct File {
  sqlite3_file base;
  Gathered* gathered;
};
Gathered& Of(sqlite3_file* file) { return *reinterpret_cast<File*>(file)->gathered; }

int HandOn(Gathered& g) {
  if (g.failed != SQLITE_OK || g.run.empty()) return g.failed;
  g.failed = g.io()->xWrite(g.file(), g.run.data(), static_cast<int>(g.run.size()), g.at);
  g.run.clear();
  return g.failed;
}
// Hands on what was gathered, then does `call` to the file below.
template <class F>
int Then(sqlite3_file* f, F call) {
  Gathered& g = Of(f);
  const int code = HandOn(g);
  return code != SQLITE_OK ? code : call(g.io(), g.file());
}
// When locks are given back, what was not synced belongs to a transaction or a checkpoint that came to nothing. Written
// later it would fall upon what others have written there since.
void Forget(Gathered& g) {
  for (Gathered* one : {&g, g.log}) {
    if (one == nullptr) continue;
    one->run.clear();
    one->failed = SQLITE_OK;
  }
}

int Close(sqlite3_file* f) {
  Gathered& g = Of(f);
  if (g.database != nullptr) g.database->log = nullptr;
  if (g.log != nullptr) g.log->database = nullptr;
  const int closed = g.io()->xClose(g.file());
  delete &g;
  return closed;
}
int Read(sqlite3_file* f, void* to, int n, sqlite3_int64 at) {
  return Then(f, [&](auto* io, auto* file) { return io->xRead(file, to, n, at); });
}
int Write(sqlite3_file* f, const void* from, int n, sqlite3_int64 at) {
  Gathered& g = Of(f);
  if (!g.gathers) return g.io()->xWrite(g.file(), from, n, at);
  const auto size = static_cast<sqlite3_int64>(g.run.size());
  const bool goes_on = size > 0 && at == g.at + size && g.run.size() + static_cast<std::size_t>(n) <= kRunMax;
  if (!goes_on) {
    if (const int code = HandOn(g); code != SQLITE_OK) return code;
    g.at = at;
  }
  g.run.append(static_cast<const char*>(from), static_cast<std::size_t>(n));
  return SQLITE_OK;
}
int Truncate(sqlite3_file* f, sqlite3_int64 size) {
  return Then(f, [&](auto* io, auto* file) { return io->xTruncate(file, size); });
}
int Sync(sqlite3_file* f, int flags) {
  return Then(f, [&](auto* io, auto* file) { return io->xSync(file, flags); });
}
int FileSize(sqlite3_file* f, sqlite3_int64* size) {
  return Then(f, [&](auto* io, auto* file) { return io->xFileSize(file, size); });
}
int Lock(sqlite3_file* f, int level) { return Of(f).io()->xLock(Of(f).file(), level); }
int Unlock(sqlite3_file* f, int level) {
  Forget(Of(f));
  return Of(f).io()->xUnlock(Of(f).file(), level);
}
int CheckReserved(sqlite3_file* f, int* out) { return Of(f).io()->xCheckReservedLock(Of(f).file(), out); }
// Hands nothing on: SQLite does not look at what this answers.
int Control(sqlite3_file* f, int op, void* arg) { return Of(f).io()->xFileControl(Of(f).file(), op, arg); }
int SectorSize(sqlite3_file* f) { return Of(f).io()->xSectorSize(Of(f).file()); }
int Characteristics(sqlite3_file* f) { return Of(f).io()->xDeviceCharacteristics(Of(f).file()); }
int ShmMap(sqlite3_file* f, int page, int size, int extend, void volatile** out) {
  return Of(f).io()->xShmMap(Of(f).file(), page, size, extend, out);
}
int ShmLock(sqlite3_file* f, int at, int n, int flags) {
  if ((flags & SQLITE_SHM_UNLOCK) != 0) Forget(Of(f));
  return Of(f).io()->xShmLock(Of(f).file(), at, n, flags);
}
void ShmBarrier(sqlite3_file* f) { Of(f).io()->xShmBarrier(Of(f).file()); }
int ShmUnmap(sqlite3_file* f, int remove) { return Of(f).io()->xShmUnmap(Of(f).file(), remove); }

// Version 2: no memory mapping, which would not see what is gathered.
constexpr sqlite3_io_methods kMethods = {
    2,        Close,         Read,    Write,      Truncate,        Sync,   FileSize, Lock,
    Unlock,   CheckReserved, Control, SectorSize, Characteristics, ShmMap, ShmLock,  ShmBarrier,
    ShmUnmap, nullptr,       nullptr};

struct Layer {
  std::string base, name;
  sqlite3_vfs vfs{};
};
sqlite3_vfs* Below(sqlite3_vfs* vfs) {
  const std::string& base = static_cast<Layer*>(vfs->pAppData)->base;
  return sqlite3_vfs_find(base.empty() ? nullptr : base.c_str());
}

int Open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out) {
  file->pMethods = nullptr;
  sqlite3_vfs* below = Below(vfs);
  if (below == nullptr) return SQLITE_CANTOPEN;
  auto gathered = std::make_unique<Gathered>();
  gathered->memory = std::make_unique<char[]>(static_cast<std::size_t>(below->szOsFile));
  gathered->gathers = (flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL)) != 0;
  const int code = below->xOpen(below, name, gathered->file(), flags, out);
  if (gathered->io() == nullptr) return code;
  if ((flags & SQLITE_OPEN_WAL) != 0) {
    gathered->database = &Of(sqlite3_database_file_object(name));
    gathered->database->log = gathered.get();
  }
  reinterpret_cast<File*>(file)->gathered = gathered.release();
  file->pMethods = &kMethods;
  return code;
}
int Delete(sqlite3_vfs* v, const char* name, int sync) { return Below(v)->xDelete(Below(v), name, sync); }
int Access(sqlite3_vfs* v, const char* name, int flags, int* out) {
  return Below(v)->xAccess(Below(v), name, flags, out);
}
int FullPathname(sqlite3_vfs* v, const char* name, int n, char* out) {
  return Below(v)->xFullPathname(Below(v), name, n, out);
}
int Randomness(sqlite3_vfs* v, int n, char* out) { return Below(v)->xRandomness(Below(v), n, out); }
int Sleep(sqlite3_vfs* v, int micros) { return Below(v)->xSleep(Below(v), micros); }
int CurrentTime(sqlite3_vfs* v, double* out) { return Below(v)->xCurrentTime(Below(v), out); }
int LastError(sqlite3_vfs* v, int n, char* out) { return Below(v)->xGetLastError(Below(v), n, out); }
int CurrentTime64(sqlite3_vfs* v, sqlite3_int64* out) { return Below(v)->xCurrentTimeInt64(Below(v), out); }

}  // namespace

std::string GatheringVfs(const std::string& base) {
  static std::mutex mutex;
  static std::map<std::string, Layer> layers;  // Registered for as long as the process runs.
  const std::lock_guard lock(mutex);
  const auto [it, is_new] = layers.try_emplace(base);
  Layer& layer = it->second;
  if (!is_new) return layer.name;
  const sqlite3_vfs* below = sqlite3_vfs_find(base.empty() ? nullptr : base.c_str());
  layer.base = base;
  layer.name = "landfall-gathering:" + base;
  layer.vfs = {.iVersion = 2,
               .szOsFile = static_cast<int>(sizeof(File)),
               .mxPathname = below == nullptr ? 512 : below->mxPathname,
               .pNext = nullptr,
               .zName = layer.name.c_str(),
               .pAppData = &layer,
               .xOpen = Open,
               .xDelete = Delete,
               .xAccess = Access,
               .xFullPathname = FullPathname,
               .xDlOpen = nullptr,
               .xDlError = nullptr,
               .xDlSym = nullptr,
               .xDlClose = nullptr,
               .xRandomness = Randomness,
               .xSleep = Sleep,
               .xCurrentTime = CurrentTime,
               .xGetLastError = LastError,
               .xCurrentTimeInt64 = CurrentTime64,
               .xSetSystemCall = nullptr,
               .xGetSystemCall = nullptr,
               .xNextSystemCall = nullptr};
  (void)sqlite3_vfs_register(&layer.vfs, 0);
  return layer.name;
}

}  // namespace landfall::ledger
