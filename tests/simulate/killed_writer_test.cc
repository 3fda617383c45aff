// SPDX-License-Identifier: Apache-2.0
// A writer is killed in the middle of a commit, another one opens what it left, and then the power goes.
#include <gtest/gtest.h>

#include "simulate/scratch.h"
#include "simulate/sqlite_disk.h"
#include "simulate/workload.h"

namespace landfall::simulate {
namespace {

using app::Engine;

struct Room {
  explicit Room(std::uint64_t seed) : machine(seed), random(seed + 1) {}
  app::EngineOptions Options(const Process& process) {
    app::EngineOptions options;
    options.clock = &clock;
    options.random = &random;
    options.vfs = process.vfs();
    options.stepped = true;
    options.snapshot_on_close = false;
    return options;
  }
  Scratch scratch = Scratch::Make().value();
  app::LedgerFiles files{scratch.path() + "/ledger"};
  FixedClock clock{Instant(MakeDay(2026, 3, 2) + std::chrono::hours(1))};
  Machine machine;
  SeededRandom random;
};

// What the killed writer had written but not synced is read by the next one. Should that one say it is done, then it
// must be there after any power cut.
TEST(KilledWriter, WhatTheNextWriterTellsOutlivesThePowerCut) {
  int told = 0;
  for (std::uint64_t n = 1; n <= 8; ++n) {
    Room room(n);
    const people::RegisterPerson command{{"示例人"}};
    const std::string key = app::NewKey(room.clock, room.random);
    {
      Process process(room.machine);
      ASSERT_TRUE(Engine::Create(room.files, CreateCommand(), room.Options(process)).ok());
      auto engine = Engine::Open(room.files, room.Options(process));
      ASSERT_TRUE(engine.ok());
      process.KillAtChange(n);
      (void)(*engine)->Run(Actor::System(), key, command);
      process.Kill();
    }
    std::uint64_t size = 0;
    {
      Process process(room.machine);
      auto engine = Engine::Open(room.files, room.Options(process));
      ASSERT_TRUE(engine.ok()) << n << " " << engine.error().detail;
      size = (*engine)->log().size();
      if (size == 2) {
        const auto again = (*engine)->Run(Actor::System(), key, command);
        ASSERT_TRUE(again.ok() && again->repeated) << n;
        ++told;
      }
      process.Kill();
    }
    room.machine.PowerOn(room.machine.disk().AfterPowerCut(Survival::kNothing, 512, room.random));
    Process process(room.machine);
    const auto engine = Engine::Open(room.files, room.Options(process));
    ASSERT_TRUE(engine.ok()) << n << " " << engine.error().detail;
    EXPECT_GE((*engine)->log().size(), size) << "killed at change " << n;
  }
  EXPECT_GT(told, 0);
}

}  // namespace
}  // namespace landfall::simulate
