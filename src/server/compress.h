// SPDX-License-Identifier: Apache-2.0
// Answers made at run time, gzipped (RFC 1952) for the reader who asks for it. Files of the web UI are compressed when
// they are built (http.h, StaticAsset).
#pragma once

#include "server/http.h"

namespace landfall::server {

// Shorter answers gain less than they cost.
inline constexpr std::size_t kCompressFrom = 4096;
// Longer answers go out as they are: the thread that compresses serves other connections too.
inline constexpr std::size_t kCompressUpTo = 2 << 20;

// Whether Compress is to be called: JSON, CSV or other text of kCompressFrom to kCompressUpTo bytes, not encoded yet,
// to a request that prefers gzip (Accept-Encoding with q-values, RFC 9110 §12.5.3). Never where nobody may keep the
// answer (no-store): a session's token is in such, and the length of a compressed secret beside text of a stranger's
// choice betrays the secret.
bool WorthCompressing(const Request& request, const Response& response);

// Replaces the body. An ETag becomes weak, since it names the same facts in another form. Threads: any. Cost: about 12
// ns a byte.
void Compress(Response& response);

}  // namespace landfall::server
