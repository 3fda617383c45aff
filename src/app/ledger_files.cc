// SPDX-License-Identifier: Apache-2.0
#include "app/ledger_files.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <vector>

#include "ledger/store_postgres.h"
#include "ledger/store_sqlite.h"

namespace landfall::app {
namespace {

// A writer waits for a failover; a reader says soon that it cannot read, and its caller tries again or shows it.
constexpr auto kWriterPatience = std::chrono::milliseconds(30'000);
constexpr auto kReaderPatience = std::chrono::milliseconds(3'000);

std::optional<int> HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return std::nullopt;
}

Result<std::string> PercentDecoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    const auto high = i + 2 < text.size() ? HexDigit(text[i + 1]) : std::nullopt;
    const auto low = i + 2 < text.size() ? HexDigit(text[i + 2]) : std::nullopt;
    if (!high || !low) return Invalid("store.bad_address", "a % is not followed by two digits");
    out += static_cast<char>(*high * 16 + *low);
    i += 2;
  }
  return out;
}

// Our two parameters out of the address; the rest is libpq's.
struct Address {
  std::string database, ledger, folder;
};
Result<Address> ReadAddress(std::string_view text) {
  Address out;
  const std::size_t question = text.find('?');
  out.database = text.substr(0, question);
  char before = '?';
  std::string_view rest = question == std::string_view::npos ? std::string_view{} : text.substr(question + 1);
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('&'), rest.size());
    const std::string_view part = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (part.starts_with("ledger=")) {
      LF_ASSIGN(out.ledger, PercentDecoded(part.substr(7)));
    } else if (part.starts_with("folder=")) {
      LF_ASSIGN(out.folder, PercentDecoded(part.substr(7)));
    } else {
      out.database += before;
      out.database += part;
      before = '&';
    }
  }
  LF_TRY(ledger::CheckPostgresAddress(out.database));
  return out;
}

Result<std::string> DefaultFolder(const std::string& jurisdiction) {
  // It becomes a folder's name.
  const bool plain = std::all_of(jurisdiction.begin(), jurisdiction.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
  });
  if (!plain) return Invalid("store.folder_unknown", "the ledger's code cannot be a folder's name");
  const auto below = [&](const char* variable, const char* path) -> std::optional<std::string> {
    const char* value = std::getenv(variable);
    if (value == nullptr || *value == '\0') return std::nullopt;
    return std::string(value) + path + "/" + jurisdiction;
  };
  for (const auto& found :
       {below("LANDFALL_HOME", ""), below("XDG_STATE_HOME", "/landfall"), below("HOME", "/.local/state/landfall")})
    if (found) return *found;
  return Invalid("store.folder_unknown");
}

}  // namespace

bool IsPostgresAddress(std::string_view ledger) {
  return ledger.starts_with("postgresql://") || ledger.starts_with("postgres://");
}

Result<LedgerFiles> FindLedger(std::string_view ledger, std::string_view jurisdiction) {
  if (!IsPostgresAddress(ledger)) return LedgerFiles{std::string(ledger)};
  LF_ASSIGN(const Address address, ReadAddress(ledger));
  LedgerFiles files{address.folder, address.database, address.ledger};
  if (files.jurisdiction.empty()) files.jurisdiction = jurisdiction;
  if (!jurisdiction.empty() && files.jurisdiction != jurisdiction)
    return Invalid("store.ledger_not_named", "the address names " + files.jurisdiction);
  if (files.jurisdiction.empty()) {
    LF_ASSIGN(const std::vector<std::string> there, ledger::PostgresLedgers(files.database));
    if (there.empty()) return NotFound("store.missing", "the database holds no ledger");
    if (there.size() > 1) return Invalid("store.ledger_not_named", std::to_string(there.size()) + " ledgers");
    files.jurisdiction = there[0];
  }
  if (files.folder.empty()) {
    LF_ASSIGN(files.folder, DefaultFolder(files.jurisdiction));
  }
  return files;
}

Result<std::unique_ptr<ledger::Store>> OpenStore(const LedgerFiles& files, const OpenStoreOptions& options) {
  if (!files.in_database())
    return ledger::OpenSqliteStore(files.ledger(),
                                   {.vfs = options.vfs, .create = options.create, .read_only = options.read_only});
  return ledger::OpenPostgresStore(files.database, {.jurisdiction = files.jurisdiction,
                                                    .create = options.create,
                                                    .read_only = options.read_only,
                                                    .patience = options.read_only ? kReaderPatience : kWriterPatience});
}

Result<bool> LedgerExists(const LedgerFiles& files) {
  if (!files.in_database()) return std::filesystem::exists(files.ledger());
  const auto there = ledger::PostgresLedgers(files.database);
  if (!there && there.error().code == "store.not_prepared") return false;
  if (!there) return there.error();
  return std::find(there->begin(), there->end(), files.jurisdiction) != there->end();
}

}  // namespace landfall::app
