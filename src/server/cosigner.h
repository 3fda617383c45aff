// SPDX-License-Identifier: Apache-2.0
// Asks the witnesses of each ledger to cosign its newest checkpoint (C2SP tlog-witness), from a thread of its own.
//
// A ledger that grows is cosigned at most kEvery and a witness's answer behind. Failing is safe: the ledger goes on,
// what no witness has seen is told as UNWITNESSED, and the next round tries again from the size that the witness names.
// A witness that knows a larger or another tree than ours is told in the log with the code witness.knows_more or
// witness.refused: then this ledger, or its file, is not the one that was cosigned.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "app/engine.h"
#include "app/witnesses.h"

namespace landfall::server {

class Cosigner {
 public:
  static constexpr std::chrono::seconds kEvery{20}, kTimeout{10};
  static constexpr std::size_t kAnswerBytesMax = 64 << 10;

  // The engines outlive it. `log`: one line, from its thread.
  Cosigner(std::vector<app::Engine*> engines, std::function<void(std::string_view)> log)
      : engines_(std::move(engines)), log_(std::move(log)) {}
  ~Cosigner();
  Cosigner(const Cosigner&) = delete;
  Cosigner& operator=(const Cosigner&) = delete;

  void Start();
  // One round over all ledgers; what Start does every kEvery. The first error, after the rest was tried. Errors:
  // witness.knows_more, witness.refused (kConflict), witness.answer_malformed (kCorrupt), those of HttpClient,
  // ReadWitnesses and Engine::SignedCheckpoint.
  Status RunOnce();

 private:
  Status Round(app::Engine& engine);
  // The cosignature lines of one witness for `note`, which it may ask to be proven from another size than we think.
  Result<std::string> Ask(app::Engine& engine, const app::LedgerWitness& witness, const std::string& note,
                          const ledger::Checkpoint& checkpoint);
  void Loop();

  std::vector<app::Engine*> engines_;
  std::function<void(std::string_view)> log_;
  std::map<std::string, std::uint64_t> known_;  // By ledger and witness: the size it cosigned last.
  std::mutex mutex_;
  std::condition_variable stop_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace landfall::server
