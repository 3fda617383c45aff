// SPDX-License-Identifier: Apache-2.0
// Every record behind a figure bears its part, and only there: the ledger of a small invented city is folded again
// without one of its records, and each figure that counted it must be smaller by just that record, each other figure
// the same to the last bit. LANDFALL_TEST_ALL=1 leaves out each record of a larger city.
#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "app/query_file.h"
#include "planted_city.h"

namespace landfall::city {
namespace {

using app::test::TestAll;

// Facts that figures count. What else an entry says is left standing when its facts are taken out.
bool IsCounted(std::string_view type) {
  return type == "project.milestone_reached" || type == "project.milestone_corrected" ||
         type == "project.funds_received";
}

// What decides how the facts are counted without being counted itself. All other types may change no figure.
const std::set<std::string, std::less<>> kSteer = {
    "project.milestone_corrected",  // takes a fact back
    "project.funds_reversed",       // the same
    "project.funds_verified",       // what vouchers bear out
    "project.duplicate_linked",     // counted with another
    "project.duplicate_unlinked",
    "project.investment_set",  // against thresholds
    "project.owner_assigned",  // in whose figure
    "project.region_assigned",
    "project.shares_set",
    "project.named",  // a record's title
};

// Each of them makes a version, of which cases are made.
const std::set<std::string, std::less<>> kVersioned = {"matter.defined", "package.defined"};

struct Event {
  Origin origin;
  std::string type, on, payload;
  const app::EventType* apply;
};

class Ledger {
 public:
  explicit Ledger(app::Engine& engine) {
    const Status read = engine.log().Replay(
        {},
        [&](const ledger::Leaf& leaf, const ledger::StoredEntry&, std::span<const std::string_view> salted) -> Status {
          LF_ASSIGN(const Actor by, Actor::Parse(leaf.by));
          for (std::size_t i = 0; i < leaf.events.size(); ++i) {
            const ledger::LeafEvent& e = leaf.events[i];
            events_.push_back({{leaf.seq, static_cast<std::uint32_t>(i), leaf.at, by, salted[i].empty()},
                               std::string(e.type),
                               std::string(e.on),
                               std::string(salted[i].substr(std::min(salted[i].size(), ledger::kSaltBytes))),
                               app::FindEventType(e.type, e.version)});
          }
          return Ok{};
        });
    LF_CHECK(read.ok());
  }
  const std::vector<Event>& events() const { return events_; }

  template <class Gone>
  std::unique_ptr<app::State> Without(const Gone& gone) const {
    auto folded = std::make_unique<app::State>();
    for (const Event& e : events_)
      if (!gone(e)) LF_CHECK(e.apply->apply(*folded, e.origin, e.on, e.payload));
    return folded;
  }

