// SPDX-License-Identifier: Apache-2.0
#include "ledger/small_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

namespace landfall::ledger {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  bool opened() const { return fd_ >= 0; }
  int get() const { return fd_; }

 private:
  int fd_;
};

bool WriteAll(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = ::write(fd, text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

}  // namespace

Result<std::string> ReadSmallFile(const std::string& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.opened()) return errno == ENOENT ? NotFound("file.missing", path) : Unavailable("store.io", path);
  std::string text;
  char part[16 << 10];
  for (;;) {
    const ssize_t n = ::read(file.get(), part, sizeof part);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return Unavailable("store.io", path);
    if (n == 0) return text;
    text.append(part, static_cast<std::size_t>(n));
    if (text.size() > kSmallFileBytesMax) return Invalid("file.too_large", path);
  }
}

Status ReplaceSmallFile(const std::string& path, std::string_view text, unsigned mode) {
  const std::string fresh = path + ".new";
  {
    const Descriptor file(::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode));
    if (!file.opened() || !WriteAll(file.get(), text) || ::fdatasync(file.get()) != 0)
      return Unavailable("store.io", fresh);
  }
  if (::rename(fresh.c_str(), path.c_str()) != 0) return Unavailable("store.io", path);
  // Without this the name may go back to the old file when the power fails.
  const std::string folder = std::filesystem::path(path).parent_path();
  const Descriptor directory(::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory.opened() || ::fsync(directory.get()) != 0) return Unavailable("store.io", path);
  return Ok{};
}

}  // namespace landfall::ledger
