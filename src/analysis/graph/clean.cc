// SPDX-License-Identifier: Apache-2.0
#include "analysis/graph/clean.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace landfall::chain {
namespace {

constexpr std::array<std::string_view, kDrops> kDropNames = {
    "broken_quotes", "unreadable_row", "unknown_relation", "empty_name", "unknown_id",     "self_loop",
    "quantity",      "accounting",     "negative_weight",  "recipe",     "duplicate_edge", "duplicate_node"};
constexpr std::array<std::string_view, kRepairs> kRepairNames = {"blanks", "id_spelling", "share_not_stated",
                                                                 "share_above_one"};

// The words are those that the names of the set end in; docs/chain/graph.md shows what the rule drops.
constexpr std::string_view kDishEnds[] = {
    "汤",   "粥",   "饭",   "饼",   "糕",   "羹",   "煲",   "菜",   "沙拉", "寿司", "披萨",  "比萨", "面包",
    "饺",   "饺子", "包子", "馒头", "奶昔", "曲奇", "饼干", "布丁", "慕斯", "吐司", "意面",  "拌面", "汤面",
    "卷",   "丸",   "丸子", "串",   "酥",   "挞",   "派",   "粽",   "粽子", "糖水", "果汁",  "便当", "三明治",
    "汉堡", "火锅", "冻",   "甜品", "早餐", "点心", "豆浆", "汤圆", "豆腐", "泡芙", "冰淇淋"};
constexpr std::string_view kKitchenVerbs[] = {"炒", "炖", "煮", "蒸", "烧", "焖", "烩",   "煎",   "拌",
                                              "卤", "煨", "焗", "酿", "爆", "炸", "糖醋", "红烧", "干锅"};
constexpr std::string_view kMachineWords[] = {"机", "器", "炉", "箱", "设备", "系统", "剂", "嘴", "板", "电"};
constexpr std::string_view kAccountingWords[] = {"平衡项", "抵销", "抵消", "抵减", "抵銷", "调整项", "未分配"};
constexpr std::string_view kAccountingEnds[] = {"合计", "小计", "总计"};
constexpr std::string_view kTradeWords[] = {"贸易", "商贸", "批发", "零售", "百货", "超市", "连锁", "供应链", "商品城"};

template <std::size_t N>
bool HoldsAny(std::string_view text, const std::string_view (&words)[N]) {
  return std::any_of(std::begin(words), std::end(words),
                     [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}
template <std::size_t N>
bool EndsInAny(std::string_view text, const std::string_view (&words)[N]) {
  return std::any_of(std::begin(words), std::end(words), [&](std::string_view word) { return text.ends_with(word); });
}

bool IsDigits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}
bool IsAsciiWord(char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

std::string Upper(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return out;
}

std::string_view Strip(std::string_view text, std::string_view end) {
  if (text.size() > end.size() && text.ends_with(end)) text.remove_suffix(end.size());
  return text;
}

}  // namespace

std::string_view DropName(Drop rule) { return kDropNames[static_cast<std::size_t>(rule)]; }
std::string_view RepairName(Repair rule) { return kRepairNames[static_cast<std::size_t>(rule)]; }

std::optional<Drop> ParseDrop(std::string_view name) {
  const auto found = std::find(kDropNames.begin(), kDropNames.end(), name);
  if (found == kDropNames.end()) return std::nullopt;
  return static_cast<Drop>(found - kDropNames.begin());
}

std::string CleanName(std::string_view name) {
  std::string out;
  bool gap = false, torn = false;  // A blank, or a line break or other control character, was passed over.
  for (const char c : Trim(name)) {
    if (c == ' ') {
      gap = true;
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      torn = true;
    } else {
      const bool within_words = !out.empty() && IsAsciiWord(out.back()) && IsAsciiWord(c);
      if ((gap || (torn && within_words)) && !out.empty()) out += ' ';
      gap = torn = false;
      out += c;
    }
  }
  if (out.size() > 2 && out.front() == '"' && out.back() == '"' && std::count(out.begin(), out.end(), '"') == 2)
    out = std::string(Trim(std::string_view(out).substr(1, out.size() - 2)));
  return out;
}

bool HasUnpairedQuotes(std::string_view name) {
  const auto count = [&](std::string_view mark) {
    std::size_t times = 0;
    for (std::size_t at = name.find(mark); at != std::string_view::npos; at = name.find(mark, at + mark.size()))
      ++times;
    return times;
  };
  // One straight quote behind a digit is an inch (5"显示屏).
  const std::size_t straight = count("\"");
  const std::size_t first = name.find('"');
  const bool inch = straight == 1 && first > 0 && name[first - 1] >= '0' && name[first - 1] <= '9';
  return (straight % 2 != 0 && !inch) || count("“") != count("”") || count("「") != count("」");
}

bool IsAccountingName(std::string_view name) {
  return HoldsAny(name, kAccountingWords) || EndsInAny(name, kAccountingEnds);
}

bool IsQuantity(std::string_view name) {
  constexpr std::string_view kNumbers[] = {"几", "数", "半", "一", "二", "两", "三",
                                           "四", "五", "六", "七", "八", "九", "十"};
  constexpr std::string_view kMeasures[] = {"根", "包", "只", "个", "片", "块", "条", "张", "袋", "瓶", "勺", "碗",
                                            "杯", "把", "粒", "颗", "克", "斤", "两", "份", "套", "台", "件", "枚"};
  constexpr std::size_t kCharacter = 3;  // Bytes of each of these.
  if (name.size() != 2 * kCharacter) return false;
  return EndsInAny(name.substr(0, kCharacter), kNumbers) && EndsInAny(name, kMeasures);
}

bool ReadsAsDish(std::string_view name) {
  if (HoldsAny(name, kMachineWords)) return false;
  return EndsInAny(name, kDishEnds) || HoldsAny(name, kKitchenVerbs);
}

std::optional<std::string> StockCode(std::string_view text) {
  const std::string upper = Upper(Trim(text));
  std::string_view rest = upper, exchange;
  for (const std::string_view mark : {"SH", "SZ", "BJ"}) {
    if (rest.ends_with(mark)) {
      rest.remove_suffix(2);
      exchange = mark;
      if (rest.ends_with('.')) rest.remove_suffix(1);
      break;
    }
    if (rest.starts_with(mark)) {
      rest.remove_prefix(2);
      exchange = mark;
      if (rest.starts_with('.')) rest.remove_prefix(1);
      break;
    }
  }
  if (rest.size() != 6 || !IsDigits(rest)) return std::nullopt;
  if (exchange.empty()) {
    if (rest[0] == '6' || rest.starts_with("90"))
      exchange = "SH";
    else if (rest[0] == '0' || rest[0] == '2' || rest[0] == '3')
      exchange = "SZ";
    else if (rest[0] == '4' || rest[0] == '8' || rest.starts_with("92"))
      exchange = "BJ";
    else
      return std::nullopt;
  }
  return std::string(rest) + "." + std::string(exchange);
}

std::string PlaceKey(std::string_view name) {
  std::string_view place = Trim(name);
  for (const std::string_view end : {"特别行政区", "维吾尔自治区", "壮族自治区", "回族自治区", "自治区", "省", "市"}) {
    constexpr std::size_t kTwoCharacters = 6;
    if (!place.ends_with(end) || place.size() < end.size() + kTwoCharacters) continue;
    place.remove_suffix(end.size());
    break;
  }
  if (place == "内蒙") return "内蒙古";  // The list of listed companies writes it so.
  return std::string(place);
}

std::string_view WithoutAbbreviation(std::string_view name) {
  std::size_t open = name.rfind('(');
  std::size_t width = 1;
  if (const std::size_t wide = name.rfind("（"); open == std::string_view::npos && wide != std::string_view::npos) {
    open = wide;
    width = 3;
  }
  if (open == std::string_view::npos || open == 0) return {};
  std::string_view inside = name.substr(open + width);
  if (inside.ends_with(")"))
    inside.remove_suffix(1);
  else if (inside.ends_with("）"))
    inside.remove_suffix(3);
  else
    return {};
  const bool abbreviation =
      !inside.empty() && std::all_of(inside.begin(), inside.end(), [](char c) { return IsAsciiWord(c) || c == '-'; });
  return abbreviation ? name.substr(0, open) : std::string_view{};
}

bool IsTradeIndustry(std::string_view link_name) {
  // 医药商业 is trade, 商业地产 is not.
  return HoldsAny(link_name, kTradeWords) || link_name.ends_with("商业");
}

std::string TradedGood(std::string_view product_name) {
  constexpr std::string_view kTrade[] = {"贸易", "批发", "经销"};
  const auto bare = [](std::string_view good) {
    while (!good.empty() && (good.front() == '-' || good.front() == '.' || good.front() == ' ')) good.remove_prefix(1);
    while (!good.empty() && (good.back() == '-' || good.back() == ' ')) good.remove_suffix(1);
    return std::string(good);
  };
  std::string_view name = product_name;
  for (const std::string_view end : {"业务", "分部", "收入"}) name = Strip(name, end);
  for (const std::string_view word : kTrade) {
    if (name.size() > word.size() && name.ends_with(word)) return bare(name.substr(0, name.size() - word.size()));
    if (name.size() > word.size() && name.starts_with(word)) return bare(name.substr(word.size()));
  }
  return {};
}

}  // namespace landfall::chain
