// SPDX-License-Identifier: Apache-2.0
// Lists as sheets, both ways: out with exactly the rows and columns that an account may see, and back as commands.
//
// Why it is one place: the server and the command line must give the same sheet and read it alike. How a sheet is
// written and compared is the exchange's (exchange/xlsx_write.h, round_trip.h; docs/formats/sheet.md); this knows what
// the columns of each list are, and which command a changed cell becomes.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "app/engine.h"
#include "app/labels.h"
#include "app/queries.h"
#include "app/sheet_views.h"

namespace landfall::app {

class SheetDesk;

// One list that goes out and comes back.
struct SheetKind {
  std::string_view key;         // "projects"
  std::string_view permission;  // to read the list; what comes back needs that of each command
  std::unique_ptr<SheetDesk> (*open)(const Frame& frame, const HistoryIndex& history, Language language);
};
std::span<const SheetKind> SheetKinds();
const SheetKind* FindSheetKind(std::string_view key);

// Who reads, in which words, and as what was known when.
struct SheetReader {
  Engine& engine;
  Actor actor;
  Language language = Language::kZh;
  std::optional<Day> as_of = {};           // Default: today.
  std::shared_ptr<const State> past = {};  // As known at `past_seq`; null: the newest.
  std::uint64_t past_seq = 0;
};

inline constexpr std::size_t kSheetListRowsMax = 20'000;
// 300 bytes a cell while a sheet is written: 120 MB.
inline constexpr std::size_t kSheetListCellsMax = 400'000;
inline constexpr std::size_t kSheetChangesMax = 20'000;

// One page of a list: the ids of its rows, in the list's order, and where the next begins ("" at the end).
struct SheetPage {
  std::vector<std::string> ids;
  std::string next;
};
using SheetPages = std::function<Result<SheetPage>(const Frame& frame, const std::string& cursor)>;

// The bytes of an .xlsx. It comes back only where it tells of today and of everything known (no `as_of`, no `past`).
// Rows are read in pages, so that the writer never waits long, and all at one position of the ledger.
// Errors: access.denied, access.other_unit; sheet.list_too_long (kInvalid: filter further); those of `pages` and of
// WriteXlsx. Memory: see kSheetListCellsMax. Cost: about 3 µs a cell.
Result<std::string> ExportSheet(const SheetReader& reader, const SheetKind& kind, const SheetPages& pages);

// An empty sheet to fill in, with guidance; comes back as new rows. Errors: as ExportSheet.
Result<std::string> SheetTemplate(const SheetReader& reader, const SheetKind& kind);

struct SheetImport {
  std::string_view bytes;
  // Of the report that was looked at: do it, if it is still the same. Absent: only say what would be done.
  std::optional<Digest> plan = {};
  std::optional<Text<64>> local_user = {};  // Of the operating system, when the actor is local.
};

// Compares a sheet with the ledger, makes each changed cell a command, and tries them all. With `plan` they are sent as
// one batch, all or none, provided that what would be done is what the plan said: nobody's name stands under a change
// they have not seen. The same sheet a second time finds everything already so and stores nothing.
//
// Conflicts (changed by others since the export) are never sent and do not keep the rest from being done; errors do.
// Errors: those of ReadXlsx and CompareSheet; access.denied, access.other_unit; sheet.too_many_changes (kInvalid);
// sheet.plan_changed (kConflict: look again); those of RunBatch. Problems of cells stand in the report.
// Memory: a copy of the state, twice. Threads: any; blocks.
Result<SheetReport> ReadSheet(const SheetReader& reader, const SheetKind& kind, const SheetImport& sheet);

// What a ledger's sheets are marked with: the hash of its first leaf. Errors: those of the log.
Result<std::string> SheetLedgerId(Engine& engine);

}  // namespace landfall::app
