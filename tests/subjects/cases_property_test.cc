// SPDX-License-Identifier: Apache-2.0
// What holds of cases 办件 whatever anybody does. A model of its own, written from the rules and not from the code,
// says of each command whether the law of the course allows it; what it forbids must be refused, and refused again.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "app/case_clock.h"
#include "app/catalog.h"
#include "app/inbox.h"
#include "app/policy.h"
#include "app/query_calendar.h"
#include "app/query_cases.h"
#include "calendar/calendar_book.h"
#include "support/test_data.h"
#include "tests/subjects/world.h"
#include "tests/support/random_cases.h"

namespace landfall::test {
namespace {

// A state with what cases speak of, and one writer.
class Window {
 public:
  Window() {
    Must(Actor::System(), admin::CreateLedger{{"430212"}, {"渌口区"}, {"CNY"}, {480}, {"founder"}});
    for (const char* code : {"window", "a", "b", "c"})
      Must(Actor::System(), people::CreateUnit{{code}, {code}, std::nullopt});
    // Two officers of each unit, and a head of each.
    for (std::uint32_t unit = 1; unit <= 4; ++unit)
      for (const char* who : {"x", "y", "head"}) {
        Must(Actor::System(), admin::CreateAccount{{who + std::to_string(unit)}, {who}, UnitId{unit}});
        Must(Actor::System(),
             admin::GrantRole{AccountId::FromIndex(state_.admin.roles.size() - 1),
                              who == std::string_view("head") ? admin::Role::unit_head : admin::Role::unit_officer});
      }
  }

  // As the engine: gate, decision, application.
  Result<std::vector<app::AnyEvent>> Send(const Actor& by, const app::AnyCommand& command) {
    LF_TRY(app::Authorize(state_, by, today_, command));
    LF_ASSIGN(std::vector<app::AnyEvent> events, app::Decide(state_, {now_, today_, by}, command));
    ++seq_;
    for (std::size_t i = 0; i < events.size(); ++i)
      app::ApplyEvent(state_, Origin{seq_, static_cast<std::uint32_t>(i), now_, by, false}, events[i]);
    return events;
  }
  void Must(const Actor& by, const app::AnyCommand& command) {
    const auto sent = Send(by, command);
    ASSERT_TRUE(sent) << app::InfoOf(command).name << " " << sent.error().code;
  }
  void Pass(int days) { today_ += std::chrono::days(days), now_ += std::chrono::days(days); }
  const app::State& state() const { return state_; }
  const cases::State& cases() const { return state_.cases; }
  Day today() const { return today_; }

 private:
  app::State state_;
  std::uint64_t seq_ = 0;
  Day today_ = MakeDay(2026, 3, 2);
  Instant now_ = Instant(MakeDay(2026, 3, 2)) + std::chrono::hours(1);
};

constexpr std::uint32_t kOfficers = 3;
std::uint32_t UnitOf(AccountId account) { return (account.raw - 1) / kOfficers + 1; }

// What the rules say of a step, from the history of accepted commands alone.
struct ModelStep {
  enum { waiting, in_hand, stopped, back, granted, denied } at = waiting;
  bool corrected = false, asked_longer = false;
  std::set<std::uint32_t> units, people;  // who still has to agree
};
struct ModelCase {
  enum { open, running, gone } at = open;
  AccountId brought_by, accepted_by;
  std::vector<ModelStep> steps;
  bool told = false, delivered = false, rated = false;
};

class Model {
 public:
  explicit Model(const Window& window) : window_(window) {}

  // A reason why this must be refused; nullptr where the model does not forbid it.
  const char* Forbids(AccountId by, const app::AnyCommand& command) const {
    return std::visit([&](const auto& c) { return this->Of(by, c); }, command);
  }
  void Note(AccountId by, const app::AnyCommand& command) {
    std::visit([&](const auto& c) { this->Take(by, c); }, command);
  }
  std::size_t size() const { return cases_.size(); }

