// SPDX-License-Identifier: Apache-2.0
#include "app/sheets.h"

#include <fmt/format.h>

#include <unordered_set>

#include "app/policy.h"
#include "app/sheet_desk.h"
#include "exchange/xlsx_read.h"

namespace landfall::app {
namespace {

using exchange::ColumnKind;
using exchange::ColumnSpec;

constexpr int kAttempts = 5;       // When others write between reading the state and storing the batch.
constexpr int kPagedAttempts = 3;  // Then the list is read in one go, and the writer waits for it.

constexpr SheetKind kKinds[] = {{"projects", "project.read", &OpenProjectSheet},
                                {"reports", "project.read", &OpenReportSheet},
                                {"obligations", "obligation.read", &OpenObligationSheet},
                                {"enterprises", "master.read", &OpenEnterpriseSheet},
                                {"people", "people.read_personal", &OpenPeopleSheet},
                                {"units", "master.read", &OpenUnitSheet},
                                {"regions", "master.read", &OpenRegionSheet}};

// Runs `use` on a frame over what the reader asks for. Holds the newest state for as long as `use` takes.
template <class F>
Status WithFrame(const SheetReader& reader, const SheetKind& kind, F&& use) {
  const auto now = reader.engine.Read();
  const Day today = WallDay(reader.engine.clock().Now(), now.state().admin.offset());
  LF_ASSIGN(Visible visible, VisibleTo(now.state(), reader.actor, today, kind.permission));
  const Day as_of = reader.as_of.value_or(today);
  if (reader.past != nullptr)
    return use(Frame{*reader.past, as_of, reader.past_seq, {}, now.seq(), std::move(visible)});
  return use(Frame{now.state(), as_of, now.seq(), now.last_at(), now.seq(), std::move(visible)});
}

exchange::SheetContext ContextOf(const State& state) {
  return {static_cast<int>(state.admin.currency_decimals), state.admin.offset()};
}

// A list that is being read: its desk, and the rows so far.
struct Draft {
  std::unique_ptr<SheetDesk> desk;
  exchange::SheetContext context;
  std::string jurisdiction;
  std::uint64_t seq = 0;
  std::vector<exchange::RowSpec> rows;
  std::unordered_set<std::string> ids;
  std::string cursor;
  bool done = false;
};

Status ReadPage(const Frame& frame, const SheetReader& reader, const SheetKind& kind, const SheetPages& pages,
                Draft& draft) {
  if (draft.desk == nullptr) {
    draft.desk = kind.open(frame, reader.engine.history(), reader.language);
    draft.context = ContextOf(frame.state);
    draft.jurisdiction = frame.state.admin.name.size() > 0 ? std::string(frame.state.admin.name.Get(0)) : "";
    draft.seq = frame.known_at;
  }
  LF_ASSIGN(SheetPage page, pages(frame, draft.cursor));
  for (std::string& id : page.ids) {
    auto row = draft.desk->Row(frame, id);
    // Two derived rows may be one: a list that moved between two pages never shows a record twice.
    if (!row || !draft.ids.insert(id).second) continue;
    draft.rows.push_back({std::move(id), row->version, std::move(row->values)});
  }
  const std::size_t most = std::min(kSheetListRowsMax, kSheetListCellsMax / draft.desk->columns().size());
  if (draft.rows.size() > most) return Invalid("sheet.list_too_long", fmt::format("At most {} rows.", most));
  draft.done = page.next.empty();
  draft.cursor = std::move(page.next);
  return Ok{};
}

// All rows, as they were at one position of the ledger.
Result<Draft> ReadRows(const SheetReader& reader, const SheetKind& kind, const SheetPages& pages) {
  for (int attempt = 0; attempt < kPagedAttempts; ++attempt) {
    Draft draft;
    std::uint64_t seq = 0;
    while (!draft.done)
      LF_TRY(WithFrame(reader, kind, [&](const Frame& frame) {
        seq = frame.known_at;
        return ReadPage(frame, reader, kind, pages, draft);
      }));
    if (seq == draft.seq) return draft;
  }
  Draft draft;
  LF_TRY(WithFrame(reader, kind, [&](const Frame& frame) -> Status {
    while (!draft.done) LF_TRY(ReadPage(frame, reader, kind, pages, draft));
    return Ok{};
  }));
  return draft;
}

// A value as people read it in the sheet. `text` is its canonical form (exchange::CanonicalText).
std::string Shown(const std::string& text, const ColumnSpec& column, const exchange::SheetContext& context) {
  if (text.empty() || (column.kind != ColumnKind::kMoney && column.kind != ColumnKind::kPercent)) return text;
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  LF_CHECK(error == std::errc() && end == text.data() + text.size());
  if (column.kind == ColumnKind::kMoney) return exchange::DecimalText(Money::FromMinor(number), column, context);
  return fmt::format("{}{}.{:02}%", number < 0 ? "-" : "", std::abs(number) / 100, std::abs(number) % 100);
}

// The language in which a sheet of ours was written: that of the headings which the hidden sheet lists.
Language LanguageOfSheet(const exchange::Workbook& book, Language otherwise) {
  const exchange::Sheet* marks = book.Find(exchange::kMarkSheet);
  if (marks == nullptr) return otherwise;
  for (const exchange::SheetRow& row : marks->rows) {
    if (marks->TextAt(row.number, 1) != "sheet") continue;
    const std::string name = marks->TextAt(row.number, 2);
    for (const SheetKind& kind : kKinds)
      for (const Language language : {Language::kZh, Language::kEn})
        if (SheetWord("list." + std::string(kind.key), language) == name) return language;
  }
  return otherwise;
}

Digest PlanOf(const std::vector<SheetCommand>& commands) {
  std::string all;
  for (const SheetCommand& c : commands) {
    all += InfoOf(c.command).name;
    all += CanonicalJson(c.command);
    all += '\n';
  }
  return Sha256(all);
}

// One reading of a sheet against one state.
class Reading {
 public:
  Reading(const SheetReader& reader, const SheetKind& kind, const SheetImport& sheet, const exchange::Workbook& book)
      : reader_(reader), kind_(kind), book_(book), language_(LanguageOfSheet(book, reader.language)) {
    report_.list = kind.key;
    report_.file = Sha256(sheet.bytes);
  }

