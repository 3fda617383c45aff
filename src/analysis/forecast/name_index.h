// SPDX-License-Identifier: Apache-2.0
// How alike Chinese names are, by the characters they share: grams of 1 to 3 code points, weighted by how rare they
// are.
//
// Why characters and not words: product names are coined daily (芝麻核桃粉, 碳化硅外延片) and no word list holds them,
// while their last characters say what a thing is and the ones before say of what. Similarity is the cosine of TF-IDF
// vectors (Salton and Buckley 1988) with each gram counted once; single characters weigh half, since they are shared by
// chance.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace landfall::chain::forecast {

inline constexpr std::size_t kGramOrders = 3;
inline constexpr std::uint32_t kNoGram = 0xFFFFFFFF;

struct Spelling {
  std::vector<char32_t> points;      // The code points of the name, ASCII letters in lower case.
  std::vector<std::uint32_t> grams;  // Each once, those of one code point first; grams new to the index are left out.
  std::vector<float> weights;        // Of `grams`, scaled to length 1.
};

// Threads: immutable once made; any number may read it.
class NameIndex {
 public:
  struct Posting {
    std::uint32_t name;
    float weight;
  };

  // Precondition: names are valid UTF-8 and fewer than 2^32. Cost: about 3 µs a name.
  explicit NameIndex(std::span<const std::string> names);

  // Of a name in the index, or of any other.
  const Spelling& Of(std::uint32_t name) const { return spellings_[name]; }
  Spelling Read(std::string_view name) const;

  std::size_t names() const { return spellings_.size(); }
  std::size_t grams() const { return rarity_.size(); }
  // log(names / names that have it): 0 where all do.
  float Rarity(std::uint32_t gram) const { return rarity_[gram]; }
  int Order(std::uint32_t gram) const { return orders_[gram]; }  // 1 … kGramOrders.
  // The names that have a gram, by number.
  std::span<const Posting> NamesWith(std::uint32_t gram) const {
    return {postings_.data() + starts_[gram], starts_[gram + 1] - starts_[gram]};
  }
  // The gram of these code points (at most kGramOrders), or kNoGram.
  std::uint32_t Find(std::span<const char32_t> points) const;

 private:
  void Weigh(Spelling& spelling) const;

  std::unordered_map<std::uint64_t, std::uint32_t> ids_;
  std::vector<float> rarity_;
  std::vector<std::uint8_t> orders_;
  std::vector<Spelling> spellings_;
  std::vector<std::size_t> starts_;
  std::vector<Posting> postings_;
};

// Of two spellings by the same index, 0 … 1. Cost: product of the numbers of grams.
float Cosine(const Spelling& a, const Spelling& b);
// Whether `part` stands in `whole`.
bool Contains(std::span<const char32_t> whole, std::span<const char32_t> part);
// The longest run of code points both have. Cost: product of the lengths.
std::size_t LongestCommonRun(std::span<const char32_t> a, std::span<const char32_t> b);

}  // namespace landfall::chain::forecast
