// SPDX-License-Identifier: Apache-2.0
// From bytes to a Request: Beast's parser, and before and behind it what Beast is too kind about. Read by beast.cc
// only.
#pragma once

#include <atomic>
#include <boost/beast/http/basic_parser.hpp>
#include <string>
#include <string_view>
#include <utility>

#include "server/http.h"

namespace landfall::server::beast_io {

namespace beast_http = boost::beast::http;
using boost::system::error_code;

struct Refusal {
  int status = 0;
  std::string_view code;
};
inline constexpr Refusal kMalformed = {400, "http.malformed"};
inline constexpr Refusal kHeaderTooLarge = {431, "http.header_too_large"};
inline constexpr Refusal kTooLarge = {413, "http.too_large"};

// Finds the end of a header and refuses what parsers disagree about before one of them sees it: bare line feeds,
// folded lines, and first bytes that begin no method (a TLS greeting on the plain port).
class HeaderScanner {
 public:
  enum class Verdict { kMore, kComplete, kBad };
  // `bytes` is the same text as before, perhaps longer.
  Verdict Scan(std::string_view bytes) {
    if (!bytes.empty() && !(bytes[0] >= 'A' && bytes[0] <= 'Z') && !(bytes[0] >= 'a' && bytes[0] <= 'z'))
      return Verdict::kBad;
    while (true) {
      const std::size_t feed = bytes.find('\n', from_);
      if (feed == std::string_view::npos) {
        from_ = bytes.size();
        return Verdict::kMore;
      }
      if (feed == 0 || bytes[feed - 1] != '\r') return Verdict::kBad;
      if (line_ > 0 && (bytes[line_] == ' ' || bytes[line_] == '\t')) return Verdict::kBad;
      from_ = feed + 1;
      if (feed - line_ == 1) return Verdict::kComplete;
      line_ = from_;
    }
  }
  std::size_t length() const { return from_; }  // Of a complete header, with the empty line.

 private:
  std::size_t from_ = 0;  // Where to go on searching.
  std::size_t line_ = 0;  // Where the current line begins.
};

// Beast's parser, writing into a Request. The first thing that is wrong becomes `refusal` and ends the parse.
class RequestParser final : public beast_http::basic_parser<true> {
 public:
  RequestParser(Request& request, const Limits& limits, std::atomic<std::size_t>& body_total,
                std::size_t& body_reserved)
      : request_(request), limits_(limits), body_total_(body_total), body_reserved_(body_reserved) {
    header_limit(static_cast<std::uint32_t>(limits.header_bytes + 1));  // The caller has bounded it; see HeaderScanner.
    body_limit(boost::none);                                            // on_body_* below know the route's bound.
    request_.headers.reserve(16);
  }

  // What `error` of put() means to the client.
  Refusal RefusalOf(const error_code& error, std::string_view header) const {
    if (refusal_.status != 0) return refusal_;
    if (error != beast_http::error::bad_version) return kMalformed;
    // "HTTP/3.0" is a version we do not speak; "HTPP/1.1" is no request.
    const std::string_view line = header.substr(0, header.find('\r'));
    const std::size_t space = line.rfind(' ');
    const std::string_view version = line.substr(space == std::string_view::npos ? 0 : space + 1);
    const auto digit = [](char c) { return c >= '0' && c <= '9'; };
    const bool well_formed = version.size() == 8 && version.starts_with("HTTP/") && digit(version[5]) &&
                             version[6] == '.' && digit(version[7]);
    return well_formed ? Refusal{505, "http.unsupported_version"} : kMalformed;
  }
  bool expects_continue() const { return expects_continue_ && http11_; }
  bool http11() const { return http11_; }

 private:
  using View = boost::beast::string_view;
  static std::string_view Std(View text) { return {text.data(), text.size()}; }
  void Refuse(Refusal refusal, error_code& error) {
    refusal_ = refusal;
    error = beast_http::error::bad_value;
  }

