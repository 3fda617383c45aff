// SPDX-License-Identifier: Apache-2.0
// Files compiled into the binary: the catalogue, the web UI and the migrations of PostgreSQL.
#pragma once

#include <span>
#include <string_view>

namespace landfall {

struct EmbeddedFile {
  std::string_view path;   // Relative, with slashes: "labels/zh-CN.json".
  std::string_view bytes;  // Followed by one NUL that is not counted.
};

std::span<const EmbeddedFile> EmbeddedCatalog();     // catalog/, sorted by path.
std::span<const EmbeddedFile> EmbeddedMigrations();  // src/ledger/migrations/, sorted by path.
std::span<const EmbeddedFile> EmbeddedWeb();         // web/dist/, empty in builds without LANDFALL_WEB.

inline std::string_view FindEmbedded(std::span<const EmbeddedFile> files, std::string_view path) {
  for (const EmbeddedFile& file : files)
    if (file.path == path) return file.bytes;
  return {};
}

}  // namespace landfall
