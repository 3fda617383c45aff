// SPDX-License-Identifier: Apache-2.0
#include "app/limit_cuts.h"

namespace landfall::app {
namespace {

using approval::Limit;
using approval::Matter;

std::optional<Limit> LimitOf(const Matter& matter) { return matter.promised ? matter.promised : matter.statutory; }

LimitCut Compare(const std::optional<Limit>& was, const std::optional<Limit>& is) {
  if (!was || !is || was->unit != is->unit) return LimitCut::incomparable;
  const std::int64_t before = was->days.value, after = is->days.value;
  if (after == before) return LimitCut::same;
  if (after > before) return LimitCut::longer;
  return after * 2 <= before ? LimitCut::halved : LimitCut::shorter;
}

std::int64_t& CountOf(LimitCuts& cuts, LimitCut cut) {
  switch (cut) {
    case LimitCut::halved:
      return cuts.halved;
    case LimitCut::shorter:
      return cuts.shorter;
    case LimitCut::same:
      return cuts.same;
    case LimitCut::longer:
      return cuts.longer;
    case LimitCut::fresh:
      return cuts.fresh;
    case LimitCut::incomparable:
      break;
  }
  return cuts.incomparable;
}

}  // namespace

Result<LimitCuts> CompareLimits(const approval::Catalogue& catalogue, Day on, std::optional<Day> before) {
  if (before && *before >= on) return Invalid("approval.days_reversed", {}, "before");
  LimitCuts out;
  out.on = on;
  out.before = before;
  for (const Matter& matter : catalogue.matters()) {
    if (catalogue.FindMatter(matter.id.value, on) != &matter) continue;
    const Matter* const earlier = before ? catalogue.FindMatter(matter.id.value, *before) : nullptr;
    LimitCutRow row;
    row.matter = matter.id.value;
    row.zh = matter.zh.value;
    row.en = matter.en.value;
    row.is = LimitOf(matter);
    if (!before)
      row.was = matter.statutory;
    else if (earlier != nullptr)
      row.was = LimitOf(*earlier);
    row.cut = before && earlier == nullptr ? LimitCut::fresh : Compare(row.was, row.is);
    ++CountOf(out, row.cut);
    out.rows.push_back(std::move(row));
  }
  out.comparable = out.halved + out.shorter + out.same + out.longer;
  if (out.comparable > 0) out.halved_tenths = out.halved * 1000 / out.comparable;
  return out;
}

}  // namespace landfall::app
