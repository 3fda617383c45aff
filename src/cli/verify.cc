// SPDX-License-Identifier: Apache-2.0
// verify: whether a ledger, an export or a single record is what was written, and who says so.
#include <fmt/core.h>
#include <unistd.h>

#include <cstdio>
#include <memory>

#include "app/export_log.h"
#include "app/receipt.h"
#include "app/record_proof.h"
#include "app/verify.h"
#include "cli/cli.h"
#include "exchange/pdf.h"
#include "ledger/proof_file.h"
#include "ledger/small_file.h"

namespace landfall::cli {
namespace {

using app::Trust;
using app::Verdict;
using app::VerifyReport;

constexpr std::size_t kRangesShown = 20;

// How a standing is told; what a reader must not overlook is in capitals.
std::string_view WordOf(Trust standing) {
  switch (standing) {
    case Trust::verified:
      return "verified";
    case Trust::unwitnessed:
      return "UNWITNESSED";
    case Trust::unprovable:
      return "UNPROVABLE";
    case Trust::faulty:
      return "FAULTY";
  }
  return "";
}

void PrintStandings(const VerifyReport& report) {
  for (const Trust standing : {Trust::verified, Trust::unprovable, Trust::unwitnessed, Trust::faulty}) {
    std::int64_t entries = 0;
    std::size_t ranges = 0;
    std::string where;
    for (const app::TrustRange& range : report.standings) {
      if (range.standing != standing) continue;
      entries += range.to - range.from + 1;
      if (++ranges > kRangesShown) continue;
      where += ranges == 1 ? "" : ", ";
      where += range.from == range.to ? fmt::format("{}", range.from) : fmt::format("{}-{}", range.from, range.to);
    }
    if (ranges > kRangesShown) where += fmt::format(" and {} more ranges", ranges - kRangesShown);
    if (entries > 0) fmt::print("{:<12} {:>10} entries: {}\n", WordOf(standing), entries, where);
  }
}

void PrintReport(const VerifyReport& report) {
  for (const app::CheckResult& check : report.checks)
    fmt::print("{:<12} {:<12} {:>10}{}\n", EnumName(check.check), EnumName(check.verdict), check.checked,
               check.faults > 0 ? fmt::format("  faults {}", check.faults) : "");
  for (const app::FoundFault& fault : report.faults) {
    std::string where = fault.seq ? fmt::format("entry {}", *fault.seq) : "";
    if (fault.event) where += fmt::format(" event {}", *fault.event);
    fmt::print("FAULT {}{}{}: {}: {}\n", EnumName(fault.check), where.empty() ? "" : " ", where, fault.code,
               fault.detail);
  }
  if (report.faults_left_out > 0) fmt::print("… and {} more faults\n", report.faults_left_out);
  for (const app::Unprovable& u : report.unprovable)
    fmt::print("UNPROVABLE {}: {} payloads withheld\n", u.cls, u.payloads);
  for (const std::string& name : report.removed_snapshots)
    fmt::print("snapshot {} was not that of the entries and was thrown away\n", name);
  PrintStandings(report);
  fmt::print("{} entries, {} events, {} payloads erased, root {}\n", report.size, report.events, report.erased,
             Hex(report.root));
  fmt::print("key {}{}\n", report.vkey, report.vkey_given ? "" : "  (its own word; compare with --vkey)");
  for (const std::string& witness : report.witnesses)
    fmt::print("witness {}{}\n", witness, report.witnesses_given ? "" : "  (its own word; compare with --witness)");
  if (!report.sm_vkey.empty())
    fmt::print("SM2 key {}{}\n", report.sm_vkey,
               report.sm_vkey_given ? "" : "  (its own word; compare with --sm-vkey)");
  if (report.signed_size) fmt::print("signed up to entry {}\n", *report.signed_size);
  if (report.witnessed_size) fmt::print("cosigned up to entry {}\n", *report.witnessed_size);
  if (report.sm_size) fmt::print("SM3 tree signed up to entry {}\n", *report.sm_size);
  fmt::print("{}\n", report.verdict == Verdict::intact ? "INTACT" : "FAULTY");
}

int ShowReport(const VerifyReport& report, bool json) {
  if (json)
    fmt::print("{}\n", ToJson(report));
  else
    PrintReport(report);
  return report.verdict == Verdict::intact ? 0 : kExitFindings;
}

void PrintProof(const app::ProofReport& report) {
  if (report.size > 0) fmt::print("entry {} is in {}, in a tree of {} entries\n", report.seq, report.log, report.size);
  fmt::print("{} by {}: {}\n", report.at, report.by, report.command);
  for (const app::ProvenEvent& event : report.events)
    fmt::print("{:<12} {} on {}{}\n", WordOf(event.standing), event.type, event.on,
               event.payload ? " " + *event.payload : fmt::format(": {} payload withheld", event.cls));
  for (const app::ProvenBy& witness : report.witnesses) {
    std::string at;
    AppendInstant(at, witness.at);
    fmt::print("cosigned by {} at {}\n", witness.name, at);
  }
  if (!report.code.empty()) fmt::print("FAULT {}: {}\n", report.code, report.detail);
  fmt::print("{}\n", report.standing == Trust::verified ? "VERIFIED" : WordOf(report.standing));
}

struct Given {
  std::string path, vkey, leaf, sm_vkey;
  std::vector<std::string> witnesses, cosigned, sm_checkpoints;
  bool json = false;
};

Result<int> RunVerify(const Given& given, bool is_export) {
  app::VerifyOptions options;
  options.vkey = given.vkey;
  options.witness_vkeys = given.witnesses;
  options.per_entry = given.json;
  options.progress = [](std::uint64_t done, std::uint64_t total) { ShowProgress("verify", done, total); };
  for (const std::string& path : given.cosigned) {
    LF_ASSIGN(std::string note, ledger::ReadSmallFile(path));
    options.cosigned.push_back(std::move(note));
  }
  options.sm_vkey = given.sm_vkey;
  for (const std::string& path : given.sm_checkpoints) {
    LF_ASSIGN(std::string note, ledger::ReadSmallFile(path));
    options.sm_checkpoints.push_back(std::move(note));
  }
  auto report = [&]() -> Result<VerifyReport> {
    if (is_export) return app::VerifyExport(given.path, options);
    LF_ASSIGN(const app::LedgerFiles files, app::FindLedger(given.path));
    return app::VerifyLedger(files, options);
  }();
  EndProgress();
  if (!report) return std::move(report).error();
  return ShowReport(*report, given.json);
}

Result<int> RunVerifyProof(const Given& given) {
  app::ProofOptions options;
  options.vkey = given.vkey;
  options.witness_vkeys = given.witnesses;
  LF_ASSIGN(std::string text, ledger::ReadSmallFile(given.path));
  // A paper of ours brings its proof with it.
  if (const std::string_view attached = exchange::FindAttachment(text, ledger::kProofFileHeader); !attached.empty())
    text = std::string(attached);
  if (!given.leaf.empty()) {
    LF_ASSIGN(options.leaf, ledger::ReadSmallFile(given.leaf));
  }
  LF_ASSIGN(const app::ProofReport report, app::CheckRecordProof(text, options));
  if (given.json)
    fmt::print("{}\n", ToJson(report));
  else
    PrintProof(report);
  return report.standing == Trust::faulty ? kExitFindings : 0;
}

// A receipt of a hand-over between ledgers: as strict as the ledger that takes it.
Result<int> RunVerifyReceipt(const Given& given) {
  LF_ASSIGN(const ledger::VerifierKey key, ledger::VerifierKey::Parse(given.vkey));
  LF_ASSIGN(const std::string text, ledger::ReadSmallFile(given.path));
  const auto receipt = app::ProveReceipt(key, text);
  if (!receipt) {
    if (given.json)
      fmt::print("{{\"standing\":\"faulty\",\"code\":\"{}\"}}\n", receipt.error().code);
    else
      fmt::print("FAULT {}: {}\nFAULTY\n", receipt.error().code, receipt.error().detail);
    return kExitFindings;
  }
  std::visit(
      [&](const auto& fact) {
        if (given.json)
          fmt::print(R"({{"standing":"verified","log":"{}","seq":{},"leaf":"{}","type":"{}","on":"{}","says":{}}})"
                     "\n",
                     key.name(), receipt->seq, Hex(receipt->leaf), fact.kInfo.type, fact.on.Subject(), ToJson(fact));
        else
          fmt::print("entry {} of {}, leaf {}\n{} on {} {}\nVERIFIED\n", receipt->seq, key.name(), Hex(receipt->leaf),
                     fact.kInfo.type, fact.on.Subject(), ToJson(fact));
      },
      receipt->says);
  return 0;
}

}  // namespace

void ShowProgress(std::string_view step, std::uint64_t done, std::uint64_t total) {
  if (::isatty(STDERR_FILENO) != 0) fmt::print(stderr, "\r{} {} / {}        ", step, done, total);
}
void EndProgress() {
  if (::isatty(STDERR_FILENO) != 0) fmt::print(stderr, "\r{:60}\r", "");
}

void AddVerify(CLI::App& app, int& exit_code) {
  auto given = std::make_shared<Given>();
  CLI::App* verify = app.add_subcommand(
      "verify", "check that a ledger, an export or a record is what was written; exit 1 when it is not");
  verify->require_subcommand(1);
  const auto add = [&](const std::string& name, const std::string& help, auto run) {
    CLI::App* sub = verify->add_subcommand(name, help);
    sub->add_option("path", given->path)->required();
    sub->add_option("--witness", given->witnesses, "a witness's public key, from a source you trust; may be repeated");
    sub->add_flag("--json", given->json, "the whole report as JSON, with every entry");
    sub->callback([given, run, &exit_code] {
      const Result<int> code = run(*given);
      exit_code = code ? *code : PrintRefusal(code.error());
    });
    return sub;
  };
  for (const bool is_export : {false, true}) {
    CLI::App* sub =
        is_export
            ? add("export", "an export file, whole or redacted", [](const Given& g) { return RunVerify(g, true); })
            : add("ledger", "every byte of a ledger's folder", [](const Given& g) { return RunVerify(g, false); });
    sub->add_option("--vkey", given->vkey, "the ledger's public key, from a source you trust");
    sub->add_option("--cosigned", given->cosigned,
                    "a file with a cosigned checkpoint that was kept elsewhere; may be repeated");
    if (is_export) continue;
    sub->add_option("--sm-vkey", given->sm_vkey, "the SM2 key of its SM3 tree, from a source you trust");
    sub->add_option("--sm-checkpoint", given->sm_checkpoints,
                    "a file with a checkpoint of its SM3 tree that was kept elsewhere; may be repeated");
  }
  CLI::App* proof =
      add("proof", "one record with its proof (C2SP tlog-proof), or a PDF that brings one", RunVerifyProof);
  proof->add_option("--vkey", given->vkey, "the ledger's public key, from a source you trust")->required();
  CLI::App* receipt = add("receipt", "a receipt of a hand-over between ledgers", RunVerifyReceipt);
  receipt->add_option("--vkey", given->vkey, "the key of the ledger that wrote it, from a source you trust")
      ->required();
  proof->add_option("--leaf", given->leaf, "a file with the record's leaf, where the proof does not bring it");
}

}  // namespace landfall::cli
