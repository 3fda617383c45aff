// SPDX-License-Identifier: Apache-2.0
#include <fstream>

#include "app/export_lines.h"
#include "app/export_log.h"
#include "app/verify_anchors.h"
#include "app/verify_watch.h"

namespace landfall::app {
namespace {

// Lines of bounded length from a file that may be anything.
class LineReader {
 public:
  explicit LineReader(const std::string& path) : in_(path, std::ios::binary), buffer_(1 << 18, '\0') {}
  bool opened() const { return static_cast<bool>(in_); }
  // Without the line feed. False at the end, or when a line is too long or the last one is cut.
  bool Next(std::string& line) {
    line.clear();
    for (;;) {
      const std::size_t feed = std::string_view(buffer_).substr(0, filled_).find('\n', at_);
      const std::size_t end = feed == std::string_view::npos ? filled_ : feed;
      if (line.size() + (end - at_) > kMaxExportLineBytes) return false;
      line.append(buffer_, at_, end - at_);
      if (feed != std::string_view::npos) {
        at_ = feed + 1;
        return true;
      }
      in_.read(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
      filled_ = static_cast<std::size_t>(in_.gcount());
      at_ = 0;
      if (filled_ == 0) {
        whole_ = line.empty();
        return false;
      }
    }
  }
  bool AtEnd() const { return whole_; }

 private:
  std::ifstream in_;
  std::string buffer_;
  std::size_t at_ = 0, filled_ = 0;
  bool whole_ = false;
};

class ExportVerifier {
 public:
  ExportVerifier(const std::string& path, const VerifyOptions& options)
      : options_(options), lines_(path), found_(options.faults_max), watch_(found_), anchors_(found_) {}

  Result<VerifyReport> Run() {
    if (!lines_.opened()) return NotFound("export.unreadable");
    LF_TRY(ReadHeader());
    std::string line;
    while (lines_.Next(line)) Line(line);
    if (!lines_.AtEnd()) found_.Tell(Check::form, seq_ + 1, {}, "export.malformed", "the line is cut or too long");
    CheckSize();
    anchors_.Finish(seq_);
    watch_.Finish();
    CheckErasures();
    report_.size = static_cast<std::int64_t>(seq_);
    report_.erased = static_cast<std::int64_t>(claims_.size());
    report_.root = frontier_.Root();
    for (const auto& [cls, payloads] : unprovable_) report_.unprovable.push_back({cls, payloads});
    report_.witnessed_size = anchors_.witnessed_size();
    found_.standing().total = std::max(seq_, static_cast<std::uint64_t>(std::max<std::int64_t>(header_.size, 0)));
    anchors_.Into(found_.standing());
    std::move(found_).Into(report_, options_.per_entry);
    return std::move(report_);
  }

 private:
  Status ReadHeader() {
    std::string line;
    if (!lines_.Next(line) || !ScanJson(line, header_) || header_.format.value != ExportHeader{}.format.value)
      return Invalid("export.malformed", "the first line is not a header");
    report_.vkey = options_.vkey.empty() ? header_.vkey : options_.vkey;
    report_.vkey_given = !options_.vkey.empty();
    auto key = ledger::VerifierKey::Parse(report_.vkey);
    if (!key && report_.vkey_given) return std::move(key).error();
    found_.Looked(Check::checkpoint);
    if (!key) {
      found_.Tell(Check::checkpoint, {}, key.error());
      return Ok{};
    }
    if (header_.vkey != report_.vkey)
      found_.Tell(Check::checkpoint, {}, {}, "ledger.other_key", "the export names another key");
    LF_TRY(LoadAnchors(*key));
    auto opened = ledger::OpenCheckpoint(header_.checkpoint, *key);
    if (!opened) {
      found_.Tell(Check::checkpoint, {}, opened.error());
      return Ok{};
    }
    if (static_cast<std::int64_t>(opened->checkpoint.size) != header_.size || opened->checkpoint.root != header_.root)
      found_.Tell(Check::checkpoint, {}, {}, "export.other_tree",
                  "the header's size and root are not those that were signed");
    else
      signed_ = true;
    return Ok{};
  }

  // The header's own checkpoint is looked at apart: nobody but the log has signed it. What it brings from witnesses
  // counts as cosigned where the reader names their keys.
  Status LoadAnchors(const ledger::VerifierKey& key) {
    anchors_.SetLogKeys({key});
    report_.witnesses_given = !options_.witness_vkeys.empty();
    report_.witnesses = options_.witness_vkeys;
    for (const std::string& vkey : report_.witnesses) LF_TRY(anchors_.AddWitness(vkey));
    for (const std::string& note : options_.cosigned) anchors_.Take(note, {}, true);
    if (header_.cosigned) anchors_.Take(*header_.cosigned, {});
    anchors_.Ready();
    return Ok{};
  }

