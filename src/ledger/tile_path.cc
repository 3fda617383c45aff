// SPDX-License-Identifier: Apache-2.0
#include "ledger/tile_path.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "ledger/checkpoint.h"

namespace landfall::ledger {
namespace {

// What the parser accepts follows from the formatter: it reads loosely, writes again and compares.
std::optional<TilePath> ReadTilePath(std::string_view text) {
  static constexpr std::string_view kPrefix = "tile/";
  static constexpr std::size_t kIndexDigitsMax = 21;  // Seven groups of three; 2^64 - 1 has 20 digits.
  TilePath out;
  if (text.size() > 64 || !text.starts_with(kPrefix)) return std::nullopt;
  text.remove_prefix(kPrefix.size());

  const std::size_t slash = text.find('/');
  if (slash == text.npos) return std::nullopt;
  const std::string_view level_text = text.substr(0, slash);
  text.remove_prefix(slash + 1);
  out.entries = level_text == "entries";
  const auto level = out.entries ? std::optional<std::uint64_t>(0) : ParseDecimal(level_text);
  if (!level || *level > kTileLevelMax) return std::nullopt;
  out.level = static_cast<unsigned>(*level);

  if (const std::size_t partial = text.find(".p/"); partial != text.npos) {
    const auto width = ParseDecimal(text.substr(partial + 3));
    if (!width || *width == 0 || *width >= kTileWidth) return std::nullopt;
    out.width = *width;
    text = text.substr(0, partial);
  }

  std::string digits;
  for (const char c : text) {
    if (c >= '0' && c <= '9') digits += c;
  }
  if (digits.empty() || digits.size() > kIndexDigitsMax) return std::nullopt;
  const auto index =
      ParseDecimal(std::string_view(digits).substr(std::min(digits.find_first_not_of('0'), digits.size() - 1)));
  if (!index) return std::nullopt;
  out.index = *index;
  return out;
}

}  // namespace

std::string FormatTilePath(const TilePath& path) {
  LF_CHECK(path.level <= kTileLevelMax && path.width >= 1 && path.width <= kTileWidth);
  std::string index = fmt::format("{:03}", path.index % 1000);
  for (std::uint64_t rest = path.index / 1000; rest != 0; rest /= 1000) {
    index = fmt::format("x{:03}/{}", rest % 1000, index);
  }
  std::string out = path.entries ? "tile/entries/" : fmt::format("tile/{}/", path.level);
  out += index;
  if (path.width < kTileWidth) out += fmt::format(".p/{}", path.width);
  return out;
}

Result<TilePath> ParseTilePath(std::string_view text) {
  const auto path = ReadTilePath(text);
  if (!path || FormatTilePath(*path) != text) return Invalid("tile.path_malformed", "not a path of tlog-tiles");
  return *path;
}

std::vector<TilePath> PartialTiles(std::uint64_t size) {
  std::vector<TilePath> out;
  for (unsigned level = 0; size != 0; ++level, size /= kTileWidth) {
    const TilePath tile{false, level, size / kTileWidth, size % kTileWidth};
    if (tile.width == 0) continue;
    if (level == 0) out.push_back({true, 0, tile.index, tile.width});
    out.push_back(tile);
  }
  return out;
}

Status AppendToBundle(std::string& bundle, std::string_view leaf) {
  if (leaf.size() > kLeafBytesMax) return Invalid("bundle.leaf_too_large", fmt::format("{} bytes", leaf.size()));
  bundle += static_cast<char>(leaf.size() >> 8);
  bundle += static_cast<char>(leaf.size() & 0xff);
  bundle += leaf;
  return Ok{};
}

Result<std::vector<std::string_view>> ParseBundle(std::string_view bundle, std::size_t count) {
  LF_CHECK(count >= 1 && count <= kTileWidth);
  std::vector<std::string_view> out;
  out.reserve(count);
  while (!bundle.empty()) {
    if (out.size() == count) return Invalid("bundle.malformed", fmt::format("more than {} leaves", count));
    if (bundle.size() < 2) return Invalid("bundle.malformed", fmt::format("cut off in leaf {}", out.size()));
    const std::size_t length = Bytes(bundle)[0] * 256u + Bytes(bundle)[1];
    bundle.remove_prefix(2);
    if (bundle.size() < length) return Invalid("bundle.malformed", fmt::format("cut off in leaf {}", out.size()));
    out.push_back(bundle.substr(0, length));
    bundle.remove_prefix(length);
  }
  if (out.size() != count) return Invalid("bundle.malformed", fmt::format("{} leaves, not {}", out.size(), count));
  return out;
}

}  // namespace landfall::ledger
