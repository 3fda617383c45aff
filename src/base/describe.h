// SPDX-License-Identifier: Apache-2.0
// One description of a struct gives canonical JSON, its reader, the checked reader of untrusted JSON, JSON Schema for
// OpenAPI, and command-line flags.
//
// A struct is described once: BOOST_DESCRIBE_STRUCT(T, (), (a, b, c)) beside its definition. Units and bounds stand in
// the field types (Text<200>, Key<40>, Int<1, 99>, Money, Day, Id<…>); optional fields are std::optional; labels stand
// in the catalogue. Enumerators of wire enums are written exactly as on the wire and described by BOOST_DESCRIBE_ENUM.
#pragma once

#include <simdjson.h>

#include <algorithm>
#include <boost/describe.hpp>
#include <boost/mp11.hpp>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/day.h"
#include "base/hash.h"
#include "base/id.h"
#include "base/json.h"
#include "base/money.h"
#include "base/result.h"
#include "base/text.h"

namespace landfall {

using JsonElement = simdjson::dom::element;

// A whole number within bounds. Errors at the edge: request.number_out_of_range.
template <std::int64_t Low, std::int64_t High>
struct Int {
  std::int64_t value = Low;
  auto operator<=>(const Int&) const = default;
};

// At most `Max` items. Errors at the edge: request.list_too_long.
template <class T, std::size_t Max>
struct List {
  std::vector<T> items;
  bool operator==(const List&) const = default;
};

// What kind of JSON a field is; the CLI uses it to turn a flag into JSON.
enum class JsonKind : std::uint8_t { kString, kNumber, kBool, kArray, kObject };

// Collects schemas of described structs under their kName while an OpenAPI document is written.
struct SchemaSink {
  std::map<std::string, std::string, std::less<>> components;
};

// One specialisation per kind of field:
//   kKind                                       its JSON kind
//   void Append(std::string&, const T&)         canonical JSON
//   bool Scan(Scanner&, T&)                     canonical JSON back
//   Result<T> Read(JsonElement)                 untrusted JSON, checked; errors carry the field's path
//   std::string Schema(SchemaSink&)             JSON Schema 2020-12 as text
template <class T>
struct Field;

template <class T>
inline constexpr bool kIsOptional = false;
template <class T>
inline constexpr bool kIsOptional<std::optional<T>> = true;

template <class T>
concept Described = boost::describe::has_describe_members<T>::value && !std::is_enum_v<T>;
template <class T>
concept DescribedEnum = std::is_enum_v<T> && boost::describe::has_describe_enumerators<T>::value;

template <class T, class F>
constexpr void ForEachField(F&& f) {
  boost::mp11::mp_for_each<
      boost::describe::describe_members<T, boost::describe::mod_public | boost::describe::mod_inherited>>(
      std::forward<F>(f));
}

template <class T>
void AppendJson(std::string& out, const T& value) {
  Field<T>::Append(out, value);
}
template <class T>
std::string ToJson(const T& value) {
  std::string out;
  Field<T>::Append(out, value);
  return out;
}
// Whole bytes or nothing.
template <class T>
bool ScanJson(std::string_view bytes, T& value) {
  Scanner scanner(bytes);
  return Field<T>::Scan(scanner, value) && scanner.AtEnd();
}
// Parses untrusted JSON text into T. At most 1 MiB, 32 levels deep. Errors: request.malformed_json and those of the
// fields.
Result<bool> WithJsonDocument(std::string_view text, const std::function<Result<bool>(JsonElement)>& use);
template <class T>
Result<T> ReadJson(std::string_view text) {
  std::optional<T> out;
  LF_TRY(WithJsonDocument(text, [&](JsonElement root) -> Result<bool> {
    LF_ASSIGN(out, Field<T>::Read(root));
    return true;
  }));
  return std::move(*out);
}

namespace internal {
inline Result<std::string_view> ReadString(JsonElement e) {
  std::string_view text;
  if (e.get_string().get(text) != simdjson::SUCCESS) return Invalid("request.not_a_string");
  return text;
}
// Fields whose wire form is a string without escapes.
template <class T>
struct PlainText {
  static constexpr JsonKind kKind = JsonKind::kString;
  static bool Plain(Scanner& s, std::string_view& text) { return s.PlainString(text); }
};
}  // namespace internal

template <>
struct Field<bool> {
  static constexpr JsonKind kKind = JsonKind::kBool;
  static void Append(std::string& out, bool v) { out += v ? "true" : "false"; }
  static bool Scan(Scanner& s, bool& v) {
    v = s.Literal("true");
    return v || s.Literal("false");
  }
  static Result<bool> Read(JsonElement e) {
    bool v = false;
    if (e.get_bool().get(v) != simdjson::SUCCESS) return Invalid("request.not_a_bool");
    return v;
  }
  static std::string Schema(SchemaSink&) { return R"({"type":"boolean"})"; }
};

template <class T>
requires(std::is_integral_v<T> && !std::is_same_v<T, bool>) struct Field<T> {
  static constexpr JsonKind kKind = JsonKind::kNumber;
  static void Append(std::string& out, T v) { AppendInt(out, static_cast<std::int64_t>(v)); }
  static bool Scan(Scanner& s, T& v) {
    std::int64_t wide = 0;
    if (!s.Int(wide) || !std::in_range<T>(wide)) return false;
    v = static_cast<T>(wide);
    return true;
  }
  static Result<T> Read(JsonElement e) {
    std::int64_t wide = 0;
    if (e.get_int64().get(wide) != simdjson::SUCCESS) return Invalid("request.not_a_whole_number");
    if (!std::in_range<T>(wide)) return Invalid("request.number_out_of_range");
    return static_cast<T>(wide);
  }
  static std::string Schema(SchemaSink&) { return R"({"type":"integer"})"; }
};

template <std::int64_t Low, std::int64_t High>
struct Field<Int<Low, High>> {
  using T = Int<Low, High>;
  static constexpr JsonKind kKind = JsonKind::kNumber;
  static void Append(std::string& out, T v) { AppendInt(out, v.value); }
  static bool Scan(Scanner& s, T& v) { return s.Int(v.value) && v.value >= Low && v.value <= High; }
  static Result<T> Read(JsonElement e) {
    std::int64_t wide = 0;
    if (e.get_int64().get(wide) != simdjson::SUCCESS) return Invalid("request.not_a_whole_number");
    if (wide < Low || wide > High) return Invalid("request.number_out_of_range");
    return T{wide};
  }
  static std::string Schema(SchemaSink&) {
    return R"({"type":"integer","minimum":)" + std::to_string(Low) + R"(,"maximum":)" + std::to_string(High) + "}";
  }
};

template <>
struct Field<std::string> {  // Unbounded: only in answers, never in commands or events.
  static constexpr JsonKind kKind = JsonKind::kString;
  static void Append(std::string& out, const std::string& v) { AppendJsonString(out, v); }
  static bool Scan(Scanner& s, std::string& v) { return s.String(v); }
  static Result<std::string> Read(JsonElement e) {
    LF_ASSIGN(std::string_view text, internal::ReadString(e));
    return std::string(text);
  }
  static std::string Schema(SchemaSink&) { return R"({"type":"string"})"; }
};

template <std::size_t Max>
struct Field<Text<Max>> {
  static constexpr JsonKind kKind = JsonKind::kString;
  static void Append(std::string& out, const Text<Max>& v) { AppendJsonString(out, v.value); }
  static bool Scan(Scanner& s, Text<Max>& v) { return s.String(v.value); }
  static Result<Text<Max>> Read(JsonElement e) {
    LF_ASSIGN(std::string_view text, internal::ReadString(e));
    return Text<Max>::Parse(text);
  }
  static std::string Schema(SchemaSink&) {
    return R"({"type":"string","minLength":1,"maxLength":)" + std::to_string(Max) + "}";
  }
};

// Types with Parse(string_view) and a plain text form.
template <class T, class Traits>
struct PlainField : internal::PlainText<T> {
  static void Append(std::string& out, const T& v) {
    out += '"';
    Traits::Write(out, v);
    out += '"';
  }
  static bool Scan(Scanner& s, T& v) {
    std::string_view text;
    if (!s.PlainString(text)) return false;
    auto parsed = Traits::Parse(text);
    if (!parsed) return false;
    v = std::move(*parsed);
    return true;
  }
  static Result<T> Read(JsonElement e) {
    LF_ASSIGN(std::string_view text, internal::ReadString(e));
    return Traits::Parse(text);
  }
};

template <std::size_t Max>
struct KeyTraits {
  static void Write(std::string& out, const Key<Max>& v) { out += v.value; }
  static Result<Key<Max>> Parse(std::string_view t) { return Key<Max>::Parse(t); }
};
template <std::size_t Max>
struct Field<Key<Max>> : PlainField<Key<Max>, KeyTraits<Max>> {
  static std::string Schema(SchemaSink&) {
    return R"({"type":"string","pattern":"^[a-z0-9][a-z0-9._-]*$","maxLength":)" + std::to_string(Max) + "}";
  }
};
template <std::size_t Max>
struct CodeTraits {
  static void Write(std::string& out, const Code<Max>& v) { out += v.value; }
  static Result<Code<Max>> Parse(std::string_view t) { return Code<Max>::Parse(t); }
};
template <std::size_t Max>
struct Field<Code<Max>> : PlainField<Code<Max>, CodeTraits<Max>> {
  static std::string Schema(SchemaSink&) {
    return R"({"type":"string","minLength":1,"maxLength":)" + std::to_string(Max) + "}";
  }
};
template <class Tag>
struct IdTraits {
  static void Write(std::string& out, Id<Tag> v) { v.Append(out); }
  static Result<Id<Tag>> Parse(std::string_view t) { return Id<Tag>::Parse(t); }
};
template <class Tag>
struct Field<Id<Tag>> : PlainField<Id<Tag>, IdTraits<Tag>> {
  static std::string Schema(SchemaSink&) {
    return R"({"type":"string","pattern":"^)" + std::string(Tag::kPrefix) + R"([1-9][0-9]*$","x-id":")" +
           std::string(Tag::kSubject) + R"("})";
  }
};
struct DayTraits {
  static void Write(std::string& out, Day v) { AppendDay(out, v); }
  static Result<Day> Parse(std::string_view t) { return ParseDay(t); }
};
template <>
struct Field<Day> : PlainField<Day, DayTraits> {
  static std::string Schema(SchemaSink&) { return R"({"type":"string","format":"date"})"; }
};
struct InstantTraits {
  static void Write(std::string& out, Instant v) { AppendInstant(out, v); }
  static Result<Instant> Parse(std::string_view t) { return ParseInstant(t); }
};
template <>
struct Field<Instant> : PlainField<Instant, InstantTraits> {
  static std::string Schema(SchemaSink&) { return R"({"type":"string","format":"date-time"})"; }
};
struct MoneyTraits {
  static void Write(std::string& out, Money v) { v.AppendMinor(out); }
  static Result<Money> Parse(std::string_view t) { return Money::ParseMinor(t); }
};
template <>
struct Field<Money> : PlainField<Money, MoneyTraits> {
  static std::string Schema(SchemaSink&) {
    return R"({"type":"string","pattern":"^(0|-?[1-9][0-9]*)$","x-unit":"minor"})";
  }
};
struct DigestTraits {
  static void Write(std::string& out, const Digest& v) { AppendDigestText(out, v); }
  static Result<Digest> Parse(std::string_view t) { return ParseDigestText(t); }
};
template <>
struct Field<Digest> : PlainField<Digest, DigestTraits> {
  static std::string Schema(SchemaSink&) { return R"({"type":"string","pattern":"^sha256:[0-9a-f]{64}$"})"; }
};

