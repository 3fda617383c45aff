// SPDX-License-Identifier: Apache-2.0
// The lines of an export file, as written and as read.
#pragma once

#include "base/describe.h"

namespace landfall::app {

struct ExportHeader {
  Key<40> format{"landfall-export.1"};
  std::string jurisdiction, vkey;
  std::int64_t size = 0;
  Digest root{};
  std::string checkpoint;             // The signed note, verbatim.
  std::vector<std::string> redacted;  // Classes whose payloads and salts are withheld.
  // The newest note that witnesses have cosigned, of a tree no larger than `size`; absent where there is none.
  std::optional<std::string> cosigned;
};
BOOST_DESCRIBE_STRUCT(ExportHeader, (), (format, jurisdiction, vkey, size, root, checkpoint, redacted, cosigned))

struct ExportPayload {
  enum class Kind : std::uint8_t { kOpen, kWithheld, kErased } kind = Kind::kOpen;
  std::string salted;        // kOpen: 32 salt bytes, then the payload.
  std::string withheld;      // kWithheld: the class.
  std::uint64_t erased = 0;  // kErased: the entry that erased it.
};
struct ExportEntry {
  std::string leaf;
  std::vector<ExportPayload> payloads;
};
void AppendExportEntry(std::string& out,
                       std::string_view leaf);  // Opens the line; then one AppendExportPayload per event, then "]}\n".
void AppendExportPayload(std::string& out, const ExportPayload& payload);
// Accepts exactly what is written, without the line feed. `out` is reused.
bool ParseExportEntry(std::string_view line, ExportEntry& out);

}  // namespace landfall::app
