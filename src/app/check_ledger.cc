// SPDX-License-Identifier: Apache-2.0
#include "app/check_ledger.h"

#include <stdlib.h>

#include <filesystem>

namespace landfall::app {
namespace {

namespace fs = std::filesystem;

class CopyFolder {
 public:
  explicit CopyFolder(const std::string& beside) : path_(beside + "/verifying-XXXXXX") {
    if (::mkdtemp(path_.data()) == nullptr) path_.clear();
  }
  ~CopyFolder() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  CopyFolder(const CopyFolder&) = delete;
  CopyFolder& operator=(const CopyFolder&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace

Result<VerifyReport> CheckLedger(const LedgerFiles& files, const VerifyOptions& options) {
  if (!files.in_database()) return VerifyLedger(files, options);
  std::error_code error;
  // Who only has the database's address has no folder.
  const CopyFolder folder(fs::is_directory(files.folder, error) ? files.folder
                                                                : fs::temp_directory_path(error).string());
  if (folder.path().empty()) return Unavailable("store.io", "no place for a copy");
  const LedgerFiles copy{folder.path()};
  {
    LF_ASSIGN(const std::unique_ptr<ledger::Store> store,
              OpenStore(files, {.vfs = {}, .create = false, .read_only = true}));
    LF_TRY(store->Backup(copy.ledger(), {}));
  }
  for (const char* name : {"/checkpoint", "/witnesses", "/cosigned"})
    if (!error && fs::exists(files.folder + name, error)) fs::copy_file(files.folder + name, copy.folder + name, error);
  if (!error && fs::exists(files.blobs(), error)) fs::create_symlink(fs::absolute(files.blobs()), copy.blobs(), error);
  if (error) return Unavailable("store.io", copy.folder + ": " + error.message());
  return VerifyLedger(copy, options);
}

}  // namespace landfall::app
