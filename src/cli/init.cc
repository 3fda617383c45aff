// SPDX-License-Identifier: Apache-2.0
// init, import, command, demo-accounts: everything at the command line that writes.
#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iostream>

#include "app/access_store.h"
#include "app/catalog.h"
#include "app/engine.h"
#include "app/import.h"
#include "app/import_matters.h"
#include "app/views.h"
#include "cli/catalog.h"
#include "cli/claims.h"
#include "cli/cli.h"

namespace landfall::cli {
namespace {

using app::Engine;

// What a broken-off init has made of a folder's ledger: nobody was told of it, and it would be in the way of the next
// try.
void RemoveUnmade(const app::LedgerFiles& files) {
  std::error_code ignored;
  for (const char* beside : {"", "-journal", "-wal", "-shm"}) std::filesystem::remove(files.ledger() + beside, ignored);
  for (const std::string& file : {files.key(), files.key() + ".new", files.checkpoint(), files.checkpoint() + ".new"})
    std::filesystem::remove(file, ignored);
  std::filesystem::remove(files.folder, ignored);  // When nothing else is in it.
}

Status MakeLedger(const app::LedgerFiles& files, const admin::CreateLedger& command,
                  const std::vector<app::AnyCommand>& definitions) {
  LF_TRY(Engine::Create(files, command, {}));
  LF_ASSIGN(const std::unique_ptr<Engine> engine, Engine::Open(files, {}));
  for (const app::AnyCommand& definition : definitions)
    LF_TRY(engine->Run(Actor::Local(), app::NewKey(engine->clock(), engine->random()), definition));
  // An address may hold a password.
  fmt::print("ledger {} ready: {} entries, key {}\n", files.folder, engine->log().size(),
             engine->signer().verifier().Encode());
  return Ok{};
}

Status RunInit(const std::string& folder, const std::string& jurisdiction, const std::string& name,
               const std::string& currency, const std::string& offset, const std::vector<std::string>& ladders) {
  LF_ASSIGN(const UtcOffset utc, ParseUtcOffset(offset));
  auto code = Code<20>::Parse(jurisdiction);
  if (!code) return std::move(code).error().At("jurisdiction");
  auto title = Text<100>::Parse(name);
  if (!title) return std::move(title).error().At("name");
  auto money = Code<3>::Parse(currency);
  if (!money) return std::move(money).error().At("currency");
  LF_ASSIGN(Text<64> user, Text<64>::Parse(LocalUser()));
  LF_ASSIGN(const std::vector<app::AnyCommand> definitions, app::BuiltInDefinitions(ladders));
  LF_ASSIGN(const app::LedgerFiles files, app::FindLedger(folder, jurisdiction));
  LF_ASSIGN(const bool there, app::LedgerExists(files));
  const bool in_folder = !there && !files.in_database() && !std::filesystem::exists(files.key());
  Status made = MakeLedger(files, {*code, *title, *money, {utc.minutes}, user}, definitions);
  if (!made && in_folder) RemoveUnmade(files);
  return made;
}

void PrintReport(const app::ImportOutcome& outcome, bool dry_run, const std::string& currency_total) {
  const app::ImportReport& r = outcome.report;
  constexpr std::size_t kShown = 40;
  for (std::size_t i = 0; i < r.problems.size() && i < kShown; ++i) {
    const app::ImportProblem& p = r.problems[i];
    fmt::print("{:<8} row {:<5} {:<16} {}{}{}{}\n", p.severity, p.row, p.column, p.code, p.detail.empty() ? "" : "  ",
               p.detail, p.count > 1 ? fmt::format("  ({} rows)", p.count) : "");
  }
  if (r.problems.size() > kShown) fmt::print("… and {} more; --json lists them all\n", r.problems.size() - kShown);
  fmt::print("register as at {}: later dates are plans\n", FormatDay(r.register_as_at));
  fmt::print("rows {}  created {}  changed {}  unchanged {}  units created {}\n", r.rows, r.created, r.changed,
             r.unchanged, r.units_created);
  fmt::print("total investment {}  ({} rows without)  errors {}  warnings {}  notes {}\n", currency_total,
             r.rows_without_investment, r.errors, r.warnings, r.notes);
  if (outcome.refusal)
    fmt::print("nothing stored: the file has errors\n");
  else if (outcome.stored)
    fmt::print("stored as one batch, closed by entry {}\n", outcome.seq);
  else if (dry_run)
    fmt::print("dry run: nothing stored\n");
  else
    fmt::print("nothing to change: nothing stored\n");
}

Status RunImport(const std::string& folder, const std::string& kind, const std::string& file,
                 const std::string& mapping, bool dry_run, bool json, int& exit_code) {
  if (kind != "projects") return Invalid("import.unknown_kind", kind, "kind");
  // A dry run needs no right to write.
  LF_ASSIGN(const app::LedgerFiles files, app::FindLedger(folder));
  LF_ASSIGN(const std::unique_ptr<Engine> engine, Engine::Open(files, {.vfs = {}, .read_only = dry_run}));
  app::ImportOptions options{.dry_run = dry_run, .local_user = LocalUser(), .progress = {}};
  const bool terminal = ::isatty(STDERR_FILENO) != 0;
  options.progress = [terminal](std::string_view stage, std::uint64_t done, std::uint64_t total) {
    if (terminal) fmt::print(stderr, "\r{} {} / {}   ", stage == "read" ? "bytes read" : "records stored", done, total);
    return true;
  };
  LF_ASSIGN(const app::ImportOutcome outcome, app::ImportProjects(*engine, Actor::Local(), file, mapping, options));
  if (terminal) fmt::print(stderr, "\r                                        \r");
  if (json) {
    fmt::print("{}\n", ToJson(outcome.report));
  } else {
    const Engine::Reader reader = engine->Read();
    PrintReport(outcome, dry_run,
                outcome.report.investment_minor.Format(static_cast<int>(reader.state().admin.currency_decimals)));
  }
  if (outcome.refusal) exit_code = PrintRefusal(*outcome.refusal);
  return Ok{};
}

Status RunImportMatters(const std::string& folder, const std::string& catalog, bool dry_run, bool json) {
  LF_ASSIGN(const approval::Catalogue catalogue, LoadCatalogue(catalog));
  LF_ASSIGN(const app::LedgerFiles files, app::FindLedger(folder));
  LF_ASSIGN(const std::unique_ptr<Engine> engine, Engine::Open(files, {.vfs = {}, .read_only = dry_run}));
  LF_ASSIGN(const app::MattersReport r,
            app::ImportMatters(*engine, Actor::Local(), app::NewKey(engine->clock(), engine->random()), catalogue,
                               {.dry_run = dry_run, .local_user = LocalUser()}));
  if (json) {
    fmt::print("{}\n", ToJson(r));
    return Ok{};
  }
  fmt::print("matters {}  packages {}  versions defined {} and {}  unchanged {}  units created {}\n", r.matters,
             r.packages, r.matters_defined, r.packages_defined, r.unchanged, r.units_created);
  fmt::print("left to the catalogue, for a record has no place for it:\n");
  for (const app::MattersLeftOut& left : r.left_out)
    fmt::print("  {:<20} {:>5}  {}\n", left.what, left.ids.size(),
               left.ids.size() <= 20 ? fmt::format("{}", fmt::join(left.ids, " ")) : "");
  if (r.seq != 0)
    fmt::print("stored as one batch, closed by entry {}\n", r.seq);
  else
    fmt::print("{}: nothing stored\n", dry_run ? "dry run" : "nothing to change");
  return Ok{};
}

// --field value pairs become JSON by the command's own table; a value that begins with [ or { is taken as JSON.
Result<std::string> BodyOf(const app::CommandType& type, const std::vector<std::string>& rest) {
  std::string body = "{";
  for (std::size_t i = 0; i < rest.size(); i += 2) {
    if (!rest[i].starts_with("--") || i + 1 == rest.size()) return Invalid("cli.bad_field", rest[i]);
    const std::string name = rest[i].substr(2);
    const app::CommandField* field = nullptr;
    for (const app::CommandField& f : type.fields)
      if (f.name == name) field = &f;
    if (field == nullptr) return Invalid("request.unknown_field", {}, name);
    if (body.size() > 1) body += ',';
    AppendJsonString(body, name);
    body += ':';
    if (field->kind == JsonKind::kString)
      AppendJsonString(body, rest[i + 1]);
    else
      body += rest[i + 1];
  }
  return body + "}";
}

Status RunCommand(const std::string& folder, const std::string& name, const std::string& token, const std::string& key,
                  const std::vector<std::string>& rest) {
  const app::CommandType* type = app::FindCommand(name);
  if (type == nullptr) return NotFound("command.unknown", name);
  LF_ASSIGN(const std::string body, BodyOf(*type, rest));
  LF_ASSIGN(app::AnyCommand command, type->read(body));
  LF_ASSIGN(const app::LedgerFiles files, app::FindLedger(folder));
  LF_ASSIGN(const Actor by, ActorFor(files, token));
  LF_ASSIGN(const std::unique_ptr<Engine> engine, Engine::Open(files, {}));
  LF_ASSIGN(const app::Answer answer,
            engine->Run(by, key.empty() ? app::NewKey(engine->clock(), engine->random()) : key, std::move(command)));
  app::CommandAnswer out{static_cast<std::int64_t>(answer.seq), answer.ids, answer.repeated};
  fmt::print("{}\n", ToJson(out));
  return Ok{};
}

std::string RandomPassword(Random& random) {
  std::array<std::uint8_t, 10> bytes;
  random.Fill(bytes);
  return Hex(bytes);
}

struct FirstAccount {
  admin::Role role;
  const char* login;
  const char* display;
};
// The three offices that must not be in one hand (三员分立). All others are made by them, in the browser.
constexpr FirstAccount kOffices[] = {{admin::Role::sysadmin, "sysadmin", "系统管理员"},
                                     {admin::Role::secadmin, "secadmin", "安全管理员"},
                                     {admin::Role::auditor, "auditor", "审计员"}};
constexpr FirstAccount kDemoAccounts[] = {{admin::Role::sysadmin, "sysadmin", "系统管理员（示例）"},
                                          {admin::Role::secadmin, "secadmin", "安全管理员（示例）"},
                                          {admin::Role::auditor, "auditor", "审计员（示例）"},
                                          {admin::Role::leader, "leader", "分管领导（示例）"},
                                          {admin::Role::project_office, "office", "重点办经办（示例）"},
                                          {admin::Role::unit_officer, "officer", "牵头单位经办（示例）"},
                                          {admin::Role::statistician, "statistician", "统计员（示例）"},
                                          {admin::Role::supervisor, "supervisor", "督查员（示例）"},
                                          {admin::Role::unit_head, "head", "牵头单位负责人（示例）"},
                                          {admin::Role::enterprise, "enterprise", "某企业经办岗（示例）"}};

// As the two offices would make them: the local user may fill these offices once, then they make the rest.
Status MakeAccounts(const std::string& folder, std::span<const FirstAccount> posts, const std::string& out_file) {
  LF_ASSIGN(const app::LedgerFiles files, app::FindLedger(folder));
  LF_ASSIGN(const std::unique_ptr<Engine> engine, Engine::Open(files, {}));
  LF_ASSIGN(const std::unique_ptr<app::AccessStore> access, app::AccessStore::Open(engine->files().access()));
  std::optional<UnitId> unit;
  bool has_enterprise = false;
  {
    const Engine::Reader reader = engine->Read();
    has_enterprise = reader.state().admin.enterprises != 0;
    // The officer belongs to the unit that owns most projects, so that there is something to see.
    std::vector<std::uint32_t> owned(reader.state().people.unit_parent.size() + 1, 0);
    for (std::uint32_t owner : reader.state().project.owner) ++owned[owner];
    for (std::uint32_t u = 1; u < owned.size(); ++u)
      if (!unit || owned[u] > owned[unit->raw]) unit = UnitId{u};
  }
  const auto run = [&](Actor by, app::AnyCommand command) {
    return engine->Run(by, app::NewKey(engine->clock(), engine->random()), std::move(command));
  };
  Actor creator = Actor::Local(), granter = Actor::Local();
  std::string json = "[";
  for (const FirstAccount& post : posts) {
    admin::CreateAccount create{{post.login}, {post.display}, std::nullopt};
    if (post.role == admin::Role::unit_officer || post.role == admin::Role::unit_head) create.unit = unit;
    LF_ASSIGN(const app::Answer made, run(creator, create));
    LF_ASSIGN(const AccountId account, AccountId::Parse(made.ids.at(0)));
    LF_TRY(run(granter, admin::GrantRole{account, post.role}));
    // An applicant's account is of no use before somebody says whose it is.
    if (post.role == admin::Role::enterprise && has_enterprise)
      LF_TRY(run(granter, admin::BindEnterprise{account, EnterpriseId{1}}));
    if (post.role == admin::Role::secadmin) granter = Actor::Account(account);
    if (post.role == admin::Role::sysadmin) creator = Actor::Account(account);
    const std::string password = RandomPassword(engine->random());
    LF_TRY(access->SetPassword(account, post.login, password));
    fmt::print("{:<14} {:<22} {}\n", post.login, password, EnumName(post.role));
    json += fmt::format("{}{{\"login\":\"{}\",\"password\":\"{}\",\"role\":\"{}\"}}", json.size() > 1 ? "," : "",
                        post.login, password, EnumName(post.role));
  }
  if (!out_file.empty()) {
    std::ofstream out(out_file, std::ios::trunc);
    out << json << "]\n";
    if (!out) return Unavailable("store.io", out_file);
  }
  return Ok{};
}

struct Arguments {
  std::string folder, jurisdiction, name, currency = "CNY", offset = "+08:00", kind, file, mapping, report, command,
                                          token, key, out, catalog;
  std::vector<std::string> ladders;
  bool dry_run = false, json = false;
  BordersArguments borders;
};

}  // namespace

Result<Actor> ActorFor(const app::LedgerFiles& files, const std::string& token) {
  if (token.empty()) return Actor::Local();
  LF_ASSIGN(const std::unique_ptr<app::AccessStore> access, app::AccessStore::Open(files.access()));
  const std::optional<AccountId> account = access->FindToken(token);
  if (!account) return Forbidden("access.unknown_token");
  return Actor::Account(*account);
}

std::string LocalUser() {
  const passwd* entry = ::getpwuid(::getuid());
  return entry != nullptr ? entry->pw_name : "uid-" + std::to_string(::getuid());
}

void AddInit(CLI::App& app, int& exit_code) {
  const auto arguments = std::make_shared<Arguments>();
  const auto finish = [&exit_code](Status status) {
    if (!status) exit_code = PrintRefusal(status.error());
  };
  Arguments& a = *arguments;

  CLI::App* init = app.add_subcommand(
      "init", "make a ledger: a folder with its own key, beginning with entry 1; its entries there or in PostgreSQL");
  init->add_option("LEDGER", a.folder, "a folder, or postgresql://host/database?folder=PATH")->required();
  init->add_option("--jurisdiction", a.jurisdiction, "code of the county, district or park, e.g. 430212")->required();
  init->add_option("--name", a.name, "its name")->required();
  init->add_option("--currency", a.currency, "ISO 4217 code of its money")->capture_default_str();
  init->add_option("--utc-offset", a.offset, "its wall clock, e.g. +08:00")->capture_default_str();
  init->add_option("--ladders", a.ladders, "built-in milestone ladders to begin with (default: all)")->delimiter(',');
  init->callback([arguments, finish] {
    const Arguments& v = *arguments;
    finish(RunInit(v.folder, v.jurisdiction, v.name, v.currency, v.offset, v.ladders));
  });

  CLI::App* importing = app.add_subcommand("import", "take a register from a file into the ledger, all or nothing");
  importing->add_option("LEDGER", a.folder)->required();
  importing->add_option("KIND", a.kind, "projects, borders, seed-facts or matters")->required();
  importing->add_option("FILE", a.file,
                        "projects: CSV, UTF-8 with or without BOM, or GBK; borders: GeoJSON; "
                        "seed-facts: JSON; matters: none");
  importing->add_option("--catalog", a.catalog,
                        "matters: a folder of files as catalog/matters (default: the built-in catalogue)");
  importing->add_option("--report", a.report, "seed-facts: which report, e.g. S000");
  importing->add_option("--mapping", a.mapping, "projects: which column means what (docs/formats/mapping.md)");
  importing->add_option("--system", a.borders.system, "borders: what the coordinates are: wgs84, cgcs2000 or gcj02");
  importing->add_option("--source", a.borders.source, "borders: who published them, and when");
  importing->add_option("--approval", a.borders.approval, "borders: 审图号");
  importing->add_option("--effective-on", a.borders.effective_on,
                        "borders: the day from which they hold (default: today)");
  importing->add_option("--code-member", a.borders.code_member, "borders: which property holds the region's code")
      ->capture_default_str();
  importing->add_flag("--dry-run", a.dry_run, "list every problem by row and column, store nothing");
  importing->add_flag("--json", a.json, "the whole report as JSON");
  importing->callback([arguments, finish, &exit_code] {
    Arguments& v = *arguments;
    if (v.kind == "matters" && v.file.empty()) return finish(RunImportMatters(v.folder, v.catalog, v.dry_run, v.json));
    if (v.file.empty() || v.kind == "matters") throw CLI::ValidationError("FILE", "is needed, but for matters");
    if (v.kind == "seed-facts") return finish(RunImportFacts({v.folder, v.file, v.report, v.dry_run, v.json}));
    if (v.kind == "borders") {
      v.borders.folder = v.folder, v.borders.file = v.file;
      v.borders.dry_run = v.dry_run, v.borders.json = v.json;
      return finish(RunImportBorders(v.borders));
    }
    finish(RunImport(v.folder, v.kind, v.file, v.mapping, v.dry_run, v.json, exit_code));
  });

  CLI::App* command =
      app.add_subcommand("command", "send one command: landfall command LEDGER project.hold --as TOKEN --project p1 …");
  command->add_option("LEDGER", a.folder)->required();
  command->add_option("NAME", a.command, "wire name, e.g. project.reach_milestone")->required();
  command->add_option("--as", a.token, "API token of the account that acts (default: local, which may do little)");
  command->add_option("--key", a.key, "idempotency key, UUIDv7 (default: a new one)");
  command->allow_extras();
  command->callback([arguments, finish, command] {
    const Arguments& v = *arguments;
    finish(RunCommand(v.folder, v.command, v.token, v.key, command->remaining()));
  });

  CLI::App* demo =
      app.add_subcommand("demo-accounts", "one account per role with random passwords, for a ledger without accounts");
  demo->add_option("LEDGER", a.folder)->required();
  demo->add_option("--out", a.out, "also write them as JSON");
  demo->callback([arguments, finish] { finish(MakeAccounts(arguments->folder, kDemoAccounts, arguments->out)); });
  CLI::App* first = app.add_subcommand(
      "first-accounts",
      "the system, security and audit administrators of a ledger without accounts; they make the rest");
  first->add_option("LEDGER", a.folder)->required();
  first->add_option("--out", a.out, "also write them as JSON");
  first->callback([arguments, finish] { finish(MakeAccounts(arguments->folder, kOffices, arguments->out)); });
}

}  // namespace landfall::cli