template <DescribedEnum E>
std::string_view EnumName(E value) {
  std::string_view name;
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>([&](auto d) {
    if (d.value == value) name = d.name;
  });
  return name;
}
template <DescribedEnum E>
std::optional<E> EnumFromName(std::string_view name) {
  std::optional<E> found;
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>([&](auto d) {
    if (name == d.name) found = d.value;
  });
  return found;
}
template <DescribedEnum E>
struct EnumTraits {
  static void Write(std::string& out, E v) { out += EnumName(v); }
  static Result<E> Parse(std::string_view t) {
    if (auto found = EnumFromName<E>(t)) return *found;
    return Invalid("request.unknown_choice");
  }
};
template <DescribedEnum E>
struct Field<E> : PlainField<E, EnumTraits<E>> {
  static std::string Schema(SchemaSink&) {
    std::string out = R"({"type":"string","enum":[)";
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>([&](auto d) {
      if (out.back() != '[') out += ',';
      AppendJsonString(out, d.name);
    });
    return out + "]}";
  }
};

template <class T>
struct Field<std::vector<T>> {
  static constexpr JsonKind kKind = JsonKind::kArray;
  static void Append(std::string& out, const std::vector<T>& v) {
    out += '[';
    for (std::size_t i = 0; i < v.size(); ++i) {
      if (i != 0) out += ',';
      Field<T>::Append(out, v[i]);
    }
    out += ']';
  }
  static bool Scan(Scanner& s, std::vector<T>& v) {
    v.clear();
    if (!s.Literal("[")) return false;
    if (s.Literal("]")) return true;
    for (;;) {
      T item{};
      if (!Field<T>::Scan(s, item)) return false;
      v.push_back(std::move(item));
      if (s.Literal("]")) return true;
      if (!s.Literal(",")) return false;
    }
  }
  static Result<std::vector<T>> Read(JsonElement e) {
    simdjson::dom::array array;
    if (e.get_array().get(array) != simdjson::SUCCESS) return Invalid("request.not_a_list");
    std::vector<T> out;
    for (JsonElement item : array) {
      auto value = Field<T>::Read(item);
      if (!value) return std::move(value).error().At("[" + std::to_string(out.size()) + "]");
      out.push_back(std::move(*value));
    }
    return out;
  }
  static std::string Schema(SchemaSink& sink) { return R"({"type":"array","items":)" + Field<T>::Schema(sink) + "}"; }
};