  void Line(std::string_view line) {
    ++seq_;
    for (const Check check : {Check::order, Check::form, Check::tree}) found_.Looked(check);
    if (!ParseExportEntry(line, entry_))
      return found_.Tell(Check::form, seq_, {}, "export.malformed", "not a line of an export");
    frontier_.Append(ledger::LeafHash(entry_.leaf));
    anchors_.At(frontier_);
    found_.Read(seq_);
    if (!ledger::ParseLeaf(entry_.leaf, leaf_) || leaf_.events.size() != entry_.payloads.size())
      return found_.Tell(Check::form, seq_, {}, "export.malformed",
                         "the leaf is not of the form we write, or its payloads are not as many");
    if (leaf_.seq != seq_)
      found_.Tell(Check::order, seq_, {}, "export.malformed", "the leaf says " + std::to_string(leaf_.seq));
    if (leaf_.at < last_at_)
      found_.Tell(Check::order, seq_, {}, "export.malformed", "its time is before that of the entry before");
    last_at_ = leaf_.at;
    seen_.clear();
    for (std::uint32_t i = 0; i < leaf_.events.size(); ++i) Payload(i);
    watch_.Entry(leaf_, seen_);
    report_.events += static_cast<std::int64_t>(leaf_.events.size());
    if (options_.progress && seq_ % 10'000 == 0) options_.progress(seq_, static_cast<std::uint64_t>(header_.size));
  }

  void Payload(std::uint32_t i) {
    const ExportPayload& payload = entry_.payloads[i];
    const std::string_view cls = EventClassName(leaf_.events[i].cls);
    const bool redacted = std::find(header_.redacted.begin(), header_.redacted.end(), cls) != header_.redacted.end();
    SeenPayload seen;
    switch (payload.kind) {
      case ExportPayload::Kind::kOpen:
        found_.Looked(Check::payload);
        seen.payload = std::string_view(payload.salted).substr(ledger::kSaltBytes);
        if (!ledger::HasDigest(payload.salted, leaf_.events[i].digest_hex))
          found_.Tell(Check::payload, seq_, i, "ledger.corrupt", "the payload's digest differs from the leaf's");
        if (redacted)
          found_.Tell(Check::form, seq_, i, "export.malformed", "it is open although the header withholds its class");
        break;
      case ExportPayload::Kind::kWithheld:
        seen.state = SeenPayload::State::kWithheld;
        found_.Withheld(seq_);
        ++unprovable_[std::string(cls)];
        if (!redacted || payload.withheld != cls)
          found_.Tell(Check::form, seq_, i, "export.malformed",
                      "it is withheld although the header does not withhold its class");
        break;
      case ExportPayload::Kind::kErased:
        seen.state = SeenPayload::State::kAbsent;
        claims_.emplace_back(EventPlace(seq_, i), payload.erased);
        break;
    }
    seen_.push_back(seen);
  }

  void CheckSize() {
    if (static_cast<std::int64_t>(seq_) != header_.size)
      return found_.Tell(
          Check::order, seq_, {}, "export.other_tree",
          "the header counts " + std::to_string(header_.size) + " entries, the file holds " + std::to_string(seq_));
    if (frontier_.Root() != header_.root)
      return found_.Tell(Check::tree, {}, {}, "export.other_tree", "the leaves lead to another root than the header's");
    if (signed_) report_.signed_size = header_.size;
  }

  void CheckErasures() {
    for (const auto& [place, by] : claims_) {
      const auto said = watch_.erased().find(place);
      if (said != watch_.erased().end() && said->second == by) continue;
      // Where payloads of payload.erased are withheld, the claim cannot be followed.
      if (said == watch_.erased().end() && watch_.withheld_erasures())
        ++unprovable_["erased"];
      else
        found_.Tell(Check::erasure, place.first, place.second, "ledger.payload_missing",
                    "entry " + std::to_string(by) + " did not erase it");
    }
  }

  const VerifyOptions& options_;
  LineReader lines_;
  ExportHeader header_;
  bool signed_ = false;
  VerifyReport report_;
  Findings found_;
  EntryWatch watch_;
  Anchors anchors_;
  ledger::Frontier frontier_;
  std::uint64_t seq_ = 0;
  Instant last_at_{};
  ExportEntry entry_;
  ledger::Leaf leaf_;
  std::vector<SeenPayload> seen_;
  std::vector<std::pair<EventPlace, std::uint64_t>>
      claims_;  // Erased payloads and the entry that the file says erased them.
  std::map<std::string, std::int64_t> unprovable_;
};

}  // namespace

Result<VerifyReport> VerifyExport(const std::string& path, const VerifyOptions& options) {
  return ExportVerifier(path, options).Run();
}

}  // namespace landfall::app
