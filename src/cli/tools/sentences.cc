// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>

#include "base/describe.h"
#include "base/embedded.h"
#include "cli/tools/sentences.h"

namespace landfall::cli {
namespace {

struct Sentence {
  std::string zh, en;
};

const std::map<std::string, Sentence, std::less<>>& Sentences() {
  static const std::map<std::string, Sentence, std::less<>> kAll = [] {
    std::map<std::string, Sentence, std::less<>> all;
    for (const EmbeddedFile& file : EmbeddedCatalog()) {
      if (!file.path.starts_with("errors/")) continue;
      auto read = WithJsonDocument(file.bytes, [&](JsonElement root) -> Result<bool> {
        simdjson::dom::object object;
        if (root.get_object().get(object) != simdjson::SUCCESS) return false;
        for (auto member : object) {
          std::string_view zh, en;
          if (member.value["zh"].get_string().get(zh) == simdjson::SUCCESS &&
              member.value["en"].get_string().get(en) == simdjson::SUCCESS)
            all.emplace(std::string(member.key), Sentence{std::string(zh), std::string(en)});
        }
        return true;
      });
      LF_CHECK(read.ok());
    }
    return all;
  }();
  return kAll;
}

}  // namespace

std::string SentenceOf(std::string_view code, std::string_view language) {
  const auto found = Sentences().find(code);
  if (found == Sentences().end()) return std::string(code);
  return language == "zh" ? found->second.zh : found->second.en;
}

std::string_view SentenceLanguage() {
  const char* lang = std::getenv("LANG");
  return lang != nullptr && std::string_view(lang).starts_with("zh") ? "zh" : "en";
}

int PrintRefusal(const Error& error) {
  fmt::print(stderr, "{}: {}\n", error.code, SentenceOf(error.code, SentenceLanguage()));
  if (!error.field.empty()) fmt::print(stderr, "  at: {}\n", error.field);
  if (!error.detail.empty()) fmt::print(stderr, "  {}\n", error.detail);
  return kExitRefused;
}

int PrintAnswer(const Result<std::string>& answer) {
  if (!answer) return PrintRefusal(answer.error());
  std::fwrite(answer->data(), 1, answer->size(), stdout);
  return 0;
}

Status WriteFile(const std::string& path, std::string_view text, std::string_view option) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out.write(text.data(), static_cast<std::streamsize>(text.size()));
  out.close();
  if (!out) return Unavailable("chain.output_unwritable", "The file could not be written whole.", std::string(option));
  return Ok{};
}

}  // namespace landfall::cli