template <class T, std::size_t Max>
struct Field<List<T, Max>> {
  static constexpr JsonKind kKind = JsonKind::kArray;
  static void Append(std::string& out, const List<T, Max>& v) { Field<std::vector<T>>::Append(out, v.items); }
  static bool Scan(Scanner& s, List<T, Max>& v) { return Field<std::vector<T>>::Scan(s, v.items); }
  static Result<List<T, Max>> Read(JsonElement e) {
    simdjson::dom::array array;
    if (e.get_array().get(array) == simdjson::SUCCESS && array.size() > Max) return Invalid("request.list_too_long");
    LF_ASSIGN(std::vector<T> items, Field<std::vector<T>>::Read(e));
    return List<T, Max>{std::move(items)};
  }
  static std::string Schema(SchemaSink& sink) {
    return R"({"type":"array","maxItems":)" + std::to_string(Max) + R"(,"items":)" + Field<T>::Schema(sink) + "}";
  }
};

template <class V>
struct Field<std::map<std::string, V>> {  // Answers only; keys sorted, so the bytes are stable.
  static constexpr JsonKind kKind = JsonKind::kObject;
  static void Append(std::string& out, const std::map<std::string, V>& v) {
    out += '{';
    for (const auto& [key, value] : v) {
      if (out.back() != '{') out += ',';
      AppendJsonString(out, key);
      out += ':';
      Field<V>::Append(out, value);
    }
    out += '}';
  }
  static std::string Schema(SchemaSink& sink) {
    return R"({"type":"object","additionalProperties":)" + Field<V>::Schema(sink) + "}";
  }
};

