// SPDX-License-Identifier: Apache-2.0
// The published log: what verifiers fetch (C2SP tlog-tiles), for anybody, when the operator has said so.
#include "app/ledger_keys.h"
#include "app/sm_log.h"
#include "app/witnesses.h"
#include "ledger/publish.h"
#include "ledger/small_file.h"
#include "server/api.h"

namespace landfall::server {
namespace {

constexpr std::string_view kForever = "public, max-age=31536000, immutable";
// A partial tile is outgrown soon, and a checkpoint with the next entry.
constexpr std::string_view kShort = "public, max-age=5";

void SendPublished(const Call& call, std::string bytes, std::string_view type, std::string_view caching) {
  // The bytes alone make the tag: they are the same after a restart.
  const std::string tag = "\"" + Hex(Sha256(bytes)).substr(0, 32) + "\"";
  Response response;
  if (NoneMatchNames(call.request, tag)) {
    response.status = 304;
  } else {
    response.content_type = type;
    response.body = std::move(bytes);
  }
  response.headers.push_back({"ETag", tag});
  response.headers.push_back({"Cache-Control", std::string(caching)});
  call.Send(std::move(response));
}

// The cosigned checkpoint where witnesses have cosigned one: it is what everybody else can rely upon.
Result<std::string> NewestCheckpoint(app::Engine& engine) {
  LF_ASSIGN(const std::vector<ledger::VerifierKey> keys, app::ReadLedgerKeys(engine.log().store()));
  LF_ASSIGN(std::optional<app::Cosigned> cosigned, app::ReadCosigned(engine.files(), keys));
  if (cosigned && cosigned->size <= engine.log().size()) return std::move(cosigned->note);
  return engine.SignedCheckpoint();
}

// Of the SM3 tree at the size of the newest checkpoint. While another call hashes, the one before is served.
Result<std::string> NewestSmCheckpoint(app::Engine& engine) {
  LF_ASSIGN(const std::string newest, NewestCheckpoint(engine));
  LF_ASSIGN(const ledger::SignedNote note, ledger::SignedNote::Parse(newest));
  LF_ASSIGN(const ledger::Checkpoint checkpoint, ledger::ParseCheckpoint(note.text));
  auto sm = app::SmLog::Open(engine.files(), engine.log(), app::SmLog::Busy::kRefuse);
  if (!sm && sm.error().code == "sm.busy")
    if (auto kept = ledger::ReadSmallFile(app::SmCheckpointPath(engine.files()))) return kept;
  if (!sm) return std::move(sm).error();
  if (*sm == nullptr) return NotFound("log.no_such_tile");
  return (*sm)->CheckpointAt(checkpoint.size);
}

void AnswerPublished(const Call& call, std::string_view path) {
  if (path == "checkpoint" || path == "sm/checkpoint") {
    auto note = path == "checkpoint" ? NewestCheckpoint(call.engine()) : NewestSmCheckpoint(call.engine());
    if (!note) return call.Refuse(note.error());
    return SendPublished(call, *std::move(note), "text/plain; charset=utf-8", kShort);
  }
  const auto tile = ledger::ParseTilePath(path);
  if (!tile) return call.Refuse(NotFound("log.no_such_tile"));
  auto bytes = ledger::PublishedBytes(call.engine().log().store(), *call.engine().log().View(), *tile);
  if (!bytes && bytes.error().code == "tree.size_out_of_range") return call.Refuse(NotFound("log.no_such_tile"));
  if (!bytes) return call.Refuse(bytes.error());
  SendPublished(call, *std::move(bytes), "application/octet-stream",
                tile->width == ledger::kTileWidth ? kForever : kShort);
}

// <code of the ledger>/checkpoint, <code>/tile/…, <code>/sm/checkpoint
void GetPublished(const CallPtr& call) {
  if (!call->api.options().publish_log) return call->Refuse(NotFound("log.not_published"));
  const std::string& id = call->path_parameter;
  const std::size_t slash = id.find('/');
  call->ledger = slash == std::string::npos ? nullptr : call->api.FindLedger(std::string_view(id).substr(0, slash));
  if (call->ledger == nullptr) return call->Refuse(NotFound("ledger.unknown", {}, "id"));
  call->OnWorker([call, path = id.substr(slash + 1)] { AnswerPublished(*call, path); });
}

}  // namespace

void AddLogRoutes(RouteTable& table) {
  table.Raw<Key<200>, LedgerQuery>(
      {.path = "/log/{+id}",
       .operation = "getPublished",
       .gate = Gate::kOpen,
       .permission = {},
       .summary = "The published log (C2SP tlog-tiles): CODE/checkpoint, CODE/tile/…, CODE/sm/checkpoint ; "
                  "only where the server was started with --publish-log",
       .path_parameter = {},
       .query = {},
       .headers = {},
       .body = {},
       .answer = {"application/octet-stream", {}},
       .run = &GetPublished});
}

}  // namespace landfall::server
