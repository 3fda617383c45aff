// SPDX-License-Identifier: Apache-2.0
// A second opinion: working days by walking from day to day over the notices. It shares no code with src/calendar, nor
// its dates: days are texts made by counting up, the weekday is counted along.
#pragma once

#include <fmt/format.h>
#include <simdjson.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace landfall::test {

class NaiveWalk {
 public:
  struct NaiveDay {
    std::string iso;
    bool works;
  };

  // `json` is catalog/calendar/cn.json. Covers 2005-01-01, a Saturday, to 2028-12-31.
  explicit NaiveWalk(std::string_view json) {
    std::multimap<std::string, std::map<std::string, bool>> by_publication;
    simdjson::dom::parser parser;
    const simdjson::dom::element root = parser.parse(json.data(), json.size());
    for (const simdjson::dom::element notice : root["notices"].get_array()) {
      std::map<std::string, bool> sets;
      for (const simdjson::dom::element set : notice["sets"].get_array())
        sets[std::string(set["day"].get_string().value())] = set["is"].get_string().value() == "work";
      by_publication.emplace(std::string(notice["published_on"].get_string().value()), sets);
    }
    std::map<std::string, bool> holds;
    for (const auto& [_, sets] : by_publication)
      for (const auto& [day, works] : sets) holds[day] = works;

    int weekday = 5;  // 0 is Monday.
    for (int year = 2005; year <= 2028; ++year) {
      for (int month = 1; month <= 12; ++month) {
        for (int day = 1; day <= DaysOf(year, month); ++day) {
          std::string iso = fmt::format("{:04}-{:02}-{:02}", year, month, day);
          const auto exception = holds.find(iso);
          const bool works = exception == holds.end() ? weekday < 5 : exception->second;
          days_.push_back({std::move(iso), works});
          weekday = (weekday + 1) % 7;
        }
      }
    }
  }

  const std::vector<NaiveDay>& days() const { return days_; }

  std::size_t IndexOf(std::string_view iso) const {
    std::size_t index = 0;
    while (days_[index].iso != iso) ++index;
    return index;
  }

  // Visits (k, ISO day) for k = 1 … `count` working days after day `from`, or before it where `step` is -1.
  template <class Visit>
  void Walk(std::size_t from, int step, int count, Visit visit) const {
    std::size_t at = from;
    for (int k = 1; k <= count; ++k) {
      do {
        at += static_cast<std::size_t>(step);
      } while (!days_[at].works);
      visit(k, days_[at].iso);
    }
  }

 private:
  static int DaysOf(int year, int month) {
    static constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return kDays[month - 1] + (month == 2 && leap);
  }
  std::vector<NaiveDay> days_;
};

}  // namespace landfall::test
