// SPDX-License-Identifier: Apache-2.0
// Text: the standard functions and the strings extension. Positions count code points, never bytes.
// Source: cel-spec langdef; cel-go ext/strings.
#include <cstring>
#include <string>

#include "rules/library.h"
#include "rules/regex.h"

namespace landfall::rules {
namespace {

constexpr std::size_t kNowhere = std::string_view::npos;

Value CostLimit() { return Value::Error(EvalFault::kCostLimit); }
Value OutOfRange() { return Value::Error(EvalFault::kIndexOutOfRange); }

// memmem is linear in the worst case; std::string_view::find is not.
std::size_t Find(std::string_view text, std::string_view part, std::size_t from) {
  if (from > text.size()) return kNowhere;
  if (part.empty()) return from;
  if (text.size() - from < part.size()) return kNowhere;
  const void* hit = memmem(text.data() + from, text.size() - from, part.data(), part.size());
  return hit == nullptr ? kNowhere : static_cast<std::size_t>(static_cast<const char*>(hit) - text.data());
}

bool ChargeScan(CallScope& scope, const Value& a, const Value& b) {
  return scope.meter().Charge(1 + (std::uint64_t{a.aux} + b.aux) / 16);
}

// Byte offset of the `index`-th code point, or kNowhere beyond the end. The end itself is a position.
std::size_t ByteOf(std::string_view text, std::int64_t index) {
  if (index < 0) return kNowhere;
  std::size_t at = 0;
  for (; index > 0; --index) {
    if (at >= text.size()) return kNowhere;
    ++at;
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80) ++at;
  }
  return at;
}

Value Contains(CallScope& scope, const Value* a, std::uint32_t) {
  if (!ChargeScan(scope, a[0], a[1])) return CostLimit();
  return Value::Bool(Find(a[0].str(), a[1].str(), 0) != kNowhere);
}
Value StartsWith(CallScope& scope, const Value* a, std::uint32_t) {
  scope.meter().ChargeText(a[1].aux);
  return Value::Bool(a[0].str().starts_with(a[1].str()));
}
Value EndsWith(CallScope& scope, const Value* a, std::uint32_t) {
  scope.meter().ChargeText(a[1].aux);
  return Value::Bool(a[0].str().ends_with(a[1].str()));
}

// With a pattern that is not constant. The last one is kept, compiled.
Value Matches(CallScope& scope, const Value* a, std::uint32_t) {
  std::unique_ptr<Regex> own;
  std::unique_ptr<Regex>& regex = scope.pattern_cache != nullptr ? *scope.pattern_cache : own;
  if (regex == nullptr || scope.pattern_cached == nullptr || *scope.pattern_cached != a[1].str()) {
    if (!scope.meter().Charge(20 + std::uint64_t{a[1].aux} * 4)) return CostLimit();
    auto compiled = Regex::Compile(a[1].str());
    if (!compiled) return Value::Error(EvalFault::kBadPattern);
    if (!scope.meter().Charge(compiled->size())) return CostLimit();
    regex = std::make_unique<Regex>(std::move(*compiled));
    if (scope.pattern_cached != nullptr) *scope.pattern_cached = a[1].str();
  }
  const bool found = regex->Search(a[0].str(), scope.meter());
  return scope.meter().empty() ? CostLimit() : Value::Bool(found);
}

Value CharAt(CallScope& scope, const Value* a, std::uint32_t) {
  scope.meter().ChargeText(a[0].aux);
  const std::string_view text = a[0].str();
  const std::size_t at = ByteOf(text, a[1].i);
  if (at == kNowhere) return OutOfRange();
  return Value::String(text.substr(at, at < text.size() ? ByteOf(text.substr(at), 1) : 0));
}

Value IndexOf(CallScope& scope, const Value* a, std::uint32_t count) {
  if (!ChargeScan(scope, a[0], a[1])) return CostLimit();
  const std::string_view text = a[0].str();
  const std::size_t from = count == 3 ? ByteOf(text, a[2].i) : 0;
  if (from == kNowhere) return OutOfRange();
  const std::size_t at = Find(text, a[1].str(), from);
  return Value::Int(at == kNowhere ? -1 : static_cast<std::int64_t>(CountCodePoints(text.substr(0, at))));
}

Value LastIndexOf(CallScope& scope, const Value* a, std::uint32_t count) {
  // Backwards the search may look at every byte of the part at every place.
  if (!scope.meter().Charge(1 + std::uint64_t{a[0].aux} * (1 + std::uint64_t{a[1].aux} / 16) / 4)) return CostLimit();
  const std::string_view text = a[0].str();
  const std::size_t from = count == 3 ? ByteOf(text, a[2].i) : text.size();
  if (from == kNowhere) return OutOfRange();
  const std::size_t at = text.rfind(a[1].str(), from);
  return Value::Int(at == kNowhere ? -1 : static_cast<std::int64_t>(CountCodePoints(text.substr(0, at))));
}

template <char kFirst, int kShift>
Value AsciiCase(CallScope& scope, const Value* a, std::uint32_t) {
  if (!scope.meter().ChargeText(a[0].aux)) return CostLimit();
  std::string out(a[0].str());
  for (char& c : out)
    if (c >= kFirst && c <= kFirst + 25) c = static_cast<char>(c + kShift);
  return scope.NewString(out);
}

Value Replace(CallScope& scope, const Value* a, std::uint32_t count) {
  if (!ChargeScan(scope, a[0], a[1])) return CostLimit();
  const std::string_view text = a[0].str();
  const std::string_view from = a[1].str();
  const std::string_view to = a[2].str();
  std::int64_t left = count == 4 ? a[3].i : -1;
  std::string out;
  std::size_t at = 0;
  while (left != 0) {
    std::size_t hit = Find(text, from, at);
    if (hit == kNowhere) break;
    if (!scope.meter().Charge(1 + to.size() / 16)) return CostLimit();
    out.append(text.substr(at, hit - at)).append(to);
    at = hit + from.size();
    --left;
    if (from.empty()) {  // Between all code points, as Go does.
      if (at >= text.size()) return scope.NewString(out);
      const std::size_t next = at + ByteOf(text.substr(at), 1);
      out.append(text.substr(at, next - at));
      at = next;
    }
  }
  out.append(text.substr(at));
  return scope.NewString(out);
}

Value Split(CallScope& scope, const Value* a, std::uint32_t count) {
  if (!ChargeScan(scope, a[0], a[1])) return CostLimit();
  const std::string_view text = a[0].str();
  const std::string_view by = a[1].str();
  const std::int64_t most = count == 3 ? a[2].i : -1;
  std::vector<Value> parts;
  std::size_t at = 0;
  if (most == 0) return scope.NewList(parts);
  while (most < 0 || static_cast<std::int64_t>(parts.size()) + 1 < most) {
    std::size_t hit = kNowhere;
    if (by.empty()) {
      if (at < text.size()) hit = at + ByteOf(text.substr(at), 1);
      if (hit == text.size()) hit = kNowhere;
    } else {
      hit = Find(text, by, at);
    }
    if (hit == kNowhere) break;
    if (!scope.meter().Charge(1)) return CostLimit();
    parts.push_back(Value::String(text.substr(at, hit - at)));
    at = hit + by.size();
  }
  if (!by.empty() || !text.empty()) parts.push_back(Value::String(text.substr(at)));
  return scope.NewList(parts);
}

Value Substring(CallScope& scope, const Value* a, std::uint32_t count) {
  scope.meter().ChargeText(a[0].aux);
  const std::string_view text = a[0].str();
  const std::size_t from = ByteOf(text, a[1].i);
  const std::size_t to = count == 3 ? ByteOf(text, a[2].i) : text.size();
  if (from == kNowhere || to == kNowhere || from > to) return OutOfRange();
  return Value::String(text.substr(from, to - from));
}

// Unicode's White_Space.
bool IsSpace(std::uint32_t point) {
  return (point >= 9 && point <= 13) || point == ' ' || point == 0x85 || point == 0xa0 || point == 0x1680 ||
         (point >= 0x2000 && point <= 0x200a) || point == 0x2028 || point == 0x2029 || point == 0x202f ||
         point == 0x205f || point == 0x3000;
}
Value TrimSpace(CallScope& scope, const Value* a, std::uint32_t) {
  if (!scope.meter().Charge(a[0].aux / 4)) return CostLimit();
  const std::string_view text = a[0].str();
  std::size_t first = text.size();
  std::size_t last = text.size();
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = at;
    if (IsSpace(NextCodePoint(text, at))) continue;
    first = std::min(first, begin);
    last = at;
  }
  return Value::String(first >= text.size() ? std::string_view() : text.substr(first, last - first));
}

