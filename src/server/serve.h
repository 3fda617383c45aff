// SPDX-License-Identifier: Apache-2.0
// Serves ledgers until a signal: opens them with what lies beside them, listens, drains, closes.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "app/access_store.h"
#include "app/engine.h"
#include "ledger/blobs.h"
#include "server/api.h"
#include "server/cosigner.h"
#include "server/http.h"
#include "server/mailer.h"

namespace landfall::server {

struct ServeOptions {
  std::vector<std::string> folders;  // At least one; or addresses, postgresql://…
  std::string address = "127.0.0.1";
  std::uint16_t port = 8080;  // 0: the system chooses.
  int io_threads = 2;
  std::function<void(std::string_view)> log;  // One line; from any thread.
  bool publish_log = false;                   // Anybody may fetch the log under /log/CODE/.
  std::optional<MailerOptions> mail{};        // Absent: no mail is sent. Its `log` is taken from here.
  // Serves reads of ledgers that other servers write; commands are refused with ledger.read_only.
  bool follow = false;
  std::string origin{};  // Where people open the pages, for links in papers: https://… ; "" when nobody has said so.
};

// What stands open while one or several ledgers are served. Threads: one.
class Service {
 public:
  // A drain waits this long for requests that have begun.
  static constexpr std::chrono::seconds kDrain{10};

  // Errors: serve.same_ledger_twice, http.bad_address, http.bind_failed, those of Engine::Open, AccessStore::Open,
  // Blobs::Open, Uploads::Open and FileIndex::Open.
  static Result<std::unique_ptr<Service>> Start(const ServeOptions& options,
                                                const app::EngineOptions& engine_options = {});
  ~Service();  // Stop.
  std::uint16_t port() const { return server_->port(); }
  // Drains and closes. True when no request had to be cut.
  bool Stop();

  app::Engine& engine(std::size_t i) { return *opened_[i].engine; }
  app::AccessStore& access(std::size_t i) { return *opened_[i].access; }
  ledger::Blobs& blobs(std::size_t i) { return *opened_[i].blobs; }
  ledger::Uploads& uploads(std::size_t i) { return *opened_[i].uploads; }
  Metrics metrics() const { return server_->Read(); }

 private:
  struct Opened {
    std::unique_ptr<app::AccessStore> access;
    std::unique_ptr<ledger::Blobs> blobs;
    std::unique_ptr<ledger::Uploads> uploads;
    std::unique_ptr<app::FileIndex> files;
    std::unique_ptr<app::Engine> engine;
  };
  std::vector<Opened> opened_;
  std::unique_ptr<Api> api_;
  std::unique_ptr<Server> server_;
  std::unique_ptr<Mailer> mailer_;
  std::unique_ptr<Cosigner> cosigner_;
};

// "127.0.0.1:8080", "[::1]:8080", and to listen on also "unix:/run/landfall.sock". Errors: http.bad_address.
struct ListenAddress {
  std::string address;
  std::uint16_t port = 0;
};
Result<ListenAddress> ParseListenAddress(std::string_view text);
Result<ListenAddress> ParseHostAndPort(std::string_view text);

// Serves until SIGTERM or SIGINT, and prints the address to stdout. The signals must not have been used by other
// threads.
Status ServeUntilSignal(const ServeOptions& options);

}  // namespace landfall::server
