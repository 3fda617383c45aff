// SPDX-License-Identifier: Apache-2.0
// 岚川市, an invented city: three years of its projects, made from a seed by accounts of every role that send commands.
//
// Purpose: screens, figures and searches are judged on something of a real county's size, and a truth file says what
// was planted in it, so that what the product finds can be compared. Nothing of the product reads that file.
//
// Bounds: 10 … 20,000 projects. The same options give the same entries, so the same root. Salts and signing key come
// from the seed as well: a city is for showing, never for keeping secrets. Cost: see docs/demo-city.md.
#pragma once

#include <string>
#include <vector>

#include "base/day.h"
#include "base/id.h"
#include "base/result.h"

namespace landfall::city {

inline constexpr int kProjectsMin = 10, kProjectsMax = 20'000;

struct CityOptions {
  std::string folder;
  std::uint64_t seed = 1;
  int projects = 2000;
  Day until{};  // The last day on which somebody acts; the first lies three years before it.
  // What is planted at the windows; a test takes one away and looks whether it is missed.
  bool slow_office = true, hiding_office = true, asked_twice = true, dying_cases = true;
};

struct CityAccount {
  AccountId id;
  std::string login, role;
};

struct City {
  std::uint64_t entries = 0, commands = 0;
  std::string root;                   // Of the tree over all entries, hexadecimal.
  std::string truth;                  // JSON; docs/demo-city.md says what is in it.
  std::vector<CityAccount> accounts;  // One per role, those that people may sign in with.
};

// Errors: city.projects_out_of_range; those of Engine::Create, Blobs::Open, ImportBorders, and the first refusal of a
// command.
Result<City> MakeCity(const CityOptions& options);

}  // namespace landfall::city
