// SPDX-License-Identifier: Apache-2.0
// What an enterprise's own account reads: its cases, one of them, and what can be applied for. Whatever is not told
// here is not for applicants: no reviewer, no word between offices, nothing of other enterprises.
#pragma once

#include "app/case_course.h"
#include "app/progress.h"

namespace landfall::app {

struct ApplicationRow {
  static constexpr std::string_view kName = "ApplicationRow";
  cases::CaseId id;
  std::string name, department;  // Of the package; of the window.
  CaseChannel channel = CaseChannel::window;
  CaseState state = CaseState::incomplete;
  Day applied_on{};
  std::optional<Day> accepted_on, due_on, closed_on, delivered_on;
  std::int64_t steps = 0, steps_decided = 0;
  std::int64_t papers_lacking = 0, papers_overdue = 0;
  std::int64_t waiting_days = 0;
};
BOOST_DESCRIBE_STRUCT(ApplicationRow, (),
                      (id, name, department, channel, state, applied_on, accepted_on, due_on, closed_on, delivered_on,
                       steps, steps_decided, papers_lacking, papers_overdue, waiting_days))

struct ApplicationList {
  static constexpr std::string_view kName = "ApplicationList";
  NamedRef enterprise;
  std::int64_t total = 0;
  std::vector<ApplicationRow> rows;
  std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(ApplicationList, (), (enterprise, total, rows, next_cursor))

struct ApplicationPaper {
  static constexpr std::string_view kName = "ApplicationPaper";
  std::string paper, name;
  PaperState state = PaperState::lacking;
  std::optional<Day> valid_until, due_on;
  bool overdue = false;
  bool expired = false;
  bool dated = false, may_follow = false, may_promise = false;  // How it may be handed in.
  std::vector<std::int64_t> steps;                              // That need it.
  std::vector<CaseFile> files;                                  // Newest first.
};
BOOST_DESCRIBE_STRUCT(ApplicationPaper, (),
                      (paper, name, state, valid_until, due_on, overdue, expired, dated, may_follow, may_promise, steps,
                       files))

struct ApplicationPage {
  static constexpr std::string_view kName = "ApplicationPage";
  CaseProgress progress;
  NamedRef enterprise;
  std::optional<NamedRef> project;
  CaseChannel channel = CaseChannel::window;
  bool notified = false;
  std::optional<std::int64_t> stars;
  std::vector<ApplicationPaper> papers;
  std::vector<CaseRemark> remarks;
  std::vector<std::string> next;  // Commands that its state allows an applicant.
};
BOOST_DESCRIBE_STRUCT(ApplicationPage, (),
                      (progress, enterprise, project, channel, notified, stars, papers, remarks, next))

// What can be applied for today, and for which of the enterprise's own projects.
struct ApplicationForms {
  static constexpr std::string_view kName = "ApplicationForms";
  NamedRef enterprise;
  std::vector<NamedRef> projects;
  MattersInForce in_force;
};
BOOST_DESCRIBE_STRUCT(ApplicationForms, (), (enterprise, projects, in_force))

// `filter.enterprise` is set here. Errors: those of QueryCases.
Result<ApplicationList> QueryApplications(const Frame& frame, EnterpriseId own, CaseFilter filter);
// Precondition: the case is the account's own (MayReadOwnCase). Files and remarks come from ReadCaseCourse.
Result<ApplicationPage> QueryApplication(const Frame& frame, cases::CaseId id);
void AddCourse(ApplicationPage& page, CaseCourse course);
ApplicationForms QueryApplicationForms(const Frame& frame, EnterpriseId own);

}  // namespace landfall::app
