// SPDX-License-Identifier: Apache-2.0
// The tables of the PostgreSQL store: numbered SQL files (src/ledger/migrations), applied once each and in order by the
// role that owns them. Servers run as roles that were granted landfall_writer or landfall_reader and change no table.
#pragma once

#include <string>

#include "ledger/postgres.h"

namespace landfall::ledger {

// The number of the newest migration that this build knows.
int NewestSchema();
// Which migrations were applied; 0: none, the schema is not there. Errors: those of PgError.
Result<int> SchemaOf(PgConnection& connection);
// Applies what is missing, in one transaction; two at a time wait for each other. Returns how many were applied. Needs
// a role that may create a schema, and roles where landfall_reader and landfall_writer are not there yet. Errors:
// store.newer_schema, those of PgError.
Result<int> PrepareSchema(PgConnection& connection);
// Refuses a database whose tables this build does not know how to use. Errors: store.not_prepared, store.old_schema,
// store.newer_schema.
Status CheckSchema(PgConnection& connection);

}  // namespace landfall::ledger