Value Join(CallScope& scope, const Value* a, std::uint32_t count) {
  const std::string_view between = count == 2 ? a[1].str() : std::string_view();
  std::string out;
  for (std::uint32_t i = 0; i < a[0].aux; ++i) {
    const Value& item = a[0].items[i];
    if (item.kind != Kind::kString) return Value::Error(EvalFault::kNoSuchOverload);
    if (!scope.meter().Charge(1 + (item.aux + between.size()) / 16)) return CostLimit();
    if (i > 0) out += between;
    out += item.str();
  }
  return scope.NewString(out);
}

Value Quote(CallScope& scope, const Value* a, std::uint32_t) {
  if (!scope.meter().Charge(a[0].aux / 4)) return CostLimit();
  static constexpr std::string_view kFrom = "\a\b\f\n\r\t\v\\\"";
  static constexpr std::string_view kTo = "abfnrtv\\\"";
  std::string out = "\"";
  for (const char c : a[0].str()) {
    const std::size_t at = c == '\0' ? kNowhere : kFrom.find(c);
    if (at != kNowhere) {
      out += '\\';
      out += kTo[at];
    } else {
      out += c;
    }
  }
  out += '"';
  return scope.NewString(out);
}

Value Reverse(CallScope& scope, const Value* a, std::uint32_t) {
  if (!scope.meter().Charge(a[0].aux / 4)) return CostLimit();
  const std::string_view text = a[0].str();
  std::string out;
  for (std::size_t end = text.size(); end > 0;) {
    std::size_t begin = end - 1;
    while (begin > 0 && (static_cast<unsigned char>(text[begin]) & 0xc0) == 0x80) --begin;
    out.append(text.substr(begin, end - begin));
    end = begin;
  }
  return scope.NewString(out);
}

}  // namespace

