// SPDX-License-Identifier: Apache-2.0
#include "rules/value.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <iterator>
#include <vector>

#include "base/hash.h"
#include "rules/times.h"

namespace landfall::rules {
namespace {

// How deep values are compared and printed. Deeper ones cannot come from a file (facts_json.h) and hardly from an
// expression.
constexpr int kDepthMost = 300;
constexpr std::uint32_t kLinearMost = 8;

int Sign(auto a, auto b) { return a < b ? -1 : a > b ? 1 : 0; }

// As cel-go and the conformance cases have it: a whole number is compared with a double as the nearest double.
template <class T>
int CompareWholeDouble(T a, double b) {
  return std::isnan(b) ? 2 : Sign(static_cast<double>(a), b);
}

int CompareNumbers(const Value& a, const Value& b) {
  if (a.kind == Kind::kInt) {
    if (b.kind == Kind::kInt) return Sign(a.i, b.i);
    if (b.kind == Kind::kUint) return a.i < 0 ? -1 : Sign(a.u, b.u);
    return CompareWholeDouble(a.i, b.d);
  }
  if (a.kind == Kind::kUint) {
    if (b.kind == Kind::kUint) return Sign(a.u, b.u);
    if (b.kind == Kind::kInt) return b.i < 0 ? 1 : Sign(a.u, b.u);
    return CompareWholeDouble(a.u, b.d);
  }
  if (b.kind == Kind::kDouble) return std::isnan(a.d) || std::isnan(b.d) ? 2 : Sign(a.d, b.d);
  const int turned = CompareNumbers(b, a);
  return turned == 2 ? 2 : -turned;
}

std::uint64_t Mix(std::uint64_t x) {
  x ^= x >> 32;
  x *= 0xd6e8feb86659fd93u;
  x ^= x >> 32;
  return x;
}

std::uint64_t HashText(std::string_view text) {
  std::uint64_t hash = 0x9e3779b97f4a7c15u ^ text.size();
  while (text.size() >= 8) {
    std::uint64_t word;
    std::memcpy(&word, text.data(), 8);
    hash = Mix(hash ^ word) + 0x9e3779b97f4a7c15u;
    text.remove_prefix(8);
  }
  std::uint64_t word = 0;
  if (!text.empty()) std::memcpy(&word, text.data(), text.size());
  return Mix(hash ^ word);
}

bool EqualMaps(const MapRep& a, const MapRep& b, Meter& meter, int depth) {
  if (a.size != b.size) return false;
  for (std::uint32_t i = 0; i < a.size; ++i) {
    const Value* other = b.Find(a.keys[i], meter);
    if (other == nullptr || !Equal(a.values[i], *other, meter, depth + 1)) return false;
  }
  return true;
}

void AppendQuoted(std::string& out, std::string_view text, bool bytes) {
  out += bytes ? "b'" : "'";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    switch (c) {
      case '\\':
        out += "\\\\";
        break;
      case '\'':
        out += "\\'";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        if (byte < 0x20 || byte == 0x7f || (bytes && byte >= 0x80)) {
          fmt::format_to(std::back_inserter(out), "\\x{:02x}", byte);
        } else {
          out += c;
        }
    }
  }
  out += '\'';
}

void AppendDouble(std::string& out, double value) {
  if (std::isnan(value)) {
    out += "double('NaN')";
  } else if (std::isinf(value)) {
    out += value > 0 ? "double('Infinity')" : "double('-Infinity')";
  } else {
    const std::string text = fmt::format("{}", value);
    out += text;
    if (text.find_first_of(".e") == std::string::npos) out += ".0";
  }
}

void AppendJsonNumber(std::string& out, const Value& value) {
  constexpr std::int64_t kExact = (std::int64_t{1} << 53) - 1;
  auto it = std::back_inserter(out);
  if (value.kind == Kind::kInt) {
    const bool text = value.i > kExact || value.i < -kExact;
    fmt::format_to(it, "{0}{1}{0}", text ? "\"" : "", value.i);
  } else if (value.kind == Kind::kUint) {
    fmt::format_to(it, "{0}{1}{0}", value.u > static_cast<std::uint64_t>(kExact) ? "\"" : "", value.u);
  } else if (std::isnan(value.d)) {
    out += "\"NaN\"";
  } else if (std::isinf(value.d)) {
    out += value.d > 0 ? "\"Infinity\"" : "\"-Infinity\"";
  } else {
    fmt::format_to(it, "{}", value.d);
  }
}

}  // namespace