template <Described T>
struct Field<T> {
  static constexpr JsonKind kKind = JsonKind::kObject;

  static void Append(std::string& out, const T& v) {
    out += '{';
    bool first = true;
    ForEachField<T>([&](auto d) {
      const auto& member = v.*d.pointer;
      using M = std::remove_cvref_t<decltype(member)>;
      if constexpr (kIsOptional<M>) {
        if (!member) return;
      }
      if (!first) out += ',';
      first = false;
      out += '"';
      out += d.name;
      out += "\":";
      if constexpr (kIsOptional<M>)
        Field<typename M::value_type>::Append(out, *member);
      else
        Field<M>::Append(out, member);
    });
    out += '}';
  }

  static bool Scan(Scanner& s, T& v) {
    if (!s.Literal("{")) return false;
    bool ok = true, first = true;
    ForEachField<T>([&](auto d) {
      if (!ok) return;
      auto& member = v.*d.pointer;
      using M = std::remove_cvref_t<decltype(member)>;
      Scanner ahead = s;
      const bool here =
          (first || ahead.Literal(",")) && ahead.Literal("\"") && ahead.Literal(d.name) && ahead.Literal("\":");
      if (here) {
        s = ahead;
        first = false;
      }
      if constexpr (kIsOptional<M>) {
        member.reset();
        if (here) ok = Field<typename M::value_type>::Scan(s, member.emplace());
      } else {
        ok = here && Field<M>::Scan(s, member);
      }
    });
    return ok && s.Literal("}");
  }

