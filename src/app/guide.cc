// SPDX-License-Identifier: Apache-2.0
#include "app/guide.h"

#include <algorithm>
#include <set>

#include "calendar/calendar_book.h"

namespace landfall::app {
namespace {

using approval::Catalogue;
using approval::Items;
using approval::Matter;
using approval::Paper;

template <std::size_t N>
std::optional<std::string> TextOf(const std::optional<Text<N>>& text) {
  return text ? std::optional(text->value) : std::nullopt;
}
template <class I>
std::optional<std::int64_t> NumberOf(const std::optional<I>& number) {
  return number ? std::optional(number->value) : std::nullopt;
}

GuideQuestion QuestionOf(const approval::CaseFact& fact) {
  GuideQuestion out{fact.id.value, fact.zh.value, fact.en.value, fact.type, TextOf(fact.unit), {}};
  if (fact.choices)
    for (const approval::FactChoice& choice : fact.choices->items) out.choices.push_back(GuideNameOf(choice));
  return out;
}

GuidePaper PaperOf(const Catalogue& catalogue, const Key<40>& id, bool if_due, Day on) {
  const Paper& paper = *catalogue.FindPaper(id.value);
  GuidePaper out{paper.id.value,         paper.zh.value, paper.en.value, paper.by, {}, NumberOf(paper.valid_days),
                 NumberOf(paper.fields), if_due};
  for (const Matter* maker : catalogue.MakersOf(id.value, on)) out.made_by.push_back(GuideNameOf(*maker));
  return out;
}

GuideTotals TotalsOf(const planning::Schedule& schedule) {
  return {schedule.ends, schedule.work_days, schedule.calendar_days, schedule.provisional};
}

}  // namespace

const Catalogue& BuiltInCatalogue() {
  static const Catalogue kCatalogue = [] {
    auto read = Catalogue::Load(EmbeddedCatalog());
    LF_CHECK(read.ok());  // The tests load the same bytes.
    return *std::move(read);
  }();
  return kCatalogue;
}

const WorkCalendar& BuiltInCatalogueCalendar() {
  static const auto kCalendar = CalendarBook::Load(EmbeddedCatalog()).value().At("cn", kLastDay).value();
  return *kCalendar;
}

GuideMatterRow GuideRowOf(const Catalogue& catalogue, const Matter& matter) {
  return {matter.id.value,  matter.zh.value,
          matter.en.value,  GuideNameOf(*catalogue.FindDepartment(matter.department.value)),
          matter.kind,      matter.level,
          matter.statutory, matter.promised,
          matter.confirmed};
}

std::vector<GuideQuestion> GuideQuestionsOf(const Catalogue& catalogue, std::span<const Key<40>> matters, Day on) {
  std::set<std::string_view> asked;
  for (const Key<40>& id : matters) {
    const Matter* matter = catalogue.FindMatter(id.value, on);
    if (matter == nullptr) continue;
    if (const rules::Program* condition = catalogue.determinant(catalogue.IndexOf(*matter)))
      for (const rules::FactUse& use : condition->facts()) asked.insert(use.name);
  }
  std::vector<GuideQuestion> out;
  for (const approval::CaseFact& fact : catalogue.facts())
    if (asked.contains(fact.id.value)) out.push_back(QuestionOf(fact));
  return out;
}

GuidePackage GuidePackageOf(const Catalogue& catalogue, const approval::Package& package, Day on) {
  GuidePackage out{package.id.value,
                   package.zh.value,
                   package.en.value,
                   package.version.value,
                   GuideNameOf(*catalogue.FindDepartment(package.lead.value)),
                   package.promised,
                   {},
                   {}};
  for (const Key<40>& id : package.matters.items)
    if (catalogue.FindMatter(id.value, on) != nullptr) out.matters.push_back(id.value);
  out.questions = GuideQuestionsOf(catalogue, package.matters.items, on);
  return out;
}

Result<GuideSchedule> GuideScheduleOf(const Catalogue& catalogue, const WorkCalendar& calendar,
                                      const ApprovalPlan& plan) {
  GuideSchedule out;
  out.serial = TotalsOf(plan.serial);
  out.parallel = TotalsOf(plan.parallel);
  out.promised = TotalsOf(plan.promised);
  out.serial_promised = TotalsOf(plan.serial_promised);
  out.package_promise_ends = plan.promise_ends;
  for (std::size_t i = 0; i < plan.matters.size(); ++i) {
    const PlannedMatter& planned = plan.matters[i];
    const planning::StepTimes& times = plan.promised.steps[i];
    LF_ASSIGN(const WorkSpan before, calendar.Between(plan.promised.accepted, times.begins));
    LF_ASSIGN(const WorkSpan whole, calendar.Between(plan.promised.accepted, times.ends));
    out.matters.push_back({GuideRowOf(catalogue, *planned.matter), planned.why.zh, planned.why.en, times.begins,
                           times.ends, times.latest, times.slack, times.critical(), planned.waits_for,
                           before.days.count, whole.days.count});
  }
  for (const SparedMatter& spared : plan.spared)
    out.spared.push_back(
        {spared.matter->id.value, spared.matter->zh.value, spared.matter->en.value, spared.why.zh, spared.why.en});
  for (const std::uint32_t step : plan.promised.critical) out.critical.push_back(plan.matters[step].matter->id.value);
  for (const planning::Gain& gain : plan.gains)
    out.faster.push_back({plan.matters[gain.step].matter->id.value, gain.work_days, gain.ends});
  const auto asked = [](const AskedPaper& paper) {
    return GuideAsked{paper.paper->id.value, paper.paper->zh.value, paper.paper->en.value, paper.matters,
                      paper.made_by.empty() ? std::nullopt : std::optional(paper.made_by)};
  };
  std::ranges::transform(plan.asked, std::back_inserter(out.asked), asked);
  std::ranges::transform(plan.made, std::back_inserter(out.made), asked);
  out.one_by_one = static_cast<std::int64_t>(plan.one_by_one);
  return out;
}

GuideIndex QueryGuide(const Catalogue& catalogue, Day on) {
  GuideIndex out;
  out.on = on;
  for (const approval::Package& package : catalogue.packages())
    if (catalogue.FindPackage(package.id.value, on) == &package)
      out.packages.push_back(GuidePackageOf(catalogue, package, on));
  for (const Matter& matter : catalogue.matters())
    if (catalogue.FindMatter(matter.id.value, on) == &matter) out.matters.push_back(GuideRowOf(catalogue, matter));
  return out;
}

GuideMatter GuideMatterOf(const Catalogue& catalogue, const Matter& matter, Day on) {
  GuideMatter out;
  out.on = on;
  out.matter = GuideRowOf(catalogue, matter);
  out.version = matter.version.value;
  out.from = matter.from;
  if (matter.code) out.code = matter.code->value;
  out.limit_law = TextOf(matter.limit_law);
  out.fee = TextOf(matter.fee);
  out.applies = TextOf(matter.applies);
  for (const Key<40>& paper : Items(matter.needs)) out.needs.push_back(PaperOf(catalogue, paper, false, on));
  for (const Key<40>& paper : Items(matter.if_due)) out.needs.push_back(PaperOf(catalogue, paper, true, on));
  for (const Key<40>& paper : Items(matter.makes)) out.makes.push_back(PaperOf(catalogue, paper, false, on));
  out.visits = NumberOf(matter.visits);
  for (const Key<40>& channel : Items(matter.channels)) out.channels.push_back(channel.value);
  out.law = matter.law.value;
  out.source = matter.source.value;
  for (const approval::Package& package : catalogue.packages())
    if (catalogue.FindPackage(package.id.value, on) == &package &&
        std::ranges::find(package.matters.items, matter.id) != package.matters.items.end())
      out.packages.push_back(GuideNameOf(package));
  return out;
}

Result<GuideMatter> QueryGuideMatter(const Catalogue& catalogue, std::string_view id, Day on) {
  const Matter* matter = catalogue.FindMatter(id, on);
  if (matter == nullptr) return NotFound("approval.unknown_matter", std::string(id), "id");
  return GuideMatterOf(catalogue, *matter, on);
}

Result<GuidePlan> QueryGuidePlan(const Catalogue& catalogue, const WorkCalendar& calendar, std::string_view package,
                                 std::string_view facts, Day accepted) {
  LF_ASSIGN(const rules::FactSet read, approval::ReadCaseFacts(catalogue, facts));
  GuidePlan out{std::string(package), 0, accepted, {}, std::nullopt};
  const PlanRequest request{package, read.view(), accepted};
  LF_ASSIGN(out.missing, MissingFacts(catalogue, request));
  if (!out.missing.empty()) return out;
  LF_ASSIGN(const ApprovalPlan plan, PlanPackage(catalogue, calendar, request));
  out.version = plan.package->version.value;
  LF_ASSIGN(out.schedule, GuideScheduleOf(catalogue, calendar, plan));
  return out;
}

}  // namespace landfall::app
