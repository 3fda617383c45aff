// SPDX-License-Identifier: Apache-2.0
// landfall import LEDGER borders FILE: borders of regions from GeoJSON.
#include <fmt/core.h>

#include <fstream>

#include "app/borders.h"
#include "cli/cli.h"

namespace landfall::cli {
namespace {

Result<std::string> ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return Unavailable("source.unreadable", path);
  // One byte more than is read: what is longer is refused by its size, without being held.
  std::string bytes(app::kBorderBytesMax + 1, '\0');
  in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<std::size_t>(in.gcount()));
  return bytes;
}

void Print(const app::BordersReport& report) {
  for (const app::BorderDrawn& row : report.rows)
    fmt::print("{:<12} {}  points {} of {}\n", row.code, row.region.name, row.points_kept, row.points_read);
  for (const std::string& code : report.unknown_codes) fmt::print("{:<12} no region has this code: left out\n", code);
  for (const app::BorderFinding& finding : report.findings) fmt::print("{}  {}\n", finding.code, finding.place);
  if (report.seq == 0)
    fmt::print("dry run: nothing stored\n");
  else
    fmt::print("stored as one batch, closed by entry {}\n", report.seq);
}

}  // namespace

Status RunImportBorders(const BordersArguments& arguments) {
  LF_ASSIGN(const std::string bytes, ReadFile(arguments.file));
  app::BordersOptions options;
  if (!arguments.system.empty()) {
    options.system = EnumFromName<place::CoordinateSystem>(arguments.system);
    if (!options.system) return Invalid("request.unknown_choice", arguments.system, "system");
  }
  options.source = arguments.source;
  if (!arguments.approval.empty()) options.approval = arguments.approval;
  if (!arguments.effective_on.empty()) {
    LF_ASSIGN(options.effective_on, ParseDay(arguments.effective_on));
  }
  options.code_member = arguments.code_member;
  options.local_user = LocalUser();
  // A dry run needs no right to write.
  LF_ASSIGN(const app::LedgerFiles files, app::FindLedger(arguments.folder));
  LF_ASSIGN(const std::unique_ptr<app::Engine> engine,
            app::Engine::Open(files, {.vfs = {}, .read_only = arguments.dry_run}));
  std::unique_ptr<ledger::Blobs> blobs;
  if (!arguments.dry_run) {
    LF_ASSIGN(blobs, ledger::Blobs::Open(engine->files().blobs()));
  }
  LF_ASSIGN(const app::BordersReport report,
            app::ImportBorders(*engine, blobs.get(), Actor::Local(), app::NewKey(engine->clock(), engine->random()),
                               bytes, options));
  if (arguments.json)
    fmt::print("{}\n", ToJson(report));
  else
    Print(report);
  return Ok{};
}

}  // namespace landfall::cli
