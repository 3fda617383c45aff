// SPDX-License-Identifier: Apache-2.0
// landfall sheet LEDGER export|template|import: lists as spreadsheets without a server, with the rights of whoever
// acts.
#include <fmt/core.h>

#include <fstream>

#include "app/access_store.h"
#include "app/sheet_pages.h"
#include "cli/cli.h"
#include "exchange/round_trip.h"
#include "exchange/xlsx_read.h"

namespace landfall::cli {
namespace {

constexpr std::size_t kSheetBytesMax = 16 << 20;
constexpr std::size_t kShown = 40;  // Lines of each part; --json has them all.

struct Arguments {
  std::string folder, action, what, out, period, token, language;
  bool dry_run = false, json = false;
};

app::Language LanguageOf(const Arguments& a) { return a.language == "en" ? app::Language::kEn : app::Language::kZh; }

Result<const app::SheetKind*> KindOf(const std::string& key) {
  const app::SheetKind* kind = app::FindSheetKind(key);
  if (kind == nullptr) return NotFound("sheet.unknown_list", key, "WHAT");
  return kind;
}

// What leaves and what comes stands in the access log, as with a server.
Status Note(const app::LedgerFiles& files, const Actor& by, std::string what, std::string_view kind) {
  LF_ASSIGN(const std::unique_ptr<app::AccessStore> access, app::AccessStore::Open(files.access()));
  app::AccessRecord record;
  record.who = by.ToString();
  record.what = std::move(what);
  record.subject = "sheets/" + std::string(kind);
  record.result = "ok";
  record.peer = LocalUser();
  return access->Append(std::move(record));
}

Status RunExport(const Arguments& a, const app::LedgerFiles& files, const Actor& by) {
  if (a.out.empty()) return Invalid("cli.out_missing", {}, "--out");
  LF_ASSIGN(const app::SheetKind* kind, KindOf(a.what));
  std::optional<Period> period;
  if (!a.period.empty()) {
    LF_ASSIGN(period, Period::Parse(a.period));
  }
  LF_ASSIGN(const std::unique_ptr<app::Engine> engine, app::Engine::Open(files, {.vfs = {}, .read_only = true}));
  const app::SheetReader reader{*engine, by, LanguageOf(a)};
  const bool is_template = a.action == "template";
  LF_ASSIGN(const std::string bytes, is_template ? app::SheetTemplate(reader, *kind)
                                                 : app::ExportSheet(reader, *kind, app::WholeList(*kind, by, period)));
  if (!is_template) LF_TRY(Note(files, by, kind->key == "people" ? "read_personal" : "export", kind->key));
  LF_TRY(WriteFile(a.out, bytes, "--out"));
  fmt::print("{}: {} bytes\n", a.out, bytes.size());
  return Ok{};
}

Result<std::string> ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return Unavailable("source.unreadable", path);
  // One byte more than is read: what is longer is refused by its size, without being held.
  std::string bytes(kSheetBytesMax + 1, '\0');
  in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<std::size_t>(in.gcount()));
  if (bytes.size() > kSheetBytesMax) return Invalid("sheet.file_too_large", path, "WHAT");
  return bytes;
}

template <class Rows, class Line>
void PrintSome(const Rows& rows, Line&& line) {
  for (std::size_t i = 0; i < rows.size() && i < kShown; ++i) line(rows[i]);
  if (rows.size() > kShown) fmt::print("… and {} more; --json lists them all\n", rows.size() - kShown);
}

void Print(const app::SheetReport& r) {
  PrintSome(r.problems, [](const app::SheetProblem& p) {
    fmt::print("{:<8} row {:<5} {}  {}  {}{}\n", p.severity, p.row, p.column, p.code, p.title,
               p.excerpt.empty() ? "" : "  " + p.excerpt);
  });
  PrintSome(r.conflicts, [](const app::SheetConflict& c) {
    fmt::print("conflict row {:<5} {}  {} {}: in the sheet \"{}\", meanwhile \"{}\"{}\n", c.row, c.column, c.subject,
               c.name, c.mine, c.theirs, c.seq ? fmt::format(" (entry {})", *c.seq) : "");
  });
  PrintSome(r.changes, [](const app::SheetChange& c) {
    if (c.subject)
      fmt::print("change   row {:<5} {}  {} {}: \"{}\" -> \"{}\"  {}\n", c.row, c.column, *c.subject, c.name, c.before,
                 c.after, c.command);
    else
      fmt::print("new      row {:<5} {}  {}\n", c.row, c.name, c.command);
  });
  fmt::print("list {}  rows {}  new {}  commands {}  already so {}  conflicts {}  errors {}  warnings {}\n", r.list,
             r.rows, r.new_rows, r.commands, r.already_so, r.conflicts.size(), r.errors, r.warnings);
  if (r.seq)
    fmt::print("stored as one batch, closed by entry {}\n", *r.seq);
  else if (r.errors != 0)
    fmt::print("nothing stored: the sheet has errors\n");
  else if (r.commands == 0)
    fmt::print("nothing to change: nothing stored\n");
  else
    fmt::print("dry run: nothing stored\n");
}

