// SPDX-License-Identifier: Apache-2.0
#include "server/serve.h"

#include <fmt/format.h>
#include <pthread.h>

#include <csignal>
#include <cstdio>
#include <filesystem>

namespace landfall::server {
namespace {

bool IsLoopback(std::string_view address) { return address == "::1" || address.starts_with("127."); }

}  // namespace

Result<std::unique_ptr<Service>> Service::Start(const ServeOptions& options, const app::EngineOptions& given) {
  app::EngineOptions engine_options = given;
  engine_options.follow = engine_options.read_only = given.read_only || options.follow;
  auto service = std::unique_ptr<Service>(new Service);
  std::vector<ServedLedger> ledgers;
  for (const std::string& ledger : options.folders) {
    LF_ASSIGN(const app::LedgerFiles files, app::FindLedger(ledger));
    Opened opened;
    LF_ASSIGN(opened.engine, app::Engine::Open(files, engine_options));
    // A follower of a database may be the first to come to its folder.
    std::error_code error;
    std::filesystem::create_directories(files.folder, error);
    if (error) return Unavailable("store.io", files.folder + ": " + error.message());
    LF_ASSIGN(opened.access, app::AccessStore::Open(files.access(), {engine_options.clock, engine_options.random, {}}));
    LF_ASSIGN(opened.blobs, ledger::Blobs::Open(files.blobs()));
    LF_ASSIGN(opened.uploads,
              ledger::Uploads::Open(files.folder + "/uploads.db", engine_options.clock, engine_options.random));
    LF_ASSIGN(opened.files, app::FileIndex::Open(files.folder + "/files.db"));
    const std::string code = opened.engine->Read().state().admin.jurisdiction;
    for (const ServedLedger& other : ledgers)
      if (other.code == code) return Conflict("serve.same_ledger_twice", code);
    ledgers.push_back({code, opened.engine.get(), opened.access.get(), opened.blobs.get(), opened.uploads.get(),
                       opened.files.get(), nullptr, nullptr});
    service->opened_.push_back(std::move(opened));
  }
  // Behind us there is nobody but a proxy on this machine when we listen on loopback or a Unix socket; then its word
  // about the client counts.
  const bool behind_proxy = IsLoopback(options.address) || IsUnixAddress(options.address);
  ServerOptions server_options;
  server_options.io_threads = options.io_threads;
  server_options.limits.body_bytes = kCommandBytesMax;
  server_options.limits.body_bytes_for = &Api::BodyBytesFor;
  if (behind_proxy) server_options.trusted_proxies = {"127.0.0.1", "::1", std::string(kUnixPeer)};
  Service* self = service.get();
  ApiOptions api_options;
  api_options.workers = options.io_threads;
  api_options.trust_forwarded_proto = behind_proxy;
  api_options.metrics = [self] { return self->server_->Read(); };
  api_options.log = options.log;
  api_options.sends_mail = options.mail.has_value();
  api_options.publish_log = options.publish_log;
  api_options.origin = options.origin;
  service->api_ = std::make_unique<Api>(std::move(ledgers), std::move(api_options));
  Api* api = service->api_.get();
  service->server_ = std::make_unique<Server>(std::move(server_options), [api](Request&& request, Responder responder) {
    api->Handle(std::move(request), std::move(responder));
  });
  LF_TRY(service->server_->Start(options.address, options.port));
  if (options.mail) {
    MailerOptions mail = *options.mail;
    mail.log = options.log;
    std::vector<Mailer::Ledger> mailed;
    for (const Opened& opened : service->opened_) mailed.push_back({opened.engine.get(), opened.access.get()});
    service->mailer_ = std::make_unique<Mailer>(std::move(mailed), std::move(mail));
    service->mailer_->Start();
  }
  std::vector<app::Engine*> engines;
  for (const Opened& opened : service->opened_) engines.push_back(opened.engine.get());
  service->cosigner_ = std::make_unique<Cosigner>(std::move(engines), options.log);
  service->cosigner_->Start();
  return service;
}

Service::~Service() { Stop(); }

bool Service::Stop() {
  if (!api_) return true;
  const bool clean = server_->Stop(kDrain);
  mailer_.reset();
  cosigner_.reset();
  api_.reset();  // Before the engines: its feeds listen to them.
  opened_.clear();
  return clean;
}

Result<ListenAddress> ParseListenAddress(std::string_view text) {
  if (IsUnixAddress(text)) return ListenAddress{std::string(text), 0};
  return ParseHostAndPort(text);
}

Result<ListenAddress> ParseHostAndPort(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return Invalid("http.bad_address", std::string(text), "listen");
  ListenAddress out;
  std::string_view host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  out.address = host;
  const std::string_view port = text.substr(colon + 1);
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), out.port);
  if (host.empty() || error != std::errc() || end != port.data() + port.size())
    return Invalid("http.bad_address", std::string(text), "listen");
  return out;
}

Status ServeUntilSignal(const ServeOptions& options) {
  // Blocked before any thread begins, so that every thread inherits it and only sigwait below takes the signals.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  LF_ASSIGN(const std::unique_ptr<Service> service, Service::Start(options));
  fmt::print("{}\n", UrlOf(options.address, service->port()));
  std::fflush(stdout);
  int signal = 0;
  sigwait(&signals, &signal);
  if (options.log) options.log(signal == SIGTERM ? "SIGTERM: draining" : "SIGINT: draining");
  if (!service->Stop() && options.log) options.log("requests were cut at the end of the drain");
  return Ok{};
}

}  // namespace landfall::server
