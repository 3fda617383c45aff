// SPDX-License-Identifier: Apache-2.0
// Everything of the HTTP library that needs no socket: targets, fields, problems, cookies, static files, the worker
// pool.
#include "server/http.h"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "base/hash.h"

namespace landfall::server {
namespace {

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string_view Trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// Cuts the part before `separator` off `rest`, trimmed.
std::string_view NextPart(std::string_view& rest, char separator) {
  const std::size_t end = rest.find(separator);
  const std::string_view part = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  return Trim(part);
}

std::optional<std::string_view> Find(const std::vector<Field>& fields, std::string_view name) {
  for (const Field& field : fields)
    if (field.name == name) return field.value;
  return std::nullopt;
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = Lower(c);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// Well-formed by the Unicode standard, table 3-7: no overlong forms, no surrogates, nothing past U+10FFFF.
bool IsUtf8(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  for (std::size_t i = 0; i < text.size();) {
    const std::uint8_t lead = byte(i);
    if (lead < 0x80) {
      ++i;
      continue;
    }
    const std::size_t length = lead >= 0xC2 && lead <= 0xDF   ? 2
                               : (lead & 0xF0) == 0xE0        ? 3
                               : lead >= 0xF0 && lead <= 0xF4 ? 4
                                                              : 0;
    if (length == 0 || text.size() - i < length) return false;
    const std::uint8_t low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    const std::uint8_t high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (byte(i + 1) < low || byte(i + 1) > high) return false;
    for (std::size_t k = 2; k < length; ++k)
      if ((byte(i + k) & 0xC0) != 0x80) return false;
    i += length;
  }
  return true;
}

// Percent-decoding into UTF-8 without control characters. `plus_is_space` for query strings (HTML forms).
Result<std::string> Decode(std::string_view text, bool plus_is_space) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (static_cast<std::uint8_t>(c) >= 0x80)
      return Invalid("http.bad_target", "The target holds a raw byte outside ASCII.");
    if (c == '%') {
      const int high = i + 2 < text.size() ? HexDigit(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? HexDigit(text[i + 2]) : -1;
      if (high < 0 || low < 0) return Invalid("http.bad_target", "The target has a bad percent-encoding.");
      c = static_cast<char>(high * 16 + low);
      i += 2;
    } else if (c == '+' && plus_is_space) {
      c = ' ';
    }
    // Line breaks and tabs are text that a query may carry; a path may not, see ParsePath.
    const bool allowed_control = plus_is_space && (c == '\n' || c == '\r' || c == '\t');
    if ((static_cast<std::uint8_t>(c) < 0x20 && !allowed_control) || c == 0x7F)
      return Invalid("http.bad_target", "The target holds a control character.");
    out += c;
  }
  if (!IsUtf8(out)) return Invalid("http.bad_target", "The target is not UTF-8.");
  return out;
}

// A path that every layer reads alike: what a proxy may merge or resolve (%2F, '\', dot segments) is refused.
Result<std::string> ParsePath(std::string_view text) {
  if (text.find("%2F") != std::string_view::npos || text.find("%2f") != std::string_view::npos)
    return Invalid("http.bad_target", "The path holds an encoded slash.");
  LF_ASSIGN(std::string path, Decode(text, false));
  if (path.find('\\') != std::string::npos) return Invalid("http.bad_target", "The path holds a backslash.");
  std::string_view rest = std::string_view(path).substr(1);
  while (true) {
    const std::size_t end = rest.find('/');
    const std::string_view segment = rest.substr(0, end);
    if (segment == "." || segment == "..") return Invalid("http.bad_target", "The path holds a dot segment.");
    if (end == std::string_view::npos) return path;
    rest.remove_prefix(end + 1);
  }
}

// The quality of `coding` in an Accept-Encoding value, in thousandths; −1 where it is not named (RFC 9110 §12.5.3).
int Quality(std::string_view accept, std::string_view coding) {
  int any = -1;
  while (!accept.empty()) {
    std::string_view item = NextPart(accept, ',');
    const std::string_view name = NextPart(item, ';');
    int quality = 1000;
    while (!item.empty()) {
      const std::string_view parameter = NextPart(item, ';');
      if (parameter.size() < 2 || Lower(parameter[0]) != 'q' || parameter[1] != '=') continue;
      // "0.5", "1", "1.000": at most three decimals; anything else counts as 0, so that nonsense gets the plain form.
      const std::string_view digits = parameter.substr(2);
      int value = 0, scale = 1000;
      bool valid = !digits.empty() && digits.size() <= 5 && (digits.size() == 1 || digits[1] == '.');
      for (std::size_t i = 0; valid && i < digits.size(); ++i) {
        if (i == 1) continue;
        valid = digits[i] >= '0' && digits[i] <= '9';
        value += (digits[i] - '0') * scale;
        scale /= 10;
      }
      quality = valid && value <= 1000 ? value : 0;
    }
    if (EqualNoCase(name, coding)) return quality;
    if (name == "*") any = quality;
  }
  return any;
}

std::string_view OpaqueTag(std::string_view etag) { return etag.starts_with("W/") ? etag.substr(2) : etag; }

}  // namespace

bool EqualNoCase(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return Lower(x) == Lower(y); });
}