  Status Read() {
    {
      // A copy of its own: comparing a large sheet takes longer than a reader may hold the live state.
      const Engine::Reader now = reader_.engine.Read();
      state_ = std::make_unique<State>(now.state());
      seq_ = now.seq();
    }
    const Day today = WallDay(reader_.engine.clock().Now(), state_->admin.offset());
    LF_ASSIGN(Visible visible, VisibleTo(*state_, reader_.actor, today, kind_.permission));
    const Frame frame{*state_, today, seq_, {}, seq_, std::move(visible)};
    desk_ = kind_.open(frame, reader_.engine.history(), language_);
    context_ = ContextOf(*state_);
    LF_ASSIGN(std::string ledger, SheetLedgerId(reader_.engine));
    const exchange::RoundTripSpec spec{std::move(ledger), std::string(kind_.key), seq_, desk_->columns(), context_};
    const auto lookup = [&](std::string_view id) { return desk_->Row(frame, id); };
    LF_ASSIGN(exchange::RoundTripReport compared, exchange::CompareSheet(book_, spec, lookup));
    if (compared.changes.size() + compared.conflicts.size() + compared.new_rows.size() > kSheetChangesMax)
      return Invalid("sheet.too_many_changes", fmt::format("At most {}.", kSheetChangesMax));
    plan_.problems = &compared.problems;
    plan_.columns = &desk_->columns();
    HoldBack(compared);
    Plan(frame, compared);
    Try();
    Fill(frame, compared);
    return Ok{};
  }

  Result<Answer> Store(const SheetImport& sheet) {
    admin::CompleteBatch completion{
        {"sheet." + std::string(kind_.key)}, {}, report_.file, std::nullopt, std::nullopt, sheet.local_user};
    return reader_.engine.RunBatch(reader_.actor, NewKey(reader_.engine.clock(), reader_.engine.random()), Commands(),
                                   completion, seq_);
  }

  SheetReport& report() { return report_; }

 private:
  std::vector<AnyCommand> Commands() const {
    std::vector<AnyCommand> commands;
    for (const SheetCommand& c : plan_.commands) commands.push_back(c.command);
    return commands;
  }

