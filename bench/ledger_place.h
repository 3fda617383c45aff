// SPDX-License-Identifier: Apache-2.0
// Where the ledgers of a bench lie: in files, or with --postgres in a database (private_postgres.h).
#pragma once

#include "app/ledger_files.h"
#include "bench/private_postgres.h"

namespace landfall::bench {

class LedgerPlace {
 public:
  // Nothing where a database was asked for and there is none.
  static std::optional<LedgerPlace> Of(const Options& options, std::string_view bench) {
    LedgerPlace place;
    if (!options.postgres) return place;
    const std::optional<std::string> database = BenchDatabase(bench);
    if (!database) return std::nullopt;
    place.database_ = *database;
    place.stem_ = "bench-" + std::to_string(SystemClock().Now().time_since_epoch().count());
    return place;
  }
  // A ledger that is nowhere yet; what lies beside its entries is in `folder`.
  app::LedgerFiles NewLedger(const TempFolder& folder) {
    if (database_.empty()) return {folder.path()};
    return {folder.path(), database_, stem_ + "-" + std::to_string(++ledgers_)};
  }
  bool in_database() const { return !database_.empty(); }
  const std::string& database() const { return database_; }
  // Behind a bench's name: figures of one engine are not compared with the other's.
  std::string Named(std::string_view bench) const { return std::string(bench) + (in_database() ? "_postgres" : ""); }

 private:
  std::string database_, stem_;
  int ledgers_ = 0;
};

}  // namespace landfall::bench
