// SPDX-License-Identifier: Apache-2.0
#include "app/applications.h"

namespace landfall::app {
namespace {

constexpr std::size_t kProjectsShown = 200;

// The case is read whole; what of it an applicant is told is chosen here.
Frame Whole(const Frame& frame) {
  return {frame.state, frame.as_of, frame.known_at, frame.known_at_time, frame.ledger_size, Visible{}};
}

bool IsForApplicants(std::string_view command) {
  const CommandType* type = FindCommand(command);
  return type != nullptr && !type->info.applicant.empty();
}

}  // namespace

Result<ApplicationList> QueryApplications(const Frame& frame, EnterpriseId own, CaseFilter filter) {
  filter.enterprise = own;
  LF_ASSIGN(const CaseList cases, QueryCases(Whole(frame), filter));
  ApplicationList list;
  list.enterprise = EnterpriseRef(frame.state, own.raw);
  list.total = cases.total;
  list.next_cursor = cases.next_cursor;
  for (const CaseListRow& c : cases.rows) {
    ApplicationRow& row = list.rows.emplace_back();
    row.id = c.id;
    row.name = c.name;
    row.department = c.owner_unit.name;
    row.channel = c.channel;
    row.state = c.state;
    row.applied_on = c.applied_on;
    row.accepted_on = c.accepted_on;
    row.due_on = c.due_on;
    row.closed_on = c.closed_on;
    row.delivered_on = c.delivered_on;
    row.steps = c.steps;
    row.steps_decided = c.steps_decided;
    row.papers_lacking = c.papers_lacking;
    row.papers_overdue = c.papers_overdue;
    row.waiting_days = c.waiting_days;
  }
  return list;
}

Result<ApplicationPage> QueryApplication(const Frame& frame, cases::CaseId id) {
  LF_ASSIGN(CasePage page, QueryCase(Whole(frame), id));
  const cases::State& s = frame.state.cases;
  const cases::Form& form = s.FormOf(s.cases[id.index()]);
  ApplicationPage out;
  out.progress = ProgressOf(page);
  out.enterprise = page.file.enterprise.value_or(NamedRef{});
  out.project = page.file.project;
  out.channel = page.file.channel;
  out.notified = page.notified;
  out.stars = page.stars;
  for (std::size_t p = 0; p < page.papers.size(); ++p) {
    CasePaperView& paper = page.papers[p];
    ApplicationPaper& row = out.papers.emplace_back();
    row.expired = paper.state == PaperState::handed && paper.valid_until && *paper.valid_until < frame.as_of;
    row.paper = std::move(paper.paper);
    row.name = std::move(paper.name);
    row.state = paper.state;
    row.valid_until = paper.valid_until;
    row.due_on = paper.due_on;
    row.overdue = paper.overdue;
    row.dated = form.papers[p].has_validity;
    row.may_follow = form.papers[p].may_follow;
    row.may_promise = form.papers[p].may_promise;
    row.steps = std::move(paper.steps);
  }
  for (std::string& command : page.next)
    if (IsForApplicants(command)) out.next.push_back(std::move(command));
  return out;
}

void AddCourse(ApplicationPage& page, CaseCourse course) {
  page.remarks = std::move(course.remarks);
  for (CaseFile& file : course.files)
    for (ApplicationPaper& paper : page.papers)
      if (paper.paper == file.paper) {
        paper.files.push_back(std::move(file));
        break;
      }
}

ApplicationForms QueryApplicationForms(const Frame& frame, EnterpriseId own) {
  ApplicationForms forms;
  forms.enterprise = EnterpriseRef(frame.state, own.raw);
  const project::State& projects = frame.state.project;
  for (std::uint32_t p = 0; p < projects.enterprise.size() && forms.projects.size() < kProjectsShown; ++p)
    if (projects.enterprise[p] == own.raw) forms.projects.push_back(ProjectRef(projects, p + 1));
  forms.in_force = QueryMattersInForce(Whole(frame));
  return forms;
}

}  // namespace landfall::app