  // A row that is one command is not done by halves: where one cell conflicts, its others wait for people too.
  void HoldBack(exchange::RoundTripReport& compared) {
    if (!desk_->row_is_one()) return;
    std::unordered_set<std::string> held;
    for (const exchange::CellEdit& conflict : compared.conflicts) held.insert(conflict.id);
    std::erase_if(compared.changes, [&](const exchange::CellEdit& change) {
      if (!held.contains(change.id)) return false;
      plan_.Problem(change.row, change.column, "sheet.row_in_conflict", exchange::Severity::kWarning);
      return true;
    });
  }

  void Plan(const Frame& frame, const exchange::RoundTripReport& compared) {
    for (std::size_t from = 0, to = 0; from < compared.changes.size(); from = to) {
      const exchange::CellEdit& first = compared.changes[from];
      const auto current = desk_->Row(frame, first.id);
      LF_CHECK(current.has_value());
      RowEdits edits{first.id, first.row, *current, {}};
      for (; to < compared.changes.size() && compared.changes[to].row == first.row; ++to)
        edits.cells.push_back(&compared.changes[to]);
      std::stable_sort(edits.cells.begin(), edits.cells.end(),
                       [](const auto* a, const auto* b) { return a->column < b->column; });
      desk_->PlanRow(frame, edits, plan_);
    }
    for (const exchange::NewRow& row : compared.new_rows)
      if (!row.failed) desk_->PlanNew(frame, row, plan_);
  }

  // Whether each command would be accepted, one after the other.
  void Try() {
    if (plan_.commands.empty()) return;
    for (const auto& [index, error] : reader_.engine.TryBatch(reader_.actor, Commands())) {
      const SheetCommand& c = plan_.commands[index];
      // The cell that the refusal names, where it is one of the sheet's; else the first of those that were changed.
      std::string_view field(error.field);
      if (field.ends_with("_minor")) field.remove_suffix(6);
      std::size_t column = c.columns.front();
      for (const std::size_t said : c.columns)
        if (desk_->columns()[said].key == field) column = said;
      plan_.Problem(c.row, column, error.code);
    }
  }

  std::string NameOf(const exchange::CurrentRow& row) const {
    return exchange::CanonicalText(row.values[desk_->At(desk_->name_column())]);
  }
  std::string Text(const std::string& canonical, std::size_t column) const {
    return Shown(canonical, desk_->columns()[column], context_);
  }

  void Fill(const Frame& frame, const exchange::RoundTripReport& compared) {
    report_.exported_at = static_cast<std::int64_t>(compared.mark.seq);
    report_.rows = static_cast<std::int64_t>(compared.rows);
    report_.new_rows = static_cast<std::int64_t>(compared.new_rows.size());
    report_.unchanged = static_cast<std::int64_t>(compared.unchanged);
    report_.already_so = static_cast<std::int64_t>(compared.already_so + plan_.already_so);
    report_.removed = static_cast<std::int64_t>(compared.removed_ids.size());
    report_.commands = static_cast<std::int64_t>(plan_.commands.size());
    report_.errors = static_cast<std::int64_t>(compared.problems.errors());
    report_.warnings = static_cast<std::int64_t>(compared.problems.warnings());
    FillChanges(frame, compared);
    for (const exchange::CellEdit& e : compared.conflicts) {
      const auto current = desk_->Row(frame, e.id);
      report_.conflicts.push_back({e.row, e.cell, desk_->columns()[e.column].label, e.id,
                                   current ? NameOf(*current) : std::string(), Text(e.new_text, e.column),
                                   Text(e.old_text, e.column), std::nullopt});
      if (e.current_version != 0) report_.conflicts.back().seq = static_cast<std::int64_t>(e.current_version);
    }
    for (const exchange::Problem& p : compared.problems.kept())
      report_.problems.push_back(
          {static_cast<std::int64_t>(p.row), p.column, std::string(exchange::SeverityName(p.severity)), p.code,
           std::string(SentenceOf(p.code, reader_.language)), p.excerpt, static_cast<std::int64_t>(p.count)});
    if (report_.errors == 0 && !plan_.commands.empty()) report_.plan = PlanOf(plan_.commands);
  }

