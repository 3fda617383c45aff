// SPDX-License-Identifier: Apache-2.0
#include "cli/rules.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>

#include "base/embedded.h"
#include "rules/conformance.h"
#include "rules/explain.h"
#include "rules/facts.h"
#include "rules/program.h"

namespace landfall {
namespace {

using rules::Diagnostic;
using rules::Environment;
using rules::FactSet;
using rules::Program;
using rules::Value;

struct Options {
  std::string expr, facts_file, lang = "zh", directory;
  bool json = false;
  bool english() const { return lang == "en"; }
};

// The sentence of a code from the catalogue, or the detail where the catalogue has none.
std::string Sentence(const Error& error, const Options& options) {
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  std::string_view text;
  const std::string_view catalog = FindEmbedded(EmbeddedCatalog(), "errors/rules.json");
  const std::string padded(catalog);
  if (!padded.empty() && parser.parse(padded).get(root) == simdjson::SUCCESS &&
      root[error.code][options.lang].get(text) == simdjson::SUCCESS) {
    return std::string(text);
  }
  return error.detail;
}

int Refuse(const Error& error, const Options& options, const Diagnostic* where = nullptr) {
  std::string out = error.code + ": " + Sentence(error, options);
  if (where != nullptr && !where->subject.empty()) out += fmt::format(" [{}]", where->subject);
  if (where == nullptr && !error.field.empty()) out += fmt::format(" [{}]", error.field);
  if (where != nullptr) {
    out += fmt::format("\n{}:{}\n{}", where->line, where->column, where->Excerpt(options.expr));
    const std::string& hint = options.english() ? where->hint_en : where->hint_zh;
    if (!hint.empty()) out += "\n" + hint;
  }
  fmt::print(stderr, "{}\n", out);
  return 2;
}

Result<std::string> ReadAll(const std::string& file) {
  if (file == "-") return std::string{std::istreambuf_iterator<char>(std::cin), {}};
  std::ifstream in(file, std::ios::binary);
  if (!in) return NotFound("rules.no_facts_file", "the file of facts cannot be opened", "facts");
  return std::string{std::istreambuf_iterator<char>(in), {}};
}

// The facts of the file and the compiled expression. Names that are not in the file are missing facts.
struct Session {
  Environment environment;
  std::optional<FactSet> facts;
  std::optional<Program> program;