// Twice: what would be done, and then just that. Nobody else writes in between who is not noticed.
Status RunImport(const Arguments& a, const app::LedgerFiles& files, const Actor& by, int& exit_code) {
  LF_ASSIGN(const std::string bytes, ReadFile(a.what));
  LF_ASSIGN(const exchange::Workbook book, exchange::ReadXlsx(bytes));
  LF_ASSIGN(const exchange::RoundTripMark mark, exchange::ReadRoundTripMark(book));
  LF_ASSIGN(const app::SheetKind* kind, KindOf(mark.list));
  LF_ASSIGN(const std::unique_ptr<app::Engine> engine, app::Engine::Open(files, {.vfs = {}, .read_only = a.dry_run}));
  LF_ASSIGN(Text<64> user, Text<64>::Parse(LocalUser()));
  const app::SheetReader reader{*engine, by, LanguageOf(a)};
  app::SheetImport sheet{bytes};
  if (by.kind == Actor::Kind::kLocal) sheet.local_user = std::move(user);
  LF_ASSIGN(app::SheetReport report, app::ReadSheet(reader, *kind, sheet));
  if (!a.dry_run && report.plan) {
    sheet.plan = report.plan;
    LF_ASSIGN(report, app::ReadSheet(reader, *kind, sheet));
  }
  LF_TRY(Note(files, by, report.seq ? "import" : "import_preview", kind->key));
  if (a.json)
    fmt::print("{}\n", ToJson(report));
  else
    Print(report);
  if (report.errors != 0 || !report.conflicts.empty()) exit_code = kExitFindings;
  return Ok{};
}

Status Run(const Arguments& a, int& exit_code) {
  LF_ASSIGN(const app::LedgerFiles files, app::FindLedger(a.folder));
  LF_ASSIGN(const Actor by, ActorFor(files, a.token));
  return a.action == "import" ? RunImport(a, files, by, exit_code) : RunExport(a, files, by);
}

}  // namespace

void AddSheet(CLI::App& app, int& exit_code) {
  const auto a = std::make_shared<Arguments>();
  const char* lang = std::getenv("LANG");
  a->language = lang != nullptr && std::string_view(lang).starts_with("zh") ? "zh" : "en";
  CLI::App* sheet = app.add_subcommand(
      "sheet",
      "lists as spreadsheets: out, edited, and back as one command for each changed cell; exit 1 with conflicts");
  sheet->add_option("LEDGER", a->folder, "the ledger's folder")->required();
  sheet->add_option("ACTION", a->action, "export, template or import")
      ->required()
      ->check(CLI::IsMember({"export", "template", "import"}));
  sheet
      ->add_option("WHAT", a->what,
                   "export, template: projects, reports, obligations, enterprises, people, units or regions; "
                   "import: the .xlsx that came back")
      ->required();
  sheet->add_option("--out", a->out, "export, template: the file to write");
  sheet->add_option("--period", a->period, "export reports: the month, e.g. 2026-10 (default: the usual one)");
  sheet->add_option("--lang", a->language, "export, template: words of the headings, zh or en")
      ->check(CLI::IsMember({"zh", "en"}))
      ->capture_default_str();
  sheet->add_option("--as", a->token, "API token of the account that acts (default: local, which may do little)");
  sheet->add_flag("--dry-run", a->dry_run, "import: say what would be done, store nothing");
  sheet->add_flag("--json", a->json, "import: the whole report as JSON");
  sheet->callback([a, &exit_code] {
    int findings = 0;
    if (Status done = Run(*a, findings); !done)
      exit_code = PrintRefusal(done.error());
    else
      exit_code = findings;
  });
}

}  // namespace landfall::cli
