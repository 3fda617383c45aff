// SPDX-License-Identifier: Apache-2.0
// Reading catalogue files of this folder: every member is asked for by name and type, and a refusal names its path.
#pragma once

#include <simdjson.h>

#include <string>
#include <string_view>

#include "base/day.h"
#include "base/result.h"

namespace landfall::calendar_json {

using Object = simdjson::dom::object;

inline Error Malformed(std::string_view field) {
  return Invalid("calendar.malformed", "a calendar file lacks a member or has one of another type", std::string(field));
}

// A `T` that must be there.
template <class T>
Result<T> Need(Object object, std::string_view key) {
  T value;
  if (object[key].get(value) != simdjson::SUCCESS) return Malformed(key);
  return value;
}

// A `T` or `fallback` where the member is absent; another type is refused.
template <class T>
Result<T> Maybe(Object object, std::string_view key, T fallback) {
  simdjson::dom::element element;
  if (object[key].get(element) != simdjson::SUCCESS) return fallback;
  T value;
  if (element.get(value) != simdjson::SUCCESS) return Malformed(key);
  return value;
}

inline Result<std::string> NeedText(Object object, std::string_view key) {
  LF_ASSIGN(const std::string_view text, Need<std::string_view>(object, key));
  return std::string(text);
}
inline Result<std::string> MaybeText(Object object, std::string_view key) {
  LF_ASSIGN(const std::string_view text, Maybe<std::string_view>(object, key, ""));
  return std::string(text);
}
inline Result<Day> NeedDay(Object object, std::string_view key) {
  LF_ASSIGN(const std::string_view text, Need<std::string_view>(object, key));
  auto day = ParseDay(text);
  if (!day) return std::move(day).error().At(key);
  return day;
}
inline Result<Day> MaybeDay(Object object, std::string_view key, Day fallback) {
  simdjson::dom::element element;
  if (object[key].get(element) != simdjson::SUCCESS) return fallback;
  return NeedDay(object, key);
}

// Calls `each` on every object of the array `key`; an absent array has none.
template <class Each>
Status ForEach(Object object, std::string_view key, Each each) {
  simdjson::dom::element element;
  if (object[key].get(element) != simdjson::SUCCESS) return Ok{};
  simdjson::dom::array array;
  if (element.get(array) != simdjson::SUCCESS) return Malformed(key);
  std::size_t index = 0;
  for (const simdjson::dom::element item : array) {
    const std::string path = std::string(key) + "[" + std::to_string(index++) + "]";
    Object member;
    if (item.get(member) != simdjson::SUCCESS) return Malformed(path);
    if (Status status = each(member); !status) return std::move(status).error().At(path);
  }
  return Ok{};
}

// Parses `json`, checks that its member "format" is `format`, and calls `read` on the root.
template <class Read>
auto ReadFile(std::string_view json, std::string_view format, Read read) -> decltype(read(Object{})) {
  simdjson::dom::parser parser;
  Object root;
  if (parser.parse(json.data(), json.size()).get(root) != simdjson::SUCCESS)
    return Invalid("calendar.malformed", "a calendar file is not one JSON object");
  LF_ASSIGN(const std::string_view found, Need<std::string_view>(root, "format"));
  if (found != format) return Malformed("format");
  return read(root);
}

}  // namespace landfall::calendar_json
