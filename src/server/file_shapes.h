// SPDX-License-Identifier: Apache-2.0
// Shapes of uploads and of files that records name.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/views.h"

namespace landfall::server {

struct UploadBody {
  static constexpr std::string_view kName = "NewUpload";
  Int<1, INT64_MAX> bytes;
};
BOOST_DESCRIBE_STRUCT(UploadBody, (), (bytes))

struct UploadAnswer {
  static constexpr std::string_view kName = "Upload";
  std::string id;
  std::int64_t bytes = 0;
  std::int64_t received = 0;  // where the next part begins
  std::int64_t part_bytes_min = 0, part_bytes_max = 0;
  Instant expires_at;
};
BOOST_DESCRIBE_STRUCT(UploadAnswer, (), (id, bytes, received, part_bytes_min, part_bytes_max, expires_at))

struct FinishBody {
  static constexpr std::string_view kName = "FinishUpload";
  std::optional<Digest> digest;  // of what was sent; checked
};
BOOST_DESCRIBE_STRUCT(FinishBody, (), (digest))

// What a file is by its own structure, and what a camera wrote into it.
struct FileView {
  static constexpr std::string_view kName = "FileFacts";
  Digest digest{};
  std::int64_t bytes = 0;
  std::string media_type;
  std::optional<std::int64_t> width, height;  // pixels, of pictures
  std::vector<std::string> warnings;          // script, launch, embedded_file, encrypted
  std::optional<std::string> taken_at;        // "2026-11-01 08:30:12" on the camera's wall, "+08:00" behind it if known
  std::optional<std::int64_t> longitude_e7, latitude_e7;  // 10^-7 degrees of WGS-84; for who may read personal data
  bool place_withheld = false;                            // there is one, but not for this account
  std::optional<std::string> camera;
  bool viewable = false;  // a PDF that the browser's own viewer may show
};
BOOST_DESCRIBE_STRUCT(FileView, (),
                      (digest, bytes, media_type, width, height, warnings, taken_at, longitude_e7, latitude_e7,
                       place_withheld, camera, viewable))

struct FileRow {
  static constexpr std::string_view kName = "FileRow";
  Digest digest{};
  std::int64_t seq = 0;  // the record that names it
  std::string event;     // its type: "project.ground_recorded"
  app::NamedRef on;      // the project, or an obligation on it
  bool photo = false;
  std::optional<std::string> media_type;  // absent: the file is not here
  std::optional<std::int64_t> bytes;
};
BOOST_DESCRIBE_STRUCT(FileRow, (), (digest, seq, event, on, photo, media_type, bytes))
struct FileList {
  static constexpr std::string_view kName = "FileList";
  std::vector<FileRow> rows;  // newest first
  bool more = false;
};
BOOST_DESCRIBE_STRUCT(FileList, (), (rows, more))

// The first cells of a sheet, as a person sees them.
struct FileTable {
  static constexpr std::string_view kName = "FileTable";
  std::vector<std::string> sheets;  // names of those that are not hidden
  std::string sheet;                // of the rows below
  std::vector<std::vector<std::string>> rows;
  bool more = false;  // rows or columns beyond
};
BOOST_DESCRIBE_STRUCT(FileTable, (), (sheets, sheet, rows, more))

}  // namespace landfall::server