  static Result<T> Read(JsonElement e) {
    simdjson::dom::object object;
    if (e.get_object().get(object) != simdjson::SUCCESS) return Invalid("request.not_an_object");
    T out{};
    std::optional<Error> error;
    std::size_t seen = 0;
    ForEachField<T>([&](auto d) {
      if (error) return;
      auto& member = out.*d.pointer;
      using M = std::remove_cvref_t<decltype(member)>;
      JsonElement value;
      const bool present = object.at_key(d.name).get(value) == simdjson::SUCCESS;
      seen += present;
      if constexpr (kIsOptional<M>) {
        if (!present || value.is_null()) return;
        auto read = Field<typename M::value_type>::Read(value);
        if (!read)
          error = std::move(read).error().At(d.name);
        else
          member = std::move(*read);
      } else {
        if (!present) {
          error = Invalid("request.field_missing", {}, d.name);
          return;
        }
        auto read = Field<M>::Read(value);
        if (!read)
          error = std::move(read).error().At(d.name);
        else
          member = std::move(*read);
      }
    });
    if (error) return std::move(*error);
    if (seen != object.size()) return UnknownMember(object);
    return out;
  }

  static std::string Schema(SchemaSink& sink) {
    std::string body = Inline(sink);
    if constexpr (requires { T::kName; }) {
      sink.components.emplace(std::string(T::kName), std::move(body));
      return R"({"$ref":"#/components/schemas/)" + std::string(T::kName) + R"("})";
    } else {
      return body;
    }
  }

 private:
  static Error UnknownMember(simdjson::dom::object object) {
    std::vector<std::string_view> names;
    for (auto member : object) {
      bool known = false;
      ForEachField<T>([&](auto d) { known = known || member.key == d.name; });
      const bool twice = std::find(names.begin(), names.end(), member.key) != names.end();
      names.push_back(member.key);
      if (!known)
        return Invalid("request.unknown_field", {}, IsUtf8(member.key) ? std::string(member.key.substr(0, 60)) : "");
      if (twice) return Invalid("request.duplicate_field", {}, std::string(member.key));
    }
    return Invalid("request.unknown_field");
  }
  static std::string Inline(SchemaSink& sink) {
    std::string properties, required;
    ForEachField<T>([&](auto d) {
      using M = std::remove_cvref_t<decltype(std::declval<T&>().*d.pointer)>;
      if (!properties.empty()) properties += ',';
      AppendJsonString(properties, d.name);
      properties += ':';
      if constexpr (kIsOptional<M>) {
        properties += Field<typename M::value_type>::Schema(sink);
      } else {
        properties += Field<M>::Schema(sink);
        if (!required.empty()) required += ',';
        AppendJsonString(required, d.name);
      }
    });
    return R"({"type":"object","additionalProperties":false,"properties":{)" + properties + "}" +
           (required.empty() ? "" : R"(,"required":[)" + required + "]") + "}";
  }
};

}  // namespace landfall
