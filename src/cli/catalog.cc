// SPDX-License-Identifier: Apache-2.0
#include "cli/catalog.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>

#include "app/approval_plan.h"
#include "app/catalogue_sheets.h"
#include "app/limit_cuts.h"
#include "app/reduction.h"
#include "base/seam.h"
#include "calendar/calendar_book.h"
#include "cli/tools/print.h"

namespace landfall::cli {
namespace {

using approval::Catalogue;
namespace fs = std::filesystem;

constexpr std::size_t kSheetMax = 64 << 20;
constexpr std::size_t kProblemsShown = 20;

struct Options {
  std::string catalog, on, file, out, mapping, base = "urn:landfall:";
  std::string package, facts, before, after, accepted, calendar = "cn";
  bool json = false;
};

Result<std::string> RunCheck(const Options& options, bool& findings) {
  LF_ASSIGN(const Catalogue catalogue, LoadCatalogue(options.catalog));
  LF_ASSIGN(const Day on, ParseDay(options.on));
  const std::vector<app::CatalogueFinding> found = app::CheckCatalogue(catalogue, on);
  findings = !found.empty();
  if (options.json) {
    JsonWriter out;
    out.Open('{').Member("on", options.on).Member("matters", static_cast<std::uint64_t>(catalogue.matters().size()));
    out.Member("packages", static_cast<std::uint64_t>(catalogue.packages().size())).Key("findings").Open('[');
    for (const app::CatalogueFinding& finding : found)
      out.Open('{')
          .Member("code", finding.code)
          .Member("where", finding.where)
          .Member("detail", finding.detail)
          .Close('}');
    out.Close(']').Close('}');
    return out.text() + "\n";
  }
  std::string out = Chinese() ? fmt::format("{} 个事项版本，{} 个套餐版本，{} 处问题\n", catalogue.matters().size(),
                                            catalogue.packages().size(), found.size())
                              : fmt::format("{} versions of matters, {} of packages, {} findings\n",
                                            catalogue.matters().size(), catalogue.packages().size(), found.size());
  for (const app::CatalogueFinding& finding : found)
    out += fmt::format("{}: {} {}\n  {}\n", finding.where, finding.code, finding.detail,
                       SentenceOf(finding.code, SentenceLanguage()));
  return out;
}

Result<std::string> RunExport(const Options& options) {
  LF_ASSIGN(const Catalogue catalogue, LoadCatalogue(options.catalog));
  const fs::path path(options.out);
  std::string bytes;
  if (path.extension() == ".xlsx") {
    LF_ASSIGN(bytes, app::WriteCatalogueSheets(catalogue.rows(), SystemClock().Now()));
  } else if (path.extension() == ".jsonld") {
    if (options.on.empty()) return Invalid("approval.day_missing", {}, "on");
    LF_ASSIGN(const Day on, ParseDay(options.on));
    bytes = app::WriteCpsv(catalogue, on, options.base);
  } else {
    return Invalid("approval.unknown_form", path.extension().string(), "out");
  }
  LF_TRY(WriteFile(options.out, bytes, "out"));
  return fmt::format("{}: {}\n", options.out, bytes.size());
}

void AppendProblems(const exchange::ProblemList& problems, std::string& out) {
  std::size_t shown = 0;
  for (const exchange::Problem& problem : problems.kept()) {
    if (shown++ == kProblemsShown) break;
    out += fmt::format("{} {}: {} {} {}\n", problem.row, problem.column, problem.code,
                       SentenceOf(problem.code, SentenceLanguage()), problem.detail);
  }
  const std::uint64_t all = problems.errors() + problems.warnings() + problems.notes();
  if (all > shown && shown > kProblemsShown)
    out += Chinese() ? fmt::format("……共 {} 处\n", all) : fmt::format("… {} in all\n", all);
}

// What is imported must be a catalogue by itself before a file of it is written.
Result<std::string> RunImport(const Options& options, bool& findings) {
  LF_ASSIGN(const std::string bytes, ReadInput(options.file, "file", kSheetMax));
  const bool xlsx = fs::path(options.file).extension() == ".xlsx";
  if (options.mapping.empty() && !xlsx) return Invalid("approval.mapping_missing", options.file, "mapping");
  std::string mapping;
  if (!options.mapping.empty()) {
    LF_ASSIGN(mapping, ReadInput(options.mapping, "mapping"));
  }
  LF_ASSIGN(const app::CatalogueImport read,
            mapping.empty() ? app::ReadCatalogueSheets(bytes) : app::ReadMatterRegister(bytes, xlsx, mapping));
  std::string out;
  AppendProblems(read.problems, out);
  findings = !read.passed();
  if (findings)
    return out + (Chinese() ? fmt::format("{} 行，{} 处错误，未写出任何文件\n", read.read, read.problems.errors())
                            : fmt::format("{} rows, {} errors, nothing written\n", read.read, read.problems.errors()));
  LF_ASSIGN(const Catalogue catalogue, Catalogue::Make(read.rows));
  std::error_code failed;
  fs::create_directories(options.out, failed);
  if (failed) return Unavailable("chain.output_unwritable", options.out, "out");
  if (fs::directory_iterator(options.out) != fs::directory_iterator())
    return Conflict("approval.folder_not_empty", options.out, "out");
  for (const app::NamedText& file : app::CatalogueFiles(read.rows))
    LF_TRY(WriteFile((fs::path(options.out) / file.name).string(), file.text, "out"));
  return out + (Chinese() ? fmt::format("{} 行：{} 个事项版本，{} 个部门 → {}\n", read.read, catalogue.matters().size(),
                                        catalogue.departments().size(), options.out)
                          : fmt::format("{} rows: {} versions of matters, {} departments → {}\n", read.read,
                                        catalogue.matters().size(), catalogue.departments().size(), options.out));
}

std::string_view WordOf(app::ReductionKind kind) {
  using enum app::ReductionKind;
  switch (kind) {
    case matter_cancelled:
      return "取消事项";
    case matter_merged:
      return "合并到";
    case matter_added:
      return "新增事项";
    case no_longer_applies:
      return "不再适用";
    case now_applies:
      return "变为适用";
    case paper_dropped:
      return "减少材料";
    case paper_added:
      return "增加材料";
    case limit_shortened:
      return "压缩法定时限";
    case limit_extended:
      return "延长法定时限";
    case promise_shortened:
      return "压缩承诺时限";
    case promise_extended:
      return "延长承诺时限";
    case fee_abolished:
      return "取消收费";
    case fee_introduced:
      return "新增收费";
    case visits_fewer:
      return "减少到场";
    case visits_more:
      return "增加到场";
  }
  return {};
}

std::string TextOf(const app::Reduction& reduction) {
  const bool zh = Chinese();
  const app::Burden &before = reduction.before, &after = reduction.after;
  TextTable table;
  const auto way = [&](const app::Burden& burden) {
    const std::string day = FormatDay(burden.versions_of);
    return zh ? day + (burden.as_package ? "（一件事）" : "（逐件）")
              : day + (burden.as_package ? " (package)" : " (one by one)");
  };
  table.Head({zh ? "口径" : "what", way(before), way(after), zh ? "变化" : "change"});
  const auto row = [&](std::string_view chinese, std::string_view english, std::int64_t was, std::int64_t is) {
    table.Row({std::string(zh ? chinese : english), std::to_string(was), std::to_string(is), std::to_string(is - was)});
  };
  row("事项", "matters", before.matters, after.matters);
  row("材料", "papers", before.papers, after.papers);
  row("填报字段", "fields", before.fields, after.fields);
  row("到场次数", "visits", before.visits, after.visits);
  row("未列到场次数的事项", "matters without visits stated", before.visits_unknown, after.visits_unknown);
  row("法定工作日", "working days by law", before.work_days, after.work_days);
  row("承诺工作日", "working days as promised", before.promised_days, after.promised_days);
  row("收费事项", "matters with a fee", before.fees, after.fees);
  std::string out = table.Text();
  for (const app::ReductionChange& change : reduction.changes)
    out += fmt::format("{}: {} {}\n", change.matter, zh ? WordOf(change.kind) : EnumName(change.kind), change.detail);
  return out;
}

Result<std::string> RunReduction(const Options& options) {
  LF_ASSIGN(const Catalogue catalogue, LoadCatalogue(options.catalog));
  LF_ASSIGN(const CalendarBook book, CalendarBook::Load(EmbeddedCatalog()));
  LF_ASSIGN(const auto calendar, book.At(options.calendar, kLastDay));
  LF_ASSIGN(const Day before, ParseDay(options.before));
  LF_ASSIGN(const Day after, ParseDay(options.after));
  LF_ASSIGN(const Day accepted, ParseDay(options.accepted.empty() ? options.after : options.accepted));
  std::string json = "{}";
  if (!options.facts.empty()) {
    LF_ASSIGN(json, ReadInput(options.facts, "facts"));
  }
  LF_ASSIGN(const rules::FactSet facts, approval::ReadCaseFacts(catalogue, json));
  LF_ASSIGN(const app::Reduction reduction,
            app::CompareBurdens(catalogue, *calendar, {options.package, facts.view(), before, after, accepted}));
  return options.json ? ToJson(reduction) + "\n" : TextOf(reduction);
}

std::string TextOf(const app::LimitCuts& cuts) {
  const bool zh = Chinese();
  const auto limit = [&](const std::optional<approval::Limit>& of) -> std::string {
    if (!of) return "–";
    const bool work = of->unit == approval::LimitUnit::work_days;
    if (zh) return fmt::format("{} 个{}", of->days.value, work ? "工作日" : "自然日");
    return fmt::format("{} {} days", of->days.value, work ? "working" : "calendar");
  };
  const auto word = [&](app::LimitCut cut) -> std::string {
    static constexpr std::string_view kWords[] = {"压缩过半", "压缩", "不变", "延长", "不可比", "新增"};
    return std::string(zh ? kWords[static_cast<std::size_t>(cut)] : EnumName(cut));
  };
  TextTable table;
  table.Head(
      {zh ? "事项" : "matter", zh ? "名称" : "name", zh ? "原时限" : "was", zh ? "现时限" : "is", zh ? "变化" : "cut"});
  for (const app::LimitCutRow& row : cuts.rows)
    table.Row({row.matter, zh ? row.zh : row.en, limit(row.was), limit(row.is), word(row.cut)});
  std::string out = table.Text();
  const std::string share =
      cuts.halved_tenths ? fmt::format("{}.{} %", *cuts.halved_tenths / 10, *cuts.halved_tenths % 10) : "–";
  out += zh ? fmt::format("可比 {} 项，压缩过半 {} 项，占 {}；不可比 {} 项，新增 {} 项\n", cuts.comparable, cuts.halved,
                          share, cuts.incomparable, cuts.fresh)
            : fmt::format("{} comparable, {} of them half or less: {}; {} not comparable, {} new\n", cuts.comparable,
                          cuts.halved, share, cuts.incomparable, cuts.fresh);
  return out;
}

Result<std::string> RunCuts(const Options& options) {
  LF_ASSIGN(const Catalogue catalogue, LoadCatalogue(options.catalog));
  LF_ASSIGN(const Day on, ParseDay(options.on));
  std::optional<Day> before;
  if (!options.before.empty()) {
    LF_ASSIGN(before, ParseDay(options.before));
  }
  LF_ASSIGN(const app::LimitCuts cuts, app::CompareLimits(catalogue, on, before));
  return options.json ? ToJson(cuts) + "\n" : TextOf(cuts);
}

}  // namespace

Result<std::string> ReadInput(const std::string& path, std::string_view option, std::size_t most) {
  std::ifstream in(path, std::ios::binary);
  std::string bytes;
  if (in) {
    bytes.resize(most + 1);
    in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    bytes.resize(static_cast<std::size_t>(in.gcount()));
  }
  if (bytes.empty()) return NotFound("approval.file_unreadable", path, std::string(option));
  if (bytes.size() > most) return Invalid("approval.file_too_large", path, std::string(option));
  bytes.shrink_to_fit();
  return bytes;
}

Result<Catalogue> LoadCatalogue(const std::string& folder) {
  if (folder.empty()) return Catalogue::Load(EmbeddedCatalog());
  std::error_code failed;
  std::vector<std::string> paths;
  for (const auto& entry : fs::directory_iterator(folder, failed))
    if (entry.path().extension() == ".json") paths.push_back(entry.path().string());
  if (failed || paths.empty()) return NotFound("approval.file_unreadable", folder, "catalog");
  std::ranges::sort(paths);
  std::vector<std::string> names, texts;
  for (const std::string& path : paths) {
    LF_ASSIGN(std::string text, ReadInput(path, "catalog"));
    names.push_back("matters/" + fs::path(path).filename().string());
    texts.push_back(std::move(text));
  }
  std::vector<EmbeddedFile> files;
  for (std::size_t i = 0; i < paths.size(); ++i) files.push_back({names[i], texts[i]});
  return Catalogue::Load(files);
}

void AddCatalog(CLI::App& app, int& exit_code) {
  const auto options = std::make_shared<Options>();
  CLI::App* catalog = app.add_subcommand("catalog", "the catalogue of matters 事项");
  catalog->require_subcommand(1);
  const auto with_findings = [&exit_code](const Result<std::string>& answer, const bool& findings) {
    exit_code = PrintAnswer(answer);
    if (exit_code == 0 && findings) exit_code = kExitFindings;
  };

  CLI::App* check =
      catalog->add_subcommand("check", "circles, unreachable matters, papers nobody makes, limits above the law");
  check->add_option("--on", options->on, "versions in force on this day: YYYY-MM-DD")->required();
  check->add_option("--catalog", options->catalog, kCatalogHelp);
  check->add_flag("--json", options->json, "JSON");
  check->callback([options, with_findings] {
    bool findings = false;
    const auto answer = RunCheck(*options, findings);
    with_findings(answer, findings);
  });

  CLI::App* out = catalog->add_subcommand("export", "as sheets (.xlsx) or as CPSV-AP 3.2 (.jsonld)");
  out->add_option("--out", options->out, "file to write; its ending says the form")->required();
  out->add_option("--on", options->on, "for .jsonld: versions in force on this day: YYYY-MM-DD");
  out->add_option("--base", options->base, "for .jsonld: what every address begins with")->capture_default_str();
  out->add_option("--catalog", options->catalog, kCatalogHelp);
  out->callback([options, &exit_code] { exit_code = PrintAnswer(RunExport(*options)); });

  CLI::App* in = catalog->add_subcommand("import", "sheets as exported, or a register of matters by a mapping file");
  in->add_option("file", options->file, ".xlsx or .csv")->required();
  in->add_option("--mapping", options->mapping, "which column means what (docs/formats/mapping.md)");
  in->add_option("--out", options->out, "new folder for the catalogue's files")->required();
  in->callback([options, with_findings] {
    bool findings = false;
    const auto answer = RunImport(*options, findings);
    with_findings(answer, findings);
  });

  CLI::App* reduction = catalog->add_subcommand("reduction", "what a package asks of an applicant, before and after");
  reduction->add_option("package", options->package, "id of the package, such as industrial_filing")->required();
  reduction->add_option("--before", options->before, "versions of this day: YYYY-MM-DD")->required();
  reduction->add_option("--after", options->after, "against those of this day: YYYY-MM-DD")->required();
  reduction->add_option("--accepted", options->accepted, "day of acceptance of the case; default: the later day");
  reduction->add_option("--facts", options->facts, "JSON file with the facts of the case");
  reduction->add_option("--calendar", options->calendar, "id of the working-day calendar")->capture_default_str();
  reduction->add_option("--catalog", options->catalog, kCatalogHelp);
  reduction->add_flag("--json", options->json, "JSON");
  reduction->callback([options, &exit_code] { exit_code = PrintAnswer(RunReduction(*options)); });

  CLI::App* cuts = catalog->add_subcommand("limits", "of how many matters the time is half or less of what it was");
  cuts->add_option("--on", options->on, "versions in force on this day: YYYY-MM-DD")->required();
  cuts->add_option("--before", options->before, "against those of this day; without it, against the law's limits");
  cuts->add_option("--catalog", options->catalog, kCatalogHelp);
  cuts->add_flag("--json", options->json, "JSON");
  cuts->callback([options, &exit_code] { exit_code = PrintAnswer(RunCuts(*options)); });
}

}  // namespace landfall::cli
