// SPDX-License-Identifier: Apache-2.0
#include "rules/facts.h"

#include <simdjson.h>

#include <algorithm>
#include <cmath>

#include "base/hash.h"

namespace landfall::rules {
namespace {

using simdjson::dom::element;
using simdjson::dom::element_type;
using simdjson::dom::object;

constexpr std::size_t kBytesMost = std::size_t{64} << 20;
constexpr std::size_t kDepthMost = 64;
constexpr std::string_view kDeclare = "declare";

Error Malformed(std::string_view field = {}) {
  return Invalid("rules.facts_malformed", "the file of facts is not the JSON object it should be", std::string(field));
}
Error WrongType(std::string_view field) {
  return Invalid("rules.fact_type", "a fact's value does not fit its declared type", std::string(field));
}

Result<object> Open(simdjson::dom::parser& parser, std::string_view json) {
  if (json.size() > kBytesMost) return Malformed();
  element root;
  if (parser.allocate(json.size() + 1, kDepthMost) != simdjson::SUCCESS) return Malformed();
  if (parser.parse(json.data(), json.size()).get(root) != simdjson::SUCCESS) return Malformed();
  object out;
  if (root.get(out) != simdjson::SUCCESS) return Malformed();
  return out;
}

bool IsIdentifier(std::string_view name) {
  if (name.empty() || (name[0] >= '0' && name[0] <= '9')) return false;
  return std::all_of(name.begin(), name.end(),
                     [](char c) { return c == '_' || ((c | 32) >= 'a' && (c | 32) <= 'z') || (c >= '0' && c <= '9'); });
}

std::string_view TypeOf(element_type type) {
  switch (type) {
    case element_type::BOOL:
      return "bool";
    case element_type::INT64:
      return "int";
    case element_type::UINT64:
      return "uint";
    case element_type::DOUBLE:
      return "double";
    case element_type::STRING:
      return "string";
    case element_type::ARRAY:
      return "list(dyn)";
    default:
      return "dyn";
  }
}

Status DeclareOne(std::string_view name, element spec, Environment* environment) {
  std::string_view type;
  FactLabel label;
  if (spec.get(type) != simdjson::SUCCESS) {
    object fields;
    if (spec.get(fields) != simdjson::SUCCESS) return Malformed(name);
    if (fields["type"].get(type) != simdjson::SUCCESS) return Malformed(name);
    const auto read = [&](const char* key, std::string* out) {
      std::string_view text;
      if (fields[key].get(text) == simdjson::SUCCESS) *out = text;
    };
    read("zh", &label.zh);
    read("en", &label.en);
    read("unit_zh", &label.unit_zh);
    read("unit_en", &label.unit_en);
  }
  auto done = environment->Declare(name, type, std::move(label));
  if (!done) return std::move(done).error().At(name);
  return Ok{};
}

Status DeclareMembers(const std::string& prefix, object members, Environment* environment) {
  for (const auto& [key, value] : members) {
    if (prefix.empty() && key == kDeclare) continue;
    if (!IsIdentifier(key)) {
      if (prefix.empty()) return Malformed(key);
      continue;  // Reachable through the record, as in enterprise["统一代码"].
    }
    const std::string name = prefix.empty() ? std::string(key) : prefix + "." + std::string(key);
    const auto known = environment->SlotOf(name);
    object inner;
    if (value.get(inner) == simdjson::SUCCESS) {
      if (!known) LF_TRY(environment->DeclareRecord(name));
      LF_TRY(DeclareMembers(name, inner, environment));
    } else if (!known) {
      LF_TRY(environment->Declare(name, TypeOf(value.type())));
    }
  }
  return Ok{};
}

class Reader {
 public:
  Reader(const Environment& environment, FactSet& facts) : environment_(environment), facts_(facts) {}

  Status Members(const std::string& prefix, object members) {
    for (const auto& [key, value] : members) {
      if (prefix.empty() && key == kDeclare) continue;
      const std::string name = prefix.empty() ? std::string(key) : prefix + "." + std::string(key);
      if (const auto slot = environment_.SlotOf(name)) {
        const Fact& fact = environment_.fact(*slot);
        if (!value.is_null() || fact.type->kind == TypeKind::kDyn || fact.type->kind == TypeKind::kNull) {
          Value read;
          if (!Read(value, fact.type, &read)) return WrongType(name);
          facts_.Adopt(*slot, read);
        }
      }
      object inner;
      if (value.get(inner) == simdjson::SUCCESS) LF_TRY(Members(name, inner));
    }
    return Ok{};
  }

