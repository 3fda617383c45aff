// SPDX-License-Identifier: Apache-2.0
// Commands of every type, drawn from a seed against a state: mostly acceptable, some not.
#pragma once

#include "app/state.h"
#include "base/seam.h"
#include "tests/support/random_cases.h"
#include "tests/support/random_file.h"
#include "tests/support/random_handovers.h"

namespace landfall::app::test {

class RandomCommands {
 public:
  explicit RandomCommands(std::uint64_t seed) : random_(seed) {}

  struct Draw {
    Actor by = Actor::System();
    AnyCommand command;
  };

  // `today`: the day on the wall; `size`: entries in the ledger, among which a payload to erase is looked for.
  Draw Next(const State& s, Day today, std::uint64_t size) {
    switch (Below(64)) {
      case 0:
        return {Actor::System(), admin::ErasePayload{{Positive(size)}, {Upto(2)}, {"pipl-47"}}};
      case 1:
        return {
            Actor::System(),
            admin::CreateAccount{{"login-" + Number()}, {Words()}, Maybe(Some<UnitId>(s.people.unit_parent.size()))}};
      case 2:
        return {Actor::System(), admin::GrantRole{Some<AccountId>(s.admin.roles.size()), Pick(admin::kRoles)}};
      case 3:
        if (Below(2) == 0)
          return {Actor::System(), admin::BindEnterprise{Some<AccountId>(s.admin.roles.size()),
                                                         Maybe(Some<EnterpriseId>(s.admin.enterprises))}};
        return {Actor::System(), admin::RevokeRole{Some<AccountId>(s.admin.roles.size()), Pick(admin::kRoles)}};
      case 4:
        return {Actor::System(), admin::DisableAccount{Some<AccountId>(s.admin.roles.size())}};
      case 5:
        return {Actor::System(), admin::EnableAccount{Some<AccountId>(s.admin.roles.size())}};
      case 6:
        return {Actor::System(),
                people::CreateUnit{{"unit-" + Number()}, {Words()}, Maybe(Some<UnitId>(s.people.unit_parent.size()))}};
      case 7:
        return {Actor::System(), people::RenameUnit{Some<UnitId>(s.people.unit_parent.size()), {Words()}}};
      case 8:
        return {Actor::System(), people::CreatePost{Some<UnitId>(s.people.unit_parent.size()), {Words()}}};
      case 9:
        return {Actor::System(), people::RegisterPerson{{Words()}}};
      case 10:
        return {Actor::System(), people::FillPost{Some<PostId>(s.people.post_unit.size()),
                                                  Some<PersonId>(s.people.persons.size()), Near(today)}};
      case 11:
        return {Actor::System(), people::VacatePost{Some<PostId>(s.people.post_unit.size()), Near(today)}};
      case 12:
        return {Actor::System(),
                place::AddRegion{{Number()}, {Words()}, Maybe(Some<RegionId>(s.place.from.size())), Near(today)}};
      case 13:
        return {Actor::System(), place::RenameRegion{Some<RegionId>(s.place.from.size()), {Words()}}};
      case 14:
        return {Actor::System(), place::CloseRegion{Some<RegionId>(s.place.from.size()), Near(today),
                                                    Maybe(Some<RegionId>(s.place.from.size()))}};
      case 15:
        return {Actor::System(), enterprise::RegisterEnterprise{{Words()}, {}, Maybe(Code<40>{"F" + Number()})}};
      case 16:
        return {Actor::System(),
                enterprise::RenameEnterprise{Some<EnterpriseId>(s.enterprise.credit_code.size()), {Words()}}};
      case 17:
        return {Actor::System(),
                enterprise::GiveCreditCode{Some<EnterpriseId>(s.enterprise.credit_code.size()), CreditCode()}};
      case 18:
        return {Actor::System(), Ladder()};
      case 19:
      case 20:
      case 21:
        return {Actor::System(), Register(s)};
      case 22:
      case 23:
        return {Actor::System(), Row(s, today)};
      case 24:
        return {Actor::System(), project::RenameProject{Project(s), {Words()}}};
      case 25:
        return {Actor::System(), project::AssignOwner{Project(s), Some<UnitId>(s.people.unit_parent.size())}};
      case 26:
        return {Actor::System(), project::SetInvestment{Project(s), Amount()}};
      case 27:
        return {Actor::System(), project::PlanMilestone{Project(s), Milestone(), today + std::chrono::days(Upto(300))}};
      case 28:
      case 29:
        return {Actor::System(), project::ReachMilestone{Project(s), Milestone(), Near(today), Evidence()}};
      case 30:
        return {Actor::System(), CorrectOf(s, today)};
      case 31:
        return {Actor::System(),
                project::HoldProject{Project(s), Reason(), Near(today), {}, Maybe(Text<500>{Words()})}};
      case 32:
        return {Actor::System(), project::ResumeProject{Project(s), today}};
      case 33:
        return {Actor::System(), project::TerminateProject{Project(s), Reason(), today, {Words()}}};
      case 34:
        return {Actor::System(),
                project::ReceiveFunds{Project(s), Kind<project::FundsKind>(4), Amount(), Near(today), Evidence()}};
      case 35:
        return {Actor::System(), ReverseOf(s)};
      case 36:
        return {Actor::System(), obligation::Assign{Kind<obligation::Kind>(5),
                                                    {Words()},
                                                    Maybe(Project(s)),
                                                    Some<UnitId>(s.people.unit_parent.size()),
                                                    today + std::chrono::days(Upto(30))}};
      case 37:
        return {Actor::System(), obligation::Accept{Duty(s)}};
      case 38:
        return {Reporter(s), obligation::ReportDone{Duty(s), today, Evidence(), Maybe(Text<500>{Words()})}};
      case 39:
        return {Actor::System(), obligation::WriteOff{Duty(s), Maybe(Text<500>{Words()})}};
      case 40:
        return {Actor::System(), obligation::Return{Duty(s), today + std::chrono::days(Upto(30)), {Words()}}};
      case 41:
      case 42:
      case 43:
        return People(s, today);
      case 44:
      case 45:
      case 46:
      case 47:
        return ReportStep(s, today);
      case 48:
      case 49:
      case 50:
      case 51:
      case 52:
      case 53:
        return {Reporter(s), RandomFileStep(random_, s, Project(s), Some<UnitId>(s.people.unit_parent.size()), today)};
      case 54:
        return MapStep(s, today);
      case 55:
        return ClaimStep(s);
      case 56:
      case 57:
      case 58:
      case 59:
      case 60: {
        // Brought in by an account, so that the system can decide on it; or all by the system, whose own it then is.
        AnyCommand command = RandomCases(random_).Next(s, today);
        if (const auto* rule = std::get_if<cases::ApproveByRule>(&command); rule && s.cases.Knows(rule->case_id))
          if (const std::uint32_t accepter = s.cases.cases[rule->case_id.index()].accepted_by; accepter != 0)
            return {Actor::Account(AccountId{accepter}), std::move(command)};
        const bool at_window = InfoOf(command).permission == "case.write";
        return {at_window ? Reporter(s) : Actor::System(), std::move(command)};
      }
      default:
        return Rest(s, today);
    }
  }

