// SPDX-License-Identifier: Apache-2.0
// The reduction ledger: what a package of approvals asks of one applicant before and after a reform, counted from the
// versions of the catalogue and never typed (DOMAIN §4, idea 8).
#pragma once

#include "app/approval_plan.h"

namespace landfall::app {

// What one case costs the applicant under the versions of one day.
struct Burden {
  Day versions_of{};
  bool as_package = false;   // Asked once for all matters; otherwise each matter on its own, one after the other.
  std::int64_t matters = 0;  // That apply.
  std::int64_t papers = 0;   // Asked of the applicant; on its own each matter asks for its own.
  std::int64_t fields = 0;   // To be filled in, of the forms among them. Papers that state none count as none.
  std::int64_t visits = 0;   // Of matters that state them, or of the package where it does.
  std::int64_t visits_unknown = 0;  // Matters that do not state them, where the package does not either.
  std::int64_t work_days = 0;       // Within the limits of the law.
  std::int64_t promised_days = 0;   // Working days, as promised.
  std::int64_t fees = 0;            // Matters that take a fee.
};
BOOST_DESCRIBE_STRUCT(Burden, (),
                      (versions_of, as_package, matters, papers, fields, visits, visits_unknown, work_days,
                       promised_days, fees))

enum class ReductionKind : std::uint8_t {
  matter_cancelled,
  matter_merged,  // into `detail`
  matter_added,
  no_longer_applies,
  now_applies,
  paper_dropped,  // `detail`: the paper
  paper_added,
  limit_shortened,  // `detail`: "20 work_days → 10 work_days"
  limit_extended,
  promise_shortened,
  promise_extended,
  fee_abolished,
  fee_introduced,
  visits_fewer,
  visits_more
};
BOOST_DESCRIBE_ENUM(ReductionKind, matter_cancelled, matter_merged, matter_added, no_longer_applies, now_applies,
                    paper_dropped, paper_added, limit_shortened, limit_extended, promise_shortened, promise_extended,
                    fee_abolished, fee_introduced, visits_fewer, visits_more)
struct ReductionChange {
  ReductionKind kind;
  std::string matter, detail;
};
BOOST_DESCRIBE_STRUCT(ReductionChange, (), (kind, matter, detail))

struct Reduction {
  std::string package;
  Burden before, after;
  std::vector<ReductionChange> changes;  // By matter, then kind.
};
BOOST_DESCRIBE_STRUCT(Reduction, (), (package, before, after, changes))

struct ReductionRequest {
  std::string_view package;
  rules::Facts facts;
  Day before, after;  // Days whose versions are compared; before < after.
  Day accepted;       // Of the case; the same for both, so that holidays count for neither.
};
// Where the package was not in force on the earlier day, its matters as of then are counted each on its own: that is
// what the applicant had to do. Errors: approval.days_reversed (kInvalid), approval.unknown_package where it is not in
// force on the later day, and those of PlanPackage.
Result<Reduction> CompareBurdens(const approval::Catalogue& catalogue, const WorkCalendar& calendar,
                                 const ReductionRequest& request);

}  // namespace landfall::app
