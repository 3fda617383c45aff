// SPDX-License-Identifier: Apache-2.0
// Snapshots: raw columns with a checksum each, bound to the ledger by seq and root.
#include <fcntl.h>
#include <unistd.h>
#include <xxhash.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>

#include "app/replica.h"

namespace landfall::app {
namespace {

constexpr std::size_t kKeptSnapshots = 2;

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
  void Write(std::string_view bytes) {
    while (ok_ && !bytes.empty()) {
      const ssize_t n = ::write(fd_, bytes.data(), bytes.size());
      ok_ = n > 0;
      if (ok_) bytes.remove_prefix(static_cast<std::size_t>(n));
    }
  }
  bool ok() const { return ok_; }

 private:
  int fd_;
  bool ok_ = true;
};

class MemoryReader final : public ColumnReader {
 public:
  explicit MemoryReader(std::string_view bytes) : rest_(bytes) {}
  Result<std::string_view> Next(std::string_view name) override {
    std::uint64_t sizes[3];
    if (rest_.size() < sizeof sizes) return Corrupt("snapshot.corrupt");
    std::memcpy(sizes, rest_.data(), sizeof sizes);
    rest_.remove_prefix(sizeof sizes);
    if (sizes[0] > rest_.size() || rest_.substr(0, sizes[0]) != name || sizes[1] > rest_.size() - sizes[0])
      return Corrupt("snapshot.corrupt", std::string(name));
    const std::string_view bytes = rest_.substr(sizes[0], sizes[1]);
    rest_.remove_prefix(sizes[0] + sizes[1]);
    if (XXH3_64bits(bytes.data(), bytes.size()) != sizes[2]) return Corrupt("snapshot.corrupt", std::string(name));
    return bytes;
  }
  bool AtEnd() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

std::optional<Header> ReadHeader(std::string_view bytes, std::size_t& size) {
  const std::size_t end = bytes.substr(0, 4096).find('\n');
  Header header;
  if (end == std::string_view::npos || !ScanJson(bytes.substr(0, end), header)) return std::nullopt;
  size = end + 1;
  return header;
}

std::string ReadWhole(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::string bytes;
  in.seekg(0, std::ios::end);
  if (!in) return {};
  bytes.resize(static_cast<std::size_t>(in.tellg()));
  in.seekg(0);
  in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  return in ? bytes : std::string();
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
    std::string head(4096, '\0');
    in.read(head.data(), 4096);
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
  Header header{{1}, static_cast<std::int64_t>(replica.seq), {}, root, HashOf(replica.state), ShapeOf()};
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
    const std::string bytes = ReadWhole(info.path);
    std::size_t at = 0;
    const std::optional<Header> header = ReadHeader(bytes, at);
    if (!header || header->shape != ShapeOf() || static_cast<std::uint64_t>(header->seq) != info.seq) continue;
    auto last_at = ParseInstant(header->last_at);
    if (!last_at || !FitsLog(*header, *last_at, log)) continue;
    Replica read;  // Of its own: a snapshot that breaks off must leave nothing behind.
    MemoryReader reader(std::string_view(bytes).substr(at));
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