std::string UrlOf(std::string_view address, std::uint16_t port) {
  if (IsUnixAddress(address)) return std::string(address);
  const bool six = address.find(':') != std::string_view::npos;
  return fmt::format("http://{}{}{}:{}", six ? "[" : "", address, six ? "]" : "", port);
}

std::string_view MethodName(Method method) {
  constexpr std::array<std::string_view, 6> kNames = {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};
  return kNames[static_cast<std::size_t>(method)];
}

std::optional<std::string_view> Request::Query(std::string_view name) const { return Find(query, name); }

std::optional<std::string_view> Request::Header(std::string_view name) const {
  for (const Field& field : headers)
    if (EqualNoCase(field.name, name)) return field.value;
  return std::nullopt;
}

std::optional<std::string_view> Request::Cookie(std::string_view name) const {
  for (const Field& field : headers) {
    if (!EqualNoCase(field.name, "cookie")) continue;
    std::string_view rest = field.value;
    while (!rest.empty()) {
      std::string_view value = NextPart(rest, ';');
      const std::size_t equals = value.find('=');
      if (equals == std::string_view::npos || Trim(value.substr(0, equals)) != name) continue;
      value = Trim(value.substr(equals + 1));
      if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
      return value;
    }
  }
  return std::nullopt;
}

Response Response::Json(std::string body, int status) {
  Response response;
  response.status = status;
  response.content_type = "application/json";
  response.body = std::move(body);
  return response;
}

Response Response::Text(std::string body, int status) {
  Response response = Json(std::move(body), status);
  response.content_type = "text/plain; charset=utf-8";
  return response;
}

Response Response::Empty(int status) {
  Response response;
  response.status = status;
  return response;
}

int StatusOf(Fault fault) {
  switch (fault) {
    case Fault::kInvalid:
      return 400;
    case Fault::kNotFound:
      return 404;
    case Fault::kConflict:
      return 409;
    case Fault::kForbidden:
      return 403;
    case Fault::kCorrupt:
      return 500;
    case Fault::kUnavailable:
      return 503;
  }
  return 500;
}

std::string_view ReasonPhrase(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 206:
      return "Partial Content";
    case 301:
      return "Moved Permanently";
    case 302:
      return "Found";
    case 303:
      return "See Other";
    case 304:
      return "Not Modified";
    case 307:
      return "Temporary Redirect";
    case 308:
      return "Permanent Redirect";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 406:
      return "Not Acceptable";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 410:
      return "Gone";
    case 412:
      return "Precondition Failed";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 415:
      return "Unsupported Media Type";
    case 416:
      return "Range Not Satisfiable";
    case 417:
      return "Expectation Failed";
    case 422:
      return "Unprocessable Content";
    case 428:
      return "Precondition Required";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 502:
      return "Bad Gateway";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return "";
  }
}

