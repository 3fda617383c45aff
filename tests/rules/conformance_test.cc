// SPDX-License-Identifier: Apache-2.0
#include "rules/conformance.h"

#include <gtest/gtest.h>

#include "support/test_data.h"

namespace landfall::rules {
namespace {

std::string Names(const ConformanceGroup& group) {
  std::string out;
  for (const auto& failure : group.failing) out += failure.name + ": " + failure.what + "\n";
  return out;
}

TEST(Conformance, TheCorePassesWhole) {
  LF_NEEDS_DATA("cel_conformance");

  const auto report = RunConformance(test::TestData() / "cel_conformance");

  ASSERT_TRUE(report.ok());
  EXPECT_EQ(report->core.total, 1055u);
  EXPECT_EQ(report->core.passed, report->core.total) << Names(report->core);
  EXPECT_EQ(report->core_set_aside.total, 23u);
  EXPECT_EQ(report->core_set_aside.passed, report->core_set_aside.total) << Names(report->core_set_aside);
}

TEST(Conformance, ExtensionsPassAsDocumented) {
  LF_NEEDS_DATA("cel_conformance");

  const auto report = RunConformance(test::TestData() / "cel_conformance");

  ASSERT_TRUE(report.ok());
  ASSERT_EQ(report->extensions.size(), 7u);
  const std::string documented =
      test::ReadFile(std::filesystem::path(LANDFALL_SOURCE_DIR) / "docs" / "rules_conformance.md");
  for (const ConformanceGroup& group : report->extensions) {
    EXPECT_GT(group.total, 0u);
    if (group.name == "type_deduction") continue;
    EXPECT_EQ(group.passed, group.total) << Names(group);
  }
  for (const ConformanceGroup& group : report->extensions) {
    for (const auto& failure : group.failing)
      EXPECT_NE(documented.find(failure.name), std::string::npos) << failure.name;
  }
}

TEST(Conformance, ADirectoryWithoutCasesIsRefused) {
  const auto report = RunConformance("no/such/directory");

  ASSERT_FALSE(report.ok());
  EXPECT_EQ(report.error().code, "rules.conformance_data");
}

}  // namespace
}  // namespace landfall::rules
