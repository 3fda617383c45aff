// SPDX-License-Identifier: Apache-2.0
// Milliseconds of one search among a million names, by kind of query, with the memory and the time of the fill. The
// peer is a scan of all folded texts. Fixed seed; the answers of one query of each kind are those of that scan.
#include "search/search_index.h"

#include <array>
#include <string>
#include <tuple>
#include <vector>

#include "base/seam.h"
#include "bench/bench.h"
#include "search/match.h"

namespace landfall {
namespace {

using search::FieldTexts;
using search::Kind;
using search::Match;
using search::SearchAnswer;
using search::SearchHit;
using search::SearchIndex;

constexpr std::uint64_t kSeed = 20261122;
constexpr std::size_t kLimit = 20;

std::uint64_t Below(SeededRandom& random, std::uint64_t bound) { return random.Next() % bound; }

std::string Utf8(char32_t c) {
  return {static_cast<char>(0xE0 | c >> 12), static_cast<char>(0x80 | (c >> 6 & 0x3F)),
          static_cast<char>(0x80 | (c & 0x3F))};
}

// Names of enterprises that do not exist: a place, an invented name of two to four characters, a trade, a form. The
// characters of the invented part are spread as in language: few are common, most are rare.
std::string MakeName(SeededRandom& random) {
  static constexpr std::array<std::string_view, 6> kPlaces{"岚川市", "岚川", "青石区", "云渡", "长岭", "重川县"};
  static constexpr std::array<std::string_view, 16> kTrades{
      "新能源科技", "食品", "生物医药", "电子",     "新材料",   "机械制造", "纺织", "建筑工程",
      "农业开发",   "物流", "环保",     "汽车配件", "智能装备", "陶瓷",     "石材", "信息技术"};
  std::string name(kPlaces[Below(random, kPlaces.size())]);
  for (std::uint64_t n = 2 + Below(random, 3); n > 0; --n) {
    const std::uint64_t spread = 1 + Below(random, 6'000);
    name += Utf8(static_cast<char32_t>(0x4E00 + Below(random, spread) * 3));
  }
  name += kTrades[Below(random, kTrades.size())];
  if (Below(random, 10) != 0) name += Below(random, 5) == 0 ? "有限责任公司" : "有限公司";
  return name;
}

// The n-th characters of a name of Han characters.
std::string Part(const std::string& name, std::size_t first, std::size_t count) {
  return name.substr(std::min(first * 3, name.size()), count * 3);
}

struct Names {
  std::vector<std::string> names, codes, folded;
};

std::string MakeCode(std::uint32_t id) { return fmt::format("LC{:07}K{}", id, id * 7919u % 97); }

SearchAnswer Scan(const Names& all, std::string_view text, const search::SearchFilter& filter) {
  const search::Query query = search::ParseQuery(text);
  std::vector<std::tuple<Match, std::size_t, std::uint32_t>> found;
  std::u16string document;
  for (std::uint32_t id = 0; id < all.names.size(); ++id) {
    document.assign(1, static_cast<char16_t>(search::Field::kName));
    search::AppendFolded(all.names[id], 200, document);
    const std::size_t length = document.size();
    document += static_cast<char16_t>(search::Field::kCode);
    search::AppendFolded(all.codes[id], 200, document);
    const Match match = search::MatchDocument(query, document);
    if (match != Match::kNone && filter(1, id)) found.emplace_back(match, length, id);
  }
  const std::size_t kept = std::min(found.size(), kLimit);
  std::partial_sort(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(kept), found.end());
  SearchAnswer answer;
  answer.more = found.size() > kLimit;
  for (std::size_t i = 0; i < kept; ++i)
    answer.hits.push_back({1, std::get<std::uint32_t>(found[i]), std::get<Match>(found[i])});
  return answer;
}

// Who asks. A reader who sees little costs most: nothing stops the search early.
struct Reader {
  std::string_view name;
  bool sees_all;
  search::SearchFilter filter;
};

struct Sort {
  std::string_view name;
  std::vector<std::string> queries;
};

std::vector<Sort> MakeQueries(const Names& all, std::size_t count, SeededRandom& random) {
  static constexpr std::array<std::string_view, 8> kInitials{"yxgs", "kj", "lcs", "g", "xnykj", "gjh", "clwl", "h"};
  static constexpr std::array<std::string_view, 6> kCommon{"有限", "公司", "限公", "有限公司", "科技有限", "有"};
  std::vector<Sort> sorts{{"common", {}}, {"pair", {}}, {"name", {}}, {"initials", {}}, {"code", {}}, {"words", {}}};
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t id = Below(random, all.names.size());
    const std::string& name = all.names[id];
    sorts[0].queries.emplace_back(kCommon[i % kCommon.size()]);
    sorts[1].queries.push_back(Part(name, Below(random, 6), 2));
    sorts[2].queries.push_back(name);
    std::string some;
    for (std::uint64_t n = 2 + Below(random, 4); n > 0; --n) some += static_cast<char>('a' + Below(random, 26));
    sorts[3].queries.push_back(i % 2 == 0 ? std::string(kInitials[i / 2 % kInitials.size()]) : some);
    sorts[4].queries.push_back(all.codes[id].substr(i % 2 == 0 ? 0 : 4, 5));
    sorts[5].queries.push_back(Part(name, 2, 2) + (i % 2 == 0 ? " 有限" : " gs"));
  }
  return sorts;
}

void Run(const bench::Options& options) {
  const std::size_t count = options.quick ? 20'000 : 1'000'000;
  const std::size_t queries = options.quick ? 60 : 600;
  bench::Report report("search");
  SeededRandom random(kSeed);
  Names all;
  for (std::uint32_t id = 0; id < count; ++id) {
    all.names.push_back(MakeName(random));
    all.codes.push_back(MakeCode(id));
  }
  const auto put = [&](SearchIndex& index, std::uint32_t id) {
    index.Put(1, id, FieldTexts{all.names[id], {}, {all.codes[id]}, {}});
  };

  SearchIndex index;
  const bench::Times fill = bench::Measure([&] {
    const SearchIndex::BulkFill bulk(index);
    for (std::uint32_t id = 0; id < count; ++id) put(index, id);
  });
  report.Figure("fill", static_cast<double>(count) / fill.cpu / 1e3, "k names/s");
  report.Figure("bytes", static_cast<double>(index.Bytes()) / static_cast<double>(count), "B/name");

  // Some thousand changes, so that queries meet recent documents and a dead one here and there.
  const std::size_t changes = std::min<std::size_t>(count / 2, 5'000);
  const bench::Times change = bench::Measure([&] {
    for (std::uint32_t i = 0; i < changes; ++i) {
      const auto id = static_cast<std::uint32_t>(Below(random, count));
      all.names[id] = MakeName(random);
      put(index, id);
    }
  });
  report.Figure("put", change.cpu / static_cast<double>(changes) * 1e6, "us");

  std::vector<bool> seen(count);
  for (std::size_t i = 0; i < count; i += 997) seen[i] = true;
  const Reader readers[] = {{"", true, [](Kind, std::uint32_t) { return true; }},
                            {"_one_in_997", false, [&](Kind, std::uint32_t id) { return seen[id]; }},
                            {"_nothing", false, [](Kind, std::uint32_t) { return false; }}};
  for (const Sort& sort : MakeQueries(all, queries, random)) {
    for (const Reader& reader : readers) {
      const std::string& checked = sort.queries[queries / 2 + 1];
      SearchAnswer expected;
      const double scan_ms = bench::Measure([&] { expected = Scan(all, checked, reader.filter); }).cpu * 1e3;
      const SearchAnswer answer = index.Find(checked, reader.filter, kLimit);
      LF_CHECK(answer.hits == expected.hits && answer.more == expected.more);
      LF_CHECK(!expected.hits.empty() || !reader.sees_all);
      std::vector<double> ms;
      std::size_t hits = 0;
      for (const std::string& query : sort.queries)
        ms.push_back(bench::Measure([&] { hits += index.Find(query, reader.filter, kLimit).hits.size(); }).cpu * 1e3);
      LF_CHECK(hits > 0 || !reader.sees_all);
      const std::string name = fmt::format("{}{}", sort.name, reader.name);
      report.Figure(name + "_p50", bench::Median(ms), "ms", "scan", scan_ms / bench::Median(ms));
      report.Figure(name + "_p99", bench::Quantile(ms, 0.99), "ms");
    }
  }
}

}  // namespace
}  // namespace landfall

int main(int argc, char** argv) { landfall::Run(landfall::bench::ParseOptions(argc, argv)); }
