// SPDX-License-Identifier: Apache-2.0
// landfall-city LEDGER: makes the invented city and gives its demo accounts passwords.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <array>
#include <fstream>

#include "app/access_store.h"
#include "app/engine.h"
#include "base/hash.h"
#include "city.h"

namespace landfall::city {
namespace {

struct Arguments {
  CityOptions city;
  std::string until, truth, out;
};

Status WriteFile(const std::string& path, const std::string& text) {
  std::ofstream out(path, std::ios::trunc);
  out << text;
  out.close();
  if (!out) return Unavailable("store.io", path);
  return Ok{};
}

// Passwords are not of the seed: whoever knows it must not be able to sign in.
Status GivePasswords(const City& city, const Arguments& a) {
  LF_ASSIGN(const std::unique_ptr<app::AccessStore> access,
            app::AccessStore::Open(app::LedgerFiles{a.city.folder}.access()));
  std::string json;
  for (const CityAccount& account : city.accounts) {
    std::array<std::uint8_t, 10> bytes;
    SystemRandom().Fill(bytes);
    const std::string password = Hex(bytes);
    LF_TRY(access->SetPassword(account.id, account.login, password));
    fmt::print("{:<14} {:<22} {}\n", account.login, password, account.role);
    json += fmt::format("{}{{\"login\":\"{}\",\"password\":\"{}\",\"role\":\"{}\"}}", json.empty() ? "[" : ",",
                        account.login, password, account.role);
  }
  if (!a.out.empty()) LF_TRY(WriteFile(a.out, json + "]\n"));
  return Ok{};
}

Status Run(Arguments& a) {
  a.city.until = WallDay(SystemClock().Now(), UtcOffset{480}) - std::chrono::days(1);
  if (!a.until.empty()) {
    LF_ASSIGN(const Day until, ParseDay(a.until));
    // Entries of days to come would hold up everybody's clock.
    if (until > a.city.until) return Invalid("city.until_in_future", a.until, "until");
    a.city.until = until;
  }
  LF_ASSIGN(const City city, MakeCity(a.city));
  if (!a.truth.empty()) LF_TRY(WriteFile(a.truth, city.truth));
  LF_TRY(GivePasswords(city, a));
  fmt::print(stderr, "{}: {} entries from {} commands, root {}\n", a.city.folder, city.entries, city.commands,
             city.root);
  return Ok{};
}

}  // namespace
}  // namespace landfall::city

int main(int argc, char** argv) {
  CLI::App app{"Makes 岚川市, an invented city of example data, as a ledger", "landfall-city"};
  landfall::city::Arguments a;
  app.add_option("LEDGER", a.city.folder, "the folder of the ledger to make")->required();
  app.add_option("--seed", a.city.seed, "the same seed and days make the same ledger")->capture_default_str();
  app.add_option("--projects", a.city.projects, "how many projects")
      ->check(CLI::Range(landfall::city::kProjectsMin, landfall::city::kProjectsMax))
      ->capture_default_str();
  app.add_option("--until", a.until, "its last day, three years after the first (default: yesterday)");
  app.add_option("--truth", a.truth, "writes what was planted, as JSON (docs/demo-city.md)");
  app.add_option("--out", a.out, "also writes the accounts as JSON");
  CLI11_PARSE(app, argc, argv);
  const landfall::Status made = landfall::city::Run(a);
  if (!made)
    fmt::print(stderr, "landfall-city: {} {} {}\n", made.error().code, made.error().field, made.error().detail);
  return made ? 0 : 1;
}
