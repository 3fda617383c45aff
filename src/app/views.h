// SPDX-License-Identifier: Apache-2.0
// The shapes of all answers. OpenAPI, the web's types and `query --json` are made from them; nothing else describes
// them.
//
// Money is a string of whole minor units (…_minor). Days are "YYYY-MM-DD". Absent means not known, never zero.
#pragma once

#include "base/describe.h"
#include "cases/events.h"
#include "obligation/events.h"
#include "project/events.h"

namespace landfall {
// A JSON object whose members keep the order they were added in; answers only.
template <class V>
struct OrderedObject {
  std::vector<std::pair<std::string, V>> members;
};
template <class V>
struct Field<OrderedObject<V>> {
  static constexpr JsonKind kKind = JsonKind::kObject;
  static void Append(std::string& out, const OrderedObject<V>& v) {
    out += '{';
    for (const auto& [key, value] : v.members) {
      if (out.back() != '{') out += ',';
      AppendJsonString(out, key);
      out += ':';
      Field<V>::Append(out, value);
    }
    out += '}';
  }
  static std::string Schema(SchemaSink& sink) {
    return R"({"type":"object","additionalProperties":)" + Field<V>::Schema(sink) + "}";
  }
};
}  // namespace landfall

namespace landfall::app {

// Colour, shape and word are the UI's; the reason is ours. See catalog/labels for the words.
enum class Light : std::uint8_t { red, amber, green, done, idle };
BOOST_DESCRIBE_ENUM(Light, red, amber, green, done, idle)
enum class LightReason : std::uint8_t {
  overdue,      // `days` past the plan of `milestone` or the deadline
  on_plan,      // next plan lies ahead, `days` left
  no_plan,      // nothing open is planned: shown as such, never as late
  all_reached,  // last rung reached
  on_hold,      // held, `since`
  terminated,
  closed,  // obligation written off, done or cancelled
  blocked  // something keeps it from `milestone`, `since`, for `days`
};
BOOST_DESCRIBE_ENUM(LightReason, overdue, on_plan, no_plan, all_reached, on_hold, terminated, closed, blocked)

struct LightView {
  static constexpr std::string_view kName = "Light";
  Light light = Light::idle;
  LightReason reason = LightReason::no_plan;
  std::optional<std::string> milestone;
  std::optional<std::int64_t> days;  // calendar days
  std::optional<Day> since;          // the day from which the light stands as it does
  std::optional<project::BlockKind> block;
};
BOOST_DESCRIBE_STRUCT(LightView, (), (light, reason, milestone, days, since, block))

// At which day and ledger position an answer stands. Part of every answer that reads facts.
struct Standing {
  static constexpr std::string_view kName = "Standing";
  std::string jurisdiction;
  std::string jurisdiction_name;
  std::string currency;
  std::int64_t currency_decimals = 2;
  Day as_of;
  std::int64_t known_at = 0;  // seq
  std::optional<Instant> known_at_time;
  std::int64_t ledger_size = 0;  // seq of the newest entry
};
BOOST_DESCRIBE_STRUCT(Standing, (),
                      (jurisdiction, jurisdiction_name, currency, currency_decimals, as_of, known_at, known_at_time,
                       ledger_size))

struct MilestoneCounts {
  static constexpr std::string_view kName = "MilestoneCounts";
  std::int64_t past = 0;           // its day ≤ as_of
  std::int64_t ahead = 0;          // its day > as_of
  std::int64_t none = 0;           // no day at all: "no plan", never late
  std::int64_t contradicting = 0;  // its day lies before that of an earlier rung (also counted in past or ahead)
};
BOOST_DESCRIBE_STRUCT(MilestoneCounts, (), (past, ahead, none, contradicting))

struct LightCounts {
  static constexpr std::string_view kName = "LightCounts";
  std::int64_t red = 0, amber = 0, green = 0, done = 0, idle = 0;
};
BOOST_DESCRIBE_STRUCT(LightCounts, (), (red, amber, green, done, idle))

// A region or unit: what is its own, and what it has together with all below it. Those that have neither are left out.
struct BoardGroup {
  static constexpr std::string_view kName = "BoardGroup";
  std::string id;  // region or unit id, "" where none is recorded
  std::string name;
  std::optional<std::string> parent;  // id
  std::int64_t projects = 0;          // its own
  LightCounts lights;
  std::int64_t all_projects = 0;  // with those of all below it
  LightCounts all_lights;
};
BOOST_DESCRIBE_STRUCT(BoardGroup, (), (id, name, parent, projects, lights, all_projects, all_lights))

struct Board {
  static constexpr std::string_view kName = "Board";
  Standing standing;
  std::int64_t projects = 0;
  Money investment_minor;  // of the projects that have one
  std::int64_t without_investment = 0;
  Money funds_minor;                          // money in place up to as_of
  OrderedObject<MilestoneCounts> milestones;  // keys in ladder order
  LightCounts lights;
  OrderedObject<std::int64_t> stages;  // projects by the highest rung reached, "" for none, in ladder order
  std::vector<BoardGroup> units;       // by owner unit
  std::vector<BoardGroup> regions;
  LightCounts obligations;
};
BOOST_DESCRIBE_STRUCT(Board, (),
                      (standing, projects, investment_minor, without_investment, funds_minor, milestones, lights,
                       stages, units, regions, obligations))

struct NamedRef {
  static constexpr std::string_view kName = "NamedRef";
  std::string id;
  std::string name;
};
BOOST_DESCRIBE_STRUCT(NamedRef, (), (id, name))

struct ProjectRow {
  static constexpr std::string_view kName = "ProjectRow";
  ProjectId id;
  std::optional<std::string> code;
  std::string title;  // "" where erased
  bool title_erased = false;
  std::string ladder;
  std::string stage;                 // highest rung reached, "" for none
  std::optional<std::string> medal;  // best medal reached
  LightView light;
  std::optional<NamedRef> owner_unit;
  std::optional<NamedRef> region;
  std::optional<Money> investment_minor;
  Money funds_minor;
  std::optional<std::string> next_milestone;
  std::optional<Day> next_due_on;
  std::int64_t contradictions = 0;
  std::optional<NamedRef> counted_in;  // linked as the same as another project, which counts for both
};
BOOST_DESCRIBE_STRUCT(ProjectRow, (),
                      (id, code, title, title_erased, ladder, stage, medal, light, owner_unit, region, investment_minor,
                       funds_minor, next_milestone, next_due_on, contradictions, counted_in))

struct ProjectList {
  static constexpr std::string_view kName = "ProjectList";
  Standing standing;
  std::int64_t total = 0;  // after filters, exact
  Money investment_minor;  // of all that match and count by themselves
  std::vector<ProjectRow> rows;
  std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(ProjectList, (), (standing, total, investment_minor, rows, next_cursor))

struct MilestoneView {
  static constexpr std::string_view kName = "Milestone";
  std::string milestone;
  project::Medal medal = project::Medal::none;
  std::optional<Day> planned_on;
  std::optional<std::int64_t> planned_seq;  // the record that says so
  std::optional<Day> reached_on;
  std::optional<std::int64_t> reached_seq;
  std::optional<project::EvidenceLevel> evidence_level;
  std::int64_t late_days = 0;  // reached or as_of minus plan, when positive
  bool contradicting = false;
  bool needs_evidence = false;
  std::optional<Day> baseline_on;  // of the baseline in force
  std::optional<Day> forecast_on;  // of an open rung with a plan: the plan, moved by the slip known so far
  std::optional<std::int64_t> slip_days;
  std::optional<std::string> slip_from;  // the rung whose delay it is
};
BOOST_DESCRIBE_STRUCT(MilestoneView, (),
                      (milestone, medal, planned_on, planned_seq, reached_on, reached_seq, evidence_level, late_days,
                       contradicting, needs_evidence, baseline_on, forecast_on, slip_days, slip_from))

struct FundsView {
  static constexpr std::string_view kName = "Funds";
  std::int64_t seq = 0;
  project::FundsKind kind = project::FundsKind::fixed_assets;
  Money amount_minor;
  Day effective_on;
  project::EvidenceLevel evidence_level = project::EvidenceLevel::none;
  std::optional<std::int64_t> reversed_by;
  std::optional<Money> verified_minor;  // found by vouchers
  std::optional<std::int64_t> verified_seq;
  std::optional<Money> counted_minor;  // what statistics counts
  std::optional<std::int64_t> counted_seq;
};
BOOST_DESCRIBE_STRUCT(FundsView, (),
                      (seq, kind, amount_minor, effective_on, evidence_level, reversed_by, verified_minor, verified_seq,
                       counted_minor, counted_seq))

enum class ObligationState : std::uint8_t { assigned, accepted, reported_done, written_off, done, cancelled };
BOOST_DESCRIBE_ENUM(ObligationState, assigned, accepted, reported_done, written_off, done, cancelled)

struct ObligationRow {
  static constexpr std::string_view kName = "ObligationRow";
  std::optional<ObligationId> id;  // absent: a planned milestone nobody has acted on, derived from the plan
  std::string kind;                // problem, task, …; "milestone", "report", "block" or "step" for derived rows
  std::string text;                // "" where erased or derived
  bool text_erased = false;
  ObligationState state = ObligationState::assigned;
  LightView light;
  std::optional<NamedRef> owner_unit;
  std::optional<NamedRef> project;
  std::optional<std::string> milestone;
  Day due_on;
  std::optional<Day> given_on;
  std::int64_t returned_times = 0;
  std::int64_t seq = 0;           // the record that made it
  std::vector<std::string> next;  // command names that its state allows, e.g. obligation.accept
  std::optional<obligation::ListName> list;
  std::optional<obligation::Category> category;
  std::optional<std::int64_t> supervision_level;  // 1 … 3, once escalated
  std::optional<std::int64_t> urged_times;
  std::optional<Day> urged_on;                // last
  std::optional<obligation::UrgeLevel> urge;  // that the owing unit has not answered by an act
  std::optional<std::int64_t> notes;          // working notes
  std::optional<Day> noted_on;                // last
  std::optional<obligation::Source> source;
  std::optional<Period> period;  // of a report that is owed
  std::optional<project::BlockKind> block;
  std::optional<cases::CaseId> case_id;  // of a step that is owed
  std::optional<std::int64_t> step;
  std::optional<Day>
      statutory_due_on;  // of a step: by the limit of the law; `due_on` is by the promise where there is one
};
BOOST_DESCRIBE_STRUCT(ObligationRow, (),
                      (id, kind, text, text_erased, state, light, owner_unit, project, milestone, due_on, given_on,
                       returned_times, seq, next, list, category, supervision_level, urged_times, urged_on, urge, notes,
                       noted_on, source, period, block, case_id, step, statutory_due_on))

struct ObligationList {
  static constexpr std::string_view kName = "ObligationList";
  Standing standing;
  std::int64_t total = 0;
  LightCounts lights;  // of all that match
  std::vector<ObligationRow> rows;
  std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(ObligationList, (), (standing, total, lights, rows, next_cursor))

struct ObligationSource {
  static constexpr std::string_view kName = "ObligationSource";
  obligation::Source source = obligation::Source::meeting;
  std::optional<Day> stated_on;
  std::optional<NamedRef> post;  // who gave the instruction: a post, never a person
  std::int64_t seq = 0;          // the record, which names the scanned note
};
BOOST_DESCRIBE_STRUCT(ObligationSource, (), (source, stated_on, post, seq))

// The task of its project's plan that an obligation carries out.
struct ObligationTask {
  static constexpr std::string_view kName = "ObligationTask";
  std::int64_t plan = 0;     // the record that adopted the plan
  std::int64_t version = 0;  // of the plan, from 1
  bool in_force = false;     // no later plan replaced it
  std::int64_t task = 0;     // its number in the plan, from 1
  std::string text;          // "" where erased
  bool text_erased = false;
  Day due_on;  // by the plan
};
BOOST_DESCRIBE_STRUCT(ObligationTask, (), (plan, version, in_force, task, text, text_erased, due_on))

struct ObligationPage {
  static constexpr std::string_view kName = "ObligationPage";
  Standing standing;
  ObligationRow obligation;
  std::optional<ObligationSource> stated_source;
  std::optional<ObligationTask> plan_task;
  std::int64_t records = 0;  // entries that speak of it
};
BOOST_DESCRIBE_STRUCT(ObligationPage, (), (standing, obligation, stated_source, plan_task, records))

struct ProjectPage {
  static constexpr std::string_view kName = "ProjectPage";
  Standing standing;
  ProjectRow project;
  std::optional<NamedRef> enterprise;
  std::optional<std::string> enterprise_credit_code;
  std::vector<project::Attribute> attributes;
  std::vector<MilestoneView> milestones;  // every rung, in ladder order
  std::vector<FundsView> funds;
  std::vector<ObligationRow> obligations;
  std::int64_t records = 0;  // entries that speak of it
};
BOOST_DESCRIBE_STRUCT(ProjectPage, (),
                      (standing, project, enterprise, enterprise_credit_code, attributes, milestones, funds,
                       obligations, records))

struct EventView {
  static constexpr std::string_view kName = "Event";
  std::string type;
  std::int64_t version = 1;
  std::string on;
  std::string cls;
  std::string digest;
  std::optional<std::string> payload;  // canonical JSON text
  bool erased = false;
  bool withheld = false;  // this account may not read its class
};
BOOST_DESCRIBE_STRUCT(EventView, (), (type, version, on, cls, digest, payload, erased, withheld))

struct EntryView {
  static constexpr std::string_view kName = "Entry";
  std::int64_t seq = 0;
  Instant at;
  std::string by;
  std::string by_name;                    // display of the account as of now
  std::optional<NamedRef> by_delegation;  // without which the account could not have done it, and who granted it
  std::string command;
  std::optional<std::string> key;
  std::optional<std::string> batch;
  std::vector<EventView> events;
  std::string leaf;       // the published bytes
  std::string leaf_hash;  // hex
};
BOOST_DESCRIBE_STRUCT(EntryView, (),
                      (seq, at, by, by_name, by_delegation, command, key, batch, events, leaf, leaf_hash))

struct EntryList {
  static constexpr std::string_view kName = "EntryList";
  Standing standing;
  std::vector<EntryView> rows;
  std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(EntryList, (), (standing, rows, next_cursor))

struct ProofView {
  static constexpr std::string_view kName = "Proof";
  std::int64_t seq = 0;
  std::int64_t index = 0;  // seq − 1
  std::int64_t tree_size = 0;
  std::string leaf;
  std::string leaf_hash;            // hex
  std::vector<std::string> hashes;  // hex, from the leaf's sibling up
  std::string root;                 // hex
  std::string checkpoint;           // C2SP signed note over that root
  std::string verifier_key;
  std::string proof_file;  // a C2SP tlog-proof file to keep
};
BOOST_DESCRIBE_STRUCT(ProofView, (),
                      (seq, index, tree_size, leaf, leaf_hash, hashes, root, checkpoint, verifier_key, proof_file))

struct FigureView {
  static constexpr std::string_view kName = "Figure";
  std::string id;
  std::string zh;
  std::string en;
  std::int64_t version = 1;
  std::string measure;  // figure::Measure
  std::optional<std::string> ladder;
  std::optional<std::string> milestone;
  std::optional<Money> at_least_minor;
  std::optional<std::string> funds_kind;
  project::EvidenceLevel evidence = project::EvidenceLevel::none;
  std::int64_t defined_seq = 0;
};
BOOST_DESCRIBE_STRUCT(FigureView, (),
                      (id, zh, en, version, measure, ladder, milestone, at_least_minor, funds_kind, evidence,
                       defined_seq))

// One record behind a value.
struct FigureRecord {
  static constexpr std::string_view kName = "FigureRecord";
  std::int64_t seq = 0;
  ProjectId project;
  std::optional<std::string> code;
  std::string title;
  Day effective_on;
  std::optional<Money> amount_minor;
  std::optional<std::int64_t> amount;  // jobs; land in hundredths of a 亩
  project::EvidenceLevel evidence_level = project::EvidenceLevel::none;
  std::optional<std::int64_t> share_bp;  // where units in scope have but a part in it; the amount is that part
};
BOOST_DESCRIBE_STRUCT(FigureRecord, (),
                      (seq, project, code, title, effective_on, amount_minor, amount, evidence_level, share_bp))

struct FigureValue {
  static constexpr std::string_view kName = "FigureValue";
  Standing standing;
  FigureView figure;
  Day from;
  Day to;
  std::optional<NamedRef> owner_unit;    // scope, when one was asked
  std::optional<NamedRef> region;        // with all below it
  std::optional<bool> region_only;       // true: without what lies below the region
  std::int64_t count = 0;                // records behind the value
  std::optional<std::int64_t> count_bp;  // by share, in basis points of a project; absent: every record counts whole
  std::optional<Money> sum_minor;        // for the sums of money
  std::optional<std::int64_t> sum;       // of jobs, or of land in hundredths of a 亩
  std::int64_t left_out_evidence = 0;    // records below the evidence that the definition asks for
  std::int64_t left_out_amount = 0;  // records of projects whose investment is not known, where a threshold asks for it
  std::vector<FigureRecord> records;  // absent in lists
  std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(FigureValue, (),
                      (standing, figure, from, to, owner_unit, region, region_only, count, count_bp, sum_minor, sum,
                       left_out_evidence, left_out_amount, records, next_cursor))

struct FigureList {
  static constexpr std::string_view kName = "FigureList";
  Standing standing;
  std::vector<FigureValue> rows;
};
BOOST_DESCRIBE_STRUCT(FigureList, (), (standing, rows))

struct UnitRow {
  static constexpr std::string_view kName = "UnitRow";
  UnitId id;
  std::string code;
  std::string name;
  std::optional<UnitId> parent;
  std::int64_t projects = 0;
};
BOOST_DESCRIBE_STRUCT(UnitRow, (), (id, code, name, parent, projects))
struct UnitList {
  static constexpr std::string_view kName = "UnitList";
  std::vector<UnitRow> rows;
};
BOOST_DESCRIBE_STRUCT(UnitList, (), (rows))

struct RegionRow {
  static constexpr std::string_view kName = "RegionRow";
  RegionId id;
  std::string code;
  std::string name;
  std::optional<RegionId> parent;
  Day from;
  std::optional<Day> until;
  std::optional<RegionId> successor;
};
BOOST_DESCRIBE_STRUCT(RegionRow, (), (id, code, name, parent, from, until, successor))
struct RegionList {
  static constexpr std::string_view kName = "RegionList";
  std::vector<RegionRow> rows;
};
BOOST_DESCRIBE_STRUCT(RegionList, (), (rows))

struct EnterpriseRow {
  static constexpr std::string_view kName = "EnterpriseRow";
  EnterpriseId id;
  std::string name;
  std::optional<std::string> credit_code;
  std::optional<std::string> foreign_number;
  std::int64_t projects = 0;
  std::optional<NamedRef> same_as;  // Registered twice: the other one stands for both.
};
BOOST_DESCRIBE_STRUCT(EnterpriseRow, (), (id, name, credit_code, foreign_number, projects, same_as))
struct EnterpriseList {
  static constexpr std::string_view kName = "EnterpriseList";
  std::int64_t total = 0;
  std::vector<EnterpriseRow> rows;
  std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(EnterpriseList, (), (total, rows, next_cursor))

struct LadderView {
  static constexpr std::string_view kName = "Ladder";
  std::string ladder;
  std::vector<project::Rung> rungs;
  std::int64_t projects = 0;
  std::vector<project::Guard> guards;
};
BOOST_DESCRIBE_STRUCT(LadderView, (), (ladder, rungs, projects, guards))
struct LadderList {
  static constexpr std::string_view kName = "LadderList";
  std::vector<LadderView> rows;
};
BOOST_DESCRIBE_STRUCT(LadderList, (), (rows))

struct BatchRow {
  static constexpr std::string_view kName = "BatchRow";
  std::int64_t seq = 0;
  Instant at;
  std::string by;
  std::string kind;
  std::int64_t entries = 0;
  std::optional<Digest> file;
  std::optional<Digest> mapping;
  std::optional<Digest> report;  // GET /api/v1/blobs/{report} gives the ImportReport
};
BOOST_DESCRIBE_STRUCT(BatchRow, (), (seq, at, by, kind, entries, file, mapping, report))
struct BatchList {
  static constexpr std::string_view kName = "BatchList";
  std::vector<BatchRow> rows;
};
BOOST_DESCRIBE_STRUCT(BatchList, (), (rows))

struct AuditRow {
  static constexpr std::string_view kName = "AuditRow";
  std::int64_t id = 0;
  Instant at;
  std::string who;   // account id, "local", or the login that was tried
  std::string what;  // login, login_failed, export, read_personal, …
  std::string subject;
  std::string result;  // ok, or a refusal code
};
BOOST_DESCRIBE_STRUCT(AuditRow, (), (id, at, who, what, subject, result))
struct AuditList {
  static constexpr std::string_view kName = "AuditList";
  std::vector<AuditRow> rows;
  std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(AuditList, (), (rows, next_cursor))

struct CommandAnswer {
  static constexpr std::string_view kName = "CommandAnswer";
  std::int64_t seq = 0;
  std::vector<std::string> ids;  // ids of what it made or touched, in order
  bool repeated = false;         // the same key was done before: this is that answer
};
BOOST_DESCRIBE_STRUCT(CommandAnswer, (), (seq, ids, repeated))

struct SessionView {
  static constexpr std::string_view kName = "Session";
  AccountId account;
  std::string login;
  std::string display;
  std::vector<std::string> roles;
  std::vector<std::string> permissions;  // "project.write", or "project.write:own"
  std::optional<NamedRef> unit;
  std::optional<NamedRef> enterprise;  // that an applicant's account is bound to
  std::string csrf;                    // to be sent as X-CSRF-Token with every POST
  std::string jurisdiction;
  std::string jurisdiction_name;
};
BOOST_DESCRIBE_STRUCT(SessionView, (),
                      (account, login, display, roles, permissions, unit, enterprise, csrf, jurisdiction,
                       jurisdiction_name))

struct LedgerRef {
  static constexpr std::string_view kName = "LedgerRef";
  std::string jurisdiction;
  std::string name;
};
BOOST_DESCRIBE_STRUCT(LedgerRef, (), (jurisdiction, name))
struct LedgerList {
  static constexpr std::string_view kName = "LedgerList";
  std::vector<LedgerRef> rows;
};
BOOST_DESCRIBE_STRUCT(LedgerList, (), (rows))

// One of many that was refused.
struct ItemProblem {
  static constexpr std::string_view kName = "ItemProblem";
  std::int64_t index = 0;  // from 0
  std::string code;
  std::optional<std::string> field;
  std::string title;
};
BOOST_DESCRIBE_STRUCT(ItemProblem, (), (index, code, field, title))

// RFC 9457, application/problem+json.
struct Problem {
  static constexpr std::string_view kName = "Problem";
  std::string type;   // "about:blank"
  std::string title;  // the en sentence of the code
  std::int64_t status = 400;
  std::string code;  // stable
  std::optional<std::string> field;
  std::optional<std::string> instance;            // number for the help desk
  std::optional<std::vector<ItemProblem>> items;  // Of a request with many: each item that was refused.
};
BOOST_DESCRIBE_STRUCT(Problem, (), (type, title, status, code, field, instance, items))

}  // namespace landfall::app
