// SPDX-License-Identifier: Apache-2.0
#include "app/seq_by_hash.h"

#include <gtest/gtest.h>

#include <random>
#include <unordered_map>

namespace landfall::app {
namespace {

TEST(SeqByHash, IsAMapOfHashes) {
  for (std::uint32_t seed = 1; seed <= 60; ++seed) {
    std::mt19937_64 random(seed);
    // Few homes and, in every other run, hashes that all begin at the end of the table: long runs that wrap around.
    const auto hash = [&] { return (random() % 400) * (seed % 2 == 0 ? 1 : 64) + (seed % 2 == 0 ? 0 : 63); };
    SeqByHash table;
    std::unordered_map<std::uint64_t, std::uint64_t> model;
    for (std::uint64_t seq = 1; seq <= 3'000; ++seq) {
      const std::uint64_t h = hash();
      if (random() % 3 == 0) {
        table.Erase(h);
        model.erase(h);
      } else {
        table.Put(h, seq);
        model[h] = seq;
      }
      const std::uint64_t asked = hash();
      const auto found = model.find(asked);
      ASSERT_EQ(table.Find(asked), found == model.end() ? 0 : found->second) << "seed " << seed;
      ASSERT_EQ(table.size(), model.size());
    }
    for (const auto& [h, seq] : model) ASSERT_EQ(table.Find(h), seq);
    table.Clear();
    EXPECT_EQ(table.Find(model.begin()->first), 0U);
  }
}

TEST(SeqByHash, AnswersWhileEmpty) {
  SeqByHash table;
  EXPECT_EQ(table.Find(7), 0U);
  table.Erase(7);
  table.Put(7, 1);
  EXPECT_EQ(table.Find(7), 1U);
}

}  // namespace
}  // namespace landfall::app
