// SPDX-License-Identifier: Apache-2.0
// query: the same reads as the server's, from the file, while a server may be running.
#include <fmt/core.h>

#include <charconv>

#include "app/entries.h"
#include "app/name_index.h"
#include "app/queries.h"
#include "app/query_claims.h"
#include "app/query_file.h"
#include "app/query_reports.h"
#include "cli/claims.h"
#include "cli/cli.h"

namespace landfall::cli {
namespace {

using app::Engine;

struct Arguments {
  std::string folder, what, id, as_of, known_at, text, from, to, period;
  bool json = false;
  std::size_t limit = 50;
};

struct Known {
  std::shared_ptr<const app::State> state;
  app::Frame frame;
};

Result<Day> DayOrToday(const std::string& text, Day today) {
  if (text.empty()) return today;
  auto day = ParseDay(text);
  if (!day) return std::move(day).error().At("as-of");
  return *day;
}

// --known-at takes a seq or a day: what was recorded by the end of that day.
Result<Known> Stand(Engine& engine, const Arguments& a) {
  const std::uint64_t size = engine.log().size();
  std::uint64_t seq = size;
  if (!a.known_at.empty()) {
    if (a.known_at.find('-') != std::string::npos) {
      auto day = ParseDay(a.known_at);
      if (!day) return std::move(day).error().At("known-at");
      LF_ASSIGN(seq, engine.SeqAtDay(*day));
    } else {
      const auto [end, error] = std::from_chars(a.known_at.data(), a.known_at.data() + a.known_at.size(), seq);
      if (error != std::errc() || end != a.known_at.data() + a.known_at.size())
        return Invalid("known_at.malformed", {}, "known-at");
    }
  }
  LF_ASSIGN(std::shared_ptr<const app::State> state, engine.StateAt(seq));
  UtcOffset offset;
  Instant at{};
  {
    const Engine::Reader reader = engine.Read();
    offset = reader.state().admin.offset();
  }
  if (seq > 0) {
    LF_ASSIGN(const ledger::EntryRecord record, engine.log().Entry(seq));
    ledger::Leaf leaf;
    if (!ledger::ParseLeaf(record.leaf, leaf)) return Corrupt("ledger.corrupt", "entry " + std::to_string(seq));
    at = leaf.at;
  }
  LF_ASSIGN(const Day as_of, DayOrToday(a.as_of, WallDay(engine.clock().Now(), offset)));
  const app::State& known = *state;
  return Known{std::move(state), app::Frame{known, as_of, seq, at, size, {}}};
}

std::string Amount(const std::optional<Money>& money, const app::Standing& standing) {
  return money ? money->Format(static_cast<int>(standing.currency_decimals)) : "-";
}

std::string LightText(const app::LightView& light) {
  std::string text(EnumName(light.light));
  if (light.reason == app::LightReason::overdue)
    text += fmt::format(" ({} overdue {} days)", light.milestone.value_or("deadline"), *light.days);
  else if (light.reason != app::LightReason::on_plan)
    text += fmt::format(" ({})", EnumName(light.reason));
  return text;
}

void PrintStanding(const app::Standing& s) {
  fmt::print("{} {}  as of {}  known at entry {} of {}\n", s.jurisdiction, s.jurisdiction_name, FormatDay(s.as_of),
             s.known_at, s.ledger_size);
}

void PrintBoard(const app::Board& b) {
  PrintStanding(b.standing);
  fmt::print("projects {}  total investment {} {}  money in place {}\n", b.projects,
             Amount(b.investment_minor, b.standing), b.standing.currency, Amount(b.funds_minor, b.standing));
  fmt::print("lights   red {}  amber {}  green {}  done {}  idle {}\n\n", b.lights.red, b.lights.amber, b.lights.green,
             b.lights.done, b.lights.idle);
  fmt::print("{:<20} {:>8} {:>8} {:>8} {:>14}\n", "milestone", "past", "ahead", "no plan", "contradicting");
  for (const auto& [key, c] : b.milestones.members)
    fmt::print("{:<20} {:>8} {:>8} {:>8} {:>14}\n", key, c.past, c.ahead, c.none, c.contradicting);
}

void PrintProject(const app::ProjectPage& page) {
  PrintStanding(page.standing);
  const app::ProjectRow& p = page.project;
  fmt::print("{} {}  {}\n", p.id.ToString(), p.code.value_or("-"), p.title_erased ? "(erased)" : p.title);
  fmt::print("light {}  stage {}  investment {}  in place {}  owner {}\n\n", LightText(p.light),
             p.stage.empty() ? "-" : p.stage, Amount(p.investment_minor, page.standing),
             Amount(p.funds_minor, page.standing), p.owner_unit ? p.owner_unit->name : "-");
  fmt::print("{:<20} {:<12} {:<8} {:<12} {:<8} {:<10} {}\n", "milestone", "planned", "entry", "reached", "entry",
             "late days", "");
  for (const app::MilestoneView& m : page.milestones)
    fmt::print("{:<20} {:<12} {:<8} {:<12} {:<8} {:<10} {}\n", m.milestone,
               m.planned_on ? FormatDay(*m.planned_on) : "-", m.planned_seq ? std::to_string(*m.planned_seq) : "-",
               m.reached_on ? FormatDay(*m.reached_on) : "-", m.reached_seq ? std::to_string(*m.reached_seq) : "-",
               m.late_days, m.contradicting ? "contradicts an earlier rung" : "");
}

void PrintObligations(const app::ObligationList& list) {
  PrintStanding(list.standing);
  fmt::print("{} open: red {}  amber {}  green {}\n", list.total, list.lights.red, list.lights.amber,
             list.lights.green);
  for (const app::ObligationRow& o : list.rows)
    fmt::print("{:<7} {:<12} {:<10} {:<44} {:<28} {}\n", EnumName(o.light.light), FormatDay(o.due_on),
               o.id ? o.id->ToString() : o.kind, (o.project ? o.project->name : o.text),
               o.owner_unit ? o.owner_unit->name : "-", o.milestone.value_or(o.text));
}

void PrintFile(const app::ProjectFile& f) {
  PrintStanding(f.standing);
  fmt::print("{} {}\n", f.project.id, f.project.name);
  if (f.agreement) fmt::print("agreement signed {}  entry {}\n", FormatDay(f.agreement->signed_on), f.agreement->seq);
  for (const app::CommitmentView& c : f.commitments)
    fmt::print("commitments version {}  {}  investment {}  entry {}\n", c.version, FormatDay(c.effective_on),
               Amount(c.investment_minor, f.standing), c.seq);
  for (const app::GuardView& g : f.guards) {
    std::string any;
    for (const project::Ground ground : g.any) any += (any.empty() ? "" : " or ") + std::string(EnumName(ground));
    fmt::print("{:<20} {:<8} {}\n", g.rung, g.met_by ? "has" : "lacks", any);
  }
  for (const app::BlockView& b : f.blocks)
    fmt::print("block {} before {}  {} to {}  {} days  entry {}\n", EnumName(b.block), b.milestone,
               FormatDay(b.effective_on), b.solved_on ? FormatDay(*b.solved_on) : "now", b.days, b.seq);
}

void PrintReports(const app::ReportList& list) {
  PrintStanding(list.standing);
  fmt::print("reports of {}{}: {} of {} in, {} of them late; {} late and missing; {} corrections wait\n",
             list.period.ToString(), list.closed ? " (closed)" : "", list.counts.reported, list.counts.owed,
             list.counts.reported_late, list.counts.late, list.counts.pending_corrections);
  for (const app::ReportUnit& u : list.units)
    fmt::print("  {:<44} {:>5} of {:<5} late {}\n", u.unit ? u.unit->name : "-", u.counts.reported, u.counts.owed,
               u.counts.late);
  for (const app::ReportRow& r : list.rows)
    fmt::print("{:<14} {:<12} {:<6} {:<44} {:>18} {:>18} {}\n", EnumName(r.state),
               r.due_on ? FormatDay(*r.due_on) : "-", r.project.id, r.project.name,
               Amount(r.completed_month_minor, list.standing), Amount(r.completed_total_minor, list.standing),
               r.seq ? "entry " + std::to_string(*r.seq) : "");
}

void PrintFound(const app::SearchResults& results) {
  for (const app::SearchGroup& group : results.groups) {
    fmt::print("{}{}\n", EnumName(group.kind), group.more ? " (and more: --limit)" : "");
    for (const app::SearchRow& row : group.rows)
      fmt::print("  {:<8} {:<20} {}{}{}\n", row.id, row.code.value_or("-"), row.name,
                 row.of ? "  in " + row.of->name : "", row.found ? "  by " + *row.found : "");
  }
}

// One question is not worth keeping an index for, but the answer must be the server's.
app::SearchResults Find(const app::Frame& frame, Instant now, const app::SearchAsk& ask) {
  const app::StateSource source = [&](const app::UseState& use) { use(frame.state, frame.known_at); };
  app::NameIndex names;
  names.CatchUp(source);
  return names.Search(source, Actor::Local(), now, ask);
}

template <class View, class Print>
void Show(const View& view, bool json, Print&& print) {
  if (json)
    fmt::print("{}\n", ToJson(view));
  else
    print(view);
}

Status Run(const Arguments& a) {
  LF_ASSIGN(const app::LedgerFiles files, app::FindLedger(a.folder));
  LF_ASSIGN(const std::unique_ptr<Engine> engine, Engine::Open(files, {.vfs = {}, .read_only = true}));
  if (a.what == "entries") {
    app::EntryFilter filter{.subject = a.id, .before = 0, .known_at = UINT64_MAX, .limit = a.limit};
    LF_ASSIGN(const Known known, Stand(*engine, a));
    filter.known_at = known.frame.known_at;
    LF_ASSIGN(const app::EntryList list, app::ReadEntries(*engine, Actor::Local(), filter));
    Show(list, a.json, [](const app::EntryList& l) {
      for (const app::EntryView& e : l.rows) fmt::print("{}\n", e.leaf);
    });
    return Ok{};
  }
  LF_ASSIGN(const Known known, Stand(*engine, a));
  const app::Frame& frame = known.frame;
  if (a.what == "board") {
    Show(app::QueryBoard(frame, {}), a.json, PrintBoard);
  } else if (a.what == "projects") {
    app::ProjectFilter filter;
    filter.text = a.text;
    filter.limit = a.limit;
    LF_ASSIGN(const app::ProjectList list, app::QueryProjects(frame, filter));
    Show(list, a.json, [](const app::ProjectList& l) {
      PrintStanding(l.standing);
      for (const app::ProjectRow& p : l.rows)
        fmt::print("{:<6} {:<8} {:<44} {:>18} {:<18} {}\n", p.id.ToString(), p.code.value_or("-"), p.title,
                   Amount(p.investment_minor, l.standing), p.stage, LightText(p.light));
      fmt::print("{} of {}, total investment {}\n", l.rows.size(), l.total, Amount(l.investment_minor, l.standing));
    });
  } else if (a.what == "project" || a.what == "file") {
    // An id of the ledger, or the register's own code.
    auto id = ProjectId::Parse(a.id);
    if (!id) {
      const std::uint32_t at = frame.state.project.by_code.Find(frame.state.project.code, a.id);
      if (at == TextIndex::kNone) return NotFound("project.unknown", a.id);
      id = ProjectId::FromIndex(at);
    }
    if (a.what == "file") {
      LF_ASSIGN(const app::ProjectFile file, app::QueryProjectFile(frame, Actor::Local(), *id));
      Show(file, a.json, PrintFile);
      return Ok{};
    }
    LF_ASSIGN(app::ProjectPage page, app::QueryProject(frame, *id));
    page.records = static_cast<std::int64_t>(engine->history().Count(id->Subject()));
    Show(page, a.json, PrintProject);
  } else if (a.what == "obligations") {
    app::ObligationFilter filter;
    filter.text = a.text;
    filter.limit = a.limit;
    LF_ASSIGN(const app::ObligationList list, app::QueryObligations(frame, filter));
    Show(list, a.json, PrintObligations);
  } else if (a.what == "reports") {
    app::ReportFilter filter;
    filter.limit = a.limit;
    if (!a.period.empty()) {
      auto period = Period::Parse(a.period);
      if (!period) return std::move(period).error().At("period");
      filter.period = *period;
    }
    LF_ASSIGN(const app::ReportList list, app::QueryReports(frame, Actor::Local(), filter));
    Show(list, a.json, PrintReports);
  } else if (a.what == "search") {
    const std::string& text = a.id.empty() ? a.text : a.id;
    if (text.empty()) return Invalid("search.nothing_asked", {}, "text");
    Show(Find(frame, engine->clock().Now(), {text, std::nullopt, a.limit}), a.json, PrintFound);
  } else if (a.what == "claims") {
    app::ClaimFilter filter;
    filter.text = a.text;
    filter.limit = a.limit;
    LF_ASSIGN(const app::ClaimList list, app::QueryClaims(frame, filter));
    Show(list, a.json, [](const app::ClaimList& l) {
      PrintStanding(l.standing);
      PrintClaims(l);
    });
  } else if (a.what == "claim") {
    // An id of the ledger, or the source's own.
    auto id = claim::ClaimId::Parse(a.id);
    if (!id) {
      const std::uint32_t at = frame.state.claim.by_source.Find(frame.state.claim.source, a.id);
      if (at == TextIndex::kNone) return NotFound("claim.unknown", a.id);
      id = claim::ClaimId::FromIndex(at);
    }
    LF_ASSIGN(const app::ClaimPage page, app::QueryClaim(frame, *id));
    Show(page, a.json, [](const app::ClaimPage& p) {
      PrintStanding(p.standing);
      PrintClaim(p);
    });
  } else if (a.what == "figure") {
    app::FigureFilter filter;
    filter.limit = a.limit;
    if (!a.from.empty()) {
      LF_ASSIGN(filter.from, ParseDay(a.from));
    }
    if (!a.to.empty()) {
      LF_ASSIGN(filter.to, ParseDay(a.to));
    }
    LF_ASSIGN(const app::FigureValue value, app::QueryFigure(frame, a.id, filter));
    Show(value, a.json, [](const app::FigureValue& v) {
      PrintStanding(v.standing);
      fmt::print("{} ({}) version {}, {} to {}\ncount {}  sum {}  left out: evidence {}, amount {}\n", v.figure.en,
                 v.figure.id, v.figure.version, FormatDay(v.from), FormatDay(v.to), v.count,
                 Amount(v.sum_minor, v.standing), v.left_out_evidence, v.left_out_amount);
      for (const app::FigureRecord& r : v.records)
        fmt::print("  entry {:<6} {} {:<8} {}\n", r.seq, FormatDay(r.effective_on), r.code.value_or("-"), r.title);
    });
  } else {
    return Invalid("cli.unknown_query", a.what);
  }
  return Ok{};
}

}  // namespace

void AddQuery(CLI::App& app, int& exit_code) {
  const auto a = std::make_shared<Arguments>();
  CLI::App* query = app.add_subcommand("query", "read facts, as of any day and as known at any entry");
  query->add_option("LEDGER", a->folder)->required();
  query
      ->add_option("WHAT", a->what,
                   "board | projects | project ID | file ID | obligations | reports | figure ID | claims | claim ID | "
                   "search TEXT | entries [SUBJECT]")
      ->required();
  query->add_option("ID", a->id,
                    "project id or register code, figure id, words to find, or subject such as project/p1");
  query->add_option("--as-of", a->as_of, "the day that is asked about (default: today on the ledger's wall)");
  query->add_option("--known-at", a->known_at, "an entry number, or a day: what was recorded by its end");
  query->add_option("--text", a->text, "only rows with this text");
  query->add_option("--from", a->from, "first day of a figure's period");
  query->add_option("--to", a->to, "last day of a figure's period");
  query->add_option("--period", a->period, "the month of reports, e.g. 2026-10");
  query->add_option("--limit", a->limit, "rows at most")->capture_default_str()->check(CLI::Range(1, 100000));
  query->add_flag("--json", a->json);
  query->callback([a, &exit_code] {
    if (Status status = Run(*a); !status) exit_code = PrintRefusal(status.error());
  });
}

}  // namespace landfall::cli