std::span<const LibraryEntry> StringLibrary() {
  static constexpr LibraryEntry kEntries[] = {
      {"string.contains(string)->bool", Contains},
      {"string.startsWith(string)->bool", StartsWith},
      {"string.endsWith(string)->bool", EndsWith},
      {"string.matches(string)->bool", Matches},
      {"matches(string,string)->bool", Matches},
      {"string.charAt(int)->string", CharAt},
      {"string.indexOf(string)->int", IndexOf},
      {"string.indexOf(string,int)->int", IndexOf},
      {"string.lastIndexOf(string)->int", LastIndexOf},
      {"string.lastIndexOf(string,int)->int", LastIndexOf},
      {"string.lowerAscii()->string", AsciiCase<'A', 32>},
      {"string.upperAscii()->string", AsciiCase<'a', -32>},
      {"string.replace(string,string)->string", Replace},
      {"string.replace(string,string,int)->string", Replace},
      {"string.split(string)->list(string)", Split},
      {"string.split(string,int)->list(string)", Split},
      {"string.substring(int)->string", Substring},
      {"string.substring(int,int)->string", Substring},
      {"string.trim()->string", TrimSpace},
      {"list(string).join()->string", Join},
      {"list(string).join(string)->string", Join},
      {"strings.quote(string)->string", Quote},
      {"string.reverse()->string", Reverse},
  };
  return kEntries;
}

}  // namespace landfall::rules
