// SPDX-License-Identifier: Apache-2.0
// The store in PostgreSQL 15 or what speaks its wire: many ledgers in one database, each under its jurisdiction's code;
// several servers may write one ledger.
//
// Why it is safe: a commit names the seq of its first entry, and (jurisdiction, first) is the primary key; a trigger
// refuses a hole. So of two writers that stand at the same entry one gets store.race_lost. When the connection goes
// while the answer to COMMIT is awaited, nobody knows what happened: Append answers store.answer_lost, and what is
// stored is found by reading. Whichever way it went, the same bytes can never be stored twice.
//
// Several hosts may stand in the address; writers look for the one that takes writes. High availability is the
// database's business. What PostgreSQL cannot promise: an erased payload is out of every answer at once, but its bytes
// leave the table's files at the next vacuum and the write-ahead log when that is recycled (docs/adr/0007).
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "ledger/store.h"

namespace landfall::ledger {

struct PostgresOptions {
  std::string jurisdiction;
  // Refuse to open a ledger that is not there, unless asked. A database without our tables is prepared then, where the
  // role may.
  bool create = false;
  bool read_only = false;
  // How long a lost connection is sought again before store.io is answered. Covers a failover.
  std::chrono::milliseconds patience{30'000};
};

// Errors: store.missing (NotFound) when that jurisdiction has no ledger here, store.exists (Conflict) when `create` and
// it has one, store.not_prepared, store.old_schema, store.newer_schema, store.not_durable (Conflict) where the server
// runs without fsync, store.not_permitted, store.connection_lost.
Result<std::unique_ptr<Store>> OpenPostgresStore(const std::string& address, const PostgresOptions& options);

// The jurisdictions that have a ledger there. Errors: as OpenPostgresStore.
Result<std::vector<std::string>> PostgresLedgers(const std::string& address);

// Whether libpq can read it; says nothing of what stands there. Errors: store.bad_address (Invalid).
Status CheckPostgresAddress(const std::string& address);

// Applies the migrations that are missing and returns how many there were (postgres_schema.h).
Result<int> PreparePostgres(const std::string& address);

}  // namespace landfall::ledger
