// SPDX-License-Identifier: Apache-2.0
// Snapshots: raw columns with a checksum each, bound to the ledger by seq and root.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <memory>

#include "app/replica.h"

namespace landfall::app {
namespace {

constexpr std::size_t kKeptSnapshots = 2;
constexpr std::int64_t kFormat = 3;       // 1: every column as a plain vector; 2: entries of versions packed in bits
constexpr std::size_t kHeaderMax = 4096;  // bytes of its first line

struct Header {
  Int<1, 1000> format;
  std::int64_t seq = 0;
  std::string last_at;
  Digest root{};
  std::string state_hash;
  std::string shape;
};
BOOST_DESCRIBE_STRUCT(Header, (), (format, seq, last_at, root, state_hash, shape))

template <class Archive>
void AllColumns(State& state, KeyWindow& keys, HistoryIndex& history, Archive& a) {
  state.Columns(a);
  keys.Columns(a);
  history.Columns(a);
}

// The names of all columns in order: a build that keeps other columns does not read this snapshot.
class ShapeHasher final : public ColumnWriter {
 public:
  void Raw(std::string_view name, std::string_view) override { names_ += std::string(name) + ";"; }
  void Pieces(std::string_view name, std::size_t, const Give&) override { Raw(name, {}); }
  std::string Text() const { return Hex(Sha256(names_)).substr(0, 16); }

 private:
  std::string names_;
};

std::string ShapeOf() {
  static const std::string kShape = [] {
    Replica empty;
    ShapeHasher hasher;
    AllColumns(empty.state, empty.keys, empty.history, hasher);
    return hasher.Text();
  }();
  return kShape;
}

class FileWriter final : public ColumnWriter {
 public:
  explicit FileWriter(int fd) : fd_(fd) {}
  void Raw(std::string_view name, std::string_view bytes) override {
    const std::uint64_t sizes[3] = {name.size(), bytes.size(), XXH3_64bits(bytes.data(), bytes.size())};
    Write({reinterpret_cast<const char*>(sizes), sizeof sizes});
    Write(name);
    Write(bytes);
  }
  bool as_they_lie() const override { return true; }
  // Size and checksum are put before the bytes when these are written.
  void Pieces(std::string_view name, std::size_t, const Give& give) override {
    const std::unique_ptr<XXH3_state_t, XXH_errorcode (*)(XXH3_state_t*)> hash(XXH3_createState(), &XXH3_freeState);
    XXH3_64bits_reset(hash.get());
    std::uint64_t sizes[3] = {name.size(), 0, 0};
    const std::string_view head{reinterpret_cast<const char*>(sizes), sizeof sizes};
    const std::uint64_t at = written_;
    Write(head);
    Write(name);
    give([&](std::string_view piece) {
      if (piece.empty()) return;
      XXH3_64bits_update(hash.get(), piece.data(), piece.size());
      sizes[1] += piece.size();
      Write(piece);
    });
    sizes[2] = XXH3_64bits_digest(hash.get());
    ok_ = ok_ && ::pwrite(fd_, head.data(), head.size(), static_cast<off_t>(at)) == static_cast<ssize_t>(head.size());
  }
  void Write(std::string_view bytes) {
    while (ok_ && !bytes.empty()) {
      const ssize_t n = ::write(fd_, bytes.data(), bytes.size());
      ok_ = n > 0;
      if (!ok_) return;
      bytes.remove_prefix(static_cast<std::size_t>(n));
      written_ += static_cast<std::uint64_t>(n);
    }
  }
  bool ok() const { return ok_; }

 private:
  int fd_;
  std::uint64_t written_ = 0;
  bool ok_ = true;
};

// One column at a time into room that is used again: a file of a gigabyte never stands in memory beside the state.
class FileReader final : public ColumnReader {
 public:
  explicit FileReader(const std::string& path) : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
    struct stat status {};
    if (fd_ < 0 || ::fstat(fd_, &status) != 0) return;
    left_ = static_cast<std::uint64_t>(status.st_size);
    (void)::posix_fadvise(fd_, 0, 0, POSIX_FADV_SEQUENTIAL);
  }
  FileReader(const FileReader&) = delete;
  FileReader& operator=(const FileReader&) = delete;
  ~FileReader() override {
    if (fd_ >= 0) ::close(fd_);
  }
  // The file's first bytes, at most so many.
  std::string Head(std::size_t bytes) {
    std::string head(std::min<std::uint64_t>(bytes, left_), '\0');
    if (!Read(head.data(), head.size())) head.clear();
    return head;
  }
  bool Seek(std::size_t at) {
    left_ += at_ - at;
    at_ = at;
    return ::lseek(fd_, static_cast<off_t>(at), SEEK_SET) >= 0;
  }
  Result<std::string_view> Next(std::string_view name) override {
    std::uint64_t sizes[3];
    std::string named(name.size(), '\0');
    if (!Read(reinterpret_cast<char*>(sizes), sizeof sizes)) return Corrupt("snapshot.corrupt");
    if (sizes[0] != name.size() || !Read(named.data(), named.size()) || named != name || sizes[1] > left_)
      return Corrupt("snapshot.corrupt", std::string(name));
    if (sizes[1] > room_) {
      column_ = std::make_unique_for_overwrite<char[]>(sizes[1]);
      room_ = sizes[1];
    }
    if (!Read(column_.get(), sizes[1]) || XXH3_64bits(column_.get(), sizes[1]) != sizes[2])
      return Corrupt("snapshot.corrupt", std::string(name));
    return std::string_view(column_.get(), sizes[1]);
  }
  bool AtEnd() const { return left_ == 0; }

