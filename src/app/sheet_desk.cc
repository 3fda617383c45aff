// SPDX-License-Identifier: Apache-2.0
#include "app/sheet_desk.h"

#include <algorithm>

#include "app/report_due.h"
#include "base/embedded.h"

namespace landfall::app {
namespace {

using exchange::ColumnKind;
using exchange::Severity;

constexpr int kWanExponent = 4;  // 万元, in which the county counts.

const std::map<std::string, std::string, std::less<>>& Words() {
  static const auto kWords = [] {
    std::map<std::string, std::string, std::less<>> words;
    simdjson::dom::parser parser;
    simdjson::dom::object root;
    LF_CHECK(parser.parse(simdjson::padded_string(FindEmbedded(EmbeddedCatalog(), "sheets/words.json"))).get(root) ==
             simdjson::SUCCESS);
    for (const auto& [key, members] : root)
      for (const auto& [language, word] : simdjson::dom::object(members))
        words[std::string(key) + "/" + std::string(language)] = std::string(word.get_string().value());
    return words;
  }();
  return kWords;
}

std::string_view WordAt(std::string_view key, std::string_view suffix) {
  const auto found = Words().find(std::string(key) + "/" + std::string(suffix));
  return found == Words().end() ? std::string_view() : std::string_view(found->second);
}

void Replace(std::string& text, std::string_view mark, std::string_view by) {
  if (const std::size_t at = text.find(mark); at != std::string::npos) text.replace(at, mark.size(), by);
}

}  // namespace

std::string SheetWord(std::string_view key, Language language) {
  const std::string_view word = WordAt(key, language == Language::kZh ? "zh" : "en");
  LF_CHECK(!word.empty());
  return std::string(word);
}
std::string SheetGuide(std::string_view key, Language language) {
  return std::string(WordAt(key, language == Language::kZh ? "zh_guide" : "en_guide"));
}

std::string LabelOr(std::string_view group, std::string_view key, Language language) {
  const std::string_view label = LabelOf(group, key, language);
  return std::string(label.empty() ? key : label);
}

// ---- names ----

void NameBook::Add(std::uint32_t raw, std::string_view name, std::string_view code) {
  names_.resize(raw + 1);
  codes_.resize(raw + 1);
  names_[raw] = name.empty() ? code : name;
  codes_[raw] = code;
}

void NameBook::Close() {
  std::unordered_map<std::string, int> times;
  for (const std::string& name : names_) ++times[name];
  for (std::uint32_t raw = 0; raw < names_.size(); ++raw) {
    std::string& name = names_[raw];
    if (name.empty()) continue;
    if (times[name] > 1) name += " (" + codes_[raw] + ")";
    if (by_name_.emplace(name, raw).second) choices_.push_back(name);
  }
}

std::string NameBook::Of(std::uint32_t raw) const { return raw < names_.size() ? names_[raw] : std::string(); }

std::optional<std::uint32_t> NameBook::Find(std::string_view text) const {
  const auto found = by_name_.find(std::string(text));
  return found == by_name_.end() ? std::nullopt : std::optional(found->second);
}

NameBook UnitBook(const State& state) {
  NameBook book;
  const people::State& s = state.people;
  for (std::size_t i = 0; i < s.unit_parent.size(); ++i)
    book.Add(UnitId::FromIndex(i).raw, s.unit_name.Get(i), s.unit_code.Get(i));
  book.Close();
  return book;
}

NameBook RegionBook(const State& state) {
  NameBook book;
  const place::State& s = state.place;
  for (std::size_t i = 0; i < s.from.size(); ++i) book.Add(RegionId::FromIndex(i).raw, s.name.Get(i), s.code.Get(i));
  book.Close();
  return book;
}

NameBook PostBook(const State& state) {
  NameBook book;
  const people::State& s = state.people;
  for (std::size_t i = 0; i < s.post_unit.size(); ++i) {
    const std::string unit(s.unit_name.Get(s.post_unit[i] - 1));
    book.Add(PostId::FromIndex(i).raw, unit + " · " + std::string(s.post_title.Get(i)),
             PostId::FromIndex(i).ToString());
  }
  book.Close();
  return book;
}

ReportDueDays DueDaysOf(const Frame& frame) {
  ReportDueDays days;
  const project::State& s = frame.state.project;
  const ReportDues dues(frame);
  for (const project::ReportSchedule& schedule : s.reports.schedules)
    for (Period period{schedule.first}; period <= Period::Of(frame.as_of); period = period.Plus(1))
      if (const auto due = dues.DueOf(schedule.ladder, period)) days[{schedule.ladder, period.months}] = *due;
  return days;
}

// ---- the plan ----

void SheetPlan::Problem(std::uint32_t row, std::size_t column, std::string_view code, Severity severity) {
  problems->Add({row, (*columns)[column].label, std::string(code), severity, {}, {}, 1});
}

bool SheetPlan::FirstTime(const std::string& identity, std::uint32_t row, std::size_t column) {
  if (seen.emplace(identity, row).second) return true;
  Problem(row, column, "sheet.row_twice");
  return false;
}

// ---- the desk ----

SheetDesk::SheetDesk(const Frame& frame, const HistoryIndex& history, Language language)
    : language_(language), history_(history) {
  const bool wan = frame.state.admin.currency == "CNY";
  exponent_ = wan ? kWanExponent : 0;
  unit_ = SheetWord(wan ? "unit.wan" : "unit.major", language);
  Replace(unit_, "{currency}", frame.state.admin.currency);
}

void SheetDesk::AddColumn(std::string key, ColumnKind kind, Options options) {
  const std::string word(options.word.empty() ? std::string_view(key) : options.word);
  std::string label = SheetWord(word, language_);
  Replace(label, "{unit}", unit_);
  AddLabelled(std::move(key), std::move(label), kind, options.read_only, options.width);
  exchange::ColumnSpec& column = columns_.back();
  column.identifies = options.identifies;
  column.choices = std::move(options.choices);
  column.guidance = SheetGuide(word, language_);
}

void SheetDesk::AddLabelled(std::string key, std::string label, ColumnKind kind, bool read_only, double width) {
  // Milestones of a county's own ladders may be called as another column is.
  for (const exchange::ColumnSpec& other : columns_)
    if (other.label == label) label += " (" + key + ")";
  exchange::ColumnSpec column;
  column.key = key;
  column.label = std::move(label);
  column.kind = kind;
  column.read_only = read_only;
  column.width = width;
  if (kind == ColumnKind::kMoney) column.unit_exponent = exponent_;
  at_.emplace(std::move(key), columns_.size());
  columns_.push_back(std::move(column));
}

std::size_t SheetDesk::At(std::string_view key) const {
  const auto found = at_.find(std::string(key));
  LF_CHECK(found != at_.end());
  return found->second;
}

bool SheetDesk::InTemplate(const exchange::ColumnSpec& column) const {
  return !column.read_only && !OnlyForKnown(column.key);
}

exchange::CurrentRow SheetDesk::EmptyRow(const Frame& frame, std::string_view subject) const {
  exchange::CurrentRow row;
  row.values.resize(columns_.size());
  const auto newest = history_.Find(subject, frame.known_at + 1, 1);
  if (!newest.empty()) row.version = newest[0];
  return row;
}

void SheetDesk::Set(exchange::CurrentRow& row, std::string_view key, exchange::SheetValue value) const {
  row.values[At(key)] = std::move(value);
}

bool SheetDesk::Sees(const Frame& frame, std::uint32_t owner, std::uint32_t project) {
  const Visible& visible = frame.visible;
  if (visible.everything) return true;
  if (project != 0 && std::binary_search(visible.projects.begin(), visible.projects.end(), ProjectId{project}))
    return true;
  const people::State& s = frame.state.people;
  return owner != 0 && std::any_of(visible.units.begin(), visible.units.end(),
                                   [&](UnitId own) { return s.Within(UnitId{owner}, own); });
}

}  // namespace landfall::app
