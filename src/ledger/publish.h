// SPDX-License-Identifier: Apache-2.0
// What a log serves to verifiers: tiles and entry bundles (C2SP tlog-tiles), from the store and one view of the tree.
//
// Only leaves leave the house: payloads and salts are not in a bundle. Errors: tree.size_out_of_range (kInvalid) for a
// tile that the view does not have; ledger.corrupt when a stored leaf is not the one that was hashed; those of the
// store. Threads: any.
#pragma once

#include <string>

#include "ledger/store.h"
#include "ledger/tile_path.h"
#include "ledger/tree.h"

namespace landfall::ledger {

// The bytes under `path`. Every leaf of a bundle is hashed and compared with the tile above it, so that what is served
// is never something the tree does not hold. Cost: a tile is a copy of 8 KiB; a bundle reads the rows of its 256
// entries and hashes the leaves (about 0.3 ms).
Result<std::string> PublishedBytes(Store& store, const TreeView& view, const TilePath& path);

// How many complete tiles of that level a log of `size` leaves has. Level 0 counts entry bundles too.
std::uint64_t CompleteTiles(std::uint64_t size, unsigned level);

}  // namespace landfall::ledger
