// SPDX-License-Identifier: Apache-2.0
// The engine run step by step in the caller's thread, and what the simulator found with it.
#include "tests/support/ledger_fixture.h"

namespace landfall::app::test {
namespace {

struct Stepped : testing::Test {
  void SetUp() override {
    ASSERT_TRUE(Engine::Create(w.files, CreateCommand(), w.Options()).ok());
    EngineOptions options = w.Options();
    options.stepped = true;
    auto opened = Engine::Open(w.files, options);
    ASSERT_TRUE(opened.ok());
    w.engine = std::move(*opened);
  }
  void Submit(const std::string& key, AnyCommand command) {
    w.engine->Submit({Actor::System(), key, std::move(command),
                      [this](Result<Answer> answer) { answers.push_back(std::move(answer)); }});
  }
  World w;
  std::vector<Result<Answer>> answers;
};

TEST_F(Stepped, NothingHappensBeforeAStepAndEverythingInIt) {
  Submit(w.Key(), UnitCommand(1));
  Submit(w.Key(), UnitCommand(2));
  EXPECT_TRUE(answers.empty());
  EXPECT_EQ(w.engine->log().size(), 1u);
  w.engine->Step(true);
  ASSERT_EQ(answers.size(), 2u);
  EXPECT_TRUE(answers[0].ok() && answers[1].ok());
  EXPECT_EQ(w.engine->log().size(), 3u);
  EXPECT_TRUE(w.engine->log().store().LastCheckpoint().value().has_value());
  EXPECT_TRUE(w.Run(UnitCommand(3)).ok());  // Who waits for an answer steps for it.
  EXPECT_TRUE(w.RunBatch({UnitCommand(4), UnitCommand(5)}, w.Key()).ok());
}

TEST_F(Stepped, RepetitionWithinOneCommitIsToldTheSameIds) {
  const std::string key = w.Key();
  Submit(key, UnitCommand(1));
  Submit(key, UnitCommand(1));
  w.engine->Step(false);
  ASSERT_EQ(answers.size(), 2u);
  ASSERT_TRUE(answers[0].ok() && answers[1].ok());
  EXPECT_EQ(answers[0]->ids, std::vector<std::string>{"o1"});
  EXPECT_EQ(answers[1]->ids, answers[0]->ids);
  EXPECT_TRUE(answers[1]->repeated);
}

// A clock runs ahead for a while, and what is stored meanwhile makes the writer forget older keys.
TEST_F(Stepped, RequestIsNotDoneTwiceAfterTheClockRanAhead) {
  const std::string key = w.Key();
  ASSERT_TRUE(w.engine->Run(Actor::System(), key, UnitCommand(1)).ok());
  w.clock.Advance(std::chrono::hours(24 * 20));
  ASSERT_TRUE(w.Run(UnitCommand(2)).ok());
  w.clock.Set(kStart + std::chrono::minutes(1));
  const auto again = w.engine->Run(Actor::System(), key, people::RegisterPerson{{"示例人甲"}});
  EXPECT_EQ(CodeOf(again), "request.key_out_of_window");
  EXPECT_EQ(CodeOf(w.engine->Run(Actor::System(), key, UnitCommand(1))), "request.key_out_of_window");
  EXPECT_EQ(w.engine->log().size(), 3u);
  // Work goes on at once with new keys, also after the next start.
  EXPECT_TRUE(w.Run(UnitCommand(3)).ok());
  w.Close();
  w.Open();
  EXPECT_EQ(CodeOf(w.engine->Run(Actor::System(), key, UnitCommand(1))), "request.key_out_of_window");
  EXPECT_TRUE(w.Run(UnitCommand(4)).ok());
}

}  // namespace
}  // namespace landfall::app::test
