// SPDX-License-Identifier: Apache-2.0
// A ledger's log as static files (C2SP tlog-tiles): anybody can follow it from any web server.
//
// Leaves are published, payloads are not: order, time, actor ids, commands, types, subjects and digests.
#pragma once

#include "app/export_log.h"

namespace landfall::app {

struct PublishSummary {
  static constexpr std::string_view kName = "PublishSummary";
  std::int64_t size = 0;    // entries of the published checkpoint
  std::int64_t before = 0;  // of the one that was there
  std::int64_t files = 0;   // written by this call
  bool cosigned = false;    // by a witness of the ledger's folder
  Digest root{};
  std::optional<std::int64_t> sm_size;  // entries of the SM3 checkpoint, where the ledger keeps one (sm_log.h)
};
BOOST_DESCRIBE_STRUCT(PublishSummary, (), (size, before, files, cosigned, root, sm_size))

struct PublishOptions {
  std::function<Status(std::uint64_t size)> before;  // Called once before the first byte is written.
  std::function<void(std::uint64_t done, std::uint64_t total)> progress;
};

// Brings `folder` to the newest cosigned checkpoint where the ledger has witnesses that have cosigned one, else to one
// signed now. Only what is new is written; the checkpoint comes last, when everything it covers is durable, and behind
// it sm/checkpoint where the ledger keeps an SM3 tree. A folder whose checkpoints this ledger does not continue is left
// as it is. Cost: 10 s for 10^6 entries the first time, then by
// what is new. Errors: ledger.rewritten, ledger.rolled_back (kCorrupt) against what was published before;
// publish.other_log (kConflict); store.io; those of OpenReadOnlyLedger, ReadCosigned and PublishedBytes.
Result<PublishSummary> PublishLog(const LedgerFiles& files, const std::string& folder,
                                  const PublishOptions& options = {});

}  // namespace landfall::app