 private:
  bool Read(element json, TypeRef type, Value* out) {
    switch (type->kind) {
      case TypeKind::kList:
        return ReadList(json, type->first, out);
      case TypeKind::kMap:
        return ReadMap(json, type->second, out);
      case TypeKind::kTimestamp:
      case TypeKind::kDuration:
      case TypeKind::kBytes:
        return ReadText(json, type->kind, out);
      case TypeKind::kDouble: {
        double number = 0;
        if (json.get(number) != simdjson::SUCCESS) return false;
        *out = Value::Double(number);
        return true;
      }
      case TypeKind::kUint: {
        std::uint64_t number = 0;
        if (json.get(number) != simdjson::SUCCESS) return false;
        *out = Value::Uint(number);
        return true;
      }
      default:
        return ReadPlain(json, out) && KindFits(*out, type);
    }
  }
  bool ReadPlain(element json, Value* out) {
    switch (json.type()) {
      case element_type::NULL_VALUE:
        *out = Value::Null();
        return true;
      case element_type::BOOL:
        *out = Value::Bool(bool(json));
        return true;
      case element_type::INT64:
        *out = Value::Int(std::int64_t(json));
        return true;
      case element_type::UINT64:
        *out = Value::Uint(std::uint64_t(json));
        return true;
      case element_type::DOUBLE:
        *out = Value::Double(double(json));
        return true;
      case element_type::STRING:
        *out = Value::String(facts_.arena().Copy(std::string_view(json)));
        return true;
      case element_type::ARRAY:
        return ReadList(json, SimpleType(TypeKind::kDyn), out);
      case element_type::OBJECT:
        return ReadMap(json, SimpleType(TypeKind::kDyn), out);
    }
    return false;
  }
  bool ReadText(element json, TypeKind kind, Value* out) {
    std::string_view text;
    if (json.get(text) != simdjson::SUCCESS) return false;
    if (kind == TypeKind::kTimestamp) {
      auto time = ParseTimestamp(text);
      if (!time) time = ParseDayAsTimestamp(text);
      if (time) *out = *time;
      return time.has_value();
    }
    if (kind == TypeKind::kDuration) {
      const auto nanos = ParseDuration(text);
      if (nanos) *out = Value::Duration(*nanos);
      return nanos.has_value();
    }
    const auto bytes = ParseBase64(text);
    if (bytes) *out = Value::Bytes(facts_.arena().Copy(*bytes));
    return bytes.ok();
  }
  bool ReadList(element json, TypeRef item, Value* out) {
    simdjson::dom::array array;
    if (json.get(array) != simdjson::SUCCESS) return false;
    std::vector<Value> items;
    for (const element member : array) {
      items.emplace_back();
      if (!Read(member, item, &items.back())) return false;
    }
    *out = Keep(items);
    return true;
  }
  bool ReadMap(element json, TypeRef value, Value* out) {
    object members;
    if (json.get(members) != simdjson::SUCCESS) return false;
    std::vector<Value> keys;
    std::vector<Value> values;
    for (const auto& [key, member] : members) {
      keys.push_back(Value::String(facts_.arena().Copy(key)));
      values.emplace_back();
      if (!Read(member, value, &values.back())) return false;
    }
    MapRep* map = nullptr;
    Meter plenty(std::int64_t{1} << 30);
    const Value kept_keys = Keep(keys);
    const Value kept_values = Keep(values);
    if (BuildMap(facts_.arena(), kept_keys.items, kept_values.items, kept_keys.aux, plenty, &map) != MapError::kNone)
      return false;
    *out = Value::Map(map);
    return true;
  }
  Value Keep(const std::vector<Value>& items) {
    auto* copy = facts_.arena().Array<Value>(items.size());
    LF_CHECK(copy != nullptr);
    std::copy(items.begin(), items.end(), copy);
    return Value::List(copy, static_cast<std::uint32_t>(items.size()));
  }

  const Environment& environment_;
  FactSet& facts_;
};

}  // namespace

Value CopyValue(Arena& arena, const Value& value) {
  const auto many = [&](const Value* from, std::uint32_t count) {
    auto* copy = arena.Array<Value>(count);
    LF_CHECK(copy != nullptr);
    for (std::uint32_t i = 0; i < count; ++i) copy[i] = CopyValue(arena, from[i]);
    return copy;
  };
  Value out = value;
  switch (value.kind) {
    case Kind::kString:
    case Kind::kBytes:
    case Kind::kType: {
      const std::string_view copy = arena.Copy(value.str());
      LF_CHECK(copy.data() != nullptr);
      out.text = copy.data();
      return out;
    }
    case Kind::kList:
      out.items = many(value.items, value.aux);
      return out;
    case Kind::kOptional:
      if (value.items != nullptr) out.items = many(value.items, 1);
      return out;
    case Kind::kMap: {
      MapRep* map = nullptr;
      Meter plenty(std::int64_t{1} << 40);
      const std::uint32_t size = value.map->size;
      LF_CHECK(BuildMap(arena, many(value.map->keys, size), many(value.map->values, size), size, plenty, &map) ==
               MapError::kNone);
      return Value::Map(map);
    }
    default:
      return out;
  }
}

void FactSet::Set(std::uint32_t slot, const Value& value) { row_[slot] = CopyValue(arena_, value); }

Status DeclareFacts(std::string_view json, Environment* environment) {
  simdjson::dom::parser parser;
  LF_ASSIGN(object root, Open(parser, json));
  element declare;
  if (root[kDeclare].get(declare) == simdjson::SUCCESS) {
    object members;
    if (declare.get(members) != simdjson::SUCCESS) return Malformed(kDeclare);
    for (const auto& [name, spec] : members) LF_TRY(DeclareOne(name, spec, environment));
  }
  return DeclareMembers("", root, environment);
}

Result<FactSet> ReadFacts(std::string_view json, const Environment& environment) {
  simdjson::dom::parser parser;
  LF_ASSIGN(object root, Open(parser, json));
  FactSet out(environment);
  LF_TRY(Reader(environment, out).Members("", root));
  return out;
}

}  // namespace landfall::rules
