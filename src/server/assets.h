// SPDX-License-Identifier: Apache-2.0
// The web UI inside the binary: files with their compressed copies, and index.html for every address of the UI.
//
// Threads: any. Cost: no copy of a file's bytes but of index.html, which gets a fresh CSP nonce each time.
#pragma once

#include "server/http.h"

namespace landfall::server {

// Answers a request that no route took: GET only. Files below assets/ have hashed names and are cached for ever; an
// address without a file extension is one of the UI's and gets index.html. In a build without the UI, "/" says so.
void ServeWeb(const Request& request, const Responder& responder);

}  // namespace landfall::server
