// SPDX-License-Identifier: Apache-2.0
#include "app/export_lines.h"

#include "ledger/entry.h"

namespace landfall::app {

void AppendExportEntry(std::string& out, std::string_view leaf) {
  out += "{\"leaf\":";
  AppendJsonString(out, leaf);
  out += ",\"payloads\":[";
}

void AppendExportPayload(std::string& out, const ExportPayload& payload) {
  if (out.back() != '[') out += ',';
  switch (payload.kind) {
    case ExportPayload::Kind::kOpen: {
      const std::string_view salted = payload.salted;
      out += "{\"salt\":\"";
      AppendHex(out, Bytes(salted.substr(0, ledger::kSaltBytes)));
      out += "\",\"payload\":";
      AppendJsonString(out, salted.substr(ledger::kSaltBytes));
      break;
    }
    case ExportPayload::Kind::kWithheld:
      out += "{\"withheld\":";
      AppendJsonString(out, payload.withheld);
      break;
    case ExportPayload::Kind::kErased:
      out += "{\"erased\":";
      AppendInt(out, static_cast<std::int64_t>(payload.erased));
      break;
  }
  out += '}';
}

namespace {

bool ParsePayload(Scanner& s, ExportPayload& out) {
  if (s.Literal("{\"salt\":")) {
    std::string_view hex;
    std::string payload;
    if (!s.PlainString(hex) || hex.size() != 2 * ledger::kSaltBytes) return false;
    auto salt = ParseHex(hex);
    if (!salt || !s.Literal(",\"payload\":") || !s.String(payload)) return false;
    out.kind = ExportPayload::Kind::kOpen;
    out.salted = *salt + payload;
  } else if (s.Literal("{\"withheld\":")) {
    out.kind = ExportPayload::Kind::kWithheld;
    if (!s.String(out.withheld)) return false;
  } else if (s.Literal("{\"erased\":")) {
    std::int64_t seq = 0;
    if (!s.Int(seq) || seq < 1) return false;
    out.kind = ExportPayload::Kind::kErased;
    out.erased = static_cast<std::uint64_t>(seq);
  } else {
    return false;
  }
  return s.Literal("}");
}

}  // namespace

bool ParseExportEntry(std::string_view line, ExportEntry& out) {
  Scanner s(line);
  out.payloads.clear();
  if (!s.Literal("{\"leaf\":") || !s.String(out.leaf) || out.leaf.size() > ledger::kMaxLeafBytes ||
      !s.Literal(",\"payloads\":["))
    return false;
  while (out.payloads.size() < ledger::kMaxEventsPerEntry) {
    if (!ParsePayload(s, out.payloads.emplace_back())) return false;
    if (s.Literal("]}")) return s.AtEnd();
    if (!s.Literal(",")) return false;
  }
  return false;
}

}  // namespace landfall::app
