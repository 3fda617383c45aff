// SPDX-License-Identifier: Apache-2.0
// The stated rules by which dirty rows are mended or dropped (docs/chain/graph.md lists them with counts).
//
// Why rules and not judgement: sets extracted by machine hold recipes, accounting rows and torn text. What a rule drops
// is counted under its name and can be listed row by row, so that a reader may disagree with the rule, not with us.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace landfall::chain {

// Why a row was dropped. One row is dropped for one reason: the first that applies, in this order.
enum class Drop : std::uint8_t {
  kBrokenQuotes,     // The row's quotes do not pair, or its text is torn in the middle of a quotation.
  kUnreadableRow,    // Too few fields, not JSON, or a number that is none.
  kUnknownRelation,  // The relation is none of ours.
  kEmptyName,        // A name is empty, or longer than 200 characters, after mending.
  kUnknownId,        // A company id in none of the known spellings.
  kSelfLoop,         // Something needs, holds or supplies itself.
  kQuantity,         // Not a product but an amount: 几根, 一包.
  kAccounting,       // Not a product but a line of the accounts: 平衡项目, 分部间抵销, 合计 …
  kNegativeWeight,   // A share or weight below 0.
  kRecipe,           // A dish: its materials are a kitchen's, no enterprise makes it, nothing is made of it.
  kDuplicateEdge,    // The same edge again; the best stated one stays (build.h).
  kDuplicateNode,    // The same node again, saying nothing new.
};
inline constexpr std::size_t kDrops = 12;
std::string_view DropName(Drop rule);  // "broken_quotes", "unreadable_row", …
std::optional<Drop> ParseDrop(std::string_view name);
// The rules that judge names and may be left out; without the others there is no graph.
constexpr bool CanKeep(Drop rule) {
  return rule == Drop::kBrokenQuotes || rule == Drop::kQuantity || rule == Drop::kAccounting || rule == Drop::kRecipe;
}

// What was mended and kept.
enum class Repair : std::uint8_t {
  kBlanks,          // Line breaks, control characters or blanks within or around a name.
  kIdSpelling,      // A company id in another than the canonical spelling.
  kShareNotStated,  // The set's filler for "not stated" (chain-kg: exactly 0.001).
  kShareAboveOne,   // A share of revenue above 1: kept as not stated.
};
inline constexpr std::size_t kRepairs = 4;
std::string_view RepairName(Repair rule);

// A name on one line: control characters and line breaks go (a blank stays between two ASCII letters or digits), runs
// of blanks become one, blanks at the ends go, and so does one pair of quotes around all of it.
std::string CleanName(std::string_view name);
// True when double quotes, “ ” or 「 」 in a name do not pair: text torn out of a sentence.
bool HasUnpairedQuotes(std::string_view name);
// True for a line of the accounts that is no product: holds 平衡项, 抵销, 抵消, 抵减, 抵銷, 调整项 or 未分配, or ends
// in 合计, 小计 or 总计.
bool IsAccountingName(std::string_view name);
// True for two characters that are a number and a measure word: 几根, 一包, 两片.
bool IsQuantity(std::string_view name);
// True where the name of a product reads as that of a dish, by its last character or word (汤, 粥, 饼 …) or a verb of
// the kitchen in it (炒, 炖, 煮 …) without a word for a machine. Only a seed: the rule drops by materials (import.h).
bool ReadsAsDish(std::string_view name);

// "688268.SH" from any of 688268.SH, 688268SH, SH688268, sh.688268 and 688268 (exchange by the number's first digits:
// 6 and 90 Shanghai, 0, 2 and 3 Shenzhen, 4, 8 and 92 Beijing). Nothing where it is no such code.
std::optional<std::string> StockCode(std::string_view text);
// "湖北" from 湖北省, "广西" from 广西壮族自治区, "株洲" from 株洲市; 沙市 stays whole. 内蒙 becomes 内蒙古.
std::string PlaceKey(std::string_view name);
// "聚丙烯" from "聚丙烯(PP)" and "聚丙烯（PP）": the same good with its abbreviation. Empty where there is none.
std::string_view WithoutAbbreviation(std::string_view name);

// Head-final naming: 燃料电池汽车 is a kind of 汽车; 汽车底盘 is a part of, or an accessory to, a 汽车.
inline bool IsKindOf(std::string_view narrower, std::string_view broader) {
  return narrower.size() > broader.size() && narrower.ends_with(broader);
}
inline bool IsPartOf(std::string_view narrower, std::string_view broader) {
  return narrower.size() > broader.size() && narrower.starts_with(broader) && !narrower.ends_with(broader);
}
// Words that make an industry one of trade: 贸易, 商贸, 批发, 零售, 百货, 超市, 连锁, 供应链, 商品城, and 商业 at the
// end.
bool IsTradeIndustry(std::string_view link_name);
// The good of a line of trade: "煤炭" from 煤炭贸易, 煤炭-贸易, 煤炭贸易业务, 贸易-煤炭, 玻璃器皿批发 …; empty
// otherwise.
std::string TradedGood(std::string_view product_name);

}  // namespace landfall::chain