  void on_request_impl(beast_http::verb verb, View, View target, int version, error_code& error) override {
    http11_ = version == 11;
    switch (verb) {
      case beast_http::verb::head:
        request_.head = true;
        [[fallthrough]];
      case beast_http::verb::get:
        request_.method = Method::kGet;
        break;
      case beast_http::verb::post:
        request_.method = Method::kPost;
        break;
      case beast_http::verb::put:
        request_.method = Method::kPut;
        break;
      case beast_http::verb::patch:
        request_.method = Method::kPatch;
        break;
      case beast_http::verb::delete_:
        request_.method = Method::kDelete;
        break;
      case beast_http::verb::options:
        request_.method = Method::kOptions;
        break;
      default:
        return Refuse({501, "http.unsupported_method"}, error);
    }
    if (target.size() > limits_.target_bytes) return Refuse({414, "http.target_too_long"}, error);
    Result<Target> parsed = ParseTarget(Std(target), limits_.query_parameters);
    if (!parsed) {
      if (parsed.error().code == "http.target_too_long") return Refuse({414, "http.target_too_long"}, error);
      return Refuse({400, "http.bad_target"}, error);
    }
    request_.path = std::move(parsed->path);
    request_.query = std::move(parsed->query);
  }

  void on_field_impl(beast_http::field field, View name, View value, error_code& error) override {
    if (++fields_ > limits_.header_fields) return Refuse(kHeaderTooLarge, error);
    if (in_trailer_) return;  // Nothing reads trailers; they must not look like headers.
    switch (field) {
      case beast_http::field::host:
        ++hosts_;
        break;
      case beast_http::field::content_length:
        // Beast takes "5, 5"; two servers may not.
        if (++lengths_ > 1 || Std(value).find(',') != std::string_view::npos) return Refuse(kMalformed, error);
        break;
      case beast_http::field::transfer_encoding:
        if (++transfers_ > 1 || !http11_) return Refuse(kMalformed, error);
        if (!EqualNoCase(Std(value), "chunked")) return Refuse({501, "http.unsupported_transfer"}, error);
        break;
      case beast_http::field::expect:
        if (!EqualNoCase(Std(value), "100-continue")) return Refuse({417, "http.unsupported_expectation"}, error);
        expects_continue_ = true;
        break;
      default:
        break;
    }
    request_.headers.push_back({std::string(name), std::string(value)});
  }

  void on_header_impl(error_code& error) override {
    if (hosts_ > 1 || (http11_ && hosts_ == 0)) return Refuse(kMalformed, error);
    if (lengths_ > 0 && transfers_ > 0) return Refuse(kMalformed, error);
    body_bytes_max_ = limits_.body_bytes;
    if (limits_.body_bytes_for) {
      const std::size_t own = limits_.body_bytes_for(request_.method, request_.path);
      if (own != 0) body_bytes_max_ = own;
    }
    const auto length = content_length();
    if (length && *length > body_bytes_max_) return Refuse(kTooLarge, error);
  }
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code& error) override { error = {}; }
  std::size_t on_body_impl(View bytes, error_code& error) override { return Append(bytes, error); }
  void on_chunk_header_impl(std::uint64_t size, View, error_code& error) override {
    error = {};
    in_trailer_ = size == 0;
    if (size > body_bytes_max_ - request_.body.size()) Refuse(kTooLarge, error);
  }
  std::size_t on_chunk_body_impl(std::uint64_t, View bytes, error_code& error) override { return Append(bytes, error); }
  void on_finish_impl(error_code& error) override { error = {}; }
  void on_response_impl(int, View, int, error_code&) override {}  // Of response parsers only.

  std::size_t Append(View bytes, error_code& error) {
    error = {};
    if (body_total_.fetch_add(bytes.size(), std::memory_order_relaxed) + bytes.size() > limits_.body_bytes_total) {
      body_total_.fetch_sub(bytes.size(), std::memory_order_relaxed);
      Refuse({503, "http.overloaded"}, error);
      return 0;
    }
    body_reserved_ += bytes.size();
    request_.body.append(bytes.data(), bytes.size());
    return bytes.size();
  }

  Request& request_;
  const Limits& limits_;
  std::atomic<std::size_t>& body_total_;  // Of the server; this request's part is added to body_reserved_.
  std::size_t& body_reserved_;
  std::size_t body_bytes_max_ = 0;
  std::size_t fields_ = 0;
  int hosts_ = 0, lengths_ = 0, transfers_ = 0;
  bool http11_ = false, expects_continue_ = false, in_trailer_ = false;
  Refusal refusal_;
};

}  // namespace landfall::server::beast_io