 private:
  template <class C>
  const char* Of(AccountId by, const C& c) const {
    if constexpr (!requires { c.case_id; }) {
      return nullptr;
    } else {
      if (c.case_id.index() >= cases_.size()) return "no such case";
      const ModelCase& of = cases_[c.case_id.index()];
      if constexpr (requires { c.step; }) {
        if (static_cast<std::size_t>(c.step.value) > of.steps.size()) return "no such step";
        if (of.at != ModelCase::running) return "the case does not run";
        return OfStep(by, of, of.steps[static_cast<std::size_t>(c.step.value - 1)], c);
      } else {
        return OfCase(of, c);
      }
    }
  }
  template <class C>
  const char* OfCase(const ModelCase& of, const C&) const {
    const bool over = std::all_of(of.steps.begin(), of.steps.end(), [](const ModelStep& s) { return Done(s); });
    if constexpr (std::is_same_v<C, cases::AcceptCase>) {
      if (of.at != ModelCase::open) return "accepted twice";
    } else if constexpr (std::is_same_v<C, cases::NotifyOnce>) {
      if (of.told) return "told twice";
      if (of.at != ModelCase::open) return "told after acceptance";
    } else if constexpr (std::is_same_v<C, cases::WithdrawCase>) {
      if (of.at == ModelCase::gone || (of.at == ModelCase::running && over)) return "withdrawn after its end";
    } else if constexpr (std::is_same_v<C, cases::DeliverCase>) {
      if (of.at != ModelCase::running || of.delivered) return "delivered twice or without a decision";
    } else if constexpr (std::is_same_v<C, cases::RateCase>) {
      if (!of.delivered || of.rated) return "rated twice or before delivery";
    } else if constexpr (std::is_same_v<C, cases::SupplyPapers>) {
      if (of.at == ModelCase::gone) return "supplied after its end";
    }
    return nullptr;
  }
  template <class C>
  const char* OfStep(AccountId by, const ModelCase& of, const ModelStep& s, const C& c) const {
    const auto& form = window_.cases().FormOf(window_.cases().cases[c.case_id.index()]);
    const auto& needs = form.steps[static_cast<std::size_t>(c.step.value - 1)];
    bool ready = true;
    for (std::size_t to = 0; to < of.steps.size(); ++to)
      if ((needs.waits >> to & 1) != 0) ready = ready && of.steps[to].at == ModelStep::granted;
    const bool own = by == of.brought_by || by == of.accepted_by;
    constexpr bool kDecision = std::is_same_v<C, cases::ApproveStep> || std::is_same_v<C, cases::RefuseStep> ||
                               std::is_same_v<C, cases::SendStepBack>;
    if (Done(s)) return "decided already";
    if (!ready && s.at == ModelStep::waiting) return "still waits";
    if constexpr (!std::is_same_v<C, cases::AgreeToStep> && !std::is_same_v<C, cases::ApproveByRule>) {
      if (UnitOf(by) != needs.unit) return "not competent";
    }
    if constexpr (kDecision) {
      if (own) return "decides on what they brought in";
      if (s.at != ModelStep::in_hand) return "not in hand";
      if (!std::is_same_v<C, cases::SendStepBack> && (!s.units.empty() || !s.people.empty())) return "not agreed";
    } else if constexpr (std::is_same_v<C, cases::ReceiveStep>) {
      if (s.at != ModelStep::waiting && s.at != ModelStep::back) return "received twice";
    } else if constexpr (std::is_same_v<C, cases::CorrectStep>) {
      if (s.corrected || s.at != ModelStep::in_hand) return "corrected twice";
    } else if constexpr (std::is_same_v<C, cases::SuspendStep>) {
      if (s.at != ModelStep::in_hand || c.reason == cases::Pause::supplement) return "stopped without a reason";
    } else if constexpr (std::is_same_v<C, cases::ResumeStep>) {
      if (s.at != ModelStep::stopped) return "does not stand still";
    } else if constexpr (std::is_same_v<C, cases::AskExtension>) {
      if (s.asked_longer) return "asked twice";
    } else if constexpr (std::is_same_v<C, cases::AgreeToStep>) {
      if (own) return "agrees to what they brought in";
      if (s.units.count(c.owner_unit.raw) == 0 && s.people.count(by.raw) == 0) return "was not asked";
      if (UnitOf(by) != c.owner_unit.raw) return "speaks for another unit";
    } else if constexpr (std::is_same_v<C, cases::ApproveByRule>) {
      if (by != of.accepted_by) return "did not accept it";
      if (window_.cases().matters[needs.matter].event.discretion) return "there is something to weigh";
    }
    return nullptr;
  }
  static bool Done(const ModelStep& s) { return s.at == ModelStep::granted || s.at == ModelStep::denied; }

