// SPDX-License-Identifier: Apache-2.0
// A catalogue of matters 事项 into the ledger, where cases 办件 are made of its records: all or nothing, and nothing
// twice.
//
// A matter that the ledger does not have is defined with all its versions. One that it has is compared as it stands in
// the last version: only where it differs, or where a later version follows, a further version is stored, which begins
// today or on the later version's day, since what is recorded never changes. Nothing is taken away.
//
// A department is the unit whose code is the department's id, else the one that has its Chinese name; else it is made.
//
// What a catalogue does not say is not invented: whether an office has discretion, which papers may follow 容缺 and
// which may be promised 告知承诺 stay as the ledger's last version has them (with discretion, no and no, in the first).
// What the ledger's record cannot say is left to the catalogue, which the guide reads, and is counted in the report.
#pragma once

#include <string>
#include <vector>

#include "app/engine.h"
#include "approval/catalogue.h"

namespace landfall::app {

struct MattersLeftOut {
  static constexpr std::string_view kName = "MattersLeftOut";
  // Of matters and packages that were taken: "applies", "fee", "channels", "visits", "en", "source", "until",
  // "limit_law", "replaces", "code". Not taken at all: "ended" (no version in force today or later), "no_limit",
  // "too_large" (more papers or matters than a record holds), "package_of_left_out".
  std::string what;
  std::vector<std::string> ids;
};
BOOST_DESCRIBE_STRUCT(MattersLeftOut, (), (what, ids))

struct MattersReport {
  static constexpr std::string_view kName = "MattersReport";
  std::int64_t units_created = 0;
  std::int64_t matters = 0, packages = 0;                  // in the catalogue, by id
  std::int64_t matters_defined = 0, packages_defined = 0;  // versions
  std::int64_t unchanged = 0;                              // matters and packages
  std::vector<MattersLeftOut> left_out;                    // by what
  std::int64_t seq = 0;                                    // of batch.completed; 0: nothing stored
};
BOOST_DESCRIBE_STRUCT(MattersReport, (),
                      (units_created, matters, packages, matters_defined, packages_defined, unchanged, left_out, seq))

struct MattersOptions {
  bool dry_run = false;
  std::string local_user;  // when `by` is local
};

// Errors: those of unit.create, matter.define and package.define with the id as detail (package.cycle: the path),
// ledger.moved_on.
Result<MattersReport> ImportMatters(Engine& engine, Actor by, const std::string& key,
                                    const approval::Catalogue& catalogue, const MattersOptions& options);

// One version as the ledger would record it. `last`: the version before, from which is taken what a catalogue does not
// say; nullptr for the first.
cases::DefineMatter DefinitionOf(const approval::Catalogue& catalogue, const approval::Matter& matter, UnitId unit,
                                 const cases::MatterDefined* last);

}  // namespace landfall::app
