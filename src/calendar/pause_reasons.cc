// SPDX-License-Identifier: Apache-2.0
#include "calendar/pause_reasons.h"

#include <algorithm>

#include "calendar/json_read.h"

namespace landfall {
namespace {

using namespace calendar_json;  // NOLINT: private helpers of this folder

template <class Entry>
const Entry* Find(const std::vector<Entry>& entries, std::string_view id) {
  const auto found = std::find_if(entries.begin(), entries.end(), [&](const Entry& entry) { return entry.id == id; });
  return found == entries.end() ? nullptr : &*found;
}

template <class Entry>
Status ReadCommon(Object item, Entry& entry, const std::vector<Entry>& earlier) {
  LF_ASSIGN(entry.id, NeedText(item, "id"));
  if (entry.id.empty() || Find(earlier, entry.id)) return Conflict("calendar.duplicate_id", {}, "id");
  LF_ASSIGN(entry.zh, NeedText(item, "zh"));
  LF_ASSIGN(entry.en, NeedText(item, "en"));
  LF_ASSIGN(entry.basis, MaybeText(item, "basis"));
  LF_ASSIGN(entry.verified, Need<bool>(item, "verified"));
  return Ok{};
}

// A count of days from 1 to kCountMax.
Result<int> ReadCount(Object item, std::string_view key) {
  LF_ASSIGN(const std::int64_t count, Need<std::int64_t>(item, key));
  if (count < 1 || count > kCountMax) return Malformed(key);
  return static_cast<int>(count);
}

}  // namespace

Result<PauseReasons> PauseReasons::Load(std::string_view json) {
  return ReadFile(json, "landfall.pause_reasons/1", [](Object root) -> Result<PauseReasons> {
    PauseReasons table;
    LF_TRY(ForEach(root, "reasons", [&](Object item) -> Status {
      PauseReason reason;
      LF_TRY(ReadCommon(item, reason, table.reasons_));
      LF_ASSIGN(reason.written_notice, Maybe<bool>(item, "written_notice", true));
      if (item["cap_work_days"].error() == simdjson::SUCCESS) {
        LF_ASSIGN(const int cap, ReadCount(item, "cap_work_days"));
        reason.cap = WorkDays{cap};
        LF_ASSIGN(reason.cap_basis, NeedText(item, "cap_basis"));
      }
      table.reasons_.push_back(std::move(reason));
      return Ok{};
    }));
    LF_TRY(ForEach(root, "extensions", [&](Object item) -> Status {
      ExtensionRule rule;
      LF_TRY(ReadCommon(item, rule, table.extensions_));
      LF_ASSIGN(rule.extra_max, ReadCount(item, "extra_max"));
      LF_ASSIGN(rule.approver_zh, NeedText(item, "approver_zh"));
      LF_ASSIGN(rule.approver_en, NeedText(item, "approver_en"));
      table.extensions_.push_back(std::move(rule));
      return Ok{};
    }));
    return table;
  });
}

Result<PauseReason> PauseReasons::Reason(std::string_view id) const {
  if (const PauseReason* reason = Find(reasons_, id)) return *reason;
  return NotFound("clock.unknown_reason", "no lawful reason of that id stops a clock", "reason");
}

Result<ExtensionRule> PauseReasons::Extension(std::string_view id) const {
  if (const ExtensionRule* rule = Find(extensions_, id)) return *rule;
  return NotFound("clock.unknown_extension_rule", "no rule of that id extends a limit", "rule");
}

}  // namespace landfall
