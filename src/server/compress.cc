// SPDX-License-Identifier: Apache-2.0
#include "server/compress.h"

#include <zlib.h>

#include <algorithm>

namespace landfall::server {
namespace {

bool IsText(std::string_view type) {
  return type.starts_with("application/json") || type.starts_with("application/geo+json") ||
         type.starts_with("text/csv") || type.starts_with("text/plain") || type.starts_with("text/calendar") ||
         type.starts_with("image/svg");
}

std::string Gzip(std::string_view bytes) {
  constexpr int kLevel = 3, kGzipHeader = 16 + MAX_WBITS, kMemory = 8;  // zlib.h, deflateInit2.
  z_stream stream{};
  LF_CHECK(deflateInit2(&stream, kLevel, Z_DEFLATED, kGzipHeader, kMemory, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string out(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  LF_CHECK(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  out.shrink_to_fit();
  return out;
}

}  // namespace

bool WorthCompressing(const Request& request, const Response& response) {
  const auto says = [&](std::string_view name, std::string_view value) {
    return std::any_of(response.headers.begin(), response.headers.end(), [&](const Field& f) {
      return EqualNoCase(f.name, name) && (value.empty() || f.value == value);
    });
  };
  return response.view.data() == nullptr && response.body.size() >= kCompressFrom &&
         response.body.size() <= kCompressUpTo && IsText(response.content_type) && PrefersGzip(request) &&
         !says("Content-Encoding", {}) && !says("Cache-Control", "no-store");
}

void Compress(Response& response) {
  response.body = Gzip(response.body);
  for (Field& field : response.headers)
    if (EqualNoCase(field.name, "ETag") && !field.value.starts_with("W/")) field.value.insert(0, "W/");
  response.headers.push_back({"Content-Encoding", "gzip"});
  response.headers.push_back({"Vary", "Accept-Encoding"});
}

}  // namespace landfall::server
