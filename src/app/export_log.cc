// SPDX-License-Identifier: Apache-2.0
#include "app/export_log.h"

#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "app/export_lines.h"
#include "app/verify_watch.h"
#include "app/witnesses.h"

namespace landfall::app {
namespace {

class FileSink {
 public:
  explicit FileSink(const std::string& path) : path_(path), file_(std::fopen(path.c_str(), "wbx")) {}
  ~FileSink() {
    if (file_ != nullptr) std::fclose(file_);
    std::error_code ignored;
    if (!kept_) std::filesystem::remove(path_, ignored);
  }
  FileSink(const FileSink&) = delete;
  FileSink& operator=(const FileSink&) = delete;

  Status Write(std::string_view bytes) {
    if (file_ == nullptr || std::fwrite(bytes.data(), 1, bytes.size(), file_) != bytes.size())
      return Unavailable("export.io", path_);
    return Ok{};
  }
  // Durable, and under its final name.
  Status Keep(const std::string& path) {
    if (file_ == nullptr || std::fflush(file_) != 0 || ::fdatasync(::fileno(file_)) != 0 ||
        ::rename(path_.c_str(), path.c_str()) != 0)
      return Unavailable("export.io", path_);
    kept_ = true;
    return Ok{};
  }

 private:
  std::string path_;
  std::FILE* file_;
  bool kept_ = false;
};

// By which entry each erased payload went. A pass over the whole ledger, and so only made when a payload is absent.
Result<std::map<EventPlace, std::uint64_t>> FindErasures(ledger::Log& log) {
  std::map<EventPlace, std::uint64_t> erased;
  LF_TRY(log.Replay(
      {},
      [&](const ledger::Leaf& leaf, const ledger::StoredEntry&, std::span<const std::string_view> salted) -> Status {
        for (std::size_t i = 0; i < leaf.events.size(); ++i) {
          admin::PayloadErased e;
          if (leaf.events[i].type == admin::PayloadErased::kInfo.type && !salted[i].empty() &&
              ScanJson(salted[i].substr(ledger::kSaltBytes), e))
            erased.emplace(EventPlace(e.seq.value, static_cast<std::uint32_t>(e.event.value)), leaf.seq);
        }
        return Ok{};
      }));
  return erased;
}

class Exporter {
 public:
  Exporter(ReadOnlyLedger& ledger, const ExportOptions& options, FileSink& sink)
      : ledger_(ledger), options_(options), sink_(sink) {}

  Result<ExportSummary> Run() {
    LF_ASSIGN(summary_.root, ledger_.log->View()->RootAt(ledger_.size));
    summary_.size = static_cast<std::int64_t>(ledger_.size);
    LF_TRY(WriteHeader());
    ledger::ReplayOptions replay;
    replay.to = ledger_.size;
    replay.verify_leaves = replay.verify_payloads = true;
    LF_TRY(ledger_.log->Replay(replay,
                               [&](const ledger::Leaf& leaf, const ledger::StoredEntry& entry,
                                   std::span<const std::string_view> salted) { return Entry(leaf, entry, salted); }));
    return summary_;
  }

 private:
  Status WriteHeader() {
    LF_ASSIGN(const ledger::EntryRecord first, ledger_.log->Entry(1));
    admin::LedgerCreated created;
    const auto& salted = first.payloads[0].salted;
    if (!salted || salted->size() < ledger::kSaltBytes ||
        !ScanJson(std::string_view(*salted).substr(ledger::kSaltBytes), created))
      return Corrupt("ledger.corrupt", "entry 1 event 0: its payload is not of the form we write", "entry 1 event 0");
    ExportHeader header;
    header.jurisdiction = created.jurisdiction.value;
    header.vkey = ledger_.vkey;
    header.size = summary_.size;
    header.root = summary_.root;
    header.checkpoint = ledger_.checkpoint;
    header.cosigned = ledger_.cosigned;
    for (const EventClass cls : options_.redact) header.redacted.emplace_back(EventClassName(cls));
    return sink_.Write(ToJson(header) + "\n");
  }

  Status Entry(const ledger::Leaf& leaf, const ledger::StoredEntry& entry, std::span<const std::string_view> salted) {
    line_.clear();
    AppendExportEntry(line_, entry.leaf);
    for (std::uint32_t i = 0; i < leaf.events.size(); ++i) {
      LF_ASSIGN(const ExportPayload payload, PayloadOf(leaf, i, salted[i]));
      AppendExportPayload(line_, payload);
    }
    line_ += "]}\n";
    if (options_.progress && leaf.seq % 1000 == 0) options_.progress(leaf.seq, ledger_.size);
    return sink_.Write(line_);
  }

