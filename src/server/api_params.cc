// SPDX-License-Identifier: Apache-2.0
#include "server/api_params.h"

namespace landfall {

Result<server::KnownAt> Field<server::KnownAt>::Read(JsonElement e) {
  LF_ASSIGN(const std::string_view text, internal::ReadString(e));
  server::KnownAt known;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), known.seq);
  if (error == std::errc() && end == text.data() + text.size()) {
    if (known.seq == 0) return Invalid("known_at.malformed");
    return known;
  }
  auto day = ParseDay(text);
  if (!day) return Invalid("known_at.malformed");
  return server::KnownAt{0, *day};
}

std::string Field<server::KnownAt>::Schema(SchemaSink&) {
  return R"({"type":"string","pattern":"^([1-9][0-9]*|[0-9]{4}-[0-9]{2}-[0-9]{2})$"})";
}

Result<server::ProjectOrder> Field<server::ProjectOrder>::Read(JsonElement e) {
  LF_ASSIGN(std::string_view text, internal::ReadString(e));
  server::ProjectOrder order;
  order.descending = text.starts_with('-');
  if (order.descending) text.remove_prefix(1);
  const auto by = EnumFromName<app::ProjectSort>(text);
  if (!by) return Invalid("request.unknown_choice");
  order.by = *by;
  return order;
}

std::string Field<server::ProjectOrder>::Schema(SchemaSink&) {
  std::string out = R"({"type":"string","enum":[)";
  for (const std::string_view sign : {"", "-"}) {
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<app::ProjectSort>>([&](auto d) {
      if (out.back() != '[') out += ',';
      AppendJsonString(out, std::string(sign) + d.name);
    });
  }
  return out + "]}";
}

Result<server::StageKey> Field<server::StageKey>::Read(JsonElement e) {
  LF_ASSIGN(const std::string_view text, internal::ReadString(e));
  if (text.empty()) return server::StageKey{};
  LF_ASSIGN(Key<40> key, Key<40>::Parse(text));
  return server::StageKey{std::move(key.value)};
}

std::string Field<server::StageKey>::Schema(SchemaSink&) {
  return R"({"type":"string","pattern":"^([a-z0-9][a-z0-9._-]*)?$","maxLength":40})";
}

}  // namespace landfall

namespace landfall::server {

Result<std::string> ParameterJson(JsonKind kind, std::string_view text) {
  if (kind == JsonKind::kNumber) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return Invalid("request.not_a_whole_number");
    return std::to_string(value);
  }
  if (kind == JsonKind::kBool) {
    if (text != "true" && text != "false") return Invalid("request.not_a_bool");
    return std::string(text);
  }
  LF_CHECK(kind == JsonKind::kString);
  std::string out;
  AppendJsonString(out, text);
  return out;
}

Status CheckParameterNames(const std::vector<Field>& query, const std::vector<std::string_view>& known) {
  for (std::size_t i = 0; i < query.size(); ++i) {
    const std::string& name = query[i].name;
    if (std::find(known.begin(), known.end(), name) == known.end())
      return Invalid("request.unknown_parameter", {}, name.size() <= 60 ? name : std::string());
    for (std::size_t j = 0; j < i; ++j)
      if (query[j].name == name) return Invalid("request.duplicate_parameter", {}, name);
  }
  return Ok{};
}

}  // namespace landfall::server
