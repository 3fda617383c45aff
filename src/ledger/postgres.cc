// SPDX-License-Identifier: Apache-2.0
#include "ledger/postgres.h"

#include <utility>

namespace landfall::ledger {
namespace {

template <class T>
void ToNetwork(T value, char* out) {
  auto bits = static_cast<std::uint64_t>(value);
  for (std::size_t i = sizeof(T); i-- > 0; bits >>= 8) out[i] = static_cast<char>(bits & 0xFF);
}

template <class T>
void AppendNetwork(std::string& out, T value) {
  char bytes[sizeof(T)];
  ToNetwork(value, bytes);
  out.append(bytes, sizeof(T));
}

std::string_view WithoutLineEnd(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.remove_suffix(1);
  return text;
}

// The server is there, but not for us now: it shuts down, starts up, or was demoted to a standby.
bool IsGoingAway(std::string_view state) {
  return state.starts_with("08") || state == "57P01" || state == "57P02" || state == "57P03" || state == "25006";
}

}  // namespace

std::int64_t PgResult::Int(int row, int column) const {
  const std::string_view bytes = Bytes(row, column);
  std::uint64_t value = !bytes.empty() && (bytes[0] & 0x80) != 0 ? ~std::uint64_t{0} : 0;
  for (const char c : bytes) value = value << 8 | static_cast<std::uint8_t>(c);
  return static_cast<std::int64_t>(value);
}

PgParams& PgParams::Int(std::int64_t value) {
  auto& bytes = ints_[static_cast<std::size_t>(n_)];
  ToNetwork(value, bytes.data());
  return Bytes({bytes.data(), 8});
}

PgParams& PgParams::Int4(std::int32_t value) {
  auto& bytes = ints_[static_cast<std::size_t>(n_)];
  ToNetwork(value, bytes.data());
  return Bytes({bytes.data(), 4});
}

PgParams& PgParams::Bytes(std::string_view bytes) {
  LF_CHECK(n_ < kMax);
  const auto at = static_cast<std::size_t>(n_++);
  values_[at] = bytes.data() == nullptr ? "" : bytes.data();  // libpq takes a null pointer for NULL.
  lengths_[at] = static_cast<int>(bytes.size());
  formats_[at] = 1;
  return *this;
}

// array_recv of PostgreSQL: dimensions, whether there are NULLs, the type, then of each dimension its length and lower
// bound; then the elements, each after its length. array_recv refuses a dimension without elements.
PgArray::PgArray(Of type) {
  AppendNetwork(buffer_, std::int32_t{1});
  AppendNetwork(buffer_, std::int32_t{0});
  AppendNetwork(buffer_, static_cast<std::uint32_t>(type));
  AppendNetwork(buffer_, std::int32_t{0});
  AppendNetwork(buffer_, std::int32_t{1});
}
void PgArray::Int(std::int64_t value) {
  AppendNetwork(buffer_, std::int32_t{8});
  AppendNetwork(buffer_, value);
  ++n_;
}
void PgArray::Int4(std::int32_t value) {
  AppendNetwork(buffer_, std::int32_t{4});
  AppendNetwork(buffer_, value);
  ++n_;
}
void PgArray::Bytes(std::string_view bytes) {
  AppendNetwork(buffer_, static_cast<std::int32_t>(bytes.size()));
  buffer_ += bytes;
  ++n_;
}
std::string_view PgArray::View() {
  LF_CHECK(n_ > 0);
  constexpr std::size_t kLengthAt = 12;
  ToNetwork(n_, buffer_.data() + kLengthAt);
  return buffer_;
}

PgCopyRows::PgCopyRows() {
  buffer_.assign("PGCOPY\n\377\r\n\0", 11);
  AppendNetwork(buffer_, std::int32_t{0});  // no flags
  AppendNetwork(buffer_, std::int32_t{0});  // no further header
}
void PgCopyRows::BeginRow(int columns) { AppendNetwork(buffer_, static_cast<std::int16_t>(columns)); }
void PgCopyRows::Int(std::int64_t value) {
  AppendNetwork(buffer_, std::int32_t{8});
  AppendNetwork(buffer_, value);
}
void PgCopyRows::Int4(std::int32_t value) {
  AppendNetwork(buffer_, std::int32_t{4});
  AppendNetwork(buffer_, value);
}
void PgCopyRows::Bytes(std::string_view bytes) {
  AppendNetwork(buffer_, static_cast<std::int32_t>(bytes.size()));
  buffer_ += bytes;
}
std::string PgCopyRows::End() {
  AppendNetwork(buffer_, std::int16_t{-1});
  return Take();
}

Error PgError(PGconn* connection, const PGresult* result, std::string_view what) {
  const char* field = result == nullptr ? nullptr : PQresultErrorField(result, PG_DIAG_SQLSTATE);
  const std::string_view state = field == nullptr ? "" : field;
  const char* primary = result == nullptr ? nullptr : PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
  std::string detail(what);
  detail += ": ";
  detail += WithoutLineEnd(primary != nullptr ? primary : PQerrorMessage(connection));
  if (!state.empty()) detail += " (" + std::string(state) + ")";
  // Without a state the server said nothing: the words are libpq's own, and the wire is at fault even where it has not
  // noticed yet.
  if (state.empty() || PQstatus(connection) != CONNECTION_OK || IsGoingAway(state))
    return Unavailable("store.connection_lost", std::move(detail));
  if (state == "23505") return Conflict("store.race_lost", std::move(detail));
  // Two transactions in each other's way: one of them was undone, and its writer must look again.
  if (state == "40001" || state == "40P01") return Unavailable("store.connection_lost", std::move(detail));
  if (state == "LF001") return Corrupt("ledger.rolled_back", std::move(detail));
  if (state == "42501") return Forbidden("store.not_permitted", std::move(detail));
  if (state == "42P01" || state == "3F000") return NotFound("store.not_prepared", std::move(detail));
  if (state == "XX001" || state == "XX002") return Corrupt("store.corrupt", std::move(detail));
  return Unavailable("store.io", std::move(detail));
}

Result<PgConnection> PgConnection::Open(const std::string& address, const PgOptions& options) {
  // What stands before dbname can be overridden by the address, what stands behind it cannot.
  const char* const names[] = {"connect_timeout",      "keepalives_idle",
                               "keepalives_interval",  "keepalives_count",
                               "tcp_user_timeout",     "fallback_application_name",
                               "target_session_attrs", "dbname",
                               "client_encoding",      nullptr};
  const char* const values[] = {
      "5",    "10",   "5", "3", "20000", "landfall", options.read_write ? "read-write" : "any", address.c_str(),
      "UTF8", nullptr};
  PgConnection opened;
  opened.connection_.reset(PQconnectdbParams(names, values, 1));
  if (!opened.connection_) return Unavailable("store.connection_lost", "no memory for a connection");
  if (!opened.alive())
    return Unavailable("store.connection_lost",
                       "connect: " + std::string(WithoutLineEnd(PQerrorMessage(opened.get()))));
  // A notice is for an operator's terminal, not for the output of our programs.
  PQsetNoticeProcessor(
      opened.get(), [](void*, const char*) {}, nullptr);
  return opened;
}

Result<PgResult> PgConnection::Checked(PGresult* raw, std::string_view what) {
  PgResult result(raw);
  const ExecStatusType status = raw == nullptr ? PGRES_FATAL_ERROR : PQresultStatus(raw);
  if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) return result;
  return PgError(get(), raw, what);
}