Response Problem(int status, std::string_view code, std::string_view field) {
  std::string body =
      fmt::format(R"({{"type":"about:blank","title":"{}","status":{},"code":")", ReasonPhrase(status), status);
  // Codes and field paths are ours and plain; but a field path may repeat a key of the request, so it is escaped.
  const auto append_escaped = [&body](std::string_view text) {
    for (const char c : text) {
      if (c == '"' || c == '\\') body += '\\';
      if (static_cast<std::uint8_t>(c) < 0x20) {
        body += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
      } else {
        body += c;
      }
    }
    body += '"';
  };
  append_escaped(code);
  if (!field.empty()) {
    body += ",\"field\":\"";
    append_escaped(field);
  }
  body += '}';
  Response response = Response::Json(std::move(body), status);
  response.content_type = "application/problem+json";
  response.headers.push_back({"Cache-Control", "no-store"});
  return response;
}

Response Problem(const Error& error) { return Problem(StatusOf(error.fault), error.code, error.field); }

void AddCookie(Response& response, std::string_view name, std::string_view value, const CookieOptions& options) {
  const auto is_token = [](char c) {
    return c > 0x20 && c < 0x7F && std::string_view("()<>@,;:\\\"/[]?={}").find(c) == std::string_view::npos;
  };
  const auto is_octet = [](char c) {
    return c > 0x20 && c < 0x7F && std::string_view("\",;\\").find(c) == std::string_view::npos;
  };
  LF_CHECK(!name.empty() && std::all_of(name.begin(), name.end(), is_token));
  LF_CHECK(std::all_of(value.begin(), value.end(), is_octet));
  std::string text = fmt::format("{}={}; Path={}", name, value, options.path);
  if (options.max_age) text += fmt::format("; Max-Age={}", options.max_age->count());
  if (options.http_only) text += "; HttpOnly";
  if (options.secure) text += "; Secure";
  text += fmt::format("; SameSite={}", options.same_site);
  response.headers.push_back({"Set-Cookie", std::move(text)});
}

Result<Target> ParseTarget(std::string_view text, std::size_t query_parameters) {
  // The absolute form (RFC 9112 §3.2.2) names scheme and authority, which our routes do not look at.
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!text.starts_with(scheme)) continue;
    const std::size_t slash = text.find('/', scheme.size());
    if (slash == std::string_view::npos || slash == scheme.size())
      return Invalid("http.bad_target", "The absolute target has no authority or no path.");
    text.remove_prefix(slash);
    break;
  }
  if (!text.starts_with('/')) return Invalid("http.bad_target", "The target does not begin with a slash.");
  if (text.find('#') != std::string_view::npos) return Invalid("http.bad_target", "The target holds a fragment.");

  const std::size_t question = text.find('?');
  Target target;
  LF_ASSIGN(target.path, ParsePath(text.substr(0, question)));
  if (question == std::string_view::npos) return target;
  std::string_view rest = text.substr(question + 1);
  while (!rest.empty()) {
    const std::size_t end = rest.find('&');
    const std::string_view pair = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    if (pair.empty()) continue;
    if (target.query.size() == query_parameters)
      return Invalid("http.target_too_long", fmt::format("The query has more than {} parameters.", query_parameters));
    const std::size_t equals = pair.find('=');
    LF_ASSIGN(std::string name, Decode(pair.substr(0, equals), true));
    LF_ASSIGN(std::string value, Decode(equals == std::string_view::npos ? "" : pair.substr(equals + 1), true));
    target.query.push_back({std::move(name), std::move(value)});
  }
  return target;
}

StaticAsset MakeStaticAsset(std::string_view path, std::string_view bytes, std::string_view gzip,
                            std::string_view cache_control) {
  const Digest digest = Sha256(bytes);
  const std::string tag = Hex(std::span(digest).first(16));
  return {bytes, gzip, '"' + tag + '"', '"' + tag + "-gz\"", MimeTypeOf(path), std::string(cache_control)};
}

bool PrefersGzip(const Request& request) {
  const std::string_view accept = request.Header("accept-encoding").value_or("");
  const int gzip_quality = Quality(accept, "gzip");
  // Not named, identity is acceptable but yields to a named gzip.
  return gzip_quality > 0 && gzip_quality >= Quality(accept, "identity");
}

