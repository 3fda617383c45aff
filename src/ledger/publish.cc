// SPDX-License-Identifier: Apache-2.0
#include "ledger/publish.h"

#include <fmt/format.h>

#include <cstring>

#include "ledger/entry.h"

namespace landfall::ledger {
namespace {

Result<std::string> BundleBytes(Store& store, const TreeView& view, const TilePath& path) {
  LF_ASSIGN(const std::string hashes, view.TileBytes(0, path.index, path.width));
  const std::uint64_t first = path.index * kTileWidth + 1, last = first + path.width - 1;
  std::string bundle;
  std::uint64_t next = first;
  Status read = Ok{};
  LF_TRY(store.Scan(first, [&](const CommitRow& row) {
    BodyReader reader(row.body);
    StoredEntry entry;
    for (std::uint64_t seq = row.first; seq < row.first + row.count && seq <= last; ++seq) {
      if (!reader.Next(entry)) return false;
      if (seq < next) continue;
      const Digest hash = LeafHash(entry.leaf);
      if (seq != next || std::memcmp(hash.data(), hashes.data() + (seq - first) * hash.size(), hash.size()) != 0)
        return false;
      read = AppendToBundle(bundle, entry.leaf);
      if (!read) return false;
      ++next;
    }
    return next <= last;
  }));
  LF_TRY(std::move(read));
  if (next <= last)
    return Corrupt("ledger.corrupt", fmt::format("entry {}: its leaf is not the one that was hashed", next),
                   fmt::format("entry {}", next));
  return bundle;
}

}  // namespace

Result<std::string> PublishedBytes(Store& store, const TreeView& view, const TilePath& path) {
  return path.entries ? BundleBytes(store, view, path) : view.TileBytes(path.level, path.index, path.width);
}

std::uint64_t CompleteTiles(std::uint64_t size, unsigned level) {
  const unsigned shift = kTileHeight * (level + 1);
  return shift < 64 ? size >> shift : 0;
}

}  // namespace landfall::ledger
