// SPDX-License-Identifier: Apache-2.0
#include "app/labels.h"

#include <simdjson.h>

#include "base/embedded.h"
#include "base/json.h"
#include "base/result.h"

namespace landfall::app {
namespace {

// The catalogue is part of the binary: what is wrong in it is a bug, found by the first test that runs.
std::string ReadMember(simdjson::dom::element object, const char* name) {
  std::string_view text;
  LF_CHECK(object[name].get(text) == simdjson::SUCCESS);
  return std::string(text);
}

std::string MakeDocument(Language language) {
  const std::string_view bytes =
      FindEmbedded(EmbeddedCatalog(), language == Language::kZh ? "labels/zh-CN.json" : "labels/en.json");
  simdjson::dom::parser parser;
  simdjson::dom::object labels;
  LF_CHECK(parser.parse(simdjson::padded_string(bytes)).get(labels) == simdjson::SUCCESS);
  std::string out = "{";
  for (const auto& group : labels) {
    AppendJsonString(out, group.key);
    out += ':';
    out += simdjson::minify(group.value);
    out += ',';
  }
  out += R"("errors":{)";
  for (const auto& [code, sentences] : AllErrorSentences()) {
    if (out.back() != '{') out += ',';
    AppendJsonString(out, code);
    out += ':';
    AppendJsonString(out, language == Language::kZh ? sentences.zh : sentences.en);
  }
  return out + "}}";
}

}  // namespace

Language LanguageOf(std::string_view accept) {
  while (!accept.empty()) {
    const std::size_t comma = accept.find(',');
    std::string_view item = accept.substr(0, comma);
    accept = comma == std::string_view::npos ? std::string_view() : accept.substr(comma + 1);
    while (!item.empty() && item.front() == ' ') item.remove_prefix(1);
    const auto is = [&](char a, char b) {
      return item.size() >= 2 && (item[0] | 0x20) == a && (item[1] | 0x20) == b &&
             (item.size() == 2 || item[2] == '-' || item[2] == ';' || item[2] == ' ');
    };
    if (is('z', 'h')) return Language::kZh;
    if (is('e', 'n')) return Language::kEn;
  }
  return Language::kEn;
}

const std::map<std::string, ErrorSentences, std::less<>>& AllErrorSentences() {
  static const auto kSentences = [] {
    std::map<std::string, ErrorSentences, std::less<>> all;
    for (const EmbeddedFile& file : EmbeddedCatalog()) {
      if (!file.path.starts_with("errors/")) continue;
      simdjson::dom::parser parser;
      simdjson::dom::object codes;
      LF_CHECK(parser.parse(simdjson::padded_string(file.bytes)).get(codes) == simdjson::SUCCESS);
      for (const auto& code : codes)
        all[std::string(code.key)] = {ReadMember(code.value, "zh"), ReadMember(code.value, "en")};
    }
    return all;
  }();
  return kSentences;
}

std::string_view SentenceOf(std::string_view code, Language language) {
  const auto found = AllErrorSentences().find(code);
  if (found == AllErrorSentences().end()) return {};
  return language == Language::kZh ? found->second.zh : found->second.en;
}

std::string_view LabelOf(std::string_view group, std::string_view key, Language language) {
  using Words = std::map<std::string, std::string, std::less<>>;
  static const auto read = [](Language l) {
    Words words;
    simdjson::dom::parser parser;
    simdjson::dom::object groups;
    LF_CHECK(parser.parse(simdjson::padded_string(LabelsDocument(l))).get(groups) == simdjson::SUCCESS);
    for (const auto& [name, members] : groups)
      for (const auto& [member, word] : simdjson::dom::object(members))
        words[std::string(name) + "/" + std::string(member)] = std::string(word.get_string().value());
    return words;
  };
  static const Words kZh = read(Language::kZh), kEn = read(Language::kEn);
  const Words& words = language == Language::kZh ? kZh : kEn;
  const auto found = words.find(std::string(group) + "/" + std::string(key));
  return found == words.end() ? std::string_view() : std::string_view(found->second);
}

std::string_view LabelsDocument(Language language) {
  static const std::string kZh = MakeDocument(Language::kZh), kEn = MakeDocument(Language::kEn);
  return language == Language::kZh ? kZh : kEn;
}

}  // namespace landfall::app
