// SPDX-License-Identifier: Apache-2.0
// C2SP tlog-tiles: the paths under which a log is served, and entry bundles.
//
//   tile/<level>/<index>[.p/<width>]            hashes
//   tile/entries/<index>[.p/<width>]            leaves: each a big-endian uint16 length and that many bytes
// An index is written in groups of three digits, all but the last with an x in front: 1234067 is x001/x234/067.
//
// Errors: tile.path_malformed, bundle.malformed, bundle.leaf_too_large (kInvalid). Threads: functions of their
// arguments.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "base/result.h"
#include "ledger/tree.h"

namespace landfall::ledger {

inline constexpr std::size_t kLeafBytesMax = 65'535;
inline constexpr unsigned kTileLevelMax = 63;

struct TilePath {
  bool entries = false;  // A bundle of leaves; level is then 0.
  unsigned level = 0;    // 0..kTileLevelMax
  std::uint64_t index = 0;
  std::size_t width = kTileWidth;  // 1..256; below 256 the path ends in .p/<width>.
  bool operator==(const TilePath&) const = default;
};

// Precondition: the bounds above.
std::string FormatTilePath(const TilePath& path);
// Accepts exactly what FormatTilePath writes, from "tile/" on. Errors: tile.path_malformed.
Result<TilePath> ParseTilePath(std::string_view text);

// Every tile and bundle that a log of `size` leaves serves at its right edge: the partial ones, lowest level first.
std::vector<TilePath> PartialTiles(std::uint64_t size);

// Appends one leaf to a bundle. Errors: bundle.leaf_too_large.
Status AppendToBundle(std::string& bundle, std::string_view leaf);
// The leaves, as views into `bundle`; there must be exactly `count` (1..256). Errors: bundle.malformed.
Result<std::vector<std::string_view>> ParseBundle(std::string_view bundle, std::size_t count);

}  // namespace landfall::ledger
