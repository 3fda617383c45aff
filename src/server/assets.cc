// SPDX-License-Identifier: Apache-2.0
#include "server/assets.h"

#include <map>

#include "app/labels.h"
#include "base/embedded.h"
#include "base/hash.h"
#include "base/seam.h"
#include "server/api.h"
#include "server/page_address.h"

namespace landfall::server {
namespace {

constexpr std::string_view kNonceMark = "{{CSP_NONCE}}";
constexpr std::string_view kNoUi =
    "<!doctype html><html lang=\"zh-CN\"><meta charset=\"utf-8\"><title>Landfall</title>"
    "<h1>Landfall</h1><p>本程序未内置网页界面，接口在 /api/v1/openapi.json。</p>"
    "<p lang=\"en\">This binary was built without the web UI. The API is described at /api/v1/openapi.json.</p></html>";

// UI_GUIDE §3: nothing is loaded from elsewhere; styles of the component library carry the nonce.
std::string PagePolicy(std::string_view nonce) {
  std::string policy = "default-src 'self'; img-src 'self' data: blob:; worker-src 'self' blob:; style-src 'self'";
  if (!nonce.empty()) policy += " 'nonce-" + std::string(nonce) + "'";
  return policy + "; object-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";
}

std::string NewNonce() {
  std::array<std::uint8_t, 16> bytes;
  SystemRandom().Fill(bytes);
  return Base64(bytes);
}

const std::map<std::string_view, StaticAsset>& Assets() {
  static const auto kAssets = [] {
    std::map<std::string_view, StaticAsset> all;
    for (const EmbeddedFile& file : EmbeddedWeb()) {
      if (file.path.ends_with(".gz") || file.path == "index.html") continue;
      const std::string_view gzip = FindEmbedded(EmbeddedWeb(), std::string(file.path) + ".gz");
      all.emplace(file.path, MakeStaticAsset(file.path, file.bytes, gzip,
                                             file.path.starts_with("assets/") ? "public, max-age=31536000, immutable"
                                                                              : "no-cache"));
    }
    return all;
  }();
  return kAssets;
}

void SendPage(const Responder& responder, std::string body, std::string_view nonce) {
  Response response{.content_type = "text/html; charset=utf-8", .body = std::move(body)};
  response.headers.push_back({"Cache-Control", "no-store"});  // A cached page would repeat its nonce.
  AddSecurityHeaders(response, PagePolicy(nonce));
  responder.Send(std::move(response));
}

void SendIndex(const Responder& responder) {
  const std::string nonce = NewNonce();
  std::string page(FindEmbedded(EmbeddedWeb(), "index.html"));
  if (page.empty()) return SendPage(responder, std::string(kNoUi), nonce);
  for (std::size_t at = page.find(kNonceMark); at != std::string::npos; at = page.find(kNonceMark, at + nonce.size()))
    page.replace(at, kNonceMark.size(), nonce);
  SendPage(responder, std::move(page), nonce);
}

void SendRefusal(const Request& request, const Responder& responder, int status, const Error& error) {
  Response response = ProblemFor(status, error, app::LanguageOf(request.Header("Accept-Language").value_or("")));
  response.headers.push_back({"Cache-Control", "no-store"});
  if (status == 405) response.headers.push_back({"Allow", "GET, HEAD"});
  AddSecurityHeaders(response, PagePolicy(""));
  responder.Send(std::move(response));
}

}  // namespace

void ServeWeb(const Request& request, const Responder& responder) {
  if (request.method != Method::kGet) return SendRefusal(request, responder, 405, Invalid("request.other_method"));
  const std::string_view path = std::string_view(request.path).substr(1);
  if (const auto asset = Assets().find(path); asset != Assets().end()) {
    Response response = ServeStatic(asset->second, request);
    AddSecurityHeaders(response, PagePolicy(""));
    responder.Send(std::move(response));
    return;
  }
  const std::string_view name = path.substr(path.rfind('/') + 1);
  const bool of_ledger = request.path.starts_with(kLedgerPages);  // Its code may have any sign.
  if (name.find('.') != std::string_view::npos && path != "index.html" && !of_ledger)
    return SendRefusal(request, responder, 404, NotFound("request.no_such_address"));
  SendIndex(responder);
}

}  // namespace landfall::server
