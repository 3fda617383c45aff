// SPDX-License-Identifier: Apache-2.0
#include "exchange/mapping.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <set>

#include "exchange/json_fault.h"
#include "exchange/table_text.h"

namespace landfall::exchange {
namespace {

using simdjson::dom::element;

constexpr std::size_t kMappingBytesMax = 1024 * 1024;
constexpr std::size_t kNameBytesMax = 1'000;  // Of a header, a null marker, a value.
constexpr std::size_t kListMax = 1'000;       // Columns, constants, templates, null markers, values, formats.

Error Malformed(std::string_view expected, std::string path) {
  return Invalid("mapping.malformed", fmt::format("Expected {}.", expected), std::move(path));
}

std::string Join(std::string_view path, std::string_view name) {
  return path.empty() ? std::string(name) : fmt::format("{}.{}", path, name);
}

Result<std::string> AsText(element value, std::string path, std::size_t bytes_max = kNameBytesMax) {
  std::string_view text;
  if (value.get(text) != simdjson::SUCCESS) return Malformed("a string", std::move(path));
  if (text.size() > bytes_max) return Malformed(fmt::format("at most {} bytes", bytes_max), std::move(path));
  return std::string(text);
}

Result<std::vector<std::string>> AsTexts(element value, const std::string& path) {
  simdjson::dom::array array;
  if (value.get(array) != simdjson::SUCCESS) return Malformed("an array of strings", path);
  if (array.size() > kListMax) return Malformed(fmt::format("at most {} entries", kListMax), path);
  std::vector<std::string> texts;
  for (element entry : array) {
    LF_ASSIGN(std::string text, AsText(entry, fmt::format("{}[{}]", path, texts.size())));
    texts.push_back(std::move(text));
  }
  return texts;
}

// The members of one object. Each is taken by the code that knows it; what nobody took is a member the format has not.
class Members {
 public:
  static Result<Members> Of(element value, std::string path) {
    simdjson::dom::object object;
    if (value.get(object) != simdjson::SUCCESS) return Malformed("an object", std::move(path));
    Members members(std::move(path));
    for (auto field : object) {
      if (!members.left_.emplace(field.key, field.value).second)
        return Invalid("mapping.duplicate_member", "One name stands twice in one object.", members.Path(field.key));
    }
    if (auto comment = members.Take("comment")) LF_TRY(exchange::AsText(*comment, members.Path("comment"), 10'000));
    return members;
  }

  std::optional<element> Take(std::string_view name) {
    const auto found = left_.find(name);
    if (found == left_.end()) return std::nullopt;
    const element value = found->second;
    left_.erase(found);
    return value;
  }
  bool Has(std::string_view name) const { return left_.contains(name); }
  std::string Path(std::string_view name) const { return Join(path_, name); }
  const std::string& path() const { return path_; }

  // The member's text, or `otherwise` when it is absent.
  Result<std::string> Text(std::string_view name, std::string_view otherwise) {
    if (auto value = Take(name)) return exchange::AsText(*value, Path(name));
    return std::string(otherwise);
  }
  Result<bool> Flag(std::string_view name) {
    bool flag = false;
    if (auto value = Take(name); value && value->get(flag) != simdjson::SUCCESS)
      return Malformed("true or false", Path(name));
    return flag;
  }
  Result<std::int64_t> Number(std::string_view name, std::int64_t otherwise, std::int64_t low, std::int64_t high) {
    std::int64_t number = otherwise;
    auto value = Take(name);
    if (value && (value->get(number) != simdjson::SUCCESS || number < low || number > high))
      return Malformed(fmt::format("a whole number from {} to {}", low, high), Path(name));
    return number;
  }

  Status NoneLeft() const {
    if (left_.empty()) return Ok{};
    return Invalid("mapping.unknown_member", "The format has no such member here.", Path(left_.begin()->first));
  }

 private:
  explicit Members(std::string path) : path_(std::move(path)) {}
  std::string path_;
  std::map<std::string_view, element> left_;
};

// Checks a setting or option against its rule.
Result<std::string> CheckOption(const OptionRule& rule, element value, const std::string& path) {
  LF_ASSIGN(std::string text, AsText(value, path, 200));
  if (text.empty()) return Malformed("a text of 1 to 200 bytes", path);
  if (rule.is_day && !ParseDay(text)) return Malformed("a day as YYYY-MM-DD", path);
  if (!rule.choices.empty() && std::find(rule.choices.begin(), rule.choices.end(), text) == rule.choices.end())
    return Invalid("mapping.unknown_field", fmt::format("Allowed: {}.", fmt::join(rule.choices, ", ")), path);
  return text;
}

Result<std::map<std::string, std::string>> TakeOptions(const std::vector<OptionRule>& rules, Members& members) {
  std::map<std::string, std::string> options;
  for (const OptionRule& rule : rules) {
    auto value = members.Take(rule.name);
    if (!value && rule.required) return Malformed("this member", members.Path(rule.name));
    if (!value) continue;
    LF_ASSIGN(options[rule.name], CheckOption(rule, *value, members.Path(rule.name)));
  }
  return options;
}

bool IsUserKey(std::string_view key) {
  if (key.empty() || key.size() > 64 || key[0] < 'a' || key[0] > 'z') return false;
  return key.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string_view::npos;
}

Result<int> ReadUnit(element value, const std::string& path, int decimals) {
  struct Unit {
    std::string_view name;
    int exponent;
  };
  static constexpr Unit kUnits[] = {{"plain", 0},   {"元", 0},     {"thousand", 3}, {"千元", 3}, {"万元", 4},
                                    {"million", 6}, {"百万元", 6}, {"千万元", 7},   {"亿元", 8}, {"billion", 9}};
  LF_ASSIGN(const std::string text, AsText(value, path));
  if (text == "minor" || text == "分") return -decimals;
  for (const Unit& unit : kUnits)
    if (unit.name == text) return unit.exponent;
  return Malformed("minor, plain, thousand, million, billion, 分, 元, 千元, 万元, 百万元, 千万元 or 亿元", path);
}

Result<PartialDay> ReadPartialDay(Members& members, PartialDay otherwise) {
  if (!members.Has("partial_day")) return otherwise;
  LF_ASSIGN(const std::string text, members.Text("partial_day", ""));
  if (text == "refuse") return PartialDay::kRefuse;
  if (text == "first") return PartialDay::kFirst;
  if (text == "last") return PartialDay::kLast;
  return Malformed("refuse, first or last", members.Path("partial_day"));
}

Result<std::vector<DateFormat>> ReadDates(element value, const std::string& path) {
  LF_ASSIGN(const std::vector<std::string> patterns, AsTexts(value, path));
  std::vector<DateFormat> formats;
  for (const std::string& pattern : patterns) {
    auto format = DateFormat::Compile(pattern);
    if (!format) return std::move(format).error().At(fmt::format("{}[{}]", path, formats.size()));
    formats.push_back(std::move(*format));
  }
  return formats;
}

class Reader {
 public:
  explicit Reader(const TableSchema& schema) : schema_(schema) {}

  Result<Mapping> Read(element root) {
    LF_ASSIGN(Members members, Members::Of(root, ""));
    LF_TRY(ReadFile(members));
    auto columns = members.Take("columns");
    auto constants = members.Take("constants");
    auto templates = members.Take("templates");
    LF_TRY(members.NoneLeft());
    if (!columns) return Malformed("this member", "columns");
    LF_TRY(ReadColumns(*columns));
    if (constants) LF_TRY(ForEach(*constants, "constants", &Reader::ReadConstant));
    if (templates) LF_TRY(ForEach(*templates, "templates", &Reader::ReadTemplate));
    LF_TRY(CheckLevels());
    LF_TRY(CheckRequired());
    return std::move(mapping_);
  }

 private:
  // What holds for the whole file, and the defaults of its columns.
  Status ReadFile(Members& members) {
    if (!members.Has("version")) return Malformed("this member", "version");
    auto version = members.Number("version", 0, 1, 1);
    if (!version) return Invalid("mapping.version", "This program reads version 1.", "version");
    LF_ASSIGN(const std::string encoding, members.Text("encoding", "utf-8"));
    auto known = ParseEncoding(encoding);
    if (!known) return std::move(known).error().At("encoding");
    mapping_.encoding = *known;
    LF_ASSIGN(const std::string separator, members.Text("separator", ","));
    if (separator == "tab") {
      mapping_.separator = '\t';
    } else if (separator.size() == 1 && std::string_view(",;|\t").find(separator[0]) != std::string_view::npos) {
      mapping_.separator = separator[0];
    } else {
      return Malformed(", or ; or | or tab", "separator");
    }
    LF_ASSIGN(const std::int64_t header_row, members.Number("header_row", 1, 1, 100));
    mapping_.header_row = static_cast<std::uint64_t>(header_row);
    LF_ASSIGN(mapping_.settings, TakeOptions(schema_.settings, members));
    if (auto dates = members.Take("dates")) {
      LF_ASSIGN(dates_, ReadDates(*dates, "dates"));
    }
    if (auto nulls = members.Take("nulls")) {
      LF_ASSIGN(nulls_, AsTexts(*nulls, "nulls"));
    }
    LF_ASSIGN(partial_day_, ReadPartialDay(members, PartialDay::kRefuse));
    return Ok{};
  }

  Status ReadColumns(element value) {
    simdjson::dom::object object;
    if (value.get(object) != simdjson::SUCCESS || object.size() == 0 || object.size() > kListMax)
      return Malformed(fmt::format("an object with 1 to {} members, one per column", kListMax), "columns");
    std::set<std::string, std::less<>> seen;
    for (auto field : object) {
      ColumnRule rule;
      rule.column = std::string(Trim(field.key));
      const std::string path = Join("columns", field.key);
      if (rule.column.size() > kNameBytesMax) return Malformed("a shorter name", "columns");
      if (!seen.insert(rule.column).second)
        return Invalid("mapping.duplicate_member", "One column stands twice.", path);
      LF_ASSIGN(Members members, Members::Of(field.value, path));
      LF_TRY(ReadColumn(members, rule));
      LF_TRY(members.NoneLeft());
      mapping_.columns.push_back(std::move(rule));
    }
    return Ok{};
  }

  Status ReadColumn(Members& members, ColumnRule& rule) {
    if (members.Has("ignore")) {
      LF_ASSIGN(rule.ignored, members.Flag("ignore"));
      if (!rule.ignored) return Malformed("true", members.Path("ignore"));
      return Ok{};
    }
    LF_ASSIGN(Target target, TakeTarget(members));
    rule.nulls = nulls_;
    if (auto nulls = members.Take("nulls")) {
      LF_ASSIGN(rule.nulls, AsTexts(*nulls, members.Path("nulls")));
    }
    if (auto values = members.Take("values")) LF_TRY(ReadValues(*values, members.Path("values"), rule));
    switch (target.type) {
      case ValueType::kText:
        break;
      case ValueType::kMoney:
        LF_TRY(ReadMoneyRule(members, rule));
        break;
      case ValueType::kDay:
        LF_TRY(ReadDayRule(members, rule));
        break;
      case ValueType::kPath: {
        LF_ASSIGN(const std::int64_t level, members.Number("level", 1, 1, 8));
        rule.level = static_cast<std::size_t>(level - 1);
        return JoinPath(std::move(target), rule, members.path());
      }
    }
    LF_ASSIGN(rule.target, AddTarget(std::move(target), members.path()));
    return Ok{};
  }

  static Status ReadValues(element value, const std::string& path, ColumnRule& rule) {
    simdjson::dom::object object;
    if (value.get(object) != simdjson::SUCCESS || object.size() == 0 || object.size() > kListMax)
      return Malformed(fmt::format("an object with 1 to {} members", kListMax), path);
    for (auto field : object) {
      LF_ASSIGN(std::string text, AsText(field.value, Join(path, field.key)));
      if (!rule.values.emplace(field.key, std::move(text)).second)
        return Invalid("mapping.duplicate_member", "One text stands twice.", Join(path, field.key));
    }
    return Ok{};
  }

  Status ReadMoneyRule(Members& members, ColumnRule& rule) {
    auto unit = members.Take("unit");
    if (!unit) return Invalid("mapping.unit_missing", "A money column says its unit.", members.Path("unit"));
    LF_ASSIGN(rule.unit_exponent, ReadUnit(*unit, members.Path("unit"), schema_.money_decimals));
    LF_ASSIGN(const std::string rounding, members.Text("rounding", "refuse"));
    if (rounding == "half_up") {
      rule.rounding = Rounding::kHalfUp;
    } else if (rounding == "half_even") {
      rule.rounding = Rounding::kHalfEven;
    } else if (rounding != "refuse") {
      return Malformed("refuse, half_up or half_even", members.Path("rounding"));
    }
    LF_ASSIGN(rule.grouping, members.Flag("grouping"));
    LF_ASSIGN(rule.mark, members.Text("mark", ""));
    if (rule.mark.find_first_of("0123456789.,+-") != std::string::npos)
      return Malformed("a currency mark without digits and signs", members.Path("mark"));
    return Ok{};
  }

  Status ReadDayRule(Members& members, ColumnRule& rule) {
    rule.dates = dates_;
    if (auto dates = members.Take("dates")) {
      LF_ASSIGN(rule.dates, ReadDates(*dates, members.Path("dates")));
    }
    if (rule.dates.empty())
      return Invalid("mapping.dates_missing", "A day column says its date formats.", members.Path("dates"));
    LF_ASSIGN(rule.partial_day, ReadPartialDay(members, partial_day_));
    for (const DateFormat& format : rule.dates) {
      if (format.precision() != DateFormat::Precision::kDay && rule.partial_day == PartialDay::kRefuse)
        return Invalid("mapping.bad_date_format", "A format without day of month needs partial_day first or last.",
                       members.Path("partial_day"));
    }
    return Ok{};
  }

  // {"GROUP": "KEY", options…}, without the members that belong to columns, constants or templates.
  Result<Target> TakeTarget(Members& members) {
    const TargetGroup* group = nullptr;
    for (const TargetGroup& candidate : schema_.groups) {
      if (!members.Has(candidate.name)) continue;
      if (group != nullptr) return Malformed("one target only", members.path());
      group = &candidate;
    }
    if (group == nullptr) {
      std::vector<std::string_view> names;
      for (const TargetGroup& candidate : schema_.groups) names.push_back(candidate.name);
      return Malformed(fmt::format("a target ({}) or \"ignore\": true", fmt::join(names, ", ")), members.path());
    }
    Target target;
    target.group = group->name;
    LF_ASSIGN(target.key, members.Text(group->name, ""));
    const auto rule = std::find_if(group->keys.begin(), group->keys.end(),
                                   [&](const KeyRule& candidate) { return candidate.key == target.key; });
    if (rule != group->keys.end()) {
      target.type = rule->type;
      target.required = rule->required;
      target.bytes_max = rule->bytes_max;
    } else if (group->any_key && IsUserKey(target.key)) {
      LF_ASSIGN(target.type, TakeType(members));
    } else {
      return Invalid("mapping.unknown_field", AllowedKeys(*group), members.Path(group->name));
    }
    LF_ASSIGN(target.options, TakeOptions(group->options, members));
    return target;
  }

  static std::string AllowedKeys(const TargetGroup& group) {
    std::vector<std::string_view> keys;
    for (const KeyRule& key : group.keys) keys.push_back(key.key);
    return fmt::format("Allowed: {}{}.", fmt::join(keys, ", "),
                       group.any_key ? " (or any key of a to z, 0 to 9 and _, beginning with a letter)" : "");
  }

  static Result<ValueType> TakeType(Members& members) {
    LF_ASSIGN(const std::string type, members.Text("type", "text"));
    if (type == "text") return ValueType::kText;
    if (type == "money") return ValueType::kMoney;
    if (type == "day") return ValueType::kDay;
    return Malformed("text, money or day", members.Path("type"));
  }

  Result<std::size_t> AddTarget(Target target, const std::string& path) {
    if (mapping_.Find(target.group, target.key, target.options) != std::string::npos)
      return Invalid("mapping.duplicate_target", "Something else in the mapping gives the same target.", path);
    mapping_.targets.push_back(std::move(target));
    return mapping_.targets.size() - 1;
  }

  // The columns of one path share a target and differ in level.
  Status JoinPath(Target target, ColumnRule& rule, const std::string& path) {
    rule.target = mapping_.Find(target.group, target.key, target.options);
    if (rule.target == std::string::npos) {
      LF_ASSIGN(rule.target, AddTarget(std::move(target), path));
    }
    for (const ColumnRule& other : mapping_.columns)
      if (!other.ignored && other.target == rule.target && other.level == rule.level)
        return Invalid("mapping.duplicate_target", "Another column gives the same level.", path);
    std::size_t& levels = mapping_.targets[rule.target].levels;
    levels = std::max(levels, rule.level + 1);
    return Ok{};
  }

  Status ForEach(element value, std::string_view name, Status (Reader::*read)(Members&)) {
    simdjson::dom::array array;
    if (value.get(array) != simdjson::SUCCESS || array.size() > kListMax)
      return Malformed(fmt::format("an array of at most {} objects", kListMax), std::string(name));
    std::size_t index = 0;
    for (element entry : array) {
      LF_ASSIGN(Members members, Members::Of(entry, fmt::format("{}[{}]", name, index++)));
      LF_TRY((this->*read)(members));
      LF_TRY(members.NoneLeft());
    }
    return Ok{};
  }

  // {"field": "region", "value": "430702"}; a money constant has a unit too, the value of a path is an array.
  Status ReadConstant(Members& members) {
    LF_ASSIGN(Target target, TakeTarget(members));
    auto value = members.Take("value");
    const std::string path = members.Path("value");
    if (!value) return Malformed("this member", path);
    ConstantRule rule;
    if (target.type == ValueType::kPath) {
      LF_ASSIGN(Path levels, AsTexts(*value, path));
      for (const std::string& level : levels) LF_TRY(CheckText(level, target.bytes_max, path));
      if (levels.empty()) return Malformed("at least one level", path);
      rule.original = fmt::format("{}", fmt::join(levels, " / "));
      target.levels = levels.size();
      rule.value = std::move(levels);
    } else {
      LF_ASSIGN(rule.original, AsText(*value, path));
      LF_ASSIGN(rule.value, ReadConstantValue(target, rule.original, members));
    }
    LF_ASSIGN(rule.target, AddTarget(std::move(target), members.path()));
    mapping_.constants.push_back(std::move(rule));
    return Ok{};
  }

  Result<CellValue> ReadConstantValue(const Target& target, const std::string& text, Members& members) {
    const std::string path = members.Path("value");
    if (target.type == ValueType::kMoney) {
      ColumnRule rule;
      LF_TRY(ReadMoneyRule(members, rule));
      auto money = Money::Parse(text, schema_.money_decimals, rule.unit_exponent, rule.rounding);
      if (!money) return Invalid("mapping.bad_constant", money.error().code, path);
      return CellValue(*money);
    }
    if (target.type == ValueType::kDay) {
      auto day = ParseDay(text);
      if (!day) return Invalid("mapping.bad_constant", day.error().code, path);
      return CellValue(*day);
    }
    LF_TRY(CheckText(text, target.bytes_max, path));
    return CellValue(text);
  }

  static Status CheckText(std::string_view text, std::size_t bytes_max, const std::string& path) {
    if (text.empty() || text.size() > bytes_max || HasControlCharacter(text) || Trim(text) != text)
      return Invalid("mapping.bad_constant",
                     fmt::format("Expected a text of 1 to {} bytes, without blanks at its ends.", bytes_max), path);
    return Ok{};
  }

  // {"field": "title", "template": "{ID} {Delivery Program}"}; {{ and }} stand for braces.
  Status ReadTemplate(Members& members) {
    LF_ASSIGN(Target target, TakeTarget(members));
    const std::string path = members.Path("template");
    LF_ASSIGN(const std::string pattern, members.Text("template", ""));
    const auto bad = [&](std::string_view why) { return Invalid("mapping.bad_template", std::string(why), path); };
    if (target.type != ValueType::kText) return bad("Only a text can be made from a template.");
    if (pattern.empty() || HasControlCharacter(pattern)) return bad("It is empty or holds a control character.");
    TemplateRule rule;
    rule.parts.emplace_back();
    for (std::size_t i = 0; i < pattern.size(); ++i) {
      const char c = pattern[i];
      if (c != '{' && c != '}') {
        rule.parts.back().literal += c;
      } else if (i + 1 < pattern.size() && pattern[i + 1] == c) {
        rule.parts.back().literal += c;
        ++i;
      } else {
        const std::size_t close = pattern.find('}', i);
        if (c == '}' || close == std::string::npos) return bad("A brace has no partner; write {{ or }} for a brace.");
        const std::string_view name = Trim(std::string_view(pattern).substr(i + 1, close - i - 1));
        const auto column = std::find_if(mapping_.columns.begin(), mapping_.columns.end(),
                                         [&](const ColumnRule& candidate) { return candidate.column == name; });
        if (column == mapping_.columns.end()) return bad("It names a column that the mapping does not have.");
        rule.parts.back().is_column = true;
        rule.parts.back().column = static_cast<std::size_t>(column - mapping_.columns.begin());
        rule.parts.emplace_back();
        i = close;
      }
    }
    LF_ASSIGN(rule.target, AddTarget(std::move(target), members.path()));
    mapping_.templates.push_back(std::move(rule));
    return Ok{};
  }

  Status CheckLevels() const {
    for (std::size_t target = 0; target < mapping_.targets.size(); ++target) {
      std::size_t columns = 0;
      for (const ColumnRule& rule : mapping_.columns) columns += !rule.ignored && rule.target == target;
      const std::size_t levels = mapping_.targets[target].levels;
      if (columns > 0 && levels > 0 && columns != levels)
        return Invalid("mapping.level_missing",
                       fmt::format("{} \"{}\" has {} of its {} levels.", mapping_.targets[target].group,
                                   mapping_.targets[target].key, columns, levels),
                       "columns");
    }
    return Ok{};
  }

  Status CheckRequired() const {
    for (const TargetGroup& group : schema_.groups) {
      for (const KeyRule& rule : group.keys) {
        if (!rule.required) continue;
        const bool given = std::any_of(mapping_.targets.begin(), mapping_.targets.end(), [&](const Target& target) {
          return target.group == group.name && target.key == rule.key;
        });
        if (!given)
          return Invalid("mapping.target_missing", fmt::format("Nothing gives {} \"{}\".", group.name, rule.key),
                         "columns");
      }
    }
    return Ok{};
  }

  const TableSchema& schema_;
  Mapping mapping_;
  std::vector<DateFormat> dates_;
  std::vector<std::string> nulls_;
  PartialDay partial_day_ = PartialDay::kRefuse;
};

// The root element lives as long as `parser`.
Result<element> ParseJson(simdjson::dom::parser& parser, std::string_view json) {
  if (json.starts_with("\xEF\xBB\xBF")) json.remove_prefix(3);
  if (json.size() > kMappingBytesMax) return Invalid("mapping.too_large", "A mapping file has at most 1 MiB.");
  if (const std::size_t bad = FindInvalidUtf8(json); bad != std::string_view::npos)
    return Invalid("mapping.malformed", "Not UTF-8 at " + DescribePlace(json, bad) + ".");
  element root;
  if (parser.parse(simdjson::padded_string(json)).get(root) == simdjson::SUCCESS) return root;
  const std::size_t fault = FindJsonFault(json);
  return Invalid("mapping.malformed", fault == std::string_view::npos
                                          ? std::string("A number or a nesting is beyond what can be read.")
                                          : "Not JSON at " + DescribePlace(json, fault) + ".");
}

}  // namespace

std::size_t Mapping::Find(std::string_view group, std::string_view key,
                          const std::map<std::string, std::string>& options) const {
  for (std::size_t i = 0; i < targets.size(); ++i)
    if (targets[i].group == group && targets[i].key == key && targets[i].options == options) return i;
  return std::string::npos;
}

Result<Mapping> ReadMapping(std::string_view json, const TableSchema& schema) {
  simdjson::dom::parser parser;
  LF_ASSIGN(const element root, ParseJson(parser, json));
  LF_ASSIGN(Mapping mapping, Reader(schema).Read(root));
  mapping.digest = Sha256(json);
  return mapping;
}

Result<std::optional<std::string>> PeekSetting(std::string_view json, std::string_view name) {
  simdjson::dom::parser parser;
  LF_ASSIGN(const element root, ParseJson(parser, json));
  LF_ASSIGN(Members members, Members::Of(root, ""));
  if (!members.Has(name)) return std::optional<std::string>();
  LF_ASSIGN(std::string text, members.Text(name, ""));
  return std::optional<std::string>(std::move(text));
}

}  // namespace landfall::exchange
