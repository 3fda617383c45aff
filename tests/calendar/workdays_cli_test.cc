// SPDX-License-Identifier: Apache-2.0
// The command is part of no library, so this test compiles it.
#include "cli/workdays.cc"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace landfall::test {
namespace {

using ::testing::StartsWith;

struct Answer {
  std::string out, err;
  int exit_code = 0;
};

Answer Type(const std::string& line) {
  Answer answer;
  CLI::App app;
  AddWorkdays(app, answer.exit_code);
  ::testing::internal::CaptureStdout();
  ::testing::internal::CaptureStderr();
  app.parse("workdays " + line);
  std::fflush(stdout);
  answer.out = ::testing::internal::GetCapturedStdout();
  answer.err = ::testing::internal::GetCapturedStderr();
  return answer;
}

TEST(WorkdaysCommand, AddsInBothDirections) {
  EXPECT_EQ(Type("add 2021-09-27 3").out, "2021-09-30 周四 Thu\n");
  EXPECT_EQ(Type("add 2021-10-11 -1").out, "2021-10-09 周六 Sat · 上班 working day: 国庆节 国办发明电〔2020〕27号\n");
  EXPECT_EQ(Type("add 2021-10-01 0").out, "2021-10-01 周五 Fri · 放假 day off: 国庆节 国办发明电〔2020〕27号\n");
}

TEST(WorkdaysCommand, CountsBetweenTwoDays) {
  EXPECT_EQ(Type("between 2024-09-30 2024-10-12").out, "5 个工作日 working days\n");
  EXPECT_EQ(Type("between 2024-10-12 2024-09-30 --json").out,
            R"({"from":"2024-10-12","to":"2024-09-30","work_days":-5,"provisional":false,"calendar":"cn"})"
            "\n");
}

TEST(WorkdaysCommand, AnswersAsKnownAtADay) {
  EXPECT_EQ(Type("add 2020-01-23 5 --known-at 2020-01-26").out, "2020-02-05 周三 Wed\n");
  EXPECT_EQ(Type("add 2020-01-23 5 --known-at 2020-01-27 --json").out,
            R"({"from":"2020-01-23","work_days":5,"day":"2020-02-07","works":true,"provisional":false,)"
            R"("calendar":"cn","known_at":"2020-01-27"})"
            "\n");
}

TEST(WorkdaysCommand, SaysThatADayBeyondTheAnnouncedYearsIsProvisional) {
  EXPECT_THAT(Type("add 2026-12-31 1").out, StartsWith("2027-01-01 周五 Fri · 暂定 provisional"));
  EXPECT_THAT(Type("between 2026-12-31 2027-01-01 --calendar cn").out, StartsWith("1 个工作日 working days · 暂定"));
}

TEST(WorkdaysCommand, RefusesWithACodeASentenceAndExitCodeTwo) {
  const auto refused = [](const std::string& line, const std::string& code) {
    const Answer answer = Type(line);
    EXPECT_EQ(answer.exit_code, 2) << line;
    EXPECT_EQ(answer.out, "") << line;
    EXPECT_THAT(answer.err, StartsWith(code + ": ")) << line;
  };

  refused("add 2024-02-30 1", "day.malformed");
  refused("add 2024-02-28 1.5", "calendar.count_malformed");
  refused("add 2199-12-30 40", "calendar.out_of_range");
  refused("add 2024-02-28 1 --calendar nowhere", "calendar.unknown");
  refused("between 2024-02-28 2024-02-30", "day.malformed");
  refused("between 2024-02-28 2024-02-29 --known-at yesterday", "day.malformed");
  EXPECT_THAT(Type("add 2024-02-28 1.5").err, ::testing::HasSubstr("whole number"));
}

}  // namespace
}  // namespace landfall::test
