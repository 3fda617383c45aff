// SPDX-License-Identifier: Apache-2.0
// publish-log, proof, handover, document, keys, witness: what others need in order not to have to trust this ledger.
#include <fmt/core.h>

#include <filesystem>
#include <memory>

#include "app/access_store.h"
#include "app/case_document.h"
#include "app/ledger_keys.h"
#include "app/publish_log.h"
#include "app/receipt.h"
#include "app/record_proof.h"
#include "app/sm_log.h"
#include "app/witnesses.h"
#include "cli/cli.h"
#include "ledger/small_file.h"
#include "ledger/witness.h"
#include "server/serve.h"
#include "server/witness_server.h"

namespace landfall::cli {
namespace {

// What leaves the ledger stands in its access log before it leaves.
Status LogLocally(const app::LedgerFiles& files, std::string_view what, std::string subject) {
  LF_ASSIGN(const std::unique_ptr<app::AccessStore> access, app::AccessStore::Open(files.access()));
  app::AccessRecord record;
  record.who = "local";
  record.what = what;
  record.subject = std::move(subject);
  record.result = "ok";
  record.peer = LocalUser();
  return access->Append(std::move(record));
}

Status RunPublish(const std::string& ledger, const std::string& to) {
  LF_ASSIGN(const app::LedgerFiles files, app::FindLedger(ledger));
  app::PublishOptions options;
  options.before = [&](std::uint64_t size) {
    return LogLocally(files, "publish", fmt::format("entries 1-{} leaves", size));
  };
  options.progress = [](std::uint64_t done, std::uint64_t total) { ShowProgress("publish", done, total); };
  LF_ASSIGN(const app::PublishSummary summary, app::PublishLog(files, to, options));
  EndProgress();
  fmt::print("{} entries, {} of them new, {} files written, root {}\n", summary.size, summary.size - summary.before,
             summary.files, Hex(summary.root));
  fmt::print("{}\n", summary.cosigned ? "cosigned" : "UNWITNESSED: no witness has cosigned this checkpoint");
  if (summary.sm_size) fmt::print("SM3 tree of {} entries, signed with SM2: sm/checkpoint\n", *summary.sm_size);
  return Ok{};
}

Status RunProof(const std::string& ledger, std::uint64_t seq, const std::string& out, const std::string& open) {
  LF_ASSIGN(const app::LedgerFiles files, app::FindLedger(ledger));
  LF_ASSIGN(const std::vector<EventClass> classes, app::ParseClasses(open));
  LF_ASSIGN(const app::RecordProof proof, app::MakeRecordProof(files, seq, classes));
  if (!classes.empty()) LF_TRY(LogLocally(files, "proof", fmt::format("entry/{} open:{}", seq, open)));
  if (out.empty()) {
    fmt::print("{}", proof.text);
    return Ok{};
  }
  if (std::filesystem::exists(out)) return Conflict("export.exists", out, "out");
  LF_TRY(ledger::ReplaceSmallFile(out, proof.text));
  fmt::print("entry {} in a tree of {} entries, {}\n", seq, proof.size, proof.cosigned ? "cosigned" : "UNWITNESSED");
  return Ok{};
}

// `record`: which of the case's records; empty for the newest.
Status RunHandover(const std::string& ledger, const std::string& id, const std::string& record,
                   const std::string& out) {
  LF_ASSIGN(const app::LedgerFiles files, app::FindLedger(ledger));
  LF_ASSIGN(const cases::CaseId of, cases::CaseId::Parse(id));
  std::optional<app::ReceiptKind> kind;
  if (!record.empty()) {
    kind = EnumFromName<app::ReceiptKind>(record);
    if (!kind) return Invalid("request.unknown_choice", record, "record");
  }
  std::uint64_t seq = 0;
  {
    LF_ASSIGN(const std::unique_ptr<app::Engine> engine, app::Engine::Open(files, {.vfs = {}, .read_only = true}));
    LF_ASSIGN(seq, app::ReceiptRecord(engine->Read().state(), of, kind));
  }
  LF_ASSIGN(const app::RecordProof proof, app::MakeReceipt(files, seq));
  LF_TRY(LogLocally(files, "receipt", fmt::format("entry/{}", seq)));
  if (std::filesystem::exists(out)) return Conflict("export.exists", out, "out");
  LF_TRY(ledger::ReplaceSmallFile(out, proof.text));
  fmt::print("entry {} in a tree of {} entries, {}\n", seq, proof.size, proof.cosigned ? "cosigned" : "UNWITNESSED");
  return Ok{};
}

Status RunDocument(const std::string& ledger, const std::string& id, const std::string& origin,
                   const std::string& out) {
  LF_ASSIGN(const app::LedgerFiles files, app::FindLedger(ledger));
  LF_ASSIGN(const cases::CaseId of, cases::CaseId::Parse(id));
  if (std::filesystem::exists(out)) return Conflict("export.exists", out, "out");
  LF_ASSIGN(const std::unique_ptr<app::Engine> engine, app::Engine::Open(files, {.vfs = {}, .read_only = true}));
  app::DeliveredCase delivered;
  {
    const app::Engine::Reader now = engine->Read();
    const Day today = WallDay(engine->clock().Now(), now.state().admin.offset());
    LF_ASSIGN(delivered, app::ReadDeliveredCase({now.state(), today, now.seq(), now.last_at(), now.seq(), {}}, of));
  }
  LF_ASSIGN(const app::CaseDocument document,
            app::MakeCaseDocument(*engine, delivered, {origin, app::Seal::WhenMissing::kMake}));
  LF_TRY(LogLocally(files, "document", of.Subject()));
  LF_TRY(ledger::ReplaceSmallFile(out, document.pdf));
  fmt::print("delivered by entry {}, {}; seal certificate sha256:{}\n", document.seq,
             document.cosigned ? "cosigned" : "UNWITNESSED", Hex(document.seal));
  return Ok{};
}

Status PrintKeys(const app::LedgerFiles& files) {
  LF_ASSIGN(const std::unique_ptr<ledger::Store> store,
            app::OpenStore(files, {.vfs = {}, .create = false, .read_only = true}));
  LF_ASSIGN(const std::vector<ledger::VerifierKey> keys, app::ReadLedgerKeys(*store));
  LF_ASSIGN(const std::vector<app::LedgerWitness> witnesses, app::ReadWitnesses(files));
  for (std::size_t i = 0; i < keys.size(); ++i) fmt::print("{}{}\n", keys[i].Encode(), i == 0 ? "" : "  (retired)");
  for (const app::LedgerWitness& witness : witnesses)
    fmt::print("{}  (witness {})\n", witness.key.Encode(), witness.url);
  LF_ASSIGN(const std::optional<ledger::SmVerifierKey> sm, app::ReadSmVerifier(files));
  if (sm) fmt::print("{}  (SM2, of the SM3 tree)\n", sm->Encode());
  LF_ASSIGN(const std::optional<Digest> seal, app::ReadSealFingerprint(files));
  if (seal) fmt::print("sha256:{}  (certificate of the seal on papers)\n", Hex(*seal));
  return Ok{};
}

Status RunKeys(const std::string& ledger, bool rotate, bool sm, const std::vector<std::string>& witness) {
  LF_ASSIGN(const app::LedgerFiles files, app::FindLedger(ledger));
  if (sm) {
    LF_ASSIGN(const ledger::SmVerifierKey key, app::TurnOnSm(files, SystemRandom()));
    fmt::print("{}\n{}", key.Encode(), key.Pem());
    return Ok{};
  }
  if (rotate) {
    LF_ASSIGN(const app::KeyChange change, app::ChangeKey(files, SystemRandom()));
    fmt::print("{}\n{}  (retired)\n\n{}", change.vkey, change.old_vkey, change.checkpoint);
    return Ok{};
  }
  if (!witness.empty()) LF_TRY(app::AddWitness(files, witness[0], witness[1]));
  return PrintKeys(files);
}

Status RunWitnessServe(const std::string& folder, const std::string& listen) {
  LF_ASSIGN(const server::ListenAddress address, server::ParseListenAddress(listen));
  LF_ASSIGN(const std::unique_ptr<ledger::Witness> witness, ledger::Witness::Open(folder, SystemClock()));
  return server::ServeWitnessUntilSignal(*witness, address.address, address.port);
}

Status RunWitnessShow(const std::string& folder) {
  LF_ASSIGN(const std::vector<std::string> notes, ledger::Witness::Cosigned(folder));
  for (const std::string& note : notes) fmt::print("{}", note);
  return Ok{};
}

struct Given {
  std::string folder, other, open, name, vkey, listen = "127.0.0.1:8090";
  std::vector<std::string> witness;
  std::uint64_t seq = 0;
  bool rotate = false, sm = false;
};
using Run = std::function<Status(const Given&)>;

void AddWitness(CLI::App& app, const std::shared_ptr<Given>& given, const std::function<void(CLI::App*, Run)>& run) {
  CLI::App* witness =
      app.add_subcommand("witness", "cosign other ledgers' checkpoints (C2SP tlog-witness), on a machine of its own");
  witness->require_subcommand(1);
  const auto add = [&](const char* name, const char* help) {
    CLI::App* sub = witness->add_subcommand(name, help);
    sub->add_option("folder", given->folder, "the witness's folder")->required();
    return sub;
  };
  CLI::App* sub = add("init", "make a witness's folder and key, and print its public key");
  sub->add_option("--name", given->name, "its name, e.g. witness.example/w1")->required();
  run(sub, [](const Given& g) -> Status {
    LF_ASSIGN(const std::string vkey, ledger::Witness::Create(g.folder, g.name, SystemRandom()));
    fmt::print("{}\n", vkey);
    return Ok{};
  });
  sub = add("trust", "cosign for the ledger with this public key from now on");
  sub->add_option("vkey", given->vkey, "as landfall keys prints it")->required();
  run(sub, [](const Given& g) { return ledger::Witness::Trust(g.folder, g.vkey); });
  sub = add("serve", "answer add-checkpoint over HTTP until SIGTERM or SIGINT");
  sub->add_option("--listen", given->listen,
                  "address and port, port 0 lets the system choose; or unix:PATH, a socket for a proxy in front")
      ->capture_default_str();
  run(sub, [](const Given& g) { return RunWitnessServe(g.folder, g.listen); });
  sub = add("show", "print what was cosigned last, to be kept elsewhere (landfall verify … --cosigned)");
  run(sub, [](const Given& g) { return RunWitnessShow(g.folder); });
}

}  // namespace

void AddPublish(CLI::App& app, int& exit_code) {
  auto given = std::make_shared<Given>();
  const std::function<void(CLI::App*, Run)> run = [given, &exit_code](CLI::App* sub, Run f) {
    sub->callback([given, f = std::move(f), &exit_code] {
      Status done = f(*given);
      EndProgress();
      if (!done) exit_code = PrintRefusal(done.error());
    });
  };
  CLI::App* sub = app.add_subcommand("publish-log", "write the log as static files (C2SP tlog-tiles), leaves only");
  sub->add_option("ledger", given->folder, "the ledger: a folder or postgresql://…")->required();
  sub->add_option("folder", given->other, "the folder to make or to bring up to date")->required();
  run(sub, [](const Given& g) { return RunPublish(g.folder, g.other); });

  sub = app.add_subcommand("proof", "one record with the proof that it is in the ledger (C2SP tlog-proof)");
  sub->add_option("ledger", given->folder, "the ledger: a folder or postgresql://…")->required();
  sub->add_option("seq", given->seq, "the entry's number")->required();
  sub->add_option("--out", given->other, "the file to make; without it the proof is printed");
  sub->add_option("--open", given->open,
                  "classes whose payloads go with it: public,internal,enterprise,personal; others are withheld");
  run(sub, [](const Given& g) { return RunProof(g.folder, g.seq, g.other, g.open); });

  sub = app.add_subcommand("handover", "a case's hand-over to or from another ledger: the record with its proof");
  sub->add_option("ledger", given->folder, "the ledger: a folder or postgresql://…")->required();
  sub->add_option("case", given->name, "the case, e.g. k1")->required();
  sub->add_option("--out", given->other, "the file to make")->required();
  sub->add_option("--record", given->open,
                  "handed_over, taken_over, result_returned or result_received; the newest where none is named");
  run(sub, [](const Given& g) { return RunHandover(g.folder, g.name, g.open, g.other); });

  sub = app.add_subcommand("document", "the sealed PDF of a case that was delivered by the electronic way");
  sub->add_option("ledger", given->folder, "the ledger: a folder or postgresql://…")->required();
  sub->add_option("case", given->name, "the case, e.g. k1")->required();
  sub->add_option("--out", given->other, "the file to make")->required();
  sub->add_option("--origin", given->open, "where people open the pages, for the code on the paper: https://…")
      ->required();
  run(sub, [](const Given& g) { return RunDocument(g.folder, g.name, g.open, g.other); });

  sub = app.add_subcommand("keys", "print the ledger's public key, its retired ones and its witnesses");
  sub->add_option("ledger", given->folder, "the ledger: a folder or postgresql://…")->required();
  CLI::Option* rotate = sub->add_flag("--rotate", given->rotate, "sign with a new key from now on; no server may run");
  sub->add_option("--witness", given->witness, "ask this witness to cosign: its address and its public key")
      ->expected(2)
      ->excludes(rotate);
  sub->add_flag("--sm", given->sm,
                "keep a second tree with SM3 under an SM2 signature too (国密): make its key, once, and print it")
      ->excludes(rotate);
  run(sub, [](const Given& g) { return RunKeys(g.folder, g.rotate, g.sm, g.witness); });

  AddWitness(app, given, run);
}

}  // namespace landfall::cli
