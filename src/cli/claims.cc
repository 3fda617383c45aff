// SPDX-License-Identifier: Apache-2.0
// landfall import LEDGER seed-facts FILE, and what query prints of published figures.
#include "cli/claims.h"

#include <fmt/core.h>

#include <fstream>

#include "app/import_facts.h"
#include "cli/cli.h"

namespace landfall::cli {
namespace {

Result<std::string> ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return Unavailable("source.unreadable", path);
  // One byte more than is read: what is longer is refused by its size, without being held.
  std::string bytes(app::kFactsBytesMax + 1, '\0');
  in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<std::size_t>(in.gcount()));
  return bytes;
}

void Print(const app::FactsReport& r, bool dry_run) {
  fmt::print("{}: {} facts, {} known already\n", r.report, r.facts, r.known);
  fmt::print("claims {} (number missing in the source: {})  relations {}\n", r.claims, r.without_number, r.relations);
  fmt::print("enterprises {}  projects {}  regions and parks {}  aliases {}  duplicates {}\n", r.enterprises,
             r.projects, r.regions, r.aliases, r.duplicates);
  for (const std::string& fact : r.names_inferred) fmt::print("name inferred: {}\n", fact);
  for (const app::FactsLeftOut& left : r.left_out) fmt::print("left out: {} ({})\n", left.what, left.count);
  if (r.seq != 0)
    fmt::print("stored as one batch, closed by entry {}\n", r.seq);
  else if (dry_run)
    fmt::print("dry run: nothing stored\n");
  else
    fmt::print("nothing to change: nothing stored\n");
}

std::string ValueOf(const app::ClaimRow& row) {
  std::string text;
  const char* between = row.kind == claim::Kind::proportion ? ":" : "–";
  for (const std::string& value : row.values) text += (text.empty() ? "" : between) + value;
  return row.verdict == app::ClaimVerdict::missing ? "原文缺数" : text + row.unit_words;
}

void PrintRow(const app::ClaimRow& row) {
  fmt::print("{:<6} {:<18} {:<13} {:<16} {:<12} {}{}\n", row.id.ToString(), row.source, EnumName(row.verdict),
             ValueOf(row), row.found.empty() ? "" : "/ " + row.found, row.name,
             row.period.empty() ? "" : "  " + row.period);
}

}  // namespace

Status RunImportFacts(const FactsArguments& arguments) {
  LF_ASSIGN(const std::string bytes, ReadFile(arguments.file));
  // A dry run needs no right to write.
  LF_ASSIGN(const app::LedgerFiles files, app::FindLedger(arguments.folder));
  LF_ASSIGN(const std::unique_ptr<app::Engine> engine,
            app::Engine::Open(files, {.vfs = {}, .read_only = arguments.dry_run}));
  LF_ASSIGN(const app::FactsReport report,
            app::ImportFacts(*engine, Actor::Local(), app::NewKey(engine->clock(), engine->random()), bytes,
                             arguments.report, {arguments.dry_run, LocalUser()}));
  if (arguments.json)
    fmt::print("{}\n", ToJson(report));
  else
    Print(report, arguments.dry_run);
  return Ok{};
}

void PrintClaims(const app::ClaimList& list) {
  const app::VerdictCounts& c = list.counts;
  fmt::print("backed {}  consistent {}  unbacked {}  contradicted {}  missing in source {}  words only {}\n", c.backed,
             c.consistent, c.unbacked, c.contradicted, c.missing, c.stated);
  for (const app::ClaimRow& row : list.rows) PrintRow(row);
}

void PrintClaim(const app::ClaimPage& page) {
  PrintRow(page.claim);
  for (const app::ClaimCheck& check : page.checks) {
    fmt::print("  {} of {} {}: {}{}\n", check.rule, check.claim.id, check.claim.name, EnumName(check.result),
               check.found.empty() ? "" : ", claimed " + check.claimed + ", found " + check.found);
    if (check.derived)
      fmt::print("    derived {} {} ({}–{})\n", check.derived->value, check.derived->unit_words, check.derived->low,
                 check.derived->high);
    for (const app::CheckInput& input : check.inputs)
      fmt::print("    {:<6} {} {}{}{}\n", input.id, input.name, input.value, input.unit_words,
                 (input.counted_in ? " (counted in " + input.counted_in->name + ")" : std::string()) +
                     (input.of_report ? " (recorded from this report)" : ""));
  }
}

}  // namespace landfall::cli
