// SPDX-License-Identifier: Apache-2.0
// query: the same reads as the server's, from the file, while a server may be running.
#include <fmt/core.h>

#include <charconv>

#include "app/entries.h"
#include "app/name_index.h"
#include "app/queries.h"
#include "app/query_agents.h"
#include "app/query_cases.h"
#include "app/query_claims.h"
#include "app/query_file.h"
#include "app/query_known.h"
#include "app/query_mechanisms.h"
#include "app/query_reports.h"
#include "cli/claims.h"
#include "cli/cli.h"

namespace landfall::cli {
namespace {

using app::Engine;

struct Arguments {
  std::string folder, what, id, as_of, known_at, since, text, from, to, period;
  bool json = false;
  std::size_t limit = 50;
};

// Where a question stands, apart from the state that answers it.
struct Position {
  std::uint64_t seq, size;
  Instant at;
  Day as_of;
  app::Frame Over(const app::State& state) const { return {state, as_of, seq, at, size, {}}; }
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

// An option that takes a seq or a day: what was recorded by the end of that day. `otherwise` where it is not given.
Result<std::uint64_t> SeqOf(Engine& engine, const std::string& text, std::uint64_t otherwise, const char* option) {
  if (text.empty()) return otherwise;
  if (text.find('-') != std::string::npos) {
    auto day = ParseDay(text);
    if (!day) return std::move(day).error().At(option);
    return engine.SeqAtDay(*day);
  }
  std::uint64_t seq = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seq);
  if (error != std::errc() || end != text.data() + text.size()) return Invalid("known_at.malformed", {}, option);
  return seq;
}

Result<Position> PositionOf(Engine& engine, const Arguments& a) {
  const std::uint64_t size = engine.log().size();
  LF_ASSIGN(const std::uint64_t seq, SeqOf(engine, a.known_at, size, "known-at"));
  if (seq > size) return Invalid("known_at.beyond_ledger", std::to_string(seq), "known_at");
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
  return Position{seq, size, at, as_of};
}

Result<Known> Stand(Engine& engine, const Arguments& a) {
  LF_ASSIGN(const Position position, PositionOf(engine, a));
  LF_ASSIGN(std::shared_ptr<const app::State> state, engine.StateAt(position.seq));
  const app::State& known = *state;
  return Known{std::move(state), position.Over(known)};
}

// From versions where they tell, else by replay.
Result<app::FigureValue> AskFigure(Engine& engine, const Arguments& a) {
  app::FigureFilter filter;
  filter.limit = a.limit;
  if (!a.from.empty()) {
    LF_ASSIGN(filter.from, ParseDay(a.from));
  }
  if (!a.to.empty()) {
    LF_ASSIGN(filter.to, ParseDay(a.to));
  }
  {
    LF_ASSIGN(const Position position, PositionOf(engine, a));
    const Engine::Reader newest = engine.Read();
    if (auto value = app::KnownFigure(position.Over(newest.state()), a.id, filter)) return *std::move(value);
  }
  LF_ASSIGN(const Known known, Stand(engine, a));
  return app::QueryFigure(known.frame, a.id, filter);
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

void PrintAgents(const app::AgentsView& view) {
  PrintStanding(view.standing);
  fmt::print(
      "{} active projects: {} with one agent at work, {} of them without a mandate; {} without an agent, {} with "
      "several, {} whose agent's post is vacant\n",
      view.projects, view.served, view.unmandated, view.none, view.several, view.vacant);
  fmt::print("{} units with a window, {} without\n\n", view.windows, view.units_without_window);
  for (const app::AgentRow& agent : view.agents)
    fmt::print("{:<8} {:<40} {:<32} {:>6} projects {:>6} mandates {:>4} red\n", agent.post.id, agent.post.name,
               agent.unit.name, agent.projects, agent.mandates, agent.lights.red);
  for (const app::AgentGapRow& gap : view.gaps)
    fmt::print("{:<12} {:<8} {}\n", EnumName(gap.gap), gap.project.id, gap.project.name);
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

void PrintFigure(const app::FigureValue& v) {
  PrintStanding(v.standing);
  fmt::print("{} ({}) version {}, {} to {}\ncount {}  sum {}  left out: evidence {}, amount {}\n", v.figure.en,
             v.figure.id, v.figure.version, FormatDay(v.from), FormatDay(v.to), v.count,
             v.sum ? std::to_string(*v.sum) : Amount(v.sum_minor, v.standing), v.left_out_evidence, v.left_out_amount);
  for (const app::FigureRecord& r : v.records)
    fmt::print("  entry {:<6} {} {:<8} {}\n", r.seq, FormatDay(r.effective_on), r.code.value_or("-"), r.title);
}

void PrintCompleted(const app::CompletedInvestment& c) {
  PrintStanding(c.standing);
  fmt::print("completed investment {}: {} reports, month {}, year to date {}\n", c.period.ToString(), c.reports,
             Amount(c.month_minor, c.standing), Amount(c.year_minor, c.standing));
  for (const app::CompletedRegion& r : c.regions)
    fmt::print("  {:<20} {:>6} {:>20} {:>20}\n", r.region ? r.region->name : "-", r.reports,
               Amount(r.month_minor, c.standing), Amount(r.year_minor, c.standing));
  if (!c.since) return;
  fmt::print("as known at entry {}: month {}, year to date {}; {} differences\n", *c.since,
             Amount(c.month_before_minor, c.standing), Amount(c.year_before_minor, c.standing),
             c.changes_in_all.value_or(0));
  for (const app::CompletedChange& change : c.changes)
    fmt::print("  {} {} {:>18}  entry {:<8} {}\n", change.counts ? "+" : "-", change.period.ToString(),
               Amount(change.amount_minor, c.standing), change.stated_seq, change.title);
}

void PrintMechanisms(const app::MechanismList& list) {
  PrintStanding(list.standing);
  for (const app::MechanismRow& m : list.rows) {
    fmt::print("{:<7} {:<24} {}  {}  from {}{}  version {} of {}\n", EnumName(m.state), m.id, m.name, m.owner_unit.name,
               FormatDay(m.from), m.until ? " until " + FormatDay(*m.until) : "", m.version, m.versions);
    if (m.about) fmt::print("  {}\n", *m.about);
    for (const figure::MechanismPart& part : m.parts)
      fmt::print("  - {}{}\n", part.name.value, part.about ? ": " + part.about->value : "");
    if (!m.figure) continue;
    const std::optional<app::FigureValue>& v = m.figure->value;
    fmt::print("  figure {} ({}): {}\n", m.figure->en, m.figure->id,
               !v             ? "no value: " + m.figure->reason.value_or("")
               : v->sum       ? std::to_string(*v->sum)
               : v->sum_minor ? Amount(v->sum_minor, v->standing)
                              : std::to_string(v->count));
  }
  fmt::print("{} mechanisms\n", list.rows.size());
}

void PrintCases(const app::CaseList& list) {
  PrintStanding(list.standing);
  fmt::print("{} cases: red {}  amber {}  green {}\n", list.total, list.lights.red, list.lights.amber,
             list.lights.green);
  for (const app::CaseListRow& c : list.rows)
    fmt::print("{:<7} {:<6} {:<10} {:<24} applied {}  due {}  {} of {} steps  waiting {} days\n", EnumName(c.light),
               c.id.ToString(), EnumName(c.state), c.name, FormatDay(c.applied_on),
               c.due_on ? FormatDay(*c.due_on) : "-", c.steps_decided, c.steps, c.waiting_days);
}

void PrintCase(const app::CasePage& page) {
  PrintStanding(page.standing);
  const app::CaseListRow& c = page.file;
  fmt::print(
      "{} {} {} version {}  {}\napplied {}  accepted {}  due {}  the applicant waits {} days ({} working days)\n",
      c.id.ToString(), c.package, c.name, c.version, EnumName(c.state), FormatDay(c.applied_on),
      c.accepted_on ? FormatDay(*c.accepted_on) : "-", c.due_on ? FormatDay(*c.due_on) : "-", c.waiting_days,
      page.waiting_work_days);
  for (const app::CaseStepView& s : page.steps) {
    std::string waits;
    for (const std::int64_t step : s.waits_for) waits += (waits.empty() ? "  after " : ", ") + std::to_string(step);
    fmt::print("{:>3} {:<7} {:<10} {:<24} {:<28} due {}  office {} of {} days{}\n", s.step, EnumName(s.light),
               EnumName(s.state), s.matter, s.owner_unit.name,
               s.office && s.office->due_on ? FormatDay(*s.office->due_on) : "-", s.office ? s.office->used : 0,
               s.office ? s.office->limit : 0, waits);
    for (const app::OutcomeView& made : s.outcomes)
      fmt::print("    makes {}{}\n", made.name,
                 made.valid_until ? "  valid until " + FormatDay(*made.valid_until) : std::string());
  }
  for (const app::CasePaperView& p : page.papers)
    fmt::print("  paper {:<28} {}{}\n", p.paper, EnumName(p.state), p.overdue ? "  overdue" : "");
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
  if (a.what == "figure") {
    LF_ASSIGN(const app::FigureValue value, AskFigure(*engine, a));
    Show(value, a.json, PrintFigure);
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
  } else if (a.what == "agents") {
    LF_ASSIGN(const app::AgentsView agents, app::QueryAgents(frame, std::nullopt));
    Show(agents, a.json, PrintAgents);
  } else if (a.what == "mechanisms") {
    Show(app::QueryMechanisms(frame), a.json, PrintMechanisms);
  } else if (a.what == "cases") {
    app::CaseFilter filter;
    filter.limit = a.limit;
    filter.package = a.text;
    LF_ASSIGN(const app::CaseList list, app::QueryCases(frame, filter));
    Show(list, a.json, PrintCases);
  } else if (a.what == "case") {
    LF_ASSIGN(const cases::CaseId id, cases::CaseId::Parse(a.id));
    LF_ASSIGN(app::CasePage page, app::QueryCase(frame, id));
    page.records = static_cast<std::int64_t>(engine->history().Count(id.Subject()));
    Show(page, a.json, PrintCase);
  } else if (a.what == "completed") {
    app::CompletedFilter filter;
    filter.limit = a.limit;
    if (!a.period.empty()) {
      LF_ASSIGN(filter.period, Period::Parse(a.period));
    }
    if (!a.since.empty()) {
      LF_ASSIGN(filter.since, SeqOf(*engine, a.since, 0, "since"));
    }
    // The state of that record knows its own names, so there is an answer.
    LF_ASSIGN(const app::CompletedInvestment completed, *app::QueryCompleted(frame, filter));
    Show(completed, a.json, PrintCompleted);
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
                   "completed | agents | mechanisms | cases | case ID | search TEXT | entries [SUBJECT]")
      ->required();
  query->add_option("ID", a->id,
                    "project id or register code, figure id, words to find, or subject such as project/p1");
  query->add_option("--as-of", a->as_of, "the day that is asked about (default: today on the ledger's wall)");
  query->add_option("--known-at", a->known_at, "an entry number, or a day: what was recorded by its end");
  query->add_option("--text", a->text, "only rows with this text");
  query->add_option("--from", a->from, "first day of a figure's period");
  query->add_option("--to", a->to, "last day of a figure's period");
  query->add_option("--period", a->period, "the month of reports or of completed investment, e.g. 2026-10");
  query->add_option("--since", a->since, "completed: also what is known differently since this entry or day");
  query->add_option("--limit", a->limit, "rows at most")->capture_default_str()->check(CLI::Range(1, 100000));
  query->add_flag("--json", a->json);
  query->callback([a, &exit_code] {
    if (Status status = Run(*a); !status) exit_code = PrintRefusal(status.error());
  });
}

}  // namespace landfall::cli
