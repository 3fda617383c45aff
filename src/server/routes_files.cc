// SPDX-License-Identifier: Apache-2.0
// Files: on their way in, kept as evidence, looked at and taken out again. Everything here waits for the disk and runs
// on workers. A file becomes part of the ledger by the command that names its digest.
#include <fmt/format.h>

#include "app/file_index.h"
#include "app/policy.h"
#include "app/query_cases.h"
#include "exchange/exif.h"
#include "exchange/file_kind.h"
#include "exchange/xlsx_read.h"
#include "ledger/uploads.h"
#include "server/api.h"
#include "server/api_shapes.h"
#include "server/file_shapes.h"

namespace landfall::server {
namespace {

constexpr std::size_t kFilesShown = 200;
constexpr std::size_t kTableRows = 50, kTableColumns = 30, kTableCellBytes = 200;
// A preview of a sheet may not cost what an import may.
exchange::SheetLimits PreviewLimits() {
  exchange::SheetLimits limits;
  limits.cells = 300'000;
  limits.text_bytes_total = 16 << 20;
  return limits;
}

// ---- who may ----

// Whoever may record something that evidence belongs to may store it: progress, a report, a source, a write-off, the
// vouchers of a receipt, a paper of a case.
Status MayStore(const Call& call) {
  const auto now = call.engine().Read();
  LF_TRY(call.CheckGate(now.state()));
  for (const std::string_view permission : {"project.write", "project.correct", "obligation.act", "obligation.assign",
                                            "obligation.write_off", "case.write"})
    if (app::ReachOf(now.state(), call.actor(), permission) != app::Reach::kNone) return Ok{};
  if (!app::DelegatedProjects(now.state(), call.actor(), call.Today(now.state())).empty()) return Ok{};
  if (app::ReachOf(now.state(), call.actor(), app::kApplyForOwn) != app::Reach::kNone) {
    LF_TRY(app::OwnEnterprise(now.state(), call.actor(), app::kApplyForOwn));
    return Ok{};
  }
  return Forbidden("access.denied", "project.write");
}

bool MayReadCaseOf(const Call& call, const app::State& now, cases::CaseId id) {
  if (app::MayReadOwnCase(now, call.actor(), id)) return true;
  const Day today = call.Today(now);
  auto visible = app::VisibleTo(now, call.actor(), today, "case.read");
  return visible && app::MayReadCase({now, today, 0, {}, 0, *std::move(visible)}, id).ok();
}

// Whether the account may read what hangs on a record's subject: a case, a project, or an obligation, which is also its
// project's.
bool MayReadOf(const Call& call, const app::State& now, std::string_view subject) {
  const auto may = [&](std::string_view permission, std::uint32_t owner, std::uint32_t of) {
    return app::AuthorizeRead(now, call.actor(), call.Today(now), permission, UnitId{owner}, ProjectId{of}).ok();
  };
  const std::size_t slash = subject.find('/');
  if (slash == std::string_view::npos) return false;  // "ledger": nobody's in particular.
  const std::string_view kind = subject.substr(0, slash), id = subject.substr(slash + 1);
  if (kind == "case") {
    const auto of = cases::CaseId::Parse(id);
    return of && MayReadCaseOf(call, now, *of);
  }
  std::uint32_t project = 0;
  if (kind == "obligation") {
    const auto obligation = ObligationId::Parse(id);
    if (!obligation || !now.obligation.Knows(*obligation)) return false;
    project = now.obligation.project[obligation->index()];
    if (may("obligation.read", now.obligation.owner[obligation->index()], project)) return true;
  } else if (kind == "project") {
    if (const auto parsed = ProjectId::Parse(id); parsed && now.project.Knows(*parsed)) project = parsed->raw;
  }
  return project != 0 && may("project.read", now.project.owner[project - 1], project);
}

// A file may be read by whoever may read a record that names it. Until one does it is the sender's alone, and of those
// who read everything. An applicant reads what its own enterprise's cases name, and nothing else: whom the account is
// bound to may change, and what it once sent stays with the case.
Status MayRead(const Call& call, const Digest& digest) {
  bool applicant = false;
  {
    const auto now = call.engine().Read();
    applicant = app::ReachOf(now.state(), call.actor(), app::kReadOwnCases) != app::Reach::kNone;
    if (applicant)
      LF_TRY(app::OwnEnterprise(now.state(), call.actor(), app::kReadOwnCases));
    else if (!app::ReachesAny(now.state(), call.actor(), call.Today(now.state()), "project.read"))
      return Forbidden("access.denied", "project.read");
    const auto all = [&](std::string_view permission) {
      return app::ReachOf(now.state(), call.actor(), permission) == app::Reach::kAll;
    };
    if (all("project.read") && all("obligation.read")) return Ok{};
  }
  if (!applicant) {
    LF_ASSIGN(const bool sent, call.ledger->uploads->HasStored(call.visitor.account, digest));
    if (sent) return Ok{};
  }
  LF_ASSIGN(const std::vector<std::string> subjects, call.ledger->files->SubjectsOf(call.engine().log(), digest));
  const auto now = call.engine().Read();
  for (const std::string& subject : subjects)
    if (MayReadOf(call, now.state(), subject)) return Ok{};
  return applicant ? Forbidden("access.other_enterprise") : Forbidden("access.other_unit", "project.read");
}

// ---- in ----

// What the bytes are by their own structure; what a client says of them counts for nothing.
Result<BlobAnswer> Store(const Call& call, const std::string& bytes) {
  if (bytes.empty()) return Invalid("blob.empty");
  LF_ASSIGN(const exchange::FileFacts facts, exchange::InspectFile(bytes));
  LF_ASSIGN(const Digest digest, call.ledger->blobs->Put(exchange::MediaType(facts.kind), bytes));
  LF_TRY(call.ledger->uploads->NoteStored(call.visitor.account, digest));
  return BlobAnswer{digest, static_cast<std::int64_t>(bytes.size())};
}

// Runs `work` on a worker for who may store, and answers what it gives.
template <class F>
void RunForSender(const CallPtr& call, int status, F work) {
  if (Status may = MayStore(*call); !may) return call->Refuse(may.error());
  call->OnWorker([call, status, work = std::move(work)] {
    auto answer = work(*call);
    if (!answer) return call->Refuse(answer.error());
    call->SendJson(ToJson(*answer), status);
  });
}

void PutBlob(const CallPtr& call) {
  if (auto query = ReadQuery<LedgerQuery>(call->request); !query) return call->Refuse(query.error());
  RunForSender(call, 201, [](const Call& c) { return Store(c, c.request.body); });
}

using UploadKey = Key<32>;

UploadAnswer AnswerOf(const ledger::Upload& upload) {
  return {upload.id,
          static_cast<std::int64_t>(upload.bytes),
          static_cast<std::int64_t>(upload.received),
          static_cast<std::int64_t>(ledger::kUploadPartBytesMin),
          static_cast<std::int64_t>(ledger::kUploadPartBytesMax),
          upload.expires_at};
}

void BeginUpload(const CallPtr& call) {
  if (auto query = ReadQuery<LedgerQuery>(call->request); !query) return call->Refuse(query.error());
  if (Status may = MayStore(*call); !may) return call->Refuse(may.error());
  auto body = ReadJson<UploadBody>(call->request.body);
  if (!body) return call->Refuse(body.error());
  RunForSender(call, 201,
               [bytes = static_cast<std::uint64_t>(body->bytes.value)](const Call& c) -> Result<UploadAnswer> {
                 LF_ASSIGN(const ledger::Upload upload, c.ledger->uploads->Begin(c.visitor.account, bytes));
                 return AnswerOf(upload);
               });
}

Result<UploadAnswer> GetUpload(Call& call, const UploadKey& id, const LedgerQuery&) {
  LF_TRY(MayStore(call));
  LF_ASSIGN(const ledger::Upload upload, call.ledger->uploads->Find(call.visitor.account, id.value));
  return AnswerOf(upload);
}

struct PartQuery : LedgerQuery {
  std::optional<Int<0, INT64_MAX>> offset;  // Default: the beginning.
};
BOOST_DESCRIBE_STRUCT(PartQuery, (LedgerQuery), (offset))

void SendPart(const CallPtr& call) {
  auto query = ReadQuery<PartQuery>(call->request);
  if (!query) return call->Refuse(query.error());
  auto id = ReadPath<UploadKey>(call);
  if (!id) return call->Refuse(id.error());
  const std::uint64_t offset = query->offset ? static_cast<std::uint64_t>(query->offset->value) : 0;
  RunForSender(call, 200, [offset, id = id->value](const Call& c) -> Result<UploadAnswer> {
    LF_ASSIGN(const ledger::Upload upload, c.ledger->uploads->Append(c.visitor.account, id, offset, c.request.body));
    return AnswerOf(upload);
  });
}

// What is refused here is forgotten: no part of it would make another file of it.
void FinishUpload(const CallPtr& call) {
  if (auto query = ReadQuery<LedgerQuery>(call->request); !query) return call->Refuse(query.error());
  auto id = ReadPath<UploadKey>(call);
  if (!id) return call->Refuse(id.error());
  if (Status may = MayStore(*call); !may) return call->Refuse(may.error());
  auto body = ReadJson<FinishBody>(call->request.body);
  if (!body) return call->Refuse(body.error());
  RunForSender(call, 201, [id = id->value, digest = body->digest](const Call& c) -> Result<BlobAnswer> {
    ledger::Uploads& uploads = *c.ledger->uploads;
    LF_ASSIGN(const std::string bytes, uploads.Take(c.visitor.account, id));
    auto stored = digest && Sha256(bytes) != *digest
                      ? Result<BlobAnswer>(Invalid("upload.digest_differs", {}, "digest"))
                      : Store(c, bytes);
    if (stored || stored.error().fault == Fault::kInvalid) LF_TRY(uploads.End(c.visitor.account, id));
    return stored;
  });
}

void CancelUpload(const CallPtr& call) {
  if (auto query = ReadQuery<LedgerQuery>(call->request); !query) return call->Refuse(query.error());
  auto id = ReadPath<UploadKey>(call);
  if (!id) return call->Refuse(id.error());
  if (Status may = MayStore(*call); !may) return call->Refuse(may.error());
  call->OnWorker([call, id = id->value] {
    if (Status ended = call->ledger->uploads->End(call->visitor.account, id); !ended)
      return call->Refuse(ended.error());
    call->Send(Response::Empty());
  });
}

// ---- out ----

Response BytesOf(const Call& call, const Digest& digest, std::string_view media_type, std::string bytes,
                 std::string_view disposition) {
  Response response{.content_type = std::string(media_type), .body = std::move(bytes)};
  const std::string tag = "\"" + Hex(digest) + "\"";  // The bytes can never be others.
  if (NoneMatchNames(call.request, tag)) response = Response::Empty(304);
  response.headers.push_back({"ETag", tag});
  response.headers.push_back({"Cache-Control", "private, no-cache"});
  response.headers.push_back({"Content-Disposition", std::string(disposition) + "; filename=\"" + Hex(digest) + "\""});
  return response;
}

Status LogReading(const Call& call, const Digest& digest) {
  std::string name;
  AppendDigestText(name, digest);
  return call.Log("read_evidence", name);
}

Status SendBlob(const Call& call, const Digest& digest) {
  LF_TRY(MayRead(call, digest));
  ledger::Blobs& blobs = *call.ledger->blobs;
  LF_ASSIGN(const ledger::BlobInfo info, blobs.Info(digest));
  LF_ASSIGN(std::string bytes, blobs.Get(digest));
  LF_TRY(LogReading(call, digest));
  call.Send(BytesOf(call, digest, info.media_type, std::move(bytes), "attachment"));
  return Ok{};
}

// A PDF that does nothing but show its pages. An encrypted one was not looked into, so nobody knows what it would do.
// It is decided here and not left to the browser: Chromium's viewer keeps nothing of our policy but frame-ancestors.
bool MayBeViewed(const exchange::FileFacts& facts) {
  return facts.kind == exchange::FileKind::kPdf && !facts.has_script && !facts.has_launch && !facts.is_encrypted;
}

// For the browser's own viewer, in a frame of our pages or in a tab. Chromium's is a process and an origin of its own;
// whatever else takes the file for a page gets one without origin, scripts and forms, that may ask for nothing.
constexpr std::string_view kViewPolicy =
    "default-src 'none'; sandbox; frame-ancestors 'self'; base-uri 'none'; form-action 'none'";

Status SendView(const Call& call, const Digest& digest) {
  LF_TRY(MayRead(call, digest));
  LF_ASSIGN(std::string bytes, call.ledger->blobs->Get(digest));
  const auto facts = exchange::InspectFile(bytes);
  if (!facts || !MayBeViewed(*facts)) return Invalid("blob.not_viewable", {}, "id");
  LF_TRY(LogReading(call, digest));
  call.Send(BytesOf(call, digest, exchange::MediaType(facts->kind), std::move(bytes), "inline"), kViewPolicy);
  return Ok{};
}

using SendFile = Status (*)(const Call&, const Digest&);

template <SendFile kSend>
void GetFile(const CallPtr& call) {
  if (auto query = ReadQuery<LedgerQuery>(call->request); !query) return call->Refuse(query.error());
  auto digest = ReadPath<Digest>(call);
  if (!digest) return call->Refuse(digest.error());
  {
    const auto now = call->engine().Read();
    if (Status gate = call->CheckGate(now.state()); !gate) return call->Refuse(gate.error());
  }
  call->OnWorker([call, digest = *digest] {
    if (Status sent = kSend(*call, digest); !sent) call->Refuse(sent.error());
  });
}

std::string TakenText(const exchange::PhotoFacts::Taken& taken) {
  const int s = taken.second_of_day;
  std::string text = fmt::format("{} {:02}:{:02}:{:02}", FormatDay(taken.day), s / 3600, s / 60 % 60, s % 60);
  if (taken.offset) text += " " + FormatUtcOffset(*taken.offset);
  return text;
}

// Where a photo was taken tells of a person's movements: shown to who may read personal data, and logged.
Result<FileView> GetFileFacts(Call& call, const Digest& digest, const LedgerQuery&) {
  LF_TRY(MayRead(call, digest));
  LF_ASSIGN(const ledger::BlobInfo info, call.ledger->blobs->Info(digest));
  LF_ASSIGN(const std::string bytes, call.ledger->blobs->Get(digest));
  FileView view;
  view.digest = digest;
  view.bytes = static_cast<std::int64_t>(info.size);
  view.media_type = info.media_type;
  // What lies here from before files were inspected may be anything; it is still a file to keep.
  if (const auto facts = exchange::InspectFile(bytes)) {
    view.media_type = exchange::MediaType(facts->kind);
    if (facts->width != 0) view.width = facts->width, view.height = facts->height;
    if (facts->has_script) view.warnings.emplace_back("script");
    if (facts->has_launch) view.warnings.emplace_back("launch");
    if (facts->has_embedded_file) view.warnings.emplace_back("embedded_file");
    if (facts->is_encrypted) view.warnings.emplace_back("encrypted");
    view.viewable = MayBeViewed(*facts);
  }
  const exchange::PhotoFacts photo = exchange::ReadPhotoFacts(bytes);
  if (photo.taken) view.taken_at = TakenText(*photo.taken);
  if (!photo.camera_make.empty()) view.camera = photo.camera_make;
  if (photo.place) {
    bool personal = false;
    {
      const auto now = call.engine().Read();
      personal = app::MayReadClass(now.state(), call.actor(), EventClass::kPersonal);
    }
    view.place_withheld = !personal;
    if (personal) {
      std::string name = "photo/";
      AppendDigestText(name, digest);
      LF_TRY(call.Log("read_personal", name));
      view.longitude_e7 = photo.place->longitude_e7;
      view.latitude_e7 = photo.place->latitude_e7;
    }
  }
  return view;
}

std::string Shortened(std::string text) {
  if (text.size() <= kTableCellBytes) return text;
  std::size_t end = kTableCellBytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end) + "…";
}

// Text is shown line by line; a line that is not UTF-8 is left to the program it came from.
FileTable TableOfText(std::string_view text) {
  FileTable table;
  while (!text.empty() && table.rows.size() < kTableRows) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    table.rows.push_back({IsUtf8(line) ? Shortened(std::string(line)) : "?"});
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  table.more = !text.empty();
  return table;
}

FileTable TableOfSheet(const exchange::Workbook& book) {
  FileTable table;
  const exchange::Sheet* shown = nullptr;
  for (const exchange::Sheet& sheet : book.sheets) {
    if (sheet.hidden) continue;
    table.sheets.push_back(sheet.name);
    if (shown == nullptr) shown = &sheet;
  }
  if (shown == nullptr) return table;
  table.sheet = shown->name;
  table.more = shown->last_row() > kTableRows;
  for (const exchange::SheetRow& row : shown->rows) {
    if (row.number > kTableRows) break;
    table.rows.resize(row.number);
    for (const exchange::SheetCell& cell : shown->CellsOf(row)) {
      if (cell.column > kTableColumns) {
        table.more = true;
        break;
      }
      table.rows.back().resize(cell.column);
      table.rows.back().back() = Shortened(exchange::CellText(cell, shown->dates));
    }
  }
  return table;
}

Result<FileTable> GetFileTable(Call& call, const Digest& digest, const LedgerQuery&) {
  LF_TRY(MayRead(call, digest));
  LF_ASSIGN(const std::string bytes, call.ledger->blobs->Get(digest));
  LF_ASSIGN(const exchange::FileFacts facts, exchange::InspectFile(bytes));
  if (facts.kind == exchange::FileKind::kText || facts.kind == exchange::FileKind::kCsv) return TableOfText(bytes);
  LF_ASSIGN(const exchange::Workbook book, exchange::ReadXlsx(bytes, PreviewLimits()));
  return TableOfSheet(book);
}

// A project's files are those of its own records and of what is owed on it.
Result<FileList> GetProjectFiles(Call& call, const ProjectId& project, const LedgerQuery&) {
  std::vector<app::NamedRef> subjects;
  {
    const auto now = call.engine().Read();
    const app::State& state = now.state();
    if (!state.project.Knows(project)) return NotFound("project.unknown", {}, "id");
    LF_TRY(app::AuthorizeRead(state, call.actor(), call.Today(state), call.route->permission,
                              UnitId{state.project.owner[project.index()]}, project));
    subjects.push_back(app::ProjectRef(state.project, project.raw));
    const obligation::State& o = state.obligation;
    std::uint32_t at = project.index() < o.last_of_project.size() ? o.last_of_project[project.index()] : 0;
    for (; at != 0 && subjects.size() < kFilesShown; at = o.previous[at - 1])
      subjects.push_back({ObligationId{at}.ToString(), std::string(o.text.Get(at - 1))});
  }
  FileList list;
  for (const app::NamedRef& subject : subjects) {
    const std::string on = (subject.id == project.ToString() ? "project/" : "obligation/") + subject.id;
    LF_ASSIGN(const std::vector<app::FileRef> refs, call.ledger->files->Of(call.engine().log(), on, kFilesShown + 1));
    for (const app::FileRef& ref : refs)
      list.rows.push_back({ref.digest, static_cast<std::int64_t>(ref.seq), ref.event, subject, ref.photo, {}, {}});
  }
  std::stable_sort(list.rows.begin(), list.rows.end(),
                   [](const FileRow& a, const FileRow& b) { return a.seq > b.seq; });
  list.more = list.rows.size() > kFilesShown;
  if (list.more) list.rows.resize(kFilesShown);
  for (FileRow& row : list.rows) {
    const auto info = call.ledger->blobs->Info(row.digest);
    if (!info && info.error().fault != Fault::kNotFound) return info.error();
    if (!info) continue;
    row.media_type = info->media_type;
    row.bytes = static_cast<std::int64_t>(info->size);
  }
  return list;
}

}  // namespace

