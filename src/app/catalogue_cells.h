// SPDX-License-Identifier: Apache-2.0
// How each type of a catalogue's members is spelled in a cell, and read back. People type these cells, so a spelling
// that can only mean one thing is taken: lists with blanks, commas or 、 between their items; choices by their Chinese
// word or by their key.
#pragma once

#include <fmt/format.h>

#include <charconv>
#include <string>
#include <string_view>
#include <utility>

#include "approval/catalogue.h"

namespace landfall::app::cells {

// ---- choices ----
using Word = std::pair<std::string_view, std::string_view>;  // key, Chinese
template <DescribedEnum E>
struct Words;
template <>
struct Words<approval::Level> {
  static constexpr Word kAll[] = {{"city", "市"}, {"district", "县区"}, {"town", "乡镇"}, {"village", "村"}};
};
template <>
struct Words<approval::MatterKind> {
  static constexpr Word kAll[] = {{"licence", "行政许可"},      {"filing", "备案"},       {"review", "审查"},
                                  {"confirmation", "行政确认"}, {"registration", "登记"}, {"service", "公共服务"},
                                  {"joint", "联合办理"},        {"procedure", "程序"},    {"benefit", "行政给付"},
                                  {"award", "行政奖励"},        {"ruling", "行政裁决"},   {"other", "其他行政权力"}};
};
template <>
struct Words<approval::LimitUnit> {
  static constexpr Word kAll[] = {{"work_days", "工作日"}, {"calendar_days", "日"}};
};
template <>
struct Words<approval::FactType> {
  static constexpr Word kAll[] = {{"yes_no", "是否"}, {"whole", "整数"}, {"choice", "选项"}};
};
template <>
struct Words<approval::GivenBy> {
  static constexpr Word kAll[] = {{"applicant", "申请人"}, {"outside", "第三方"}};
};

template <class T>
struct Cell;

template <DescribedEnum E>
struct Cell<E> {
  static std::string Write(E value) {
    for (const auto& [key, zh] : Words<E>::kAll)
      if (key == EnumName(value)) return std::string(zh);
    return std::string(EnumName(value));
  }
  static Result<E> Read(std::string_view text) {
    for (const auto& [key, zh] : Words<E>::kAll)
      if (text == zh) return *EnumFromName<E>(key);
    if (const auto found = EnumFromName<E>(text)) return *found;
    return Invalid("cell.not_listed");
  }
};

template <>
struct Cell<bool> {
  static std::string Write(bool value) { return value ? "是" : "否"; }
  static Result<bool> Read(std::string_view text) {
    if (text == "是" || text == "TRUE" || text == "yes") return true;
    if (text == "否" || text == "FALSE" || text == "no") return false;
    return Invalid("cell.not_listed", "是, 否");
  }
};

template <>
struct Cell<std::int64_t> {
  static std::string Write(std::int64_t value) { return std::to_string(value); }
  static Result<std::int64_t> Read(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return Invalid("sheet.not_whole");
    return value;
  }
};

template <std::int64_t Low, std::int64_t High>
struct Cell<Int<Low, High>> {
  static std::string Write(Int<Low, High> value) { return std::to_string(value.value); }
  static Result<Int<Low, High>> Read(std::string_view text) {
    LF_ASSIGN(const std::int64_t value, Cell<std::int64_t>::Read(text));
    if (value < Low || value > High) return Invalid("request.number_out_of_range", fmt::format("{} to {}", Low, High));
    return Int<Low, High>{value};
  }
};

template <>
struct Cell<Day> {
  static std::string Write(Day day) { return FormatDay(day); }
  static Result<Day> Read(std::string_view text) { return ParseDay(text); }
};

template <std::size_t Max>
struct Cell<Text<Max>> {
  static std::string Write(const Text<Max>& text) { return text.value; }
  static Result<Text<Max>> Read(std::string_view text) { return Text<Max>::Parse(text); }
};
template <std::size_t Max>
struct Cell<Key<Max>> {
  static std::string Write(const Key<Max>& key) { return key.value; }
  static Result<Key<Max>> Read(std::string_view text) { return Key<Max>::Parse(text); }
};

// "20 工作日", "30 日", "30 天"; 0 is 即办.
template <>
struct Cell<approval::Limit> {
  static std::string Write(const approval::Limit& limit) {
    if (limit.days.value == 0 && limit.unit == approval::LimitUnit::work_days) return "即办";
    return fmt::format("{} {}", limit.days.value, Cell<approval::LimitUnit>::Write(limit.unit));
  }
  static Result<approval::Limit> Read(std::string_view text) {
    if (text == "即办") return approval::Limit{{0}, approval::LimitUnit::work_days};
    const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
    const std::string_view unit = Trim(text.substr(digits));
    const auto days = Cell<Int<0, 3650>>::Read(text.substr(0, digits));
    const bool work = unit == "工作日" || unit == "个工作日" || unit == "work_days";
    const bool calendar = unit == "日" || unit == "天" || unit == "个自然日" || unit == "calendar_days";
    if (!days || (!work && !calendar)) return Invalid("approval.bad_limit_text");
    return approval::Limit{*days, work ? approval::LimitUnit::work_days : approval::LimitUnit::calendar_days};
  }
};

// "form=报告表|report form", one a line.
template <>
struct Cell<approval::FactChoice> {
  static std::string Write(const approval::FactChoice& choice) {
    return fmt::format("{}={}|{}", choice.id.value, choice.zh.value, choice.en.value);
  }
  static Result<approval::FactChoice> Read(std::string_view text) {
    const std::size_t equals = text.find('='), bar = text.find('|');
    if (equals == std::string_view::npos || bar == std::string_view::npos || bar < equals)
      return Invalid("approval.bad_choice_text");
    approval::FactChoice out;
    LF_ASSIGN(out.id, Key<40>::Parse(Trim(text.substr(0, equals))));
    LF_ASSIGN(out.zh, Text<100>::Parse(Trim(text.substr(equals + 1, bar - equals - 1))));
    LF_ASSIGN(out.en, Text<100>::Parse(Trim(text.substr(bar + 1))));
    return out;
  }
};

template <class T, std::size_t Max>
struct Cell<List<T, Max>> {
  static constexpr bool kByLine = std::is_same_v<T, approval::FactChoice>;  // Its texts may hold blanks and commas.
  static std::string Write(const List<T, Max>& list) {
    std::string out;
    for (const T& item : list.items) out += (out.empty() ? "" : kByLine ? "\n" : " ") + Cell<T>::Write(item);
    return out;
  }
  static Result<List<T, Max>> Read(std::string_view text) {
    List<T, Max> out;
    while (!text.empty()) {
      const auto [item, rest] = Split(text);
      text = rest;
      if (Trim(item).empty()) continue;
      LF_ASSIGN(T value, Cell<T>::Read(Trim(item)));
      if (out.items.size() == Max) return Invalid("request.list_too_long", std::to_string(Max));
      out.items.push_back(std::move(value));
    }
    return out;
  }

 private:
  static std::pair<std::string_view, std::string_view> Split(std::string_view text) {
    constexpr std::string_view kMarks[] = {"\n", " ", ",", ";", "、", "，", "；"};
    std::size_t at = text.size(), length = 0;
    for (const std::string_view mark : kMarks) {
      if (kByLine && mark != "\n") break;
      if (const std::size_t found = text.find(mark); found < at) at = found, length = mark.size();
    }
    return {text.substr(0, at), text.substr(at + length)};
  }
};

template <class T>
struct Cell<std::optional<T>> {
  static std::string Write(const std::optional<T>& value) { return value ? Cell<T>::Write(*value) : std::string(); }
  static Result<std::optional<T>> Read(std::string_view text) {
    if (text.empty()) return std::optional<T>();
    LF_ASSIGN(T value, Cell<T>::Read(text));
    return std::optional<T>(std::move(value));
  }
};

}  // namespace landfall::app::cells