Response ServeStatic(const StaticAsset& asset, const Request& request) {
  const bool use_gzip = !asset.gzip.empty() && PrefersGzip(request);
  const std::string& etag = use_gzip ? asset.gzip_etag : asset.etag;

  Response response;
  response.headers.push_back({"ETag", etag});
  response.headers.push_back({"Cache-Control", asset.cache_control});
  response.headers.push_back({"X-Content-Type-Options", "nosniff"});
  if (!asset.gzip.empty()) response.headers.push_back({"Vary", "Accept-Encoding"});
  if (NoneMatchNames(request, etag)) {
    response.status = 304;
    return response;
  }
  response.content_type = asset.content_type;
  response.view = use_gzip ? asset.gzip : asset.bytes;
  if (use_gzip) response.headers.push_back({"Content-Encoding", "gzip"});
  return response;
}

bool NoneMatchNames(const Request& request, std::string_view etag) {
  for (const Field& field : request.headers) {
    if (!EqualNoCase(field.name, "if-none-match")) continue;
    std::string_view rest = field.value;
    while (!rest.empty()) {
      const std::string_view candidate = NextPart(rest, ',');
      if (candidate == "*" || OpaqueTag(candidate) == OpaqueTag(etag)) return true;
    }
  }
  return false;
}

std::string_view MimeTypeOf(std::string_view path) {
  struct Type {
    std::string_view extension, mime;
  };
  static constexpr Type kTypes[] = {
      {"html", "text/html; charset=utf-8"},
      {"js", "text/javascript; charset=utf-8"},
      {"mjs", "text/javascript; charset=utf-8"},
      {"css", "text/css; charset=utf-8"},
      {"json", "application/json"},
      {"map", "application/json"},
      {"geojson", "application/geo+json"},
      {"webmanifest", "application/manifest+json"},
      {"svg", "image/svg+xml"},
      {"png", "image/png"},
      {"jpg", "image/jpeg"},
      {"jpeg", "image/jpeg"},
      {"webp", "image/webp"},
      {"ico", "image/x-icon"},
      {"woff2", "font/woff2"},
      {"woff", "font/woff"},
      {"ttf", "font/ttf"},
      {"wasm", "application/wasm"},
      {"txt", "text/plain; charset=utf-8"},
      {"md", "text/markdown; charset=utf-8"},
      {"csv", "text/csv; charset=utf-8"},
      {"xml", "application/xml"},
      {"pdf", "application/pdf"},
      {"zip", "application/zip"},
      {"ics", "text/calendar; charset=utf-8"},
      {"pbf", "application/x-protobuf"},
      {"parquet", "application/vnd.apache.parquet"},
      {"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
      {"docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
  };
  const std::size_t slash = path.rfind('/');
  const std::string_view name = slash == std::string_view::npos ? path : path.substr(slash + 1);
  const std::size_t dot = name.rfind('.');
  if (dot != std::string_view::npos)
    for (const Type& type : kTypes)
      if (EqualNoCase(name.substr(dot + 1), type.extension)) return type.mime;
  return "application/octet-stream";
}

class WorkerPool::Impl {
 public:
  Impl(int threads, std::size_t capacity) : capacity_(capacity) {
    LF_CHECK(threads >= 1 && capacity >= 1);
    for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { Run(); });
  }
  ~Impl() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_all();
    for (std::thread& thread : threads_) thread.join();
  }

  bool Post(std::function<void()> work) {
    {
      const std::lock_guard lock(mutex_);
      if (queue_.size() >= capacity_ || stopping_) return false;
      queue_.push_back(std::move(work));
    }
    changed_.notify_one();
    return true;
  }

  std::size_t queued() const {
    const std::lock_guard lock(mutex_);
    return queue_.size();
  }

 private:
  void Run() {
    std::unique_lock lock(mutex_);
    while (true) {
      changed_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
      if (queue_.empty()) return;
      std::function<void()> work = std::move(queue_.front());
      queue_.pop_front();
      lock.unlock();
      try {
        work();
      } catch (...) {
        // The Responder in `work` answers http.internal when it is destroyed below; the next work is unharmed.
      }
      work = nullptr;
      lock.lock();
    }
  }

  const std::size_t capacity_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> queue_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

WorkerPool::WorkerPool(int threads, std::size_t queue_capacity)
    : impl_(std::make_unique<Impl>(threads, queue_capacity)) {}
WorkerPool::~WorkerPool() = default;
bool WorkerPool::Post(std::function<void()> work) { return impl_->Post(std::move(work)); }
std::size_t WorkerPool::queued() const { return impl_->queued(); }

}  // namespace landfall::server