void AddFilesRoutes(RouteTable& table) {
  const Body bytes{"application/octet-stream", {}};
  Route put = AccountRoute(Method::kPost, "/api/v1/blobs", "putBlob", "Stores evidence", bytes,
                           table.Json<BlobAnswer>(), 201, &PutBlob);
  put.body_bytes_max = kBlobBytesMax;
  table.Raw<NoPath, LedgerQuery>(std::move(put));
  table.Raw<Digest, LedgerQuery>({.path = "/api/v1/blobs/{id}",
                                  .operation = "getBlob",
                                  .gate = Gate::kAccount,  // MayRead decides.
                                  .permission = {},
                                  .summary = "Evidence, as a file to keep",
                                  .path_parameter = {},
                                  .query = {},
                                  .headers = {},
                                  .body = {},
                                  .answer = bytes,
                                  .run = &GetFile<&SendBlob>});
  table.Raw<Digest, LedgerQuery>({.path = "/api/v1/blobs/{id}/view",
                                  .operation = "viewBlob",
                                  .gate = Gate::kAccount,
                                  .permission = {},
                                  .summary = "A PDF for the browser's own viewer",
                                  .path_parameter = {},
                                  .query = {},
                                  .headers = {},
                                  .body = {},
                                  .answer = {"application/pdf", {}},
                                  .run = &GetFile<&SendView>});
  table.Stored<&GetFileFacts>("/api/v1/blobs/{id}/facts", "getFileFacts", "",
                              "What a file is by its structure; of a photo, when and where it was taken");
  table.Stored<&GetFileTable>("/api/v1/blobs/{id}/table", "getFileTable", "",
                              "The first rows of a sheet, or the first lines of a text");
  table.Stored<&GetProjectFiles>("/api/v1/projects/{id}/files", "getProjectFiles", "project.read",
                                 "Files that records of a project, or of what is owed on it, name; newest first");
  table.Raw<NoPath, LedgerQuery>(AccountRoute(Method::kPost, "/api/v1/uploads", "beginUpload",
                                              "Begins a file that comes in parts", table.Json<UploadBody>(),
                                              table.Json<UploadAnswer>(), 201, &BeginUpload));
  table.Stored<&GetUpload>("/api/v1/uploads/{id}", "getUpload", "", "How far an upload has come");
  Route part = AccountRoute(Method::kPatch, "/api/v1/uploads/{id}", "sendPart", "Adds the part that begins at `offset`",
                            bytes, table.Json<UploadAnswer>(), 200, &SendPart);
  part.body_bytes_max = ledger::kUploadPartBytesMax;
  table.Raw<UploadKey, PartQuery>(std::move(part));
  table.Raw<UploadKey, LedgerQuery>(AccountRoute(Method::kPost, "/api/v1/uploads/{id}/finish", "finishUpload",
                                                 "Stores the whole as evidence", table.Json<FinishBody>(),
                                                 table.Json<BlobAnswer>(), 201, &FinishUpload));
  table.Raw<UploadKey, LedgerQuery>(AccountRoute(Method::kDelete, "/api/v1/uploads/{id}", "cancelUpload",
                                                 "Forgets an upload", {}, {}, 204, &CancelUpload));
}

}  // namespace landfall::server
