// SPDX-License-Identifier: Apache-2.0
// The HTTP API over one or several ledgers: finds the route, the ledger and the visitor, keeps the gate, and answers.
//
// Why it is one class: whatever a route forgets (an unknown ledger, a missing anti-forgery token, a disabled account, a
// header) is done here before any route runs. Contract: docs/formats/http.md; `landfall openapi`.
//
// Threads: Handle is called on I/O threads; everything else says so. The Api outlives the server that calls it.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "app/access_store.h"
#include "app/engine.h"
#include "app/file_index.h"
#include "app/labels.h"
#include "app/name_search.h"
#include "ledger/blobs.h"
#include "ledger/uploads.h"
#include "server/api_feed.h"
#include "server/http.h"
#include "server/routes.h"

namespace landfall::server {

inline constexpr std::size_t kCommandBytesMax = 256 << 10;
inline constexpr std::size_t kBlobBytesMax = 64 << 20;

// One ledger that is served. The pointers outlive the Api.
struct ServedLedger {
  std::string code;  // Jurisdiction, as the header Landfall-Ledger names it.
  app::Engine* engine = nullptr;
  app::AccessStore* access = nullptr;
  ledger::Blobs* blobs = nullptr;
  ledger::Uploads* uploads = nullptr;
  app::FileIndex* files = nullptr;
  std::unique_ptr<Feed> feed;
  std::unique_ptr<app::NameSearch> names;
};

struct ApiOptions {
  int workers = 2;  // Also bounds how many passwords are hashed at a time, 19 MiB each.
  std::size_t worker_queue = 256;
  bool trust_forwarded_proto = false;  // Whether X-Forwarded-Proto is a proxy's word: on loopback or a socket.
  std::function<Metrics()> metrics;    // The server's counters.
  bool sends_mail = false;
  std::string origin;                         // Where people open the pages: https://… ; "" when nobody has said so.
  bool publish_log = false;                   // Whether anybody may fetch the log: /log/CODE/…
  std::function<void(std::string_view)> log;  // One line about an answer 5xx; never a secret, never a body.
};

// Who asks.
struct Visitor {
  AccountId account;
  bool by_token = false;
  std::string secret;  // Of the session; empty with a token.
};

class Api {
 public:
  Api(std::vector<ServedLedger> ledgers, ApiOptions options);
  ~Api();  // Ends feeds, finishes what workers have begun.
  void Handle(Request&& request, Responder responder);
  // The limits of bodies by route, for Limits::body_bytes_for.
  static std::size_t BodyBytesFor(Method method, std::string_view path);

  std::vector<ServedLedger>& ledgers() { return ledgers_; }
  ServedLedger* FindLedger(std::string_view code);
  WorkerPool& workers() { return workers_; }
  const ApiOptions& options() const { return options_; }
  // In every tag, so that an answer of another build or an earlier run is never taken for today's.
  const std::string& run() const { return run_; }

 private:
  Status FindVisitor(Call& call);
  std::vector<ServedLedger> ledgers_;
  ApiOptions options_;
  std::string run_;
  WorkerPool workers_;
};

// One request on its way. Shared by whoever works on it; answered once.
struct Call {
  Api& api;
  const Route* route;
  Request request;
  Responder responder;
  std::string path_parameter;
  ServedLedger* ledger = nullptr;
  Visitor visitor;

  app::Engine& engine() const { return *ledger->engine; }
  Actor actor() const { return Actor::Account(visitor.account); }
  // On the wall of the jurisdiction.
  Day Today(const app::State& now) const;
  app::Language language() const;
  // Adds what every answer carries: caching rules, security headers.
  // `policy`: the content security policy; empty: that of data, which may do nothing and stands in no frame.
  void Send(Response response, std::string_view policy = {}) const;
  void SendProblem(int status, const Error& error, std::vector<Field> headers = {}) const;
  void Refuse(const Error& error) const { SendProblem(StatusOf(error.fault), error); }
  void SendJson(std::string body, int status = 200) const;
  // 200 with a tag over the body, or 304.
  void SendTagged(std::string body) const;
  // Runs on a worker, or answers http.overloaded.
  void OnWorker(std::function<void()> work) const;
  // Whether this visitor may use the route at all. Errors: access.account_disabled, access.denied.
  Status CheckGate(const app::State& now) const;
  // Writes to the access log as this visitor. [disk]
  Status Log(std::string_view what, std::string_view subject, std::string_view result = "ok") const;
};

// A quoted strong tag over parts that determine an answer.
std::string TagOf(std::initializer_list<std::string_view> parts);

// An RFC 9457 answer with the sentence of its code in the language the client prefers.
Response ProblemFor(int status, const Error& error, app::Language language);
void AddSecurityHeaders(Response& response, std::string_view content_security_policy);

}  // namespace landfall::server