std::string_view FaultCode(EvalFault fault) {
  static constexpr std::string_view kCodes[] = {
      "rules.no_such_overload",   "rules.divide_by_zero", "rules.overflow",         "rules.no_such_key",
      "rules.index_out_of_range", "rules.bad_key",        "rules.duplicate_key",    "rules.bad_conversion",
      "rules.bad_utf8",           "rules.bad_pattern",    "rules.bad_format",       "rules.empty_optional",
      "rules.unknown_zone",       "rules.undeclared",     "rules.unknown_function", "rules.host_refused",
      "rules.cost_limit",         "rules.memory_limit"};
  return kCodes[static_cast<std::size_t>(fault)];
}

const Value* MapRep::Find(const Value& key, Meter& meter) const {
  if (table == nullptr) {
    for (std::uint32_t i = 0; i < size; ++i)
      if (Equal(keys[i], key, meter)) return &values[i];
    return nullptr;
  }
  if (key.kind < Kind::kBool || key.kind > Kind::kString) return nullptr;
  meter.ChargeText(key.kind == Kind::kString ? key.aux : 0);
  for (std::uint64_t at = HashScalar(key) & mask;; at = (at + 1) & mask) {
    if (table[at] == 0) return nullptr;
    if (Equal(keys[table[at] - 1], key, meter)) return &values[table[at] - 1];
    if (meter.empty()) return nullptr;
  }
}

bool Equal(const Value& a, const Value& b, Meter& meter, int depth) {
  if (depth > kDepthMost) {
    meter.Charge(~std::uint64_t{0});
    return false;
  }
  if (a.kind != b.kind) return a.IsNumber() && b.IsNumber() && CompareNumbers(a, b) == 0;
  switch (a.kind) {
    case Kind::kDouble:
      return a.d == b.d;
    case Kind::kString:
    case Kind::kBytes:
    case Kind::kType:
      if (a.aux != b.aux) return false;
      if (a.aux == 0) return true;
      meter.ChargeText(a.aux);
      return std::memcmp(a.text, b.text, a.aux) == 0;
    case Kind::kTimestamp:
      return a.i == b.i && a.aux == b.aux;
    case Kind::kList:
      if (a.aux != b.aux) return false;
      for (std::uint32_t i = 0; i < a.aux; ++i)
        if (!meter.Charge(1) || !Equal(a.items[i], b.items[i], meter, depth + 1)) return false;
      return true;
    case Kind::kMap:
      return meter.Charge(a.map->size) && EqualMaps(*a.map, *b.map, meter, depth);
    case Kind::kOptional:
      if (a.items == nullptr || b.items == nullptr) return a.items == b.items;
      return meter.Charge(1) && Equal(*a.items, *b.items, meter, depth + 1);
    case Kind::kNull:
      return true;
    default:
      return a.i == b.i;
  }
}

int Compare(const Value& a, const Value& b) {
  if (a.IsNumber() && b.IsNumber()) return CompareNumbers(a, b);
  if (a.kind != b.kind) return kNotComparable;
  switch (a.kind) {
    case Kind::kBool:
    case Kind::kDuration:
      return Sign(a.i, b.i);
    case Kind::kString:
    case Kind::kBytes: {
      // UTF-8 orders bytes as it orders code points.
      const std::uint32_t common = std::min(a.aux, b.aux);
      const int by_bytes = common == 0 ? 0 : std::memcmp(a.text, b.text, common);
      return by_bytes != 0 ? Sign(by_bytes, 0) : Sign(a.aux, b.aux);
    }
    case Kind::kTimestamp:
      return a.i != b.i ? Sign(a.i, b.i) : Sign(a.aux, b.aux);
    default:
      return kNotComparable;
  }
}

Value NormalNumber(const Value& value) {
  if (value.kind == Kind::kUint && value.u <= 9223372036854775807u) return Value::Int(value.i);
  if (value.kind == Kind::kDouble && std::trunc(value.d) == value.d) {
    if (value.d >= -9223372036854775808.0 && value.d < 9223372036854775808.0) {
      return Value::Int(static_cast<std::int64_t>(value.d));
    }
    if (value.d > 0 && value.d < 18446744073709551616.0) return Value::Uint(static_cast<std::uint64_t>(value.d));
  }
  return value;
}