  Result<ExportPayload> PayloadOf(const ledger::Leaf& leaf, std::uint32_t i, std::string_view salted) {
    const EventClass cls = leaf.events[i].cls;
    ExportPayload payload;
    if (std::find(options_.redact.begin(), options_.redact.end(), cls) != options_.redact.end()) {
      payload.kind = ExportPayload::Kind::kWithheld;
      payload.withheld = EventClassName(cls);
      ++summary_.withheld;
    } else if (!salted.empty()) {
      payload.salted = salted;
      ++summary_.opened;
    } else {
      payload.kind = ExportPayload::Kind::kErased;
      LF_ASSIGN(payload.erased, ErasedBy({leaf.seq, i}));
      ++summary_.erased;
    }
    return payload;
  }

  Result<std::uint64_t> ErasedBy(EventPlace place) {
    if (!erased_) {
      LF_ASSIGN(erased_, FindErasures(*ledger_.log));
    }
    const auto found = erased_->find(place);
    if (found == erased_->end())
      return ledger::ReplayFault{ledger::ReplayFault::Kind::kPayload, place.first, place.second,
                                 "its payload is absent and no entry erased it"}
          .ToError();
    if (found->second > ledger_.size)
      return Conflict("export.erased_meanwhile", "entry " + std::to_string(found->second));
    return found->second;
  }

  ReadOnlyLedger& ledger_;
  const ExportOptions& options_;
  FileSink& sink_;
  ExportSummary summary_;
  std::string line_;
  std::optional<std::map<EventPlace, std::uint64_t>> erased_;
};

}  // namespace

Result<ReadOnlyLedger> OpenReadOnlyLedger(const LedgerFiles& files) {
  LF_ASSIGN(std::unique_ptr<ledger::Store> store, OpenStore(files, {.vfs = {}, .create = false, .read_only = true}));
  ReadOnlyLedger ledger;
  LF_ASSIGN(const std::optional<std::string> vkey, store->Meta("vkey"));
  if (!vkey) return Corrupt("ledger.key_missing", "the store names no key");
  ledger.vkey = *vkey;
  LF_ASSIGN(const ledger::VerifierKey verifier, ledger::VerifierKey::Parse(ledger.vkey));
  // Read before the tree, which then holds what was cosigned. A note of a retired key proves nothing to who has only
  // this one; the next round of the witnesses replaces it.
  std::optional<Cosigned> cosigned;
  if (auto read = ReadCosigned(files, std::span(&verifier, 1))) cosigned = *std::move(read);
  LF_ASSIGN(ledger.log, ledger::Log::Open(std::move(store), SystemRandom()));
  std::ifstream key_file(files.key(), std::ios::binary);
  std::string skey;
  if (key_file && std::getline(key_file, skey)) {
    LF_ASSIGN(const ledger::SignerKey signer, ledger::SignerKey::Parse(skey));
    if (signer.verifier().Encode() != ledger.vkey) return Conflict("ledger.other_key", files.key());
    const auto view = ledger.log->View();
    ledger.size = view->size();
    LF_ASSIGN(ledger.checkpoint,
              ledger::SignCheckpoint({signer.verifier().name(), ledger.size, view->Root(), {}}, signer));
  } else {
    LF_ASSIGN(const std::optional<std::string> kept, ledger.log->store().LastCheckpoint());
    if (!kept) return NotFound("ledger.unsigned", files.folder);
    LF_ASSIGN(const ledger::OpenedCheckpoint opened, ledger::OpenCheckpoint(*kept, verifier));
    ledger.checkpoint = *kept;
    ledger.size = opened.checkpoint.size;
  }
  if (cosigned && cosigned->size <= ledger.size) ledger.cosigned = std::move(cosigned->note);
  return ledger;
}

Result<ExportSummary> ExportLedger(ReadOnlyLedger& ledger, const std::string& path, const ExportOptions& options) {
  if (std::filesystem::exists(path)) return Conflict("export.exists", path);
  if (options.before) LF_TRY(options.before(ledger.size));
  FileSink sink(path + ".part");
  LF_ASSIGN(const ExportSummary summary, Exporter(ledger, options, sink).Run());
  LF_TRY(sink.Keep(path));
  return summary;
}

Result<std::vector<EventClass>> ParseClasses(std::string_view list) {
  std::vector<EventClass> classes;
  while (!list.empty()) {
    const std::size_t comma = list.find(',');
    EventClass cls{};
    if (!ParseEventClass(list.substr(0, comma), cls)) return Invalid("export.unknown_class", {}, "redact");
    if (std::find(classes.begin(), classes.end(), cls) == classes.end()) classes.push_back(cls);
    list = comma == std::string_view::npos ? std::string_view{} : list.substr(comma + 1);
  }
  return classes;
}

}  // namespace landfall::app