  template <class C>
  void Take(AccountId by, const C& c) {
    if constexpr (std::is_same_v<C, cases::ApplyForCase>) {
      ModelCase& of = cases_.emplace_back();
      of.brought_by = by;
      of.steps.resize(window_.cases().FormOf(window_.cases().cases.back()).steps.size());
    } else if constexpr (requires { c.case_id; }) {
      ModelCase& of = cases_[c.case_id.index()];
      if constexpr (std::is_same_v<C, cases::AcceptCase>) of.at = ModelCase::running, of.accepted_by = by;
      if constexpr (std::is_same_v<C, cases::NotifyOnce>) of.told = true;
      if constexpr (std::is_same_v<C, cases::WithdrawCase>) of.at = ModelCase::gone;
      if constexpr (std::is_same_v<C, cases::DeliverCase>) of.delivered = true;
      if constexpr (std::is_same_v<C, cases::RateCase>) of.rated = true;
      if constexpr (requires { c.step; }) {
        ModelStep& s = of.steps[static_cast<std::size_t>(c.step.value - 1)];
        if constexpr (std::is_same_v<C, cases::ReceiveStep> || std::is_same_v<C, cases::ResumeStep>)
          s.at = ModelStep::in_hand;
        if constexpr (std::is_same_v<C, cases::SuspendStep> || std::is_same_v<C, cases::CorrectStep>)
          s.at = ModelStep::stopped;
        if constexpr (std::is_same_v<C, cases::CorrectStep>) s.corrected = true;
        if constexpr (std::is_same_v<C, cases::AskExtension>) s.asked_longer = true;
        if constexpr (std::is_same_v<C, cases::SendStepBack>) s.at = ModelStep::back;
        if constexpr (std::is_same_v<C, cases::ApproveStep> || std::is_same_v<C, cases::ApproveByRule>)
          s.at = ModelStep::granted;
        if constexpr (std::is_same_v<C, cases::RefuseStep>) s.at = ModelStep::denied;
        if constexpr (std::is_same_v<C, cases::AskCountersign>)
          for (const UnitId unit : c.units.items) s.units.insert(unit.raw);
        if constexpr (std::is_same_v<C, cases::AddReviewer>) s.people.insert(c.reviewer.raw);
        if constexpr (std::is_same_v<C, cases::AgreeToStep>) s.units.erase(c.owner_unit.raw), s.people.erase(by.raw);
      }
    }
  }

