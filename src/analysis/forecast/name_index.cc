// SPDX-License-Identifier: Apache-2.0
#include "analysis/forecast/name_index.h"

#include <algorithm>
#include <cmath>

namespace landfall::chain::forecast {
namespace {

// 21 bits a code point, so three fit and no two grams share a key; the order stands in what is left of the first.
std::uint64_t PackedKey(std::span<const char32_t> points) {
  std::uint64_t key = 0;
  for (const char32_t point : points) key = key << 21 | (static_cast<std::uint64_t>(point) + 1);
  return key;
}

std::vector<char32_t> CodePoints(std::string_view utf8) {
  std::vector<char32_t> out;
  for (std::size_t i = 0; i < utf8.size();) {
    const auto lead = static_cast<unsigned char>(utf8[i]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    char32_t point = length == 1 ? lead : lead & (0x7FU >> length);
    for (std::size_t k = 1; k < length && i + k < utf8.size(); ++k)
      point = point << 6 | (static_cast<unsigned char>(utf8[i + k]) & 0x3FU);
    if (point >= 'A' && point <= 'Z') point += 'a' - 'A';
    out.push_back(point);
    i += length;
  }
  return out;
}

template <class Use>
void ForEachGram(std::span<const char32_t> points, Use&& use) {
  for (std::size_t order = 1; order <= kGramOrders; ++order)
    for (std::size_t i = 0; i + order <= points.size(); ++i) use(points.subspan(i, order), order);
}

}  // namespace

NameIndex::NameIndex(std::span<const std::string> names) {
  spellings_.resize(names.size());
  std::vector<std::uint32_t> count;
  for (std::size_t n = 0; n < names.size(); ++n) {
    Spelling& spelling = spellings_[n];
    spelling.points = CodePoints(names[n]);
    ForEachGram(spelling.points, [&](std::span<const char32_t> gram, std::size_t order) {
      const auto [it, fresh] = ids_.try_emplace(PackedKey(gram), static_cast<std::uint32_t>(count.size()));
      if (fresh) {
        count.push_back(0);
        orders_.push_back(static_cast<std::uint8_t>(order));
      }
      if (std::find(spelling.grams.begin(), spelling.grams.end(), it->second) != spelling.grams.end()) return;
      spelling.grams.push_back(it->second);
      ++count[it->second];
    });
  }
  rarity_.resize(count.size());
  starts_.assign(count.size() + 1, 0);
  for (std::size_t g = 0; g < count.size(); ++g) {
    rarity_[g] = std::log(static_cast<float>(names.size()) / static_cast<float>(count[g]));
    starts_[g + 1] = starts_[g] + count[g];
  }
  postings_.resize(starts_.back());
  std::vector<std::size_t> fill(starts_.begin(), starts_.end() - 1);
  for (std::size_t n = 0; n < names.size(); ++n) {
    Weigh(spellings_[n]);
    for (std::size_t i = 0; i < spellings_[n].grams.size(); ++i)
      postings_[fill[spellings_[n].grams[i]]++] = {static_cast<std::uint32_t>(n), spellings_[n].weights[i]};
  }
}

Spelling NameIndex::Read(std::string_view name) const {
  Spelling out;
  out.points = CodePoints(name);
  ForEachGram(out.points, [&](std::span<const char32_t> gram, std::size_t) {
    const auto it = ids_.find(PackedKey(gram));
    if (it != ids_.end() && std::find(out.grams.begin(), out.grams.end(), it->second) == out.grams.end())
      out.grams.push_back(it->second);
  });
  Weigh(out);
  return out;
}

std::uint32_t NameIndex::Find(std::span<const char32_t> points) const {
  const auto it = ids_.find(PackedKey(points));
  return it == ids_.end() ? kNoGram : it->second;
}

void NameIndex::Weigh(Spelling& spelling) const {
  constexpr float kSingleCharacter = 0.5F;
  float squares = 0;
  spelling.weights.clear();
  for (const std::uint32_t gram : spelling.grams) {
    const float weight = rarity_[gram] * (orders_[gram] == 1 ? kSingleCharacter : 1);
    spelling.weights.push_back(weight);
    squares += weight * weight;
  }
  if (squares <= 0) return;
  const float scale = 1 / std::sqrt(squares);
  for (float& weight : spelling.weights) weight *= scale;
}

float Cosine(const Spelling& a, const Spelling& b) {
  float sum = 0;
  for (std::size_t i = 0; i < a.grams.size(); ++i) {
    const auto it = std::find(b.grams.begin(), b.grams.end(), a.grams[i]);
    if (it != b.grams.end()) sum += a.weights[i] * b.weights[static_cast<std::size_t>(it - b.grams.begin())];
  }
  return sum;
}

bool Contains(std::span<const char32_t> whole, std::span<const char32_t> part) {
  return std::search(whole.begin(), whole.end(), part.begin(), part.end()) != whole.end();
}

std::size_t LongestCommonRun(std::span<const char32_t> a, std::span<const char32_t> b) {
  std::vector<std::size_t> run(b.size() + 1, 0);
  std::size_t best = 0;
  for (const char32_t point : a)
    for (std::size_t j = b.size(); j > 0; --j) {
      run[j] = b[j - 1] == point ? run[j - 1] + 1 : 0;
      best = std::max(best, run[j]);
    }
  return best;
}

}  // namespace landfall::chain::forecast