 private:
  bool Read(char* to, std::uint64_t size) {
    if (size > left_) return false;
    for (std::uint64_t done = 0; done < size;) {
      const ssize_t n = ::read(fd_, to + done, size - done);
      if (n <= 0) return false;
      done += static_cast<std::uint64_t>(n);
    }
    at_ += size;
    left_ -= size;
    return true;
  }

  int fd_;
  std::uint64_t at_ = 0, left_ = 0, room_ = 0;
  std::unique_ptr<char[]> column_;
};

std::optional<Header> ReadHeader(std::string_view bytes, std::size_t& size) {
  const std::size_t end = bytes.find('\n');
  Header header;
  if (end == std::string_view::npos || !ScanJson(bytes.substr(0, end), header)) return std::nullopt;
  size = end + 1;
  return header;
}

}  // namespace

std::vector<SnapshotInfo> ListSnapshots(const std::string& folder) {
  std::vector<SnapshotInfo> found;
  std::error_code ignored;
  for (const auto& file : std::filesystem::directory_iterator(folder, ignored)) {
    const std::string name = file.path().filename();
    SnapshotInfo info{.path = file.path(), .state_hash = {}};
    const char* end = name.data() + name.size();
    if (!name.ends_with(".snap") || std::from_chars(name.data(), end - 5, info.seq).ptr != end - 5) continue;
    std::ifstream in(info.path, std::ios::binary);
    std::string head(kHeaderMax, '\0');
    in.read(head.data(), kHeaderMax);
    head.resize(static_cast<std::size_t>(in.gcount()));
    std::size_t size = 0;
    if (auto header = ReadHeader(head, size)) info.state_hash = header->state_hash;
    found.push_back(std::move(info));
  }
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.seq > b.seq; });
  return found;
}

Status WriteSnapshot(const std::string& folder, const SnapshotSource& replica, ledger::Log& log) {
  std::error_code ignored;
  std::filesystem::create_directories(folder, ignored);
  LF_ASSIGN(const Digest root, log.View()->RootAt(replica.seq));
  Header header{{kFormat}, static_cast<std::int64_t>(replica.seq), {}, root, HashOf(replica.state), ShapeOf()};
  AppendInstant(header.last_at, replica.last_at);
  const std::string path = folder + "/" + std::to_string(replica.seq) + ".snap", fresh = path + ".new";
  const int fd = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) return Unavailable("snapshot.io", fresh);
  FileWriter writer(fd);
  writer.Write(ToJson(header) + "\n");
  // A writing archive changes nothing.
  AllColumns(const_cast<State&>(replica.state), const_cast<KeyWindow&>(replica.keys),
             const_cast<HistoryIndex&>(replica.history), writer);
  const bool ok = writer.ok() && ::fdatasync(fd) == 0;
  ::close(fd);
  if (!ok || ::rename(fresh.c_str(), path.c_str()) != 0) {
    std::filesystem::remove(fresh, ignored);
    return Unavailable("snapshot.io", fresh);
  }
  const std::vector<SnapshotInfo> all = ListSnapshots(folder);
  for (std::size_t i = kKeptSnapshots; i < all.size(); ++i) std::filesystem::remove(all[i].path, ignored);
  return Ok{};
}

namespace {

// Whether the log says the same about the entry at which the snapshot was taken.
bool FitsLog(const Header& header, Instant last_at, ledger::Log& log) {
  const auto seq = static_cast<std::uint64_t>(header.seq);
  auto root = log.View()->RootAt(seq);
  auto record = log.Entry(seq);
  ledger::Leaf leaf;
  return root && *root == header.root && record && ledger::ParseLeaf(record->leaf, leaf) && leaf.at == last_at;
}

}  // namespace

bool LoadSnapshot(const std::string& folder, Replica& replica, ledger::Log& log, std::uint64_t to) {
  for (const SnapshotInfo& info : ListSnapshots(folder)) {
    if (info.seq > to || info.seq > log.size()) continue;
    FileReader reader(info.path);
    std::size_t at = 0;
    const std::optional<Header> header = ReadHeader(reader.Head(kHeaderMax), at);
    if (!header || header->format.value != kFormat || header->shape != ShapeOf() ||
        static_cast<std::uint64_t>(header->seq) != info.seq)
      continue;
    auto last_at = ParseInstant(header->last_at);
    if (!last_at || !FitsLog(*header, *last_at, log) || !reader.Seek(at)) continue;
    Replica read;  // Of its own: a snapshot that breaks off must leave nothing behind.
    AllColumns(read.state, read.keys, read.history, reader);
    if (reader.fault() || !reader.AtEnd()) continue;
    read.state.Rebuild();
    read.keys.Rebuild();
    read.history.Rebuild();
    replica.state = std::move(read.state);
    replica.keys = std::move(read.keys);
    replica.history.Take(std::move(read.history));
    replica.seq = info.seq;
    replica.last_at = *last_at;
    return true;
  }
  return false;
}

}  // namespace landfall::app
