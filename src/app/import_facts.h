// SPDX-License-Identifier: Apache-2.0
// The facts that somebody read out of a published report, into the ledger of that report's place.
//
// The file is a JSON array of objects: report, id, kind, region, division_code, name, period, value, unit, extra. Only
// whitelisted members are looked at; quotations never, and a fact whose name names a person is left out. What comes of
// a fact: enterprises and projects are registered, parks and regions join the tree, and each fact stands as a claim
// with evidence level "stated", beside the record it made. Figures stay claims: they count nowhere. A day is recorded
// only where the report prints one, so no milestone comes of "2018". Names that the report itself equates are linked,
// and the links can be undone.
//
// A fact whose id the ledger knows is passed over, also when it was withdrawn, so a second import stores nothing.
#pragma once

#include <string>
#include <vector>

#include "app/engine.h"

namespace landfall::app {

struct FactsLeftOut {
  static constexpr std::string_view kName = "FactsLeftOut";
  std::string what;  // "quote", "extra.feature", or "person" for whole facts
  std::int64_t count = 0;
};
BOOST_DESCRIBE_STRUCT(FactsLeftOut, (), (what, count))

struct FactsReport {
  static constexpr std::string_view kName = "FactsReport";
  std::string report;
  std::int64_t facts = 0;  // of this report in the file
  std::int64_t known = 0;  // by their id, and passed over
  std::int64_t claims = 0, relations = 0, regions = 0, enterprises = 0, projects = 0, aliases = 0, duplicates = 0;
  std::int64_t without_number = 0;          // claims whose number is missing in the source
  std::vector<std::string> names_inferred;  // ids of facts
  std::vector<FactsLeftOut> left_out;       // by what, in order
  std::int64_t seq = 0;                     // of batch.completed; 0: nothing stored
};
BOOST_DESCRIBE_STRUCT(FactsReport, (),
                      (report, facts, known, claims, relations, regions, enterprises, projects, aliases, duplicates,
                       without_number, names_inferred, left_out, seq))

struct FactsOptions {
  bool dry_run = false;
  std::string local_user;  // when `by` is local
};

inline constexpr std::size_t kFactsBytesMax = 1u << 20;
inline constexpr std::size_t kFactsMax = 2000;

// `bytes`: the file. Bounds: 1 MiB, 2,000 facts. Errors: seed.*, request.malformed_json, project.unknown_ladder (the
// ledger has none), those of the commands with the fact's id as detail, ledger.moved_on.
Result<FactsReport> ImportFacts(Engine& engine, Actor by, const std::string& key, std::string_view bytes,
                                const std::string& report, const FactsOptions& options);

}  // namespace landfall::app
