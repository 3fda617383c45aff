// SPDX-License-Identifier: Apache-2.0
// string.format(list). Source: cel-go ext/strings, as tested by cel-spec string_ext.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <string>

#include "rules/library.h"

namespace landfall::rules {
namespace {

constexpr int kPrecisionMost = 100;
constexpr int kDepthMost = 100;

class Formatter {
 public:
  Formatter(CallScope& scope, std::string_view pattern, const Value& arguments)
      : scope_(scope), pattern_(pattern), arguments_(arguments) {}

  Value Run() {
    for (std::size_t at = 0; at < pattern_.size();) {
      const std::size_t percent = std::min(pattern_.find('%', at), pattern_.size());
      out_.append(pattern_.substr(at, percent - at));
      if (!scope_.meter().Charge(1 + (percent - at) / 16)) return Value::Error(EvalFault::kCostLimit);
      at = percent + 1;
      if (percent == pattern_.size()) break;
      if (at < pattern_.size() && pattern_[at] == '%') {
        out_ += '%';
        ++at;
        continue;
      }
      if (!Clause(&at)) return Value::Error(scope_.meter().empty() ? EvalFault::kCostLimit : EvalFault::kBadFormat);
    }
    return scope_.NewString(out_);
  }

 private:
  bool Clause(std::size_t* at) {
    int precision = 6;
    if (*at < pattern_.size() && pattern_[*at] == '.') {
      precision = 0;
      const std::size_t first = ++*at;
      for (; *at < pattern_.size() && pattern_[*at] >= '0' && pattern_[*at] <= '9'; ++*at) {
        precision = precision * 10 + (pattern_[*at] - '0');
        if (precision > kPrecisionMost) return false;
      }
      if (*at == first) return false;
    }
    if (*at >= pattern_.size() || next_ >= arguments_.aux) return false;
    const char verb = pattern_[(*at)++];
    const Value& value = arguments_.items[next_++];
    switch (verb) {
      case 's':
        return Text(value, 0);
      case 'd':
        return Decimal(value);
      case 'f':
      case 'e':
        return Real(value, verb, precision);
      case 'b':
      case 'o':
      case 'x':
      case 'X':
        return Based(value, verb);
      default:
        return false;
    }
  }

  bool Special(const Value& value) {
    if (value.kind != Kind::kDouble || std::isfinite(value.d)) return false;
    out_ += DoubleText(value.d);
    return true;
  }
  bool Decimal(const Value& value) {
    if (Special(value)) return true;
    if (value.kind == Kind::kInt)
      fmt::format_to(std::back_inserter(out_), "{}", value.i);
    else if (value.kind == Kind::kUint)
      fmt::format_to(std::back_inserter(out_), "{}", value.u);
    else
      return false;
    return true;
  }
  bool Real(const Value& value, char verb, int precision) {
    if (Special(value)) return true;
    if (!value.IsNumber()) return false;
    const double number = value.kind == Kind::kDouble ? value.d
                          : value.kind == Kind::kInt  ? static_cast<double>(value.i)
                                                      : static_cast<double>(value.u);
    scope_.meter().Charge(20);  // Up to 400 digits.
    if (verb == 'f')
      fmt::format_to(std::back_inserter(out_), "{:.{}f}", number, precision);
    else
      fmt::format_to(std::back_inserter(out_), "{:.{}e}", number, precision);
    return true;
  }
  bool Based(const Value& value, char verb) {
    auto it = std::back_inserter(out_);
    if (value.kind == Kind::kBool && verb == 'b') {
      out_ += value.i != 0 ? '1' : '0';
      return true;
    }
    if ((value.kind == Kind::kString || value.kind == Kind::kBytes) && (verb == 'x' || verb == 'X')) {
      if (!scope_.meter().Charge(value.aux)) return false;
      for (const char c : value.str()) {
        if (verb == 'x')
          fmt::format_to(it, "{:02x}", static_cast<unsigned char>(c));
        else
          fmt::format_to(it, "{:02X}", static_cast<unsigned char>(c));
      }
      return true;
    }
    if (value.kind != Kind::kInt && value.kind != Kind::kUint) return false;
    const bool negative = value.kind == Kind::kInt && value.i < 0;
    const std::uint64_t size = negative ? ~value.u + 1 : value.u;
    if (negative) out_ += '-';
    switch (verb) {
      case 'b':
        fmt::format_to(it, "{:b}", size);
        break;
      case 'o':
        fmt::format_to(it, "{:o}", size);
        break;
      case 'x':
        fmt::format_to(it, "{:x}", size);
        break;
      default:
        fmt::format_to(it, "{:X}", size);
    }
    return true;
  }

  bool Text(const Value& value, int depth) {
    if (depth > kDepthMost || !scope_.meter().Charge(4)) return false;
    switch (value.kind) {
      case Kind::kNull:
        out_ += "null";
        return true;
      case Kind::kBool:
        out_ += value.i != 0 ? "true" : "false";
        return true;
      case Kind::kInt:
      case Kind::kUint:
        return Decimal(value);
      case Kind::kDouble:
        out_ += DoubleText(value.d);
        return true;
      case Kind::kString:
      case Kind::kBytes:
      case Kind::kType:
        out_ += value.str();
        return scope_.meter().ChargeText(value.aux);
      case Kind::kTimestamp:
        out_ += FormatTimestamp(value);
        return true;
      case Kind::kDuration:
        out_ += FormatDuration(value.i);
        return true;
      case Kind::kList:
        out_ += '[';
        for (std::uint32_t i = 0; i < value.aux; ++i) {
          if (i > 0) out_ += ", ";
          if (!Text(value.items[i], depth + 1)) return false;
        }
        out_ += ']';
        return true;
      case Kind::kMap:
        return MapText(*value.map, depth);
      default:
        return false;
    }
  }
  // In the order of the keys' texts.
  bool MapText(const MapRep& map, int depth) {
    std::vector<std::pair<std::string, std::uint32_t>> keys;
    for (std::uint32_t i = 0; i < map.size; ++i) {
      std::string before;
      before.swap(out_);
      const bool fits = Text(map.keys[i], depth + 1);
      before.swap(out_);
      if (!fits) return false;
      keys.emplace_back(std::move(before), i);
    }
    if (!scope_.meter().Charge(keys.size() * 4)) return false;
    std::sort(keys.begin(), keys.end());
    out_ += '{';
    for (std::size_t i = 0; i < keys.size(); ++i) {
      if (i > 0) out_ += ", ";
      out_ += keys[i].first + ": ";
      if (!Text(map.values[keys[i].second], depth + 1)) return false;
    }
    out_ += '}';
    return true;
  }

  CallScope& scope_;
  std::string_view pattern_;
  const Value& arguments_;
  std::uint32_t next_ = 0;
  std::string out_;
};

Value Format(CallScope& scope, const Value* a, std::uint32_t) { return Formatter(scope, a[0].str(), a[1]).Run(); }

}  // namespace

std::span<const LibraryEntry> FormatLibrary() {
  static constexpr LibraryEntry kEntries[] = {{"string.format(list(dyn))->string", Format}};
  return kEntries;
}

}  // namespace landfall::rules