std::uint64_t HashScalar(const Value& value) {
  if (value.kind == Kind::kString || value.kind == Kind::kBytes) return HashText(value.str());
  if (!value.IsNumber()) return Mix(value.u + 0x51ed270b);
  const double number = value.kind == Kind::kDouble ? value.d
                        : value.kind == Kind::kInt  ? static_cast<double>(value.i)
                                                    : static_cast<double>(value.u);
  return Mix(std::bit_cast<std::uint64_t>(number + 0.0));  // -0.0 becomes 0.0.
}

bool CanBeKey(const Value& value) {
  return value.kind == Kind::kBool || value.kind == Kind::kInt || value.kind == Kind::kUint ||
         value.kind == Kind::kString;
}

MapError BuildMap(Arena& arena, const Value* keys, const Value* values, std::uint32_t size, Meter& meter,
                  MapRep** out) {
  auto* map = arena.Array<MapRep>(1);
  if (map == nullptr) return MapError::kMemory;
  *map = MapRep{0, 0, keys, values, nullptr};
  *out = map;
  std::uint32_t* table = nullptr;
  if (size > kLinearMost) {
    const std::uint32_t slots = std::bit_ceil(size * 2);
    table = arena.Array<std::uint32_t>(slots);
    if (table == nullptr) return MapError::kMemory;
    std::fill_n(table, slots, 0);
    map->mask = slots - 1;
    map->table = table;
  }
  if (!meter.Charge(size)) return MapError::kCost;
  // The map grows key by key, so that its own look-up finds repetitions.
  for (std::uint32_t i = 0; i < size; ++i) {
    if (!CanBeKey(keys[i])) return MapError::kBadKey;
    if (map->Find(keys[i], meter) != nullptr) return MapError::kDuplicate;
    if (meter.empty()) return MapError::kCost;
    if (table != nullptr) {
      std::uint64_t at = HashScalar(keys[i]) & map->mask;
      while (table[at] != 0) at = (at + 1) & map->mask;
      table[at] = i + 1;
    }
    map->size = i + 1;
  }
  return MapError::kNone;
}

std::string_view TypeNameOf(const Value& value) {
  switch (value.kind) {
    case Kind::kNull:
      return "null_type";
    case Kind::kBool:
      return "bool";
    case Kind::kInt:
      return "int";
    case Kind::kUint:
      return "uint";
    case Kind::kDouble:
      return "double";
    case Kind::kString:
      return "string";
    case Kind::kBytes:
      return "bytes";
    case Kind::kTimestamp:
      return "google.protobuf.Timestamp";
    case Kind::kDuration:
      return "google.protobuf.Duration";
    case Kind::kList:
      return "list";
    case Kind::kMap:
      return "map";
    case Kind::kType:
      return "type";
    case Kind::kOptional:
      return "optional_type";
    case Kind::kMissing:
    case Kind::kUnknown:
      return "unknown";
    case Kind::kError:
      return "error";
  }
  return "unknown";
}

void AppendLiteral(std::string& out, const Value& value, int depth) {
  if (depth > kDepthMost) {
    out += "…";
    return;
  }
  switch (value.kind) {
    case Kind::kMissing:
    case Kind::kUnknown:
      out += "unknown";
      break;
    case Kind::kError:
      out += FaultCode(value.fault());
      break;
    case Kind::kNull:
      out += "null";
      break;
    case Kind::kBool:
      out += value.i != 0 ? "true" : "false";
      break;
    case Kind::kInt:
      out += std::to_string(value.i);
      break;
    case Kind::kUint:
      out += std::to_string(value.u) + "u";
      break;
    case Kind::kDouble:
      AppendDouble(out, value.d);
      break;
    case Kind::kString:
      AppendQuoted(out, value.str(), false);
      break;
    case Kind::kBytes:
      AppendQuoted(out, value.str(), true);
      break;
    case Kind::kTimestamp:
      out += "timestamp('" + FormatTimestamp(value) + "')";
      break;
    case Kind::kDuration:
      out += "duration('" + FormatDuration(value.i) + "')";
      break;
    case Kind::kType:
      out += value.str();
      break;
    case Kind::kList:
      out += '[';
      for (std::uint32_t i = 0; i < value.aux; ++i) {
        if (i > 0) out += ", ";
        AppendLiteral(out, value.items[i], depth + 1);
      }
      out += ']';
      break;
    case Kind::kMap:
      out += '{';
      for (std::uint32_t i = 0; i < value.map->size; ++i) {
        if (i > 0) out += ", ";
        AppendLiteral(out, value.map->keys[i], depth + 1);
        out += ": ";
        AppendLiteral(out, value.map->values[i], depth + 1);
      }
      out += '}';
      break;
    case Kind::kOptional:
      out += value.items == nullptr ? "optional.none(" : "optional.of(";
      if (value.items != nullptr) AppendLiteral(out, *value.items, depth + 1);
      out += ')';
      break;
  }
}

