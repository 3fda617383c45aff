// SPDX-License-Identifier: Apache-2.0
// The words of the catalogue: labels of commands, fields, milestones and roles, and one sentence for every error code.
//
// Made from catalog/labels/{zh-CN,en}.json and catalog/errors/*.json, which are compiled into the binary. Threads: any;
// everything is read once and lives as long as the program.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace landfall::app {

enum class Language : std::uint8_t { kZh, kEn };

// kZh when the client prefers it ("zh-CN,zh;q=0.9"): the first language of an Accept-Language header that we have. Else
// kEn.
Language LanguageOf(std::string_view accept_language);

// What was expected and what to do, in one sentence or two; "" for a code that the catalogue does not know.
std::string_view SentenceOf(std::string_view code, Language language);

struct ErrorSentences {
  std::string zh, en;
};
const std::map<std::string, ErrorSentences, std::less<>>& AllErrorSentences();

// One word of the labels: LabelOf("enums", "Light.red", …); "" for a key that the catalogue does not know.
std::string_view LabelOf(std::string_view group, std::string_view key, Language language);

// {"commands":{…},"fields":{…},…,"errors":{code:sentence}} for the web UI.
std::string_view LabelsDocument(Language language);

}  // namespace landfall::app
