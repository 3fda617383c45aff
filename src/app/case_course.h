// SPDX-License-Identifier: Apache-2.0
// What the records of one case hold beside its state: the files that were handed in as its papers, and the remarks that
// are for the applicant to read.
//
// Of remarks only those of commands that speak to the applicant: the notice, a correction 补正, a refusal, and the
// applicant's own. What one office writes to another (sending back, extensions, agreements) is not among them.
#pragma once

#include "app/engine.h"
#include "app/views.h"

namespace landfall::app {

struct CaseFile {
  static constexpr std::string_view kName = "CaseFile";
  std::string paper;
  Digest digest{};
  std::int64_t seq = 0;
  Instant at;
};
BOOST_DESCRIBE_STRUCT(CaseFile, (), (paper, digest, seq, at))

struct CaseFiles {
  static constexpr std::string_view kName = "CaseFiles";
  std::vector<CaseFile> rows;
};
BOOST_DESCRIBE_STRUCT(CaseFiles, (), (rows))

struct CaseRemark {
  static constexpr std::string_view kName = "CaseRemark";
  std::string command;               // "step.correct"
  std::optional<std::int64_t> step;  // Of which it speaks.
  std::string text;
  Instant at;
};
BOOST_DESCRIBE_STRUCT(CaseRemark, (), (command, step, text, at))

struct CaseCourse {
  std::vector<CaseFile> files;      // Newest first; of a paper that was handed in anew the older files follow.
  std::vector<CaseRemark> remarks;  // Newest first.
};
// Payloads that were erased are left out. Errors: ledger.corrupt, store.*. [disk] Cost: a read per record of the case.
Result<CaseCourse> ReadCaseCourse(Engine& engine, cases::CaseId id);

}  // namespace landfall::app