  std::uint64_t Below(std::uint64_t n) { return n == 0 ? 0 : random_.Next() % n; }

 private:
  // Also beyond the earth, the region's life and the register.
  Draw MapStep(const State& s, Day today) {
    if (Below(2) == 0)
      return {Actor::System(), project::LocateProject{Project(s),
                                                      {static_cast<std::int64_t>(Below(3'600'000'000)) - 1'800'000'000},
                                                      {static_cast<std::int64_t>(Below(1'800'000'000)) - 900'000'000},
                                                      Kind<project::LocatedBy>(3)}};
    return {Actor::System(), place::DrawRegion{Some<RegionId>(s.place.from.size()),
                                               Sha256("border " + std::to_string(Below(4))),
                                               Kind<place::CoordinateSystem>(3),
                                               {Words()},
                                               Maybe(Text<40>{"S" + Number()}),
                                               Near(today)}};
  }

  Draw People(const State& s, Day today) {
    const PostId post = Some<PostId>(s.people.post_unit.size());
    const PersonId person = Some<PersonId>(s.people.persons.size());
    const admin::PolicyChangeId newest{static_cast<std::uint32_t>(std::max<std::size_t>(1, s.admin.changes.size()))};
    switch (Below(14)) {
      case 12: {
        people::GiveMandate c{Some<people::DutyId>(s.people.duties.size()), {}, Near(today), {}, {}};
        for (std::size_t d = 0; d < s.people.duties.size() && Below(8) != 0; ++d)
          if (s.people.duties[d].kind == static_cast<std::uint8_t>(people::DutyKind::agent))
            c.duty = people::DutyId::FromIndex(d);
        c.until = c.effective_on + std::chrono::days(Upto(400));
        for (std::uint64_t p = 0; p < people::kServices; ++p)
          if (Below(3) == 0) c.services.items.push_back(static_cast<people::Service>(p));
        c.evidence.items.push_back(Sha256("mandate"));
        return {Actor::System(), c};
      }
      case 13: {
        people::RevokeMandate c{Some<people::DutyId>(s.people.duties.size()), today};
        if (!s.people.mandates.empty() && Below(2) == 0) c.duty.raw = s.people.mandates.back().duty;
        return {Actor::System(), c};
      }
      case 9: {
        people::GrantDelegation c{
            Some<people::DutyId>(s.people.duties.size()), {}, today, today + std::chrono::days(Upto(30))};
        for (std::size_t d = 0; d < s.people.duties.size() && Below(8) != 0; ++d)
          if (s.people.duties[d].kind == static_cast<std::uint8_t>(people::DutyKind::commander))
            c.duty = people::DutyId::FromIndex(d);
        for (std::uint64_t p = 0; p < people::kPowers; ++p)
          if (Below(3) == 0) c.powers.items.push_back(static_cast<people::Power>(p));
        return {Actor::System(), c};
      }
      case 10:
        return {Actor::System(), people::EndDelegation{Some<people::DelegationId>(s.people.delegations.size()), today}};
      case 11:  // Somebody who may only by delegation.
        for (const people::Delegation& d : s.people.delegations)
          for (std::size_t i = 0; i < s.admin.person.size(); ++i)
            if (s.admin.person[i] != 0 && s.people.MayUse(d, PersonId{s.admin.person[i]}, today) && Below(2) == 0)
              return {Actor::Account(AccountId::FromIndex(i)),
                      obligation::Assign{obligation::Kind::task,
                                         {Words()},
                                         ProjectId{s.people.duties[d.duty - 1].project},
                                         Some<UnitId>(s.people.unit_parent.size()),
                                         today}};
        return {Actor::System(), people::AssignDuty{people::DutyKind::commander, post, Project(s), Near(today)}};
      case 0:
        return {Actor::System(), people::AssignDuty{Kind<people::DutyKind>(5), post, Project(s), Near(today)}};
      case 1:
        return {Actor::System(), people::EndDuty{Some<people::DutyId>(s.people.duties.size()), today}};
      case 2:
        return {Actor::System(), people::MovePerson{person, today, Maybe(Some<PersonId>(s.people.persons.size())),
                                                    Maybe(Some<PostId>(s.people.post_unit.size()))}};
      case 3:
        return {Actor::System(), people::AppointActing{post, person, today, today + std::chrono::days(Positive(30))}};
      case 4: {
        if (s.people.acting.empty()) return {Actor::System(), people::EndActing{post, today}};
        const people::Term& term = s.people.acting[Below(s.people.acting.size())];
        return {Actor::System(),
                people::EndActing{PostId{term.post}, DayFromNumber(term.from) + std::chrono::days(Upto(5))}};
      }
      case 5:
        return {Actor::System(), admin::LinkAccount{Some<AccountId>(s.admin.roles.size()), Maybe(person)}};
      case 6:
        return {Actor::System(), admin::ProposePolicy{admin::Role::supervisor,
                                                      {Below(2) == 0 ? "project.correct" : "project.write"},
                                                      Kind<admin::PolicyReach>(3),
                                                      {Words()}}};
      case 7:
        return {Actor::System(), admin::ApprovePolicy{newest}};
      default:
        return {Actor::System(), admin::RejectPolicy{newest}};
    }
  }
  // A task of a plan in force, mostly.
  Draw TaskStep(const State& s, Day today) {
    ProjectId project = Project(s);
    for (std::size_t p = 0; p < s.project.size() && Below(4) != 0; ++p)
      if (s.obligation.plan_of_project[p].seq != 0) project = ProjectId::FromIndex(p);
    const auto plan =
        s.project.Knows(project) ? s.obligation.plan_of_project[project.index()] : obligation::State::PlanInForce{1, 1};
    const std::int64_t seq = std::max<std::int64_t>(1, plan.seq);
    const obligation::TaskNumber task{Positive(std::max<std::uint32_t>(1, plan.tasks))};
    if (Below(2) == 0) {
      // Mostly an obligation of a project that has a plan.
      for (std::size_t i = 0; i < s.obligation.size(); ++i) {
        if (s.obligation.project[i] == 0 || Below(3) != 0) continue;
        const auto of = s.obligation.plan_of_project[s.obligation.project[i] - 1];
        if (of.seq != 0)
          return {Actor::System(), obligation::LinkTask{ObligationId::FromIndex(i), {of.seq}, {Positive(of.tasks)}}};
      }
      return {Actor::System(), obligation::LinkTask{Duty(s), {seq}, task}};
    }
    return {Actor::System(),
            obligation::AssignTask{project, {seq}, task, {Words()}, Some<UnitId>(s.people.unit_parent.size()), today}};
  }
  // Of few keys, so that they are changed and ended; a figure that is mostly there.
  Draw MechanismStep(const State& s, Day today) {
    const Key<60> key{"mechanism-" + std::to_string(Below(9))};
    const UnitId owner = Some<UnitId>(s.people.unit_parent.size());
    const std::optional<Key<60>> figure = Maybe(Key<60>{"figure-" + std::to_string(Below(5))});
    const auto parts = Maybe(List<figure::MechanismPart, figure::kMechanismPartsMax>{{{{Words()}, {}}}});
    switch (Below(5)) {
      case 0:
        return {Actor::System(), figure::EndMechanism{key, today}};
      case 1:
      case 2:
        return {Actor::System(), figure::ChangeMechanism{key, {Words()}, {}, parts, owner, figure, today}};
      default:
        return {Actor::System(),
                figure::DefineMechanism{key, {Words()}, Maybe(Text<1000>{Words()}), parts, owner, figure, Near(today)}};
    }
  }
  Draw Rest(const State& s, Day today) {
    switch (Below(13)) {
      case 12:
        return MechanismStep(s, today);
      case 9:
      case 10:
        return TaskStep(s, today);
      case 11:
        return {Actor::System(), RandomHandOvers(random_).Next(s, today)};
      case 3:
        return {Actor::System(), obligation::Urge{Duty(s), Kind<obligation::UrgeLevel>(2), Maybe(Text<500>{Words()})}};
      case 4:
        return {Reporter(s), obligation::NoteProgress{Duty(s), {Words()}, Evidence()}};
      case 5:
        return {Actor::System(), obligation::Escalate{Duty(s), {Words()}}};
      case 6:
        return {Actor::System(),
                obligation::PutOnList{Duty(s), Kind<obligation::ListName>(3), Maybe(Kind<obligation::Category>(4))}};
      case 7:
        return {Actor::System(), obligation::StateSource{Duty(s), Kind<obligation::Source>(5), Maybe(Near(today)),
                                                         Maybe(Some<PostId>(s.people.post_unit.size())), Evidence(),
                                                         Maybe(Text<500>{Words()})}};
      case 0:
        return {Actor::System(), obligation::MoveDeadline{Duty(s), today + std::chrono::days(Upto(60)), {Words()}}};
      case 1:
        return {Actor::System(), obligation::Cancel{Duty(s), {Words()}}};
      default: {
        figure::DefineFigure d{{"figure-" + std::to_string(Below(5))},
                               {Words()},
                               {"figure"},
                               Kind<figure::Measure>(figure::kMeasures),
                               {},
                               {},
                               Maybe(Amount()),
                               {},
                               Kind<project::EvidenceLevel>(4)};
        if (figure::IsOfMilestone(d.measure)) {
          d.ladder = Key<40>{"short"};
          d.milestone = Milestone();
        }
        return {Actor::System(), d};
      }
    }
  }

  std::int64_t Upto(std::uint64_t n) { return static_cast<std::int64_t>(Below(n + 1)); }
  std::int64_t Positive(std::uint64_t n) { return static_cast<std::int64_t>(1 + Below(n)); }
  std::string Number() { return std::to_string(100'000 + Below(800'000)); }
  std::string Words() {
    static constexpr std::string_view kWords[] = {"示例",       "园区", "一期", "\"引号\"",
                                                  "厂房\n扩建", "line", "项目", "\\"};
    std::string out = "示例";
    for (std::uint64_t i = Below(5); i > 0; --i) out += kWords[Below(std::size(kWords))];
    return out;
  }
  Day Near(Day today) { return today - std::chrono::days(Upto(400)); }
  Money Amount() { return Money::FromMinor(Positive(1'000'000'000)); }
  template <class T>
  std::optional<T> Maybe(T value) {
    return Below(2) == 0 ? std::optional<T>(std::move(value)) : std::nullopt;
  }
  // Mostly one that is known.
  template <class Id>
  Id Some(std::size_t n) {
    return Id{static_cast<std::uint32_t>(1 + Below(n + (Below(10) == 0 ? 1 : 0)))};
  }
  template <class E>
  E Kind(std::uint64_t n) {
    return static_cast<E>(Below(n));
  }
  admin::Role Pick(int n) { return static_cast<admin::Role>(Below(static_cast<std::uint64_t>(n))); }
  project::HoldReason Reason() { return Kind<project::HoldReason>(6); }
  ProjectId Project(const State& s) { return Some<ProjectId>(s.project.size()); }
  ObligationId Duty(const State& s) {
    // The newest ones are those that are still open.
    const std::size_t n = s.obligation.size();
    return ObligationId{static_cast<std::uint32_t>(n - std::min<std::size_t>(n, Below(6)) + (n == 0 ? 1 : 0))};
  }
  Key<40> Milestone() {
    static constexpr std::string_view kKeys[] = {"signed", "started", "full_production"};
    return {std::string(kKeys[Below(3)])};
  }
  std::optional<List<Digest, 20>> Evidence() {
    if (Below(2) == 0) return std::nullopt;
    return List<Digest, 20>{{Sha256("evidence " + std::to_string(Below(3)))}};
  }
  Actor Reporter(const State& s) {
    for (std::size_t i = 0; i < s.admin.roles.size(); ++i)
      if (s.admin.Has(AccountId::FromIndex(i), admin::Role::project_office) && !s.admin.disabled[i] && Below(2) == 0)
        return Actor::Account(AccountId::FromIndex(i));
    return Actor::System();
  }
  // One of the 31 · 31 endings has both check characters right.
  enterprise::CreditCode CreditCode() {
    static constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    const std::string stem = "91430212" + std::to_string(10'000'000 + Below(90'000'000));
    for (const char organisation : kAlphabet)
      for (const char whole : kAlphabet)
        if (auto code = enterprise::CreditCode::Parse(stem + organisation + whole)) return *code;
    return {};
  }
  project::DefineLadder Ladder() {
    return {{"ladder-" + std::to_string(Below(5))},
            {{{{"signed"}, project::Medal::bronze, {}, project::EvidenceLevel::stated, false}}},
            std::nullopt};
  }
  project::RegisterProject Register(const State& s) {
    return {{Words()},
            {"short"},
            Maybe(Code<60>{"P" + Number()}),
            Some<UnitId>(s.people.unit_parent.size()),
            Maybe(Some<RegionId>(s.place.from.size())),
            Maybe(Some<EnterpriseId>(s.enterprise.credit_code.size())),
            Maybe(Amount())};
  }
  project::RecordRow Row(const State& s, Day today) {
    project::RecordRow row;
    if (Below(2) == 0 && s.project.size() > 0)
      row.project = Project(s);
    else
      row.ladder = Key<40>{"short"};
    row.title = Maybe(Text<200>{Words()});
    row.owner_unit = Maybe(Some<UnitId>(s.people.unit_parent.size()));
    row.investment_minor = Maybe(Amount());
    row.milestones.items.push_back(
        {Milestone(), Near(today), Below(2) == 0 ? project::StatedAs::reached : project::StatedAs::planned});
    if (Below(2) == 0) row.attributes = List<project::Attribute, 60>{{{{"note"}, {Words()}}}};
    if (Below(4) == 0) row.findings.items.push_back({"milestone_out_of_order.signed"});
    return row;
  }
  // A report, the correction of one, or a verdict on one; by whom it may be accepted.
  Draw ReportStep(const State& s, Day today) {
    const project::ReportState& r = s.project.reports;
    const std::int64_t month = Positive(1'000'000);
    if (r.rows.empty() || Below(2) == 0)
      return {Actor::System(), project::SubmitReport{Project(s),
                                                     Period::Of(Near(today)),
                                                     Money::FromMinor(month),
                                                     Money::FromMinor(month),
                                                     Maybe(project::BasisPoints{Upto(10'000)}),
                                                     {Words()},
                                                     Maybe(Text<500>{Words()}),
                                                     Maybe(Text<500>{Words()}),
                                                     {},
                                                     true}};
    // A verdict is drawn for a report that waits for one of its kind, where there is one.
    const std::uint64_t what = Below(12);
    const bool verdict = what < 4, of_closed = what == 2 || what == 3;
    std::size_t at = Below(r.rows.size());
    for (std::size_t i = 0; verdict && i < r.rows.size(); ++i, at = (at + 1) % r.rows.size())
      if (r.PendingOf(r.rows[at]) != nullptr && r.IsClosed(Period{r.rows[at].period}) == of_closed) break;
    const project::Report& report = r.rows[at];
    const ProjectId project{report.project};
    const Period period{report.period};
    switch (what) {
      case 0:
        return {Actor::System(), project::ApproveCorrection{project, period, Maybe(Text<500>{Words()})}};
      case 1:
        return {Actor::System(), project::RejectCorrection{project, period, {Words()}}};
      case 2:
        return {Actor::System(), project::ApproveClosedCorrection{project, period, Maybe(Text<500>{Words()})}};
      case 3:
        return {Actor::System(), project::RejectClosedCorrection{project, period, {Words()}}};
      case 4:
      case 5:
        return {Actor::System(), project::ClosePeriod{period}};
      case 6:
        if (r.closed.empty()) return {Actor::System(), project::ClosePeriod{period}};
        return {Actor::System(), project::ReopenPeriod{Period{r.closed[Below(r.closed.size())]}, {Words()}}};
      case 7:
        return {Actor::System(),
                project::ScheduleReports{
                    Period::Of(today), {"short"}, {"signed"}, std::nullopt, {Positive(20)}, Kind<project::DueUnit>(2)}};
      default:  // Asked by an account, so that somebody else can decide on it.
        return {Reporter(s),
                project::CorrectReport{
                    project, period, Money::FromMinor(month), Money::FromMinor(month), std::nullopt, {Words()}}};
    }
  }
  project::CorrectMilestone CorrectOf(const State& s, Day today) {
    project::CorrectMilestone c{Project(s), Milestone(), Maybe(Near(today)), {1}, {Words()}};
    if (!s.project.Knows(c.project)) return c;
    const std::size_t p = c.project.index();
    const int rung = s.project.ladders[s.project.ladder[p]].Find(c.milestone.value);
    if (rung >= 0)
      c.corrects = {static_cast<std::int64_t>(
          std::max<std::uint64_t>(1, s.project.ReachedSeq(p, static_cast<std::size_t>(rung))))};
    return c;
  }
  // Published figures, and names of one enterprise.
  Draw ClaimStep(const State& s) {
    const auto claim = [&] { return Some<claim::ClaimId>(s.claim.rows.size()); };
    const auto enterprise = [&] { return Some<EnterpriseId>(s.enterprise.credit_code.size()); };
    switch (Below(8)) {
      case 0:
        return {Actor::System(), claim::WithdrawClaim{claim(), {Words()}}};
      case 1:
        return {Actor::System(),
                claim::RelateClaim{claim(), claim::Rule::subset_of, {{claim()}}, std::nullopt, std::nullopt}};
      case 2:
        return {Actor::System(),
                claim::RelateClaim{
                    claim(), claim::Rule::counts, {}, List<ProjectId, claim::kRecordsMax>{{Project(s)}}, std::nullopt}};
      case 3:
        return {Actor::System(), enterprise::LinkAlias{enterprise(), enterprise()}};
      case 4:
        for (const std::uint32_t& to : s.enterprise.same_as)
          if (to != 0 && Below(2) == 0)
            return {Actor::System(), enterprise::UnlinkAlias{EnterpriseId::FromIndex(
                                         static_cast<std::size_t>(&to - s.enterprise.same_as.data()))}};
        return {Actor::System(), enterprise::UnlinkAlias{enterprise()}};
      case 5:
        return {Actor::System(), project::RecordDuplicate{Project(s), Project(s)}};
      default: {
        claim::RecordClaim c{};
        c.report = {"R1"};
        c.source = {"R1-" + Number()};
        c.name = {Words()};
        c.kind = claim::Kind::count;
        c.unit = claim::Unit::number;
        c.values.items.push_back({std::to_string(Below(50))});
        c.project = Maybe(Project(s));
        return {Actor::System(), c};
      }
    }
  }
  project::ReverseFunds ReverseOf(const State& s) {
    if (s.project.receipts.size() == 0) return {ProjectId{1}, {1}, {Words()}};
    const project::Receipt r = s.project.ReceiptAt(Below(s.project.receipts.size()));
    return {ProjectId{r.project}, {static_cast<std::int64_t>(r.seq)}, {Words()}};
  }

  SeededRandom random_;
};

}  // namespace landfall::app::test
