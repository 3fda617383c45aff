// SPDX-License-Identifier: Apache-2.0
#include "calendar/calendar_book.h"

#include <algorithm>
#include <deque>
#include <map>
#include <mutex>

#include "calendar/pause_reasons.h"

namespace landfall {
namespace {

// Each calendar is 1.2 MB; a ledger reads with today's knowledge, a restatement with one or two past ones.
constexpr std::size_t kCachedMax = 8;

Error Unknown() { return NotFound("calendar.unknown", "no calendar of that id is known", "calendar"); }

// What a calendar and those it builds on say together.
struct Facts {
  std::vector<Notice> notices;
  std::vector<LocalRule> rules;

  // How much of it was known. Two days with the same answer share a calendar.
  std::size_t KnownAt(Day day) const {
    const auto notice_known = [&](const Notice& notice) { return notice.published_on <= day; };
    const auto rule_known = [&](const LocalRule& rule) { return rule.known_on <= day; };
    return static_cast<std::size_t>(std::count_if(notices.begin(), notices.end(), notice_known) +
                                    std::count_if(rules.begin(), rules.end(), rule_known));
  }
};

}  // namespace

struct CalendarBook::State {
  struct Cached {
    std::string id;
    std::size_t known = 0;
    std::shared_ptr<const WorkCalendar> calendar;
  };

  // Bases stand before what builds on them, so the recursion ends: Add refuses a base that is not there yet.
  Facts Gather(const CalendarFile& file) const {
    Facts all = file.base.empty() ? Facts{} : Gather(files.find(file.base)->second);
    all.notices.insert(all.notices.end(), file.notices.begin(), file.notices.end());
    all.rules.insert(all.rules.end(), file.rules.begin(), file.rules.end());
    return all;
  }
  bool BuildsOn(const CalendarFile& file, std::string_view id) const {
    return file.id == id || (!file.base.empty() && BuildsOn(files.find(file.base)->second, id));
  }

  // Gathers anew what has `id` in it. Changes nothing unless all of it loads.
  Status Refresh(std::string_view id) {
    std::map<std::string, Facts, std::less<>> fresh;
    for (const auto& [name, file] : files) {
      if (!BuildsOn(file, id)) continue;
      const Facts& gathered = fresh[name] = Gather(file);
      LF_TRY(WorkCalendar::Load(gathered.notices, kLastDay, gathered.rules));
    }
    for (auto& [name, gathered] : fresh) facts[name] = std::move(gathered);
    cache.clear();
    return Ok{};
  }

  template <class Fact>
  Status Append(std::string_view id, std::vector<Fact> CalendarFile::*list, Fact fact) {
    const std::lock_guard lock(mutex);
    const auto found = files.find(id);
    if (found == files.end()) return Unknown();
    (found->second.*list).push_back(std::move(fact));
    Status status = Refresh(id);
    if (!status) (found->second.*list).pop_back();
    return status;
  }

  std::mutex mutex;  // Guards all below.
  std::map<std::string, CalendarFile, std::less<>> files;
  std::map<std::string, Facts, std::less<>> facts;  // By calendar, its bases included.
  std::deque<Cached> cache;                         // Oldest first.
};

CalendarBook::CalendarBook() : state_(std::make_unique<State>()) {}
CalendarBook::~CalendarBook() = default;
CalendarBook::CalendarBook(CalendarBook&&) noexcept = default;
CalendarBook& CalendarBook::operator=(CalendarBook&&) noexcept = default;

Result<CalendarBook> CalendarBook::Load(std::span<const EmbeddedFile> catalog) {
  std::vector<CalendarFile> waiting;
  for (const EmbeddedFile& entry : catalog) {
    if (!entry.path.starts_with("calendar/") || !entry.path.ends_with(".json")) continue;
    if (entry.path == kPauseReasonsPath) continue;
    auto file = ParseCalendarFile(entry.bytes);
    if (!file) return std::move(file).error().At(entry.path);
    waiting.push_back(std::move(*file));
  }
  CalendarBook book;
  while (!waiting.empty()) {
    const auto ready = std::find_if(waiting.begin(), waiting.end(), [&](const CalendarFile& file) {
      return file.base.empty() || book.state_->files.contains(file.base);
    });
    if (ready == waiting.end()) return Unknown();  // A base that is nowhere, or a ring of bases.
    LF_TRY(book.Add(std::move(*ready)));
    waiting.erase(ready);
  }
  return book;
}

Status CalendarBook::Add(CalendarFile file) {
  const std::lock_guard lock(state_->mutex);
  if (!file.base.empty() && !state_->files.contains(file.base)) return Unknown();
  const std::string id = file.id;
  if (id.empty() || !state_->files.try_emplace(id, std::move(file)).second)
    return Conflict("calendar.duplicate_id", "a calendar has no id or the id of another", "id");
  Status status = state_->Refresh(id);
  if (!status) state_->files.erase(id);
  return status;
}

Status CalendarBook::AddNotice(std::string_view calendar, Notice notice) {
  return state_->Append(calendar, &CalendarFile::notices, std::move(notice));
}
Status CalendarBook::AddRule(std::string_view calendar, LocalRule rule) {
  return state_->Append(calendar, &CalendarFile::rules, std::move(rule));
}

Result<std::shared_ptr<const WorkCalendar>> CalendarBook::At(std::string_view calendar, Day known_at) const {
  const std::lock_guard lock(state_->mutex);
  const auto found = state_->facts.find(calendar);
  if (found == state_->facts.end()) return Unknown();
  const Facts& facts = found->second;
  const std::size_t known = facts.KnownAt(known_at);
  for (const State::Cached& cached : state_->cache)
    if (cached.id == calendar && cached.known == known) return cached.calendar;
  LF_ASSIGN(WorkCalendar loaded, WorkCalendar::Load(facts.notices, known_at, facts.rules));
  auto shared = std::make_shared<const WorkCalendar>(std::move(loaded));
  if (state_->cache.size() == kCachedMax) state_->cache.pop_front();
  state_->cache.push_back({found->first, known, shared});
  return shared;
}

std::vector<std::string> CalendarBook::ids() const {
  const std::lock_guard lock(state_->mutex);
  std::vector<std::string> ids;
  for (const auto& [id, _] : state_->files) ids.push_back(id);
  return ids;
}

}  // namespace landfall
