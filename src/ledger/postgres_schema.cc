// SPDX-License-Identifier: Apache-2.0
#include "ledger/postgres_schema.h"

#include <charconv>

#include "base/embedded.h"

namespace landfall::ledger {
namespace {

// "0002_roles.sql" → 2.
int NumberOf(const EmbeddedFile& file) {
  int number = 0;
  std::from_chars(file.path.data(), file.path.data() + file.path.size(), number);
  return number;
}

constexpr const char* kPrologue = R"(
-- Whoever comes second finds the work done.
SELECT pg_advisory_xact_lock(hashtext('landfall.migrations'));
CREATE SCHEMA IF NOT EXISTS landfall;
CREATE TABLE IF NOT EXISTS landfall.migrations(
  version integer PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now(), applied_by text NOT NULL DEFAULT current_user);
)";

Result<int> ApplyMissing(PgConnection& connection) {
  // Migrations of a database that is up to date change nothing, and so need no right to.
  LF_ASSIGN(const int before, SchemaOf(connection));
  if (before > NewestSchema()) return Conflict("store.newer_schema", "schema " + std::to_string(before));
  if (before == NewestSchema()) return 0;
  LF_TRY(connection.Exec(kPrologue));
  LF_ASSIGN(const int there, SchemaOf(connection));
  int applied = 0;
  for (const EmbeddedFile& file : EmbeddedMigrations()) {  // Sorted by path, and so by number.
    const int number = NumberOf(file);
    if (number <= there) continue;
    LF_TRY(connection.Exec(std::string(file.bytes)));
    LF_TRY(connection.Exec("INSERT INTO landfall.migrations(version) VALUES(" + std::to_string(number) + ")"));
    ++applied;
  }
  return applied;
}

}  // namespace

int NewestSchema() { return NumberOf(EmbeddedMigrations().back()); }

Result<int> SchemaOf(PgConnection& connection) {
  LF_ASSIGN(const PgResult there, connection.Query("SELECT (to_regclass('landfall.migrations') IS NOT NULL)::int", {}));
  if (there.Int(0, 0) == 0) return 0;
  LF_ASSIGN(const PgResult version,
            connection.Query("SELECT coalesce(max(version), 0)::int FROM landfall.migrations", {}));
  return static_cast<int>(version.Int(0, 0));
}

Result<int> PrepareSchema(PgConnection& connection) {
  LF_TRY(connection.Exec("BEGIN"));
  auto applied = ApplyMissing(connection);
  if (!applied) {
    (void)connection.Exec("ROLLBACK").ok();  // The first error is the one to tell.
    return applied;
  }
  LF_TRY(connection.Exec("COMMIT"));
  return applied;
}

Status CheckSchema(PgConnection& connection) {
  LF_ASSIGN(const int schema, SchemaOf(connection));
  if (schema == 0) return NotFound("store.not_prepared");
  if (schema < NewestSchema()) return Conflict("store.old_schema", "schema " + std::to_string(schema));
  if (schema > NewestSchema()) return Conflict("store.newer_schema", "schema " + std::to_string(schema));
  return Ok{};
}

}  // namespace landfall::ledger