void AppendJsonString(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
        } else {
          out += c;
        }
    }
  }
  out += '"';
}

void AppendJson(std::string& out, const Value& value, int depth) {
  if (depth > kDepthMost) {
    out += "null";
    return;
  }
  switch (value.kind) {
    case Kind::kMissing:
    case Kind::kUnknown:
    case Kind::kError:
    case Kind::kNull:
      out += "null";
      break;
    case Kind::kBool:
      out += value.i != 0 ? "true" : "false";
      break;
    case Kind::kInt:
    case Kind::kUint:
    case Kind::kDouble:
      AppendJsonNumber(out, value);
      break;
    case Kind::kString:
    case Kind::kType:
      AppendJsonString(out, value.str());
      break;
    case Kind::kBytes:
      AppendJsonString(out, Base64(landfall::Bytes(value.str())));
      break;
    case Kind::kTimestamp:
      AppendJsonString(out, FormatTimestamp(value));
      break;
    case Kind::kDuration:
      AppendJsonString(out, FormatDuration(value.i));
      break;
    case Kind::kList:
      out += '[';
      for (std::uint32_t i = 0; i < value.aux; ++i) {
        if (i > 0) out += ',';
        AppendJson(out, value.items[i], depth + 1);
      }
      out += ']';
      break;
    case Kind::kMap:
      out += '{';
      for (std::uint32_t i = 0; i < value.map->size; ++i) {
        if (i > 0) out += ',';
        const Value& key = value.map->keys[i];
        std::string name;
        if (key.kind != Kind::kString) AppendLiteral(name, key);
        AppendJsonString(out, key.kind == Kind::kString ? key.str() : std::string_view(name));
        out += ':';
        AppendJson(out, value.map->values[i], depth + 1);
      }
      out += '}';
      break;
    case Kind::kOptional:
      if (value.items == nullptr)
        out += "null";
      else
        AppendJson(out, *value.items, depth + 1);
      break;
  }
}

std::size_t CountCodePoints(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  return count;
}

std::uint32_t NextCodePoint(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(at);
  const int length = lead < 0x80                   ? 1
                     : lead >= 0xc2 && lead < 0xe0 ? 2
                     : lead >= 0xe0 && lead < 0xf0 ? 3
                     : lead >= 0xf0 && lead < 0xf5 ? 4
                                                   : 0;
  if (length == 1) return byte(at++);
  std::uint32_t point = length == 2 ? lead & 0x1fu : length == 3 ? lead & 0x0fu : lead & 0x07u;
  if (length == 0 || at + length > text.size()) return ++at, 0xfffd;
  for (int i = 1; i < length; ++i) {
    if ((byte(at + i) & 0xc0) != 0x80) return ++at, 0xfffd;
    point = point << 6 | (byte(at + i) & 0x3fu);
  }
  const bool overlong = (length == 3 && point < 0x800) || (length == 4 && point < 0x10000);
  if (overlong || point > 0x10ffff || (point >= 0xd800 && point < 0xe000)) return ++at, 0xfffd;
  at += length;
  return point;
}

bool ValidUtf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t before = at;
    // A genuine U+FFFD takes three bytes, a bad byte is passed alone.
    if (NextCodePoint(text, at) == 0xfffd && at == before + 1) return false;
  }
  return true;
}

void AppendUtf8(std::string& out, std::uint32_t point) {
  if (point < 0x80) {
    out += static_cast<char>(point);
  } else if (point < 0x800) {
    out += static_cast<char>(0xc0 | point >> 6);
    out += static_cast<char>(0x80 | (point & 0x3f));
  } else if (point < 0x10000) {
    out += static_cast<char>(0xe0 | point >> 12);
    out += static_cast<char>(0x80 | (point >> 6 & 0x3f));
    out += static_cast<char>(0x80 | (point & 0x3f));
  } else {
    out += static_cast<char>(0xf0 | point >> 18);
    out += static_cast<char>(0x80 | (point >> 12 & 0x3f));
    out += static_cast<char>(0x80 | (point >> 6 & 0x3f));
    out += static_cast<char>(0x80 | (point & 0x3f));
  }
}

}  // namespace landfall::rules
