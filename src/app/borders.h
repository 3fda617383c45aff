// SPDX-License-Identifier: Apache-2.0
// Borders of regions from a GeoJSON file: checked, matched by code, simplified, stored, and drawn in one batch.
#pragma once

#include "app/engine.h"
#include "app/map_views.h"
#include "ledger/blobs.h"

namespace landfall::app {

// The type that stored geometries have, and nothing that people upload: a shape asked for by its digest is one of ours.
inline constexpr std::string_view kBorderMediaType = "application/geo+json";
// Of all borders of one file after simplifying: a county's map is drawn in one go in the browser.
inline constexpr std::size_t kBorderPointsMax = 20'000;
inline constexpr std::size_t kBorderBytesMax = 8 << 20;

struct BordersOptions {
  std::optional<place::CoordinateSystem> system;  // Nothing declared is refused: geo.coordinates_undeclared.
  std::string source;                             // Who published it; ≤ 200 characters.
  std::optional<std::string> approval;            // 审图号, ≤ 40 characters.
  std::optional<Day> effective_on;                // Default: today on the jurisdiction's wall.
  std::string code_member = "adcode";             // Which property of a feature holds the region's code.
  std::string local_user;                         // Of the operating system, when `by` is local.
};

// All borders of the file or none. `blobs` null: a dry run, which checks everything, stores nothing and answers what
// would be drawn. Features whose code is no region's are reported and left out. Memory: about 15 times the file.
// Blocks. Errors: those of exchange::ReadGeoJson; geo.source_missing; geo.code_twice; geo.no_region_matches; those of
// the texts (field source, approval); those of region.draw and of the engine, with the place of the command in `field`.
Result<BordersReport> ImportBorders(Engine& engine, ledger::Blobs* blobs, Actor by, const std::string& key,
                                    std::string_view bytes, const BordersOptions& options);

}  // namespace landfall::app
