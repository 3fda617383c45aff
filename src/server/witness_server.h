// SPDX-License-Identifier: Apache-2.0
// A witness over HTTP: POST /add-checkpoint of C2SP tlog-witness, and GET / with its name and key for people.
#pragma once

#include "ledger/witness.h"
#include "server/http.h"

namespace landfall::server {

// Answers as the protocol says: 200 with a signature line, 400, 403, 404, 409 with the size to go on from
// (text/x.tlog.size), 422; 503 when nothing can be stored, 500 when the state is not ours. Bodies are plain text.
Response AnswerWitness(ledger::Witness& witness, const Request& request);

// Serves until SIGTERM or SIGINT; prints the address to stdout. Errors: those of Server::Start.
Status ServeWitnessUntilSignal(ledger::Witness& witness, const std::string& address, std::uint16_t port);

}  // namespace landfall::server
