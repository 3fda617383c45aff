// SPDX-License-Identifier: Apache-2.0
#include "server/witness_server.h"

#include <fmt/format.h>
#include <pthread.h>

#include <csignal>
#include <cstdio>

namespace landfall::server {
namespace {

Response Say(int status, std::string text) {
  Response response = Response::Text(std::move(text));
  response.status = status;
  response.headers.push_back({"Cache-Control", "no-store"});
  return response;
}

int StatusOfRefusal(const Error& error) { return error.code == "witness.not_consistent" ? 422 : StatusOf(error.fault); }

}  // namespace

Response AnswerWitness(ledger::Witness& witness, const Request& request) {
  if (request.path == "/" && request.method == Method::kGet) return Say(200, witness.key().Encode() + "\n");
  if (request.path != "/add-checkpoint") return Say(404, "request.no_such_address\n");
  if (request.method != Method::kPost) {
    Response response = Say(405, "request.other_method\n");
    response.headers.push_back({"Allow", "POST"});
    return response;
  }
  auto outcome = witness.Add(request.body);
  if (!outcome) return Say(StatusOfRefusal(outcome.error()), outcome.error().code + "\n");
  if (!outcome->known_size) return Say(200, std::move(outcome->cosignature));
  Response response = Say(409, fmt::format("{}\n", *outcome->known_size));
  response.content_type = "text/x.tlog.size";
  return response;
}

Status ServeWitnessUntilSignal(ledger::Witness& witness, const std::string& address, std::uint16_t port) {
  // Blocked before any thread begins, so that every thread inherits it and only sigwait below takes the signals.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  WorkerPool worker(1, 64);  // Cosigning waits for the disk, and one at a time.
  ServerOptions options;
  options.io_threads = 1;
  options.limits.body_bytes = ledger::kWitnessBodyBytesMax;
  options.limits.body_bytes_total = 64 * ledger::kWitnessBodyBytesMax;
  Server server(std::move(options), [&](Request&& request, Responder responder) {
    auto shared = std::make_shared<Request>(std::move(request));
    const bool taken = worker.Post([&witness, shared, responder] { responder.Send(AnswerWitness(witness, *shared)); });
    if (!taken) responder.Send(Say(503, "http.overloaded\n"));
  });
  LF_TRY(server.Start(address, port));
  fmt::print("{}\n", UrlOf(address, server.port()));
  std::fflush(stdout);
  int signal = 0;
  sigwait(&signals, &signal);
  server.Stop(std::chrono::seconds(5));
  return Ok{};
}

}  // namespace landfall::server