 private:
  std::vector<Event> events_;
};

// A figure's value with all records behind it, over one scope and span.
struct Value {
  std::int64_t count = 0, sum = 0, left_out = 0;
  // seq, project → day, amount, share
  std::map<std::pair<std::int64_t, std::uint32_t>, std::tuple<Day, std::int64_t, std::int64_t>> records;
  bool operator==(const Value&) const = default;
};
using Values = std::map<std::string, Value>;  // by figure, scope and span

Value ValueOf(const app::FigureValue& figure) {
  Value value{figure.count,
              figure.sum_minor ? figure.sum_minor->minor() : 0,
              figure.left_out_amount + figure.left_out_evidence,
              {}};
  for (const app::FigureRecord& r : figure.records)
    value.records[{r.seq, r.project.raw}] = {r.effective_on, r.amount_minor ? r.amount_minor->minor() : 0,
                                             r.share_bp.value_or(10'000)};
  return value;
}

// Every figure there is, of everybody, of each unit and of each region, over the whole time and over each year; and
// what the board and the six lists say in numbers.
Values FiguresOf(const app::State& state) {
  Values values;
  const app::Frame frame{state, kUntil};
  std::vector<app::FigureFilter> scopes(1);
  for (std::size_t u = 0; u < state.people.unit_parent.size(); ++u) scopes.emplace_back().unit = UnitId::FromIndex(u);
  for (std::size_t r = 0; r < state.place.from.size(); ++r) scopes.emplace_back().region = RegionId::FromIndex(r);
  for (const figure::Definition& definition : state.figure.definitions)
    for (app::FigureFilter filter : scopes)
      for (int year = 2022; year <= 2026; ++year) {  // 2022: all years together.
        filter.from = MakeDay(year, 1, 1);
        filter.to = year == 2022 ? kUntil : MakeDay(year, 12, 31);
        filter.limit = 100'000;
        const app::FigureValue value = app::QueryFigure(frame, definition.event.on.key, filter).value();
        if (value.count == 0 && value.left_out_amount + value.left_out_evidence == 0) continue;
        values[definition.event.on.key + (filter.unit ? " " + filter.unit->ToString() : "") +
               (filter.region ? " " + filter.region->ToString() : "") + " " + std::to_string(year)] = ValueOf(value);
      }
  return values;
}

// The figures as they must be when the facts of an entry are gone.
Values Expected(const Values& whole, std::int64_t gone) {
  Values left;
  for (const auto& [key, value] : whole) {
    Value less = value;
    for (const auto& [id, record] : value.records) {
      if (id.first != gone) continue;
      --less.count;
      if (less.sum != 0) less.sum -= std::get<1>(record);
      less.records.erase(id);
    }
    if (less.count != 0 || less.left_out != 0) left.emplace(key, std::move(less));
  }
  return left;
}

std::string FirstDifference(const Values& expected, const Values& found) {
  for (const auto& [key, value] : expected) {
    const auto at = found.find(key);
    if (at == found.end()) return key + " is gone";
    if (at->second != value)
      return fmt::format("{}: {} of {} with {} left out, expected {} of {} with {}", key, at->second.count,
                         at->second.sum, at->second.left_out, value.count, value.sum, value.left_out);
  }
  for (const auto& [key, value] : found)
    if (!expected.contains(key)) return key + " came to be";
  return "none";
}

class FigureMutation : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    TempFolder temp;
    const auto city = Make(temp / "city", TestAll() ? 120 : 30, 11);
    ASSERT_TRUE(city) << city.error().code << " " << city.error().detail;
    auto engine = app::Engine::Open({temp / "city"}, {});
    ASSERT_TRUE(engine);
    ledger_.emplace(**engine);
    whole_ = FiguresOf((*engine)->Read().state());
    ASSERT_EQ(whole_, FiguresOf(*ledger_->Without([](const Event&) { return false; })));
    for (const auto& [key, value] : whole_)
      for (const auto& [id, record] : value.records) counted_.insert(id.first);
  }
  static void TearDownTestSuite() { ledger_.reset(); }
  // All of them, or a seeded slice.
  template <class T>
  static std::vector<T> Slice(std::vector<T> all, std::size_t size) {
    if (TestAll()) return all;
    SeededRandom random(20261122);
    for (std::size_t i = all.size(); i > 1; --i) std::swap(all[i - 1], all[random.Next() % i]);
    all.resize(std::min(all.size(), size));
    return all;
  }

  static inline std::optional<Ledger> ledger_;
  static inline Values whole_;
  static inline std::set<std::int64_t> counted_;  // entries behind any figure
};

// The six lists count projects by the rungs they reached: what each list is for.
const std::map<project::Batch, std::string_view> kListRung = {{project::Batch::attract, "signed"},
                                                              {project::Batch::start, "started"},
                                                              {project::Batch::complete, "completed"},
                                                              {project::Batch::clear_land, "land_delivered"}};
using Lists =
    std::map<std::pair<int, project::Batch>, std::set<std::string>>;  // by year: the projects that are counted

Lists ListsOf(const app::State& state) {
  Lists lists;
  for (int year = 2023; year <= 2026; ++year) {
    app::BatchFilter filter;
    filter.first = Period::Of(MakeDay(year, 1, 1)), filter.last = Period::Of(MakeDay(year, 12, 1));
    const app::BatchBoard board = app::QueryBatches({state, kUntil}, filter).value();
    for (const app::BatchRowView& row : board.rows) {
      if (!kListRung.contains(row.batch)) continue;
      auto& counted = lists[{year, row.batch}];
      for (const app::NamedRef& project : row.reached) counted.insert(project.id);
      EXPECT_EQ(row.actual, static_cast<std::int64_t>(counted.size()));
    }
  }
  return lists;
}

// What the board says in money and in rungs.
std::map<std::string, std::int64_t> BoardOf(const app::State& state) {
  const app::Board board = app::QueryBoard({state, kUntil}, {});
  std::map<std::string, std::int64_t> numbers = {{"projects", board.projects},
                                                 {"investment", board.investment_minor.minor()},
                                                 {"funds", board.funds_minor.minor()}};
  for (const auto& [rung, counts] : board.milestones.members) numbers["past " + rung] = counts.past;
  return numbers;
}

TEST_F(FigureMutation, WithoutOneRecordTheListsAndTheBoardAreLessByItAndNoOtherNumberChanges) {
  const auto everything = ledger_->Without([](const Event&) { return false; });
  const Lists lists = ListsOf(*everything);
  const auto board = BoardOf(*everything);
  std::vector<std::size_t> facts;
  for (std::size_t i = 0; i < ledger_->events().size(); ++i) {
    const Event& e = ledger_->events()[i];
    // A receipt, or a rung that stands as this record says: no later one took it back.
    const auto project = ProjectId::Parse(e.on.substr(e.on.find('/') + 1));
    if (e.type == "project.funds_received") facts.push_back(i);
    if (e.type != "project.milestone_reached" || !project) continue;
    const auto page = app::QueryProject({*everything, kUntil}, *project).value();
    for (const app::MilestoneView& rung : page.milestones)
      if (rung.reached_seq == static_cast<std::int64_t>(e.origin.seq)) facts.push_back(i);
  }
  std::size_t left_lists = 0;
  const std::vector<std::size_t> slice = Slice(facts, 60);
  for (const std::size_t gone : slice) {
    const Event& event = ledger_->events()[gone];
    const std::string project = event.on.substr(event.on.find('/') + 1);
    SCOPED_TRACE(fmt::format("without entry {} of {}", event.origin.seq, project));
    const auto without = ledger_->Without([&](const Event& e) { return &e == &event; });
    const bool counts = everything->project.Counts(ProjectId::Parse(project)->index());
    auto expected = board;
    std::string rung;
    const app::ProjectPage page = app::QueryProject({*everything, kUntil}, *ProjectId::Parse(project)).value();
    for (const app::FundsView& funds : page.funds)
      if (funds.seq == static_cast<std::int64_t>(event.origin.seq) && !funds.reversed_by && counts)
        expected["funds"] -= funds.amount_minor.minor();
    for (const app::MilestoneView& m : page.milestones)
      if (m.reached_seq == static_cast<std::int64_t>(event.origin.seq)) rung = m.milestone;
    auto found = BoardOf(*without);
    // A rung that is not reached may still be planned for a day that has passed: it stays "past" on the board.
    if (!rung.empty()) {
      EXPECT_LE(found["past " + rung], expected["past " + rung]);
      EXPECT_GE(found["past " + rung], expected["past " + rung] - 1);
      found["past " + rung] = expected["past " + rung];
    }
    EXPECT_EQ(found, expected);
    Lists less = lists;
    for (auto& [key, counted] : less)
      if (!rung.empty() && kListRung.at(key.second) == rung) left_lists += counted.erase(project);
    EXPECT_EQ(ListsOf(*without), less);
  }
  fmt::print("left out {} of {} facts; {} places on lists went with them\n", slice.size(), facts.size(), left_lists);
  EXPECT_GT(left_lists, 0u);
}

TEST_F(FigureMutation, WithoutOneRecordEachFigureThatCountsItIsLessByItAndNoOtherChanges) {
  const std::vector<std::int64_t> slice = Slice(std::vector<std::int64_t>(counted_.begin(), counted_.end()), 40);
  std::size_t changed = 0;
  for (const std::int64_t gone : slice) {
    const Values expected = Expected(whole_, gone);
    const Values found = FiguresOf(*ledger_->Without(
        [&](const Event& e) { return static_cast<std::int64_t>(e.origin.seq) == gone && IsCounted(e.type); }));
    ASSERT_EQ(found, expected) << "without entry " << gone << ": " << FirstDifference(expected, found);
    for (const auto& [key, value] : whole_) {
      const auto at = found.find(key);
      changed += at == found.end() || at->second != value;
    }
  }
  fmt::print("left out {} of {} records behind {} values; {} values changed, {} stayed\n", slice.size(),
             counted_.size(), whole_.size(), changed, slice.size() * whole_.size() - changed);
  EXPECT_GT(changed, slice.size() * 3);  // Each of them in everybody's, its unit's and its region's figure at least.
}

// The other way round: the newest entry of each kind about a subject, when no figure counts it.
TEST_F(FigureMutation, WithoutARecordThatNoFigureCountsNothingChanges) {
  const std::vector<Event>& events = ledger_->events();
  std::set<std::string> met;
  std::set<std::uint64_t> makers, steering;  // entries that made what others speak of; that decide how others count
  std::map<std::string, std::size_t> last;   // subject and family of types → its newest event
  for (std::size_t i = 0; i < events.size(); ++i) {
    const Event& e = events[i];
    if (met.insert(e.on).second || kVersioned.contains(e.type)) makers.insert(e.origin.seq);
    if (kSteer.contains(e.type)) steering.insert(e.origin.seq);
    last[e.on + " " + e.type.substr(0, e.type.find('.'))] = i;
  }
  std::map<std::string, std::vector<std::uint64_t>> by_type;
  for (const auto& [key, i] : last) {
    const std::uint64_t seq = events[i].origin.seq;
    if (!makers.contains(seq) && !counted_.contains(static_cast<std::int64_t>(seq)))
      by_type[events[i].type].push_back(seq);
  }
  std::size_t left_out = 0, kinds = 0;
  for (const auto& [type, entries] : by_type) {
    kinds += !kSteer.contains(type);
    for (const std::uint64_t gone : Slice(entries, 2)) {
      if (steering.contains(gone)) continue;
      const Values found = FiguresOf(*ledger_->Without([&](const Event& e) { return e.origin.seq == gone; }));
      EXPECT_EQ(found, whole_) << type << " of entry " << gone << ": " << FirstDifference(whole_, found);
      ++left_out;
    }
  }
  fmt::print("left out {} entries of {} kinds that no figure counts\n", left_out, kinds);
  EXPECT_GT(kinds, 12u);
}

}  // namespace
}  // namespace landfall::city