  // 0, or the exit code of a refusal that has been printed.
  int Open(const Options& options) {
    environment.set_open(true);
    environment.set_zones(rules::SystemZones());
    std::string json = "{}";
    if (!options.facts_file.empty()) {
      auto text = ReadAll(options.facts_file);
      if (!text) return Refuse(text.error(), options);
      json = std::move(*text);
    }
    if (auto declared = rules::DeclareFacts(json, &environment); !declared) return Refuse(declared.error(), options);
    auto read = rules::ReadFacts(json, environment);
    if (!read) return Refuse(read.error(), options);
    facts.emplace(std::move(*read));
    Diagnostic where;
    auto compiled = Program::Compile(environment, options.expr, &where);
    if (!compiled) return Refuse(compiled.error(), options, &where);
    program.emplace(std::move(*compiled));
    return 0;
  }
};

int Eval(const Options& options) {
  Session session;
  if (const int refused = session.Open(options); refused != 0) return refused;
  rules::Evaluator evaluator;
  const Value value = evaluator.Eval(*session.program, session.facts->view());
  if (value.IsError()) {
    const Diagnostic where = Locate(*session.program, value);
    return Refuse(ToError(where), options, &where);
  }
  const auto missing = evaluator.Missing(*session.program, value);
  std::string out;
  if (options.json) {
    out = fmt::format("{{\"verdict\":\"{}\",\"type\":\"{}\",\"steps\":{},\"missing\":[",
                      rules::VerdictName(rules::VerdictOf(value)), session.program->type(), evaluator.steps());
    for (const std::string_view name : missing) {
      if (out.back() != '[') out += ',';
      rules::AppendJsonString(out, name);
    }
    out += "],\"value\":";
    rules::AppendJson(out, value);
    out += '}';
  } else if (value.IsUnknown()) {
    out = fmt::format("unknown\n{}{}", options.english() ? "missing: " : "缺少资料：",
                      fmt::join(missing, options.english() ? ", " : "、"));
  } else {
    rules::AppendLiteral(out, value);
  }
  fmt::print("{}\n", out);
  return 0;
}

int Check(const Options& options) {
  Session session;
  if (const int refused = session.Open(options); refused != 0) return refused;
  const Program& program = *session.program;
  std::string out;
  if (options.json) {
    out = "{\"type\":";
    rules::AppendJsonString(out, program.type());
    out += ",\"expr\":";
    rules::AppendJsonString(out, Print(program.root()));
    out += ",\"facts\":[";
    for (const rules::FactUse& use : program.facts()) {
      if (out.back() != '[') out += ',';
      out += "{\"name\":";
      rules::AppendJsonString(out, use.name);
      out += ",\"type\":";
      rules::AppendJsonString(out, TypeText(use.type));
      out += '}';
    }
    out += "]}";
  } else {
    out = fmt::format("{}: {}", options.english() ? "type" : "类型", program.type());
    for (const rules::FactUse& use : program.facts()) {
      const bool given = use.slot < session.facts->view().size() && session.facts->view()[use.slot].IsValue();
      const char* state = given ? "" : options.english() ? " (missing)" : "（缺）";
      out += fmt::format("\n  {}: {}{}", use.name, TypeText(use.type), state);
    }
  }
  fmt::print("{}\n", out);
  return 0;
}

int ExplainRule(const Options& options) {
  Session session;
  if (const int refused = session.Open(options); refused != 0) return refused;
  const rules::Explanation explanation = rules::Explain(*session.program, session.facts->view());
  if (options.json)
    fmt::print("{}\n", ToJson(explanation));
  else
    fmt::print("{}", ToText(explanation, options.english()));
  return 0;
}

std::string GroupJson(const rules::ConformanceGroup& group) {
  std::string out = fmt::format("{{\"passed\":{},\"total\":{},\"failing\":[", group.passed, group.total);
  for (const auto& failure : group.failing) {
    if (out.back() != '[') out += ',';
    rules::AppendJsonString(out, failure.name);
  }
  return out + "]}";
}

int Conformance(const Options& options) {
  const auto report = rules::RunConformance(options.directory);
  if (!report) return Refuse(report.error(), options);
  std::vector<const rules::ConformanceGroup*> groups = {&report->core, &report->core_set_aside};
  for (const auto& group : report->extensions) groups.push_back(&group);
  std::string out = options.json ? "{" : "";
  for (const rules::ConformanceGroup* group : groups) {
    if (options.json) {
      if (out.size() > 1) out += ',';
      rules::AppendJsonString(out, group->name);
      out += ":" + GroupJson(*group);
      continue;
    }
    out += fmt::format("{:<16} {:>5} / {}\n", group->name, group->passed, group->total);
    for (const auto& failure : group->failing) out += fmt::format("  ✗ {}: {}\n", failure.name, failure.what);
  }
  const std::string unsupported =
      fmt::format("{}", fmt::join(rules::UnsupportedConformanceFiles(), options.json ? "\",\"" : ", "));
  out += options.json ? ",\"unsupported\":[\"" + unsupported + "\"]}\n" : "unsupported: " + unsupported + "\n";
  fmt::print("{}", out);
  // The bar: 99 % of the core.
  return report->core.passed * 100 >= report->core.total * 99 ? 0 : 1;
}

}  // namespace

void AddRules(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* rules = app.add_subcommand("rules", "CEL 规则：求值、检查、解释 / CEL rules: evaluate, check, explain");
  rules->require_subcommand(1);
  const auto with_expression = [&](const char* name, const char* help, int (*run)(const Options&)) {
    CLI::App* command = rules->add_subcommand(name, help);
    command->add_option("EXPR", options->expr, "CEL 表达式 / a CEL expression")->required();
    command->add_option("--facts", options->facts_file, "事实文件（JSON，- 为标准输入）/ facts as JSON, - for stdin");
    command->add_option("--lang", options->lang, "zh | en")->check(CLI::IsMember({"zh", "en"}));
    command->add_flag("--json", options->json, "紧凑 JSON / compact JSON");
    command->callback([options, run, &exit_code] { exit_code = run(*options); });
  };
  with_expression("eval", "求值 / evaluate", Eval);
  with_expression("check", "检查类型，列出用到的事实 / check types, list the facts read", Check);
  with_expression("explain", "逐项解释，差什么 / explain each condition and what is missing", ExplainRule);
  CLI::App* conformance = rules->add_subcommand("conformance", "运行 CEL 一致性用例 / run the CEL conformance cases");
  conformance->add_option("DIR", options->directory, "cel_conformance")->required();
  conformance->add_flag("--json", options->json, "紧凑 JSON / compact JSON");
  conformance->callback([options, &exit_code] { exit_code = Conformance(*options); });
}

}  // namespace landfall
