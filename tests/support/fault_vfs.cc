// SPDX-License-Identifier: Apache-2.0
#include "tests/support/fault_vfs.h"

#include <sqlite3.h>

#include <atomic>
#include <mutex>

namespace landfall::test {
namespace {

std::mutex g_mutex;
FaultPlan g_plan;
std::atomic<std::uint64_t> g_calls{0};
std::atomic<bool> g_struck{false};
sqlite3_vfs* g_real = nullptr;

enum class Call { kRead, kWrite };

bool Fails(Call call) {
  const std::lock_guard lock(g_mutex);
  if (call == Call::kRead ? !g_plan.reads : !g_plan.writes) return false;
  const std::uint64_t now = ++g_calls;
  const bool fails = g_plan.at != 0 && (g_plan.once ? now == g_plan.at : now >= g_plan.at);
  if (fails) g_struck = true;
  return fails;
}
bool Full() {
  const std::lock_guard lock(g_mutex);
  return g_plan.full;
}
bool Torn() {
  const std::lock_guard lock(g_mutex);
  return g_plan.torn;
}

struct FaultFile {
  sqlite3_file base;
  // The real file follows.
  sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};
sqlite3_file* Real(sqlite3_file* file) { return reinterpret_cast<FaultFile*>(file)->real(); }

int Close(sqlite3_file* f) { return Real(f)->pMethods->xClose(Real(f)); }
int Read(sqlite3_file* f, void* to, int n, sqlite3_int64 at) {
  return Fails(Call::kRead) ? SQLITE_IOERR_READ : Real(f)->pMethods->xRead(Real(f), to, n, at);
}
int Write(sqlite3_file* f, const void* from, int n, sqlite3_int64 at) {
  if (!Fails(Call::kWrite)) return Real(f)->pMethods->xWrite(Real(f), from, n, at);
  if (Torn() && n > 1) (void)Real(f)->pMethods->xWrite(Real(f), from, n / 2, at);
  return Full() ? SQLITE_FULL : SQLITE_IOERR_WRITE;
}
int Truncate(sqlite3_file* f, sqlite3_int64 size) {
  return Fails(Call::kWrite) ? SQLITE_IOERR_TRUNCATE : Real(f)->pMethods->xTruncate(Real(f), size);
}
int Sync(sqlite3_file* f, int flags) {
  return Fails(Call::kWrite) ? SQLITE_IOERR_FSYNC : Real(f)->pMethods->xSync(Real(f), flags);
}
int FileSize(sqlite3_file* f, sqlite3_int64* size) {
  return Fails(Call::kRead) ? SQLITE_IOERR_FSTAT : Real(f)->pMethods->xFileSize(Real(f), size);
}
int Lock(sqlite3_file* f, int level) { return Real(f)->pMethods->xLock(Real(f), level); }
int Unlock(sqlite3_file* f, int level) { return Real(f)->pMethods->xUnlock(Real(f), level); }
int CheckReserved(sqlite3_file* f, int* out) { return Real(f)->pMethods->xCheckReservedLock(Real(f), out); }
int Control(sqlite3_file* f, int op, void* arg) { return Real(f)->pMethods->xFileControl(Real(f), op, arg); }
int SectorSize(sqlite3_file* f) { return Real(f)->pMethods->xSectorSize(Real(f)); }
int Characteristics(sqlite3_file* f) { return Real(f)->pMethods->xDeviceCharacteristics(Real(f)); }
int ShmMap(sqlite3_file* f, int page, int size, int extend, void volatile** out) {
  return Fails(Call::kRead) ? SQLITE_IOERR_SHMMAP : Real(f)->pMethods->xShmMap(Real(f), page, size, extend, out);
}
int ShmLock(sqlite3_file* f, int at, int n, int flags) { return Real(f)->pMethods->xShmLock(Real(f), at, n, flags); }
void ShmBarrier(sqlite3_file* f) { Real(f)->pMethods->xShmBarrier(Real(f)); }
int ShmUnmap(sqlite3_file* f, int remove) { return Real(f)->pMethods->xShmUnmap(Real(f), remove); }

// Version 2: no memory mapping, so that every read passes through here.
constexpr sqlite3_io_methods kMethods = {
    2,        Close,         Read,    Write,      Truncate,        Sync,   FileSize, Lock,
    Unlock,   CheckReserved, Control, SectorSize, Characteristics, ShmMap, ShmLock,  ShmBarrier,
    ShmUnmap, nullptr,       nullptr};

int Open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out) {
  file->pMethods = nullptr;
  if ((flags & SQLITE_OPEN_CREATE) != 0 && Fails(Call::kWrite)) return SQLITE_CANTOPEN;
  const int code = g_real->xOpen(g_real, name, Real(file), flags, out);
  if (Real(file)->pMethods != nullptr) file->pMethods = &kMethods;
  return code;
}
int Delete(sqlite3_vfs*, const char* name, int sync) {
  return Fails(Call::kWrite) ? SQLITE_IOERR_DELETE : g_real->xDelete(g_real, name, sync);
}
int Access(sqlite3_vfs*, const char* name, int flags, int* out) { return g_real->xAccess(g_real, name, flags, out); }
int FullPathname(sqlite3_vfs*, const char* name, int n, char* out) {
  return g_real->xFullPathname(g_real, name, n, out);
}
int Randomness(sqlite3_vfs*, int n, char* out) { return g_real->xRandomness(g_real, n, out); }
int Sleep(sqlite3_vfs*, int micros) { return g_real->xSleep(g_real, micros); }
int CurrentTime(sqlite3_vfs*, double* out) { return g_real->xCurrentTime(g_real, out); }
int LastError(sqlite3_vfs*, int n, char* out) { return g_real->xGetLastError(g_real, n, out); }
int CurrentTime64(sqlite3_vfs*, sqlite3_int64* out) { return g_real->xCurrentTimeInt64(g_real, out); }

}  // namespace

void RegisterFaultVfs() {
  static sqlite3_vfs vfs = [] {
    g_real = sqlite3_vfs_find(nullptr);
    sqlite3_vfs v{};
    v.iVersion = 2;
    v.szOsFile = static_cast<int>(sizeof(FaultFile)) + g_real->szOsFile;
    v.mxPathname = g_real->mxPathname;
    v.zName = kFaultVfs;
    v.xOpen = Open;
    v.xDelete = Delete;
    v.xAccess = Access;
    v.xFullPathname = FullPathname;
    v.xRandomness = Randomness;
    v.xSleep = Sleep;
    v.xCurrentTime = CurrentTime;
    v.xGetLastError = LastError;
    v.xCurrentTimeInt64 = CurrentTime64;
    return v;
  }();
  static const int registered = sqlite3_vfs_register(&vfs, 0);
  (void)registered;
}

FaultEverywhere::FaultEverywhere() {
  RegisterFaultVfs();
  (void)sqlite3_vfs_register(sqlite3_vfs_find(kFaultVfs), 1);
}
FaultEverywhere::~FaultEverywhere() { (void)sqlite3_vfs_register(g_real, 1); }

void SetFault(const FaultPlan& plan) {
  const std::lock_guard lock(g_mutex);
  g_plan = plan;
  g_calls = 0;
  g_struck = false;
}
std::uint64_t FaultCalls() { return g_calls; }
bool FaultStruck() { return g_struck; }

}  // namespace landfall::test