  void FillChanges(const Frame& frame, const exchange::RoundTripReport& compared) {
    std::map<std::pair<std::uint32_t, std::size_t>, const exchange::CellEdit*> edits;
    for (const exchange::CellEdit& e : compared.changes) edits[{e.row, e.column}] = &e;
    for (const SheetCommand& c : plan_.commands) {
      const std::string command(InfoOf(c.command).name);
      if (c.subject.empty()) {
        SheetChange change{c.row, std::nullopt, {}, std::nullopt, c.name, {}, {}, command};
        if (c.columns.size() == 1) change.column = desk_->columns()[c.columns[0]].label;
        report_.changes.push_back(std::move(change));
        continue;
      }
      const auto current = desk_->Row(frame, c.subject);
      for (const std::size_t column : c.columns) {
        const auto edit = edits.find({c.row, column});
        if (edit == edits.end()) continue;
        const exchange::CellEdit& e = *edit->second;
        report_.changes.push_back({e.row, e.cell, desk_->columns()[column].label, e.id, current ? NameOf(*current) : "",
                                   Text(e.old_text, column), Text(e.new_text, column), command});
      }
    }
  }

  const SheetReader& reader_;
  const SheetKind& kind_;
  const exchange::Workbook& book_;
  const Language language_;
  std::unique_ptr<State> state_;
  std::uint64_t seq_ = 0;
  std::unique_ptr<SheetDesk> desk_;
  exchange::SheetContext context_;
  SheetPlan plan_;
  SheetReport report_;
};

}  // namespace

std::span<const SheetKind> SheetKinds() { return kKinds; }

const SheetKind* FindSheetKind(std::string_view key) {
  for (const SheetKind& kind : kKinds)
    if (kind.key == key) return &kind;
  return nullptr;
}

Result<std::string> SheetLedgerId(Engine& engine) {
  LF_ASSIGN(const ledger::EntryRecord first, engine.log().Entry(1));
  return Hex(Sha256(first.leaf));
}

Result<std::string> ExportSheet(const SheetReader& reader, const SheetKind& kind, const SheetPages& pages) {
  LF_ASSIGN(Draft draft, ReadRows(reader, kind, pages));
  exchange::WorkbookSpec book;
  book.title = draft.jurisdiction;
  book.created_at = reader.engine.clock().Now();
  book.context = draft.context;
  exchange::SheetSpec& sheet = book.sheets.emplace_back();
  sheet.name = SheetWord("list." + std::string(kind.key), reader.language);
  sheet.columns = draft.desk->columns();
  sheet.rows = std::move(draft.rows);
  if (reader.past == nullptr && !reader.as_of) {
    LF_ASSIGN(std::string ledger, SheetLedgerId(reader.engine));
    sheet.round_trip = exchange::RoundTripMark{std::move(ledger), std::string(kind.key), draft.seq};
  }
  return exchange::WriteXlsx(book);
}

Result<std::string> SheetTemplate(const SheetReader& reader, const SheetKind& kind) {
  exchange::WorkbookSpec book;
  LF_ASSIGN(std::string ledger, SheetLedgerId(reader.engine));
  LF_TRY(WithFrame(reader, kind, [&](const Frame& frame) -> Status {
    const auto desk = kind.open(frame, reader.engine.history(), reader.language);
    exchange::SheetSpec& sheet = book.sheets.emplace_back();
    sheet.name = SheetWord("list." + std::string(kind.key), reader.language);
    for (const ColumnSpec& column : desk->columns())
      if (desk->InTemplate(column)) sheet.columns.push_back(column);
    sheet.is_template = true;
    sheet.round_trip = exchange::RoundTripMark{ledger, std::string(kind.key), frame.known_at};
    book.context = ContextOf(frame.state);
    return Ok{};
  }));
  book.title = book.sheets[0].name;
  book.created_at = reader.engine.clock().Now();
  return exchange::WriteXlsx(book);
}

Result<SheetReport> ReadSheet(const SheetReader& reader, const SheetKind& kind, const SheetImport& sheet) {
  LF_ASSIGN(const exchange::Workbook book, exchange::ReadXlsx(sheet.bytes));
  for (int attempt = 0;; ++attempt) {
    Reading reading(reader, kind, sheet, book);
    LF_TRY(reading.Read());
    SheetReport& report = reading.report();
    const bool nothing_left = report.errors == 0 && report.commands == 0;
    if (!sheet.plan || nothing_left) return std::move(report);
    if (report.plan != sheet.plan) return Conflict("sheet.plan_changed");
    auto answer = reading.Store(sheet);
    if (!answer && answer.error().code == "ledger.moved_on" && attempt + 1 < kAttempts) continue;
    if (!answer) return std::move(answer).error();
    report.seq = static_cast<std::int64_t>(answer->seq);
    return std::move(report);
  }
}

}  // namespace landfall::app