Status PgConnection::Exec(const std::string& sql) {
  LF_ASSIGN(const PgResult ignored, Checked(PQexec(get(), sql.c_str()), sql.substr(0, 40)));
  return Ok{};
}

Status PgConnection::Prepare(const char* name, const char* sql) {
  LF_ASSIGN(const PgResult ignored, Checked(PQprepare(get(), name, sql, 0, nullptr), name));
  return Ok{};
}

Result<PgResult> PgConnection::Query(const char* sql, const PgParams& p) {
  return Checked(PQexecParams(get(), sql, p.size(), nullptr, p.values(), p.lengths(), p.formats(), /*resultFormat=*/1),
                 sql);
}

Result<PgResult> PgConnection::RunPrepared(const char* name, const PgParams& p) {
  return Checked(PQexecPrepared(get(), name, p.size(), p.values(), p.lengths(), p.formats(), /*resultFormat=*/1), name);
}

Status PgConnection::BeginPipeline() {
  in_pipeline_ = 0;
  if (PQenterPipelineMode(get()) != 1) return PgError(get(), nullptr, "pipeline");
  return Ok{};
}

Status PgConnection::Send(const char* name, const PgParams& p) {
  if (PQsendQueryPrepared(get(), name, p.size(), p.values(), p.lengths(), p.formats(), 1) != 1)
    return PgError(get(), nullptr, name);
  ++in_pipeline_;
  return Ok{};
}

Status PgConnection::FinishPipeline(std::string& last_tag) {
  Status outcome = Ok{};
  if (PQpipelineSync(get()) != 1) return PgError(get(), nullptr, "pipeline");
  for (int i = 0; i < in_pipeline_ && alive(); ++i) {
    while (PGresult* raw = PQgetResult(get())) {
      const PgResult result(raw);
      const ExecStatusType status = PQresultStatus(raw);
      if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK)
        last_tag = result.command_tag();
      else if (outcome && status != PGRES_PIPELINE_ABORTED)
        outcome = PgError(get(), raw, "pipeline");
    }
  }
  // Nothing instead of the mark that ends the pipeline: the wire is gone, even where libpq still calls it well.
  const PgResult end(PQgetResult(get()));
  const bool synced = end.get() != nullptr && PQresultStatus(end.get()) == PGRES_PIPELINE_SYNC;
  if (!synced || PQexitPipelineMode(get()) != 1) {
    if (outcome) outcome = PgError(get(), nullptr, "pipeline");
  }
  return outcome;
}

Status PgConnection::BeginCopy(const char* sql) {
  const PgResult result(PQexec(get(), sql));
  if (result.get() == nullptr || PQresultStatus(result.get()) != PGRES_COPY_IN)
    return PgError(get(), result.get(), sql);
  return Ok{};
}

Status PgConnection::PutCopy(std::string_view bytes) {
  constexpr std::size_t kPiece = 1 << 20;
  for (std::size_t at = 0; at < bytes.size(); at += kPiece) {
    const std::string_view piece = bytes.substr(at, kPiece);
    if (PQputCopyData(get(), piece.data(), static_cast<int>(piece.size())) != 1) return PgError(get(), nullptr, "copy");
  }
  return Ok{};
}

Status PgConnection::EndCopy() {
  if (PQputCopyEnd(get(), nullptr) != 1) return PgError(get(), nullptr, "copy");
  Status outcome = Ok{};
  while (PGresult* raw = PQgetResult(get())) {
    const PgResult result(raw);
    if (PQresultStatus(raw) != PGRES_COMMAND_OK && outcome) outcome = PgError(get(), raw, "copy");
  }
  return outcome;
}

}  // namespace landfall::ledger
