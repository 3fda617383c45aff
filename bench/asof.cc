// SPDX-License-Identifier: Apache-2.0
// What was known at any entry: completed investment of 10,250 projects in 36 months, a fifth of it corrected once and a
// fiftieth twice, 450,180 facts. Asked at random entries: the bulletin of a month with the records behind it, the year
// to date by district, one project's history, and what two entries know differently. Against PostgreSQL with GiST
// ranges over the same facts in the same run. Every answer equals a replay of the facts (1,000 random questions), and
// PostgreSQL's.
#include <map>
#include <numeric>

#include "base/seam.h"
#include "bench/bench.h"
#include "bench/private_postgres.h"
#include "ledger/postgres.h"
#include "project/known.h"

namespace landfall::bench {
namespace {

constexpr std::size_t kDistricts = 12;
constexpr std::int32_t kFirstMonth = (2023 - 1970) * 12, kMonths = 36;
constexpr std::uint64_t kOldSeq = 1'000;  // Entries before the first fact: nothing is known there.

struct Stated {                  // One entry.
  std::uint32_t project, month;  // month: from kFirstMonth
  std::int64_t amount;
};

struct World {
  std::size_t projects = 0;
  std::vector<std::uint32_t> district;  // By project.
  std::vector<Stated> entries;          // Entry kOldSeq + 1 + i.
  std::vector<std::uint32_t> reported;  // By month: the entry with which its first reports are complete.
  std::uint32_t SeqOf(std::size_t i) const { return static_cast<std::uint32_t>(kOldSeq + 1 + i); }
  std::uint32_t last() const { return SeqOf(entries.size() - 1); }
};

// Month after month everybody reports in some order, and corrections of the twelve months before come in between.
World MakeWorld(std::size_t projects) {
  World world{.projects = projects, .district = {}, .entries = {}, .reported = {}};
  SeededRandom random(430212);
  const auto below = [&](std::uint64_t n) { return random.Next() % n; };
  for (std::size_t p = 0; p < projects; ++p) world.district.push_back(static_cast<std::uint32_t>(below(kDistricts)));
  std::vector<std::vector<Stated>> due(kMonths + 13);  // Entries by the month in which they arrive.
  for (std::uint32_t month = 0; month < kMonths; ++month) {
    for (std::uint32_t p = 0; p < projects; ++p) {
      const std::uint64_t cell = std::uint64_t{month} * projects + p;
      const auto amount = [&] { return static_cast<std::int64_t>(below(5'000'000'000)); };
      due[month].push_back({p, month, amount()});
      if (cell % 5 == 0) due[month + 1 + below(6)].push_back({p, month, amount()});
      if (cell % 50 == 0) due[month + 7 + below(6)].push_back({p, month, amount()});
    }
  }
  for (std::vector<Stated>& arrivals : due) {
    for (std::size_t i = arrivals.size(); i > 1; --i) std::swap(arrivals[i - 1], arrivals[below(i)]);
    world.entries.insert(world.entries.end(), arrivals.begin(), arrivals.end());
    world.reported.push_back(world.last());
  }
  world.reported.resize(kMonths);
  return world;
}

Period MonthOf(std::uint32_t month) { return {kFirstMonth + static_cast<std::int32_t>(month)}; }

// ---- the questions ----

struct Bulletin {
  std::int64_t sum = 0;
  std::vector<std::int64_t> records;
  bool operator==(const Bulletin&) const = default;
};
using ByDistrict = std::array<std::int64_t, kDistricts>;
struct Saying {                          // One version in a project's history.
  std::int64_t month, amount, from, to;  // to: 0 where it stands at that entry
  bool operator==(const Saying&) const = default;
};
struct Difference {
  std::int64_t stated = 0, stated_sum = 0, ended = 0, ended_sum = 0;
  bool operator==(const Difference&) const = default;
};
struct Question {
  std::uint32_t known, earlier, month, project;
};

class Versions {
 public:
  using Facts = ledger::VersionIndex;
  explicit Versions(const World& world) : district_(world.district) {
    std::vector<std::uint32_t> report(world.projects * kMonths, 0);
    for (std::size_t i = 0; i < world.entries.size(); ++i) {
      const Stated& e = world.entries[i];
      std::uint32_t& first = report[e.project * kMonths + e.month];
      if (first == 0) first = world.SeqOf(i);
      known_.Completed(world.SeqOf(i), e.project, MonthOf(e.month), first, e.amount);
    }
  }
  Bulletin Month(const Question& q) const {
    Bulletin b;
    const Period month = MonthOf(q.month);
    b.records.reserve(district_.size());
    Standing<Facts::kAmount | Facts::kRecord>(q.known, month, month, [&](const ledger::Version& v) {
      b.sum += v.amount;
      b.records.push_back(v.record);
    });
    return b;
  }
  ByDistrict Year(const Question& q) const {
    ByDistrict sums{};
    Standing<Facts::kSubject | Facts::kAmount>(
        q.known, MonthOf(q.month / 12 * 12), MonthOf(q.month), [&](const ledger::Version& v) {
          // As the product does it: a project may have changed hands since.
          sums[static_cast<std::size_t>(
              known_.At(q.known, v.subject, project::Known::Part::region, district_[v.subject]))] += v.amount;
        });
    return sums;
  }
  std::vector<Saying> History(const Question& q) const {
    std::vector<Saying> sayings;
    known_.facts().History(q.project, q.known, [&](const ledger::Version& v) {
      sayings.push_back(
          {Period::Of(DayFromNumber(v.day)).months - kFirstMonth, v.amount, v.from, v.to <= q.known ? v.to : 0});
    });
    return sayings;
  }
  Difference Between(const Question& q) const {
    Difference d;
    known_.facts().Differences(q.earlier, q.known, project::kCompletedMeasure, MonthOf(0), MonthOf(kMonths - 1),
                               [&](const ledger::Version& v, bool stands) {
                                 (stands ? d.stated : d.ended) += 1;
                                 (stands ? d.stated_sum : d.ended_sum) += v.amount;
                               });
    return d;
  }
  const Facts& facts() const { return known_.facts(); }

 private:
  template <unsigned fields, class Use>
  void Standing(std::uint32_t known, Period first, Period last, Use&& use) const {
    known_.facts().StandingAt<fields>(known, project::kCompletedMeasure, DayNumber(first.First()),
                                      DayNumber(last.Last()), use);
  }
  project::Known known_;
  std::vector<std::uint32_t> district_;
};

// Replays the entries up to one and looks at what stands. Shares nothing with the index.
class Replay {
 public:
  explicit Replay(const World& world) : world_(world) {}
  struct Cell {
    std::int64_t amount = 0;
    std::uint32_t first = 0, from = 0;
  };
  std::vector<Cell> At(std::uint32_t known) const {
    std::vector<Cell> cells(world_.projects * kMonths);
    for (std::size_t i = 0; i < world_.entries.size() && world_.SeqOf(i) <= known; ++i) {
      const Stated& e = world_.entries[i];
      Cell& cell = cells[e.month * world_.projects + e.project];
      if (cell.first == 0) cell.first = world_.SeqOf(i);
      cell.amount = e.amount;
      cell.from = world_.SeqOf(i);
    }
    return cells;
  }
  Bulletin Month(const Question& q) const {
    Bulletin b;
    const std::vector<Cell> cells = At(q.known);
    for (std::size_t p = 0; p < world_.projects; ++p) {
      const Cell& cell = cells[q.month * world_.projects + p];
      if (cell.first == 0) continue;
      b.sum += cell.amount;
      b.records.push_back(cell.first);
    }
    return b;
  }
  ByDistrict Year(const Question& q) const {
    ByDistrict sums{};
    const std::vector<Cell> cells = At(q.known);
    for (std::uint32_t month = q.month / 12 * 12; month <= q.month; ++month)
      for (std::size_t p = 0; p < world_.projects; ++p)
        sums[world_.district[p]] += cells[month * world_.projects + p].amount;
    return sums;
  }
  std::vector<Saying> History(const Question& q) const {
    std::vector<Saying> sayings;
    std::map<std::uint32_t, std::size_t> standing;  // By month.
    for (std::size_t i = 0; i < world_.entries.size() && world_.SeqOf(i) <= q.known; ++i) {
      const Stated& e = world_.entries[i];
      if (e.project != q.project) continue;
      if (const auto old = standing.find(e.month); old != standing.end()) sayings[old->second].to = world_.SeqOf(i);
      standing[e.month] = sayings.size();
      sayings.push_back({e.month, e.amount, world_.SeqOf(i), 0});
    }
    std::reverse(sayings.begin(), sayings.end());
    return sayings;
  }
  Difference Between(const Question& q) const {
    Difference d;
    const std::vector<Cell> before = At(q.earlier), after = At(q.known);
    for (std::size_t i = 0; i < before.size(); ++i) {
      if (before[i].from == after[i].from) continue;
      d.stated += 1;
      d.stated_sum += after[i].amount;
      if (before[i].from == 0) continue;
      d.ended += 1;
      d.ended_sum += before[i].amount;
    }
    return d;
  }

 private:
  const World& world_;
};

class Postgres {
 public:
  Postgres(const std::string& address, const World& world) : db_(ledger::PgConnection::Open(address, {}).value()) {
    std::ifstream schema(std::string(LANDFALL_SOURCE_DIR) + "/bench/peers/asof.sql");
    Must(db_.Exec("DROP TABLE IF EXISTS facts"));
    Must(db_.Exec(std::string(std::istreambuf_iterator<char>(schema), {})));
    Load(world);
    Must(
        db_.Exec("CREATE INDEX ON facts USING gist (month, known); CREATE INDEX ON facts USING gist (known);"
                 "CREATE INDEX ON facts (project, stated)"));
    Must(db_.Exec("VACUUM ANALYZE facts"));
    Must(db_.Exec("SET max_parallel_workers_per_gather = 0"));  // One thread against one.
    Must(db_.Prepare("month",
                     "SELECT sum(amount)::bigint, array_agg(record) FROM facts "
                     "WHERE month = $1::bigint::integer AND known @> $2::bigint"));
    Must(db_.Prepare("year",
                     "SELECT district, sum(amount)::bigint FROM facts WHERE month BETWEEN $1::bigint::integer AND "
                     "$2::bigint::integer AND known @> $3::bigint GROUP BY district"));
    Must(db_.Prepare("history",
                     "SELECT month::bigint, amount, stated, CASE WHEN ended <= $2::bigint THEN ended ELSE 0 END "
                     "FROM facts WHERE project = $1::bigint::integer AND stated <= $2::bigint ORDER BY stated DESC"));
    Must(db_.Prepare("between",
                     "SELECT count(*) FILTER (WHERE stands), coalesce(sum(amount) FILTER (WHERE stands), 0)::bigint, "
                     "count(*) FILTER (WHERE NOT stands), coalesce(sum(amount) FILTER (WHERE NOT stands), 0)::bigint "
                     "FROM (SELECT amount, true AS stands FROM facts WHERE known @> $2::bigint AND stated > $1::bigint "
                     "UNION ALL SELECT amount, false FROM facts WHERE known @> $1::bigint AND ended <= $2::bigint) d"));
  }
  Bulletin Month(const Question& q) {
    ledger::PgParams params;
    params.Int(q.month).Int(q.known);
    const ledger::PgResult r = db_.RunPrepared("month", params).value();
    Bulletin b;
    // An array in binary: five words of head, then a length and a big-endian value for each element.
    const std::string_view list = r.Bytes(0, 1);
    if (list.empty()) return b;
    b.sum = r.Int(0, 0);
    for (std::size_t at = 20; at + 12 <= list.size(); at += 12) {
      std::int64_t record = 0;
      for (std::size_t i = 4; i < 12; ++i) record = record << 8 | static_cast<std::uint8_t>(list[at + i]);
      b.records.push_back(record);
    }
    return b;
  }
  ByDistrict Year(const Question& q) {
    ledger::PgParams params;
    params.Int(q.month / 12 * 12).Int(q.month).Int(q.known);
    const ledger::PgResult r = db_.RunPrepared("year", params).value();
    ByDistrict sums{};
    for (int row = 0; row < r.rows(); ++row) sums[static_cast<std::size_t>(r.Int(row, 0))] = r.Int(row, 1);
    return sums;
  }
  std::vector<Saying> History(const Question& q) {
    ledger::PgParams params;
    params.Int(q.project).Int(q.known);
    const ledger::PgResult r = db_.RunPrepared("history", params).value();
    std::vector<Saying> sayings;
    for (int row = 0; row < r.rows(); ++row)
      sayings.push_back({r.Int(row, 0), r.Int(row, 1), r.Int(row, 2), r.Int(row, 3)});
    return sayings;
  }
  Difference Between(const Question& q) {
    ledger::PgParams params;
    params.Int(q.earlier).Int(q.known);
    const ledger::PgResult r = db_.RunPrepared("between", params).value();
    return {r.Int(0, 0), r.Int(0, 1), r.Int(0, 2), r.Int(0, 3)};
  }
  double Megabytes() {
    ledger::PgParams none;
    return static_cast<double>(db_.Query("SELECT pg_total_relation_size('facts')", none).value().Int(0, 0)) / 1e6;
  }

 private:
  static void Must(const Status& status) {
    if (!status) fmt::print(stderr, "{} {}\n", status.error().code, status.error().detail);
    LF_CHECK(status.ok());
  }
  void Load(const World& world) {
    std::vector<std::uint32_t> first(world.projects * kMonths, 0), ended(world.entries.size(), 0);
    std::vector<std::size_t> newest(world.projects * kMonths, SIZE_MAX);
    for (std::size_t i = 0; i < world.entries.size(); ++i) {
      std::size_t& before = newest[world.entries[i].project * kMonths + world.entries[i].month];
      if (before != SIZE_MAX) ended[before] = world.SeqOf(i);
      before = i;
    }
    Must(db_.BeginCopy("COPY facts (project, district, month, amount, record, stated, ended) FROM STDIN"));
    std::string rows;
    for (std::size_t i = 0; i < world.entries.size(); ++i) {
      const Stated& e = world.entries[i];
      std::uint32_t& report = first[e.project * kMonths + e.month];
      if (report == 0) report = world.SeqOf(i);
      rows += fmt::format("{}\t{}\t{}\t{}\t{}\t{}\t{}\n", e.project, world.district[e.project], e.month, e.amount,
                          report, world.SeqOf(i), ended[i] == 0 ? std::string("\\N") : std::to_string(ended[i]));
      if (rows.size() < (1u << 20) && i + 1 < world.entries.size()) continue;
      Must(db_.PutCopy(rows));
      rows.clear();
    }
    Must(db_.EndCopy());
  }
  ledger::PgConnection db_;
};

// ---- the bench ----

class Asker {
 public:
  explicit Asker(const World& world) : world_(world), random_(7) {}
  // any: any month at any entry, so that half of the months are of a future of which nothing is known; reported: a
  // month that all had reported by then; twelfth: two entries a twelfth of all apart.
  enum class Kind { any, reported, twelfth };
  Question Next(Kind kind = Kind::any) {
    const auto below = [&](std::uint64_t n) { return static_cast<std::uint32_t>(random_.Next() % n); };
    const auto n = static_cast<std::uint32_t>(world_.entries.size());
    Question q{world_.SeqOf(0) + below(n), 0, below(kMonths), below(world_.projects)};
    q.earlier = world_.SeqOf(0) + below(q.known - world_.SeqOf(0) + 1);
    switch (kind) {
      case Kind::any:
        break;
      case Kind::reported: {
        const auto reported = static_cast<std::uint32_t>(
            std::partition_point(world_.reported.begin(), world_.reported.end(),
                                 [&](std::uint32_t complete) { return complete <= q.known; }) -
            world_.reported.begin());
        if (reported == 0) return Next(kind);
        q.month %= reported;
        break;
      }
      case Kind::twelfth:
        q.earlier = world_.SeqOf(0) + below(n - n / 12);
        q.known = q.earlier + n / 12;
    }
    return q;
  }

 private:
  const World& world_;
  SeededRandom random_;
};

Bulletin Sorted(Bulletin b) {
  std::sort(b.records.begin(), b.records.end());
  return b;
}

template <class Oracle>
void CheckEqual(const Versions& ours, Oracle&& other, Asker& asker, int questions) {
  for (int i = 0; i < questions; ++i) {
    const Question q = asker.Next();
    switch (i % 4) {
      case 0:
        LF_CHECK(Sorted(ours.Month(q)) == Sorted(other.Month(q)));
        break;
      case 1:
        LF_CHECK(ours.Year(q) == other.Year(q));
        break;
      case 2:
        LF_CHECK(ours.History(q) == other.History(q));
        break;
      default:
        LF_CHECK(ours.Between(q) == other.Between(q));
    }
  }
}

// p50 and p99 in ms of the calls, each between its own clocks.
struct Spread {
  double p50, p99;
};
template <class Call>
Spread Time(int calls, Asker asker, Asker::Kind kind, Call&& ask) {
  std::vector<double> ms;
  for (int i = 0; i < calls; ++i) {
    const Question q = asker.Next(kind);
    ms.push_back(Measure([&] { ask(q); }).wall * 1e3);
  }
  return {Median(ms), Quantile(ms, 0.99)};
}

void Run(const Options& options) {
  Report report("asof");
  const World world = MakeWorld(options.quick ? 500 : 10'250);
  const double facts = static_cast<double>(world.entries.size());
  std::optional<Versions> ours;
  const Times insert = Measure([&] { ours.emplace(world); });
  LF_CHECK(ours->facts().size() == world.entries.size());
  report.Figure("facts", facts, "facts");
  report.Figure("insert", insert.cpu * 1e9 / facts, "ns/fact");
  report.Figure("memory", static_cast<double>(ours->facts().bytes()) / facts, "B/fact");

  Asker asker(world);
  CheckEqual(*ours, Replay(world), asker, options.quick ? 200 : 1'000);

  std::optional<Postgres> peer;
  if (const auto address = BenchDatabase("asof")) {
    peer.emplace(*address, world);
    CheckEqual(*ours, *peer, asker, options.quick ? 20 : 100);
    report.Figure("memory.postgres", peer->Megabytes() * 1e6 / facts, "B/fact");
  }

  // What is done with an answer must not be thrown away by the compiler.
  std::int64_t used = 0;
  const int calls = options.quick ? 20 : 400, peer_calls = options.quick ? 5 : 60;
  const auto compare = [&](std::string_view name, Asker::Kind kind, double goal, auto&& mine, auto&& theirs) {
    const Spread fast = Time(calls, Asker(world), kind, [&](const Question& q) { used += mine(q); });
    double ratio = 0;
    if (peer) {
      const Spread slow = Time(peer_calls, Asker(world), kind, [&](const Question& q) { used += theirs(q); });
      report.Figure(fmt::format("{}.postgres.p50", name), slow.p50, "ms");
      ratio = slow.p50 / fast.p50;
      if (!options.quick && ratio < goal)
        fmt::print(stderr, "asof: {} is {:.0f} x, goal {:.0f} x\n", name, ratio, goal);
    }
    report.Figure(fmt::format("{}.p50", name), fast.p50, "ms", peer ? fmt::format("{}.postgres.p50", name) : "", ratio);
    report.Figure(fmt::format("{}.p99", name), fast.p99, "ms");
  };
  compare(
      "bulletin_month", Asker::Kind::reported, 100, [&](const Question& q) { return ours->Month(q).sum; },
      [&](const Question& q) { return peer->Month(q).sum; });
  compare(
      "year_by_district", Asker::Kind::reported, 100, [&](const Question& q) { return ours->Year(q)[0]; },
      [&](const Question& q) { return peer->Year(q)[0]; });
  compare(
      "project_history", Asker::Kind::any, 10,
      [&](const Question& q) { return static_cast<std::int64_t>(ours->History(q).size()); },
      [&](const Question& q) { return static_cast<std::int64_t>(peer->History(q).size()); });
  compare(
      "difference_twelfth", Asker::Kind::twelfth, 20, [&](const Question& q) { return ours->Between(q).stated; },
      [&](const Question& q) { return peer->Between(q).stated; });
  compare(
      "difference_any", Asker::Kind::any, 20, [&](const Question& q) { return ours->Between(q).stated; },
      [&](const Question& q) { return peer->Between(q).stated; });
  LF_CHECK(used != 0);
}

}  // namespace
}  // namespace landfall::bench

int main(int argc, char** argv) { landfall::bench::Run(landfall::bench::ParseOptions(argc, argv)); }