  const Window& window_;
  std::vector<ModelCase> cases_;
};

// The unit that may send a command: competent for its step, or leading its package; 0 where it names none.
std::uint32_t TurnOf(const Window& window, const app::AnyCommand& command) {
  const cases::State& s = window.cases();
  return std::visit(
      [&](const auto& c) -> std::uint32_t {
        using C = std::remove_cvref_t<decltype(c)>;
        if constexpr (std::is_same_v<C, cases::ApplyForCase>) {
          return s.packages[s.package_versions.at(c.package.value).back()].event.owner_unit.raw;
        } else if constexpr (std::is_same_v<C, cases::AgreeToStep>) {
          return c.owner_unit.raw;
        } else if constexpr (requires { c.case_id; }) {
          if (!s.Knows(c.case_id)) return 0;
          const cases::Form& form = s.FormOf(s.cases[c.case_id.index()]);
          if constexpr (C::kInfo.scope == Scope::kStepField)
            return form.steps[static_cast<std::size_t>(c.step.value - 1)].unit;
          return s.packages[form.package].event.owner_unit.raw;
        } else {
          return 0;
        }
      },
      command);
}

// Draws commands as any officer; counts those that the model forbids, none of which may be accepted.
void Storm(std::uint64_t seed, std::size_t forbidden_wanted, std::map<std::string, int>& met) {
  Window window;
  SeededRandom random(seed);
  app::test::RandomCases draw(random);
  Model model(window);
  std::size_t forbidden = 0, accepted = 0;
  for (std::size_t n = 0; forbidden < forbidden_wanted; ++n) {
    ASSERT_LT(n, 40 * forbidden_wanted + 1000);
    app::AnyCommand command = draw.Next(window.state(), window.today());
    if (std::holds_alternative<cases::MigrateCase>(command)) continue;  // The model has no versions.
    if (app::InfoOf(command).permission == "matter.write") {
      (void)window.Send(Actor::System(), command);
      continue;
    }
    // Mostly somebody of the unit whose turn it is, so that cases go their way.
    AccountId by{static_cast<std::uint32_t>(1 + draw.Below(4 * kOfficers))};
    if (const std::uint32_t unit = TurnOf(window, command); unit != 0 && draw.Below(4) != 0)
      by = AccountId{static_cast<std::uint32_t>((unit - 1) * kOfficers + 1 + draw.Below(kOfficers))};
    const char* why = model.Forbids(by, command);
    const auto before = app::InfoOf(command).name;
    const auto sent = window.Send(Actor::Account(by), command);
    if (why != nullptr) {
      ++forbidden, ++met[why];
      ASSERT_FALSE(sent) << "seed " << seed << " command " << n << ": " << before << " by u" << by.raw << ": " << why
                         << " " << app::CanonicalJson(command);
    }
    if (sent) {
      ++accepted;
      model.Note(by, command);
      // The same once more: what an application may, nothing else may.
      if (!std::holds_alternative<cases::ApplyForCase>(command) &&
          !std::holds_alternative<cases::SupplyPapers>(command)) {
        const auto again = window.Send(Actor::Account(by), command);
        ASSERT_FALSE(again) << "seed " << seed << ": twice " << app::CanonicalJson(command);
        ++forbidden, ++met["the same command twice"];
      }
    }
    if (draw.Below(200) == 0) window.Pass(1);
  }
  EXPECT_GT(accepted, forbidden_wanted / 60) << "the storm must move cases, else it proves nothing";
}

TEST(Cases, AcceptNoIllegalTransitionNoDoubleSubmissionAndNoSelfApproval) {
  constexpr std::size_t kEach = 2000;
  const std::uint64_t seeds = std::getenv("LANDFALL_TEST_ALL") != nullptr ? 500 : 50;
  std::map<std::string, int> met;
  for (std::uint64_t seed = 1; seed <= seeds && !HasFatalFailure(); ++seed) Storm(seed, kEach, met);
  std::printf("cases: %d forbidden commands refused (LANDFALL_TEST_ALL=1: ten times as many)\n",
              static_cast<int>(seeds * kEach));
  for (const char* why : {"the same command twice",
                          "decides on what they brought in",
                          "agrees to what they brought in",
                          "not agreed",
                          "not competent",
                          "decided already",
                          "still waits",
                          "corrected twice",
                          "stopped without a reason",
                          "told twice",
                          "accepted twice",
                          "withdrawn after its end",
                          "delivered twice or without a decision",
                          "received twice",
                          "rated twice or before delivery",
                          "did not accept it",
                          "there is something to weigh",
                          "was not asked",
                          "speaks for another unit",
                          "asked twice",
                          "not in hand"})
    EXPECT_GT(met[why], 0) << why << ": never drawn";
}

// A case of one matter of five working days, accepted on a day; by the system.
cases::CaseId OneStep(Window& window, int days) {
  cases::DefineMatter matter{};
  matter.matter = {"m" + std::to_string(days)};
  matter.version = {1};
  matter.from = MakeDay(2019, 1, 1);
  matter.zh = {"示例"};
  matter.owner_unit = UnitId{2};
  matter.promised = cases::Limit{{days}, cases::LimitUnit::work_days};
  window.Must(Actor::System(), matter);
  window.Must(Actor::System(), cases::DefinePackage{{"p" + std::to_string(days)},
                                                    {1},
                                                    MakeDay(2019, 1, 1),
                                                    {"示例"},
                                                    UnitId{1},
                                                    {{{matter.matter}}},
                                                    matter.promised});
  window.Must(Actor::System(),
              cases::ApplyForCase{{"p" + std::to_string(days)}, {{{matter.matter}}}, {}, {}, {}, std::nullopt});
  const auto id = cases::CaseId::FromIndex(window.cases().cases.size() - 1);
  window.Must(Actor::System(), cases::AcceptCase{id});
  return id;
}

// The notice of 27 January 2020 made the Spring Festival longer.
TEST(Cases, ANoticeMovesDueDaysAndIsToldOnlyWhereItWorsensThem) {
  Window window;
  window.Pass(DayNumber(MakeDay(2020, 1, 20)) - DayNumber(window.today()));
  const cases::CaseId crossing = OneStep(window, 10), before_it = OneStep(window, 2);
  const auto book = CalendarBook::Load(EmbeddedCatalog()).value();
  const auto was = book.At("cn", MakeDay(2020, 1, 26)).value(), is = book.At("cn", MakeDay(2020, 1, 27)).value();

  const auto moves = app::CasesMoved(window.state(), *was, *is, window.today());
  ASSERT_EQ(moves.size(), 1u);
  EXPECT_EQ(moves[0].case_id, crossing);
  EXPECT_EQ(FormatDay(moves[0].before.day), "2020-02-07");
  EXPECT_EQ(FormatDay(moves[0].after.day), "2020-02-11");
  EXPECT_TRUE(moves[0].worsened());
  EXPECT_NE(moves[0].case_id, before_it);

  const auto taken_back = app::CasesMoved(window.state(), *is, *was, window.today());
  ASSERT_EQ(taken_back.size(), 1u);
  EXPECT_FALSE(taken_back[0].worsened());
}

// What is owed, by deadline: from the list, which goes by the index that the applier keeps, and from a walk.
using OwedRows = std::vector<std::tuple<std::int32_t, cases::CaseId, std::int64_t>>;

void ExpectTheListIsTheWalk(const app::Frame& frame) {
  app::LightCounts lights;
  OwedRows walked, listed;
  const app::OwedSteps owed(frame);
  for (std::uint32_t i = 0; i < frame.state.cases.cases.size(); ++i)
    for (const app::OwedStep& step : owed.Of(i)) {
      const auto& seen = frame.visible.units;
      if (!frame.visible.everything && std::find(seen.begin(), seen.end(), UnitId{step.unit}) == seen.end()) continue;
      walked.emplace_back(step.due, cases::CaseId::FromIndex(i), step.step + 1);
      const std::int32_t late = DayNumber(frame.as_of) - step.due;
      ++(late > app::kAmberDays ? lights.red : late > 0 ? lights.amber : lights.green);
    }
  std::sort(walked.begin(), walked.end());
  app::ObligationFilter filter;
  filter.kind = "step";
  filter.limit = 20;
  while (true) {
    const auto list = app::QueryObligations(frame, filter);
    ASSERT_TRUE(list);
    EXPECT_EQ(ToJson(list->lights), ToJson(lights));
    for (const app::ObligationRow& row : list->rows)
      listed.emplace_back(DayNumber(row.due_on), *row.case_id, *row.step);
    if (!list->next_cursor) break;
    filter.cursor = *list->next_cursor;
  }
  EXPECT_EQ(listed, walked);
}

TEST(Cases, TheListOfWhatIsOwedIsThatOfAWalkOverAllCases) {
  std::size_t owed = 0, beside = 0, migrated = 0;
  for (std::uint64_t seed = 1; seed <= 8 && !HasFailure(); ++seed) {
    Window window;
    SeededRandom random(seed);
    app::test::RandomCases draw(random);
    for (int n = 0; n < 6000 && !HasFailure(); ++n) {
      const app::AnyCommand command = draw.Next(window.state(), window.today());
      AccountId by{static_cast<std::uint32_t>(1 + draw.Below(4 * kOfficers))};
      const bool defines = app::InfoOf(command).permission == "matter.write";
      if (const std::uint32_t unit = defines ? 0 : TurnOf(window, command); unit != 0)
        by = AccountId{static_cast<std::uint32_t>((unit - 1) * kOfficers + 1 + draw.Below(kOfficers))};
      const auto sent = window.Send(defines ? Actor::System() : Actor::Account(by), command);
      migrated += sent && std::holds_alternative<cases::MigrateCase>(command);
      if (draw.Below(100) == 0) window.Pass(static_cast<int>(draw.Below(5)));
      if (n % 100 != 0) continue;
      app::State again = window.state();
      again.Rebuild();
      for (const Day day : {window.today(), window.today() - std::chrono::days(6)}) {
        ExpectTheListIsTheWalk({window.state(), day});
        ExpectTheListIsTheWalk({again, day});
        ExpectTheListIsTheWalk({window.state(), day, 0, {}, 0, {false, {UnitId{2}}, {}}});
      }
      for (const cases::OwedGroup& group : window.cases().owed.groups())
        (group.key.beside ? beside : owed) += group.cases.size();
    }
  }
  EXPECT_GT(owed, 1000u);
  EXPECT_GT(beside, 100u);
  EXPECT_GT(migrated, 0u);
}

// The same notice, told for sixty days: to the unit that has the step and to the window, and to nobody else.
TEST(Cases, APromisePutOffByANoticeIsToldToThoseWhoGaveIt) {
  Window window;
  window.Pass(DayNumber(MakeDay(2020, 1, 20)) - DayNumber(window.today()));
  const cases::CaseId crossing = OneStep(window, 10);
  OneStep(window, 2);
  const auto told = [&](std::uint32_t account, Day day) {
    const app::Frame frame{window.state(), day, 1, Instant(day), 1, {}};
    return app::QueryNotifications(frame, AccountId{account}, {}, 50).rows;
  };
  const Day before = MakeDay(2020, 1, 26), on = MakeDay(2020, 1, 27);
  const std::uint32_t clerk = 1, officer = 4, stranger = 7;

  EXPECT_TRUE(told(officer, before).empty());
  for (const std::uint32_t account : {clerk, officer}) {
    const auto rows = told(account, on);
    ASSERT_EQ(rows.size(), 1u) << account;
    EXPECT_EQ(rows[0].kind, obligation::NewsKind::promise_moved);
    EXPECT_EQ(rows[0].case_id, crossing);
    EXPECT_EQ(FormatDay(rows[0].was_due_on.value()), "2020-02-07");
    EXPECT_EQ(FormatDay(rows[0].due_on), "2020-02-11");
    EXPECT_EQ(rows[0].text, "示例");
    EXPECT_TRUE(rows[0].unread);
  }
  EXPECT_TRUE(told(stranger, on).empty());
  app::UnreadCounter counter(AccountId{officer});
  EXPECT_EQ(counter.Count(window.state(), before, {}), 0);
  EXPECT_EQ(counter.Count(window.state(), on, {}), 1);
  EXPECT_EQ(told(officer, on + std::chrono::days(app::kNoticeNewsDays)).size(), 1u);
  EXPECT_TRUE(told(officer, on + std::chrono::days(app::kNoticeNewsDays + 1)).empty());
  // Who applies when the notice is known was promised nothing else.
  window.Pass(7);
  OneStep(window, 11);
  EXPECT_EQ(told(officer, window.today()).size(), 1u);
}

TEST(Cases, AnOpenOneOfTwelveStepsTakesLittleMemory) {
  using namespace cases;
  const std::size_t bytes = sizeof(Case) + 12 * sizeof(Step) + 8 * sizeof(CasePaper);
  EXPECT_LE(bytes, 300u) << "the row, twelve steps and eight papers";
}

TEST(Cases, OnTheSameVersionsShareOneForm) {
  Window window;
  OneStep(window, 3);
  window.Must(Actor::System(), cases::ApplyForCase{{"p3"}, {{{"m3"}}}, {}, {}, {}, std::nullopt});
  EXPECT_EQ(window.cases().forms.size(), 1u);
  app::State again = window.state();
  again.Rebuild();
  EXPECT_EQ(again.cases.forms.size(), 1u);
  EXPECT_EQ(app::HashOf(again), app::HashOf(window.state()));
}

}  // namespace
}  // namespace landfall::test
