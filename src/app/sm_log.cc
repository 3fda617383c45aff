// SPDX-License-Identifier: Apache-2.0
#include "app/sm_log.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "app/ledger_keys.h"
#include "ledger/small_file.h"

namespace landfall::app {
namespace {

constexpr std::string_view kEdgesHeader = "landfall-sm-tree.1\n";
// As many publications may be looked back on without hashing from the beginning.
constexpr std::size_t kEdgesMax = 64;

Result<std::string> ReadKeyLine(const std::string& path) {
  LF_ASSIGN(std::string text, ledger::ReadSmallFile(path));
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

// The part of `rest` before `end`, which is taken as well.
std::string_view Take(std::string_view& rest, char end) {
  const std::size_t at = std::min(rest.find(end), rest.size());
  const std::string_view part = rest.substr(0, at);
  rest.remove_prefix(std::min(at + 1, rest.size()));
  return part;
}

}  // namespace

std::string SmKeyPath(const LedgerFiles& files) { return files.folder + "/sm2.key"; }
std::string SmVerifierPath(const LedgerFiles& files) { return files.folder + "/sm2.vkey"; }
std::string SmCheckpointPath(const LedgerFiles& files) { return files.folder + "/sm.checkpoint"; }
std::string SmTreePath(const LedgerFiles& files) { return files.folder + "/sm.tree"; }

Result<ledger::SmVerifierKey> TurnOnSm(const LedgerFiles& files, Random& random) {
  if (const auto kept = ReadKeyLine(SmKeyPath(files))) {
    LF_ASSIGN(const ledger::SmSignerKey signer, ledger::SmSignerKey::Parse(*kept));
    LF_TRY(ledger::ReplaceSmallFile(SmVerifierPath(files), signer.verifier().Encode() + "\n"));
    return signer.verifier();
  } else if (kept.error().code != "file.missing") {
    return kept.error();
  }
  if (std::filesystem::exists(SmVerifierPath(files))) return Conflict("sm.key_missing", SmKeyPath(files));
  std::string name;
  {
    LF_ASSIGN(const std::unique_ptr<ledger::Store> store, OpenStore(files, {.vfs = {}, .read_only = true}));
    LF_ASSIGN(const std::vector<ledger::VerifierKey> keys, ReadLedgerKeys(*store));
    name = keys[0].name() + "/sm3";
  }
  LF_ASSIGN(const ledger::SmSignerKey signer, ledger::SmSignerKey::Generate(name, random));
  // The secret first: a public key without its secret would be in the way of the next try.
  LF_TRY(ledger::ReplaceSmallFile(SmKeyPath(files), signer.Encode() + "\n", 0600));
  LF_TRY(ledger::ReplaceSmallFile(SmVerifierPath(files), signer.verifier().Encode() + "\n"));
  return signer.verifier();
}

Result<std::optional<ledger::SmVerifierKey>> ReadSmVerifier(const LedgerFiles& files) {
  const auto vkey = ReadKeyLine(SmVerifierPath(files));
  if (!vkey && vkey.error().code == "file.missing") return std::optional<ledger::SmVerifierKey>();
  if (!vkey) return vkey.error();
  LF_ASSIGN(ledger::SmVerifierKey key, ledger::SmVerifierKey::Parse(*vkey));
  return std::optional(std::move(key));
}

// sm.tree: the header; "<size> <SHA-256 root, hex> <edge, base64>" a line; the SHA-256 of all that, hex.
std::map<std::uint64_t, SmEdge> ReadSmEdges(const LedgerFiles& files) {
  const auto text = ledger::ReadSmallFile(SmTreePath(files));
  constexpr std::size_t kSumBytes = 2 * sizeof(Digest);
  if (!text || !text->starts_with(kEdgesHeader) || text->size() < kEdgesHeader.size() + kSumBytes) return {};
  std::string_view rest(*text);
  if (Hex(Sha256(rest.substr(0, rest.size() - kSumBytes))) != rest.substr(rest.size() - kSumBytes)) return {};
  rest.remove_suffix(kSumBytes);
  rest.remove_prefix(kEdgesHeader.size());
  std::map<std::uint64_t, SmEdge> edges;
  while (!rest.empty()) {
    std::string_view line = Take(rest, '\n');
    const auto size = ledger::ParseDecimal(Take(line, ' '));
    const auto root = ParseHex(Take(line, ' '));
    const auto nodes = ParseBase64(line);
    if (!size || !root || root->size() != sizeof(Digest) || !nodes) return {};
    auto frontier = ledger::SmFrontier::Decode(*size, *nodes);
    if (!frontier) return {};
    SmEdge edge{{}, *std::move(frontier)};
    std::memcpy(edge.sha256_root.data(), root->data(), sizeof(Digest));
    edges.emplace(*size, std::move(edge));
  }
  return edges;
}

SmLog::SmLog(const LedgerFiles& files, ledger::Log& log, ledger::SmSignerKey signer, int lock)
    : files_(files), log_(log), view_(log.View()), signer_(std::move(signer)), lock_(lock) {}
SmLog::~SmLog() { ::close(lock_); }

Result<std::unique_ptr<SmLog>> SmLog::Open(const LedgerFiles& files, ledger::Log& log, Busy busy) {
  const std::string path = SmKeyPath(files);
  const auto skey = ReadKeyLine(path);
  if (!skey && skey.error().code == "file.missing") return std::unique_ptr<SmLog>();
  if (!skey) return skey.error();
  LF_ASSIGN(ledger::SmSignerKey signer, ledger::SmSignerKey::Parse(*skey));
  // The lock is the open file's and goes with it, also when the process dies.
  const int lock = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (lock < 0) return Unavailable("store.io", path);
  auto sm = std::unique_ptr<SmLog>(new SmLog(files, log, std::move(signer), lock));
  int locked = 0;
  do locked = ::flock(lock, LOCK_EX | (busy == Busy::kRefuse ? LOCK_NB : 0));
  while (locked != 0 && errno == EINTR);
  if (locked != 0) return Unavailable(errno == EWOULDBLOCK ? "sm.busy" : "store.io", path);
  for (auto& [size, edge] : ReadSmEdges(files)) {
    if (size > sm->view_->size()) continue;
    LF_ASSIGN(const Digest root, sm->view_->RootAt(size));
    if (root == edge.sha256_root) sm->edges_.emplace(size, std::move(edge));
  }
  return sm;
}

Result<Digest> SmLog::RootAt(std::uint64_t size) {
  if (size > view_->size()) return Invalid("tree.size_out_of_range", fmt::format("{} leaves", size));
  ledger::SmFrontier frontier;
  if (auto after = edges_.upper_bound(size); after != edges_.begin()) frontier = std::prev(after)->second.frontier;
  if (frontier.size() == size) return frontier.Root();
  ledger::ReplayOptions options;
  options.from = frontier.size() + 1;
  options.to = size;
  options.verify_leaves = true;
  LF_TRY(log_.Replay(options,
                     [&](const ledger::Leaf&, const ledger::StoredEntry& entry, std::span<const std::string_view>) {
                       frontier.Append(entry.leaf);
                       return Status(Ok{});
                     }));
  if (frontier.size() != size)
    return Corrupt("ledger.corrupt", fmt::format("entry {} is missing", frontier.size() + 1));
  const Digest root = frontier.Root();
  LF_ASSIGN(const Digest sha256_root, view_->RootAt(size));
  edges_.insert_or_assign(size, SmEdge{sha256_root, std::move(frontier)});
  if (edges_.size() > kEdgesMax) edges_.erase(edges_.begin());
  edges_grew_ = true;
  return root;
}

Result<ledger::Checkpoint> SmLog::CheckContinues(const std::string& note) {
  const auto opened = ledger::OpenSmCheckpoint(note, signer_.verifier());
  if (!opened) return Conflict("publish.other_log", opened.error().code + " " + opened.error().detail);
  if (opened->size > view_->size())
    return Corrupt("ledger.rolled_back",
                   fmt::format("SM3 checkpoint of {} entries, holds {}", opened->size, view_->size()));
  LF_ASSIGN(const Digest root, RootAt(opened->size));
  if (root != opened->root)
    return Corrupt("ledger.rewritten", fmt::format("SM3 checkpoint of {} entries", opened->size));
  return *opened;
}

Result<std::string> SmLog::CheckpointAt(std::uint64_t size) {
  const auto kept = ledger::ReadSmallFile(SmCheckpointPath(files_));
  if (!kept && kept.error().code != "file.missing") return kept.error();
  std::uint64_t kept_size = 0;
  if (kept) {
    auto continued = CheckContinues(*kept);
    if (!continued) return std::move(continued).error().At("sm.checkpoint");
    kept_size = continued->size;
    if (kept_size == size) return *kept;
  }
  LF_ASSIGN(const Digest root, RootAt(size));
  LF_ASSIGN(const std::string note, ledger::SignSmCheckpoint({signer_.verifier().name(), size, root, {}}, signer_));
  if (size > kept_size) LF_TRY(ledger::ReplaceSmallFile(SmCheckpointPath(files_), note));
  LF_TRY(KeepEdges());
  return note;
}

Status SmLog::KeepEdges() {
  if (!std::exchange(edges_grew_, false)) return Ok{};
  std::string text(kEdgesHeader);
  for (const auto& [size, edge] : edges_)
    text += fmt::format("{} {} {}\n", size, Hex(edge.sha256_root), Base64(Bytes(edge.frontier.Encode())));
  text += Hex(Sha256(text));
  return ledger::ReplaceSmallFile(SmTreePath(files_), text);
}

}  // namespace landfall::app
