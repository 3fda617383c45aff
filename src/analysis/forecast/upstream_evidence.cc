// SPDX-License-Identifier: Apache-2.0
#include "analysis/forecast/upstream_evidence.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

namespace landfall::chain::forecast {
namespace {

// Bounds that keep a question at a few milliseconds; what lies beyond them speaks too faintly to matter.
constexpr std::size_t kNeighbourProducts = 60;    // Products with similar names that are asked.
constexpr std::size_t kSimilarNames = 250;        // Names compared with the product's.
constexpr std::size_t kSimilarToKnown = 100;      // Names compared with each known material's.
constexpr std::size_t kCommonGramProducts = 400;  // A single character that more products share votes by its best only.
constexpr std::size_t kVotesOfCommonGram = 150;
constexpr float kSimilarEnough = 0.12F;
constexpr std::size_t kQuestionLengthMost = 12, kKnownCountMost = 6;

constexpr std::array<std::string_view, kUpstreamFeatures> kNames = {
    "popularity", "has_upstream", "length",      "material_like",    "question_length",   "known_count",
    "vote_mean",  "vote_best",    "vote_best_1", "vote_best_2",      "vote_best_3",       "vote_lift",
    "ending",     "beginning",    "neighbours",  "neighbours_close", "nearest",           "inside",
    "cosine",     "covered",      "common_run",  "same_end",         "residue",           "residue_run",
    "co_use",     "co_use_best",  "co_use_near", "known_cosine",     "known_cosine_best", "known_same_end",
    "is_class",   "siblings",     "is_kind"};

bool Has(std::span<const std::uint32_t> sorted, std::uint32_t value) {
  return std::binary_search(sorted.begin(), sorted.end(), value);
}

constexpr std::size_t At(UpstreamFeature feature) { return static_cast<std::size_t>(feature); }
float& Of(float* row, UpstreamFeature feature) { return row[At(feature)]; }
void Raise(float& best, float value) { best = std::max(best, value); }

constexpr std::array<PlainWay, 5> kPlainWays = {{{"popularity", At(UpstreamFeature::kPopularity)},
                                                 {"similar_products", At(UpstreamFeature::kNeighbours)},
                                                 {"shared_characters", At(UpstreamFeature::kVoteMean)},
                                                 {"co_use", At(UpstreamFeature::kCoUse)},
                                                 {"similar_name", At(UpstreamFeature::kCosine)}}};

}  // namespace

void SortUnique(std::vector<Link>& links) {
  std::erase_if(links, [](const Link& link) { return link.first == link.second; });
  std::sort(links.begin(), links.end());
  links.erase(std::unique(links.begin(), links.end()), links.end());
}

std::span<const std::string_view> UpstreamEvidence::Features() const { return kNames; }
std::span<const PlainWay> UpstreamEvidence::PlainWays() const { return kPlainWays; }

std::string_view UpstreamEvidence::FamilyOf(std::size_t feature) const {
  if (feature == At(UpstreamFeature::kPopularity)) return "popularity";
  if (feature < At(UpstreamFeature::kVoteMean)) return "material_like";
  if (feature < At(UpstreamFeature::kInside)) return "similar_products";
  if (feature < At(UpstreamFeature::kCoUse)) return "name";
  return feature < At(UpstreamFeature::kIsClass) ? "co_use" : "class";
}

Result<std::unique_ptr<UpstreamEvidence>> UpstreamEvidence::Build(ProductLinks links) {
  SortUnique(links.needs);
  SortUnique(links.kinds);
  if (links.needs.empty())
    return Invalid("chain.forecast_too_few_links", "There is no link from a product to a material it needs.");
  return std::unique_ptr<UpstreamEvidence>(new UpstreamEvidence(std::move(links)));
}

UpstreamEvidence::UpstreamEvidence(ProductLinks links)
    : links_(std::move(links)),
      index_(links_.names),
      materials_(links_.names.size(), links_.needs, false),
      users_(links_.names.size(), links_.needs, true),
      classes_(links_.names.size(), links_.kinds, true),
      kinds_(links_.names.size(), links_.kinds, false) {
  anywhere_ = Count([&](const Spelling& spelling, auto&& use) {
    for (const std::uint32_t gram : spelling.grams) use(gram);
  });
  const auto ends = [&](const Spelling& spelling, bool ending, auto&& use) {
    const std::span<const char32_t> points = spelling.points;
    for (std::size_t k = 1; k <= kGramOrders && k <= points.size(); ++k)
      use(index_.Find(ending ? points.last(k) : points.first(k)));
  };
  endings_ = Count([&](const Spelling& spelling, auto&& use) { ends(spelling, true, use); });
  beginnings_ = Count([&](const Spelling& spelling, auto&& use) { ends(spelling, false, use); });
  for (std::uint32_t i = 0; i < links_.names.size(); ++i) by_name_.emplace_back(links_.names[i], i);
  std::sort(by_name_.begin(), by_name_.end());
  JudgeEndings();
  FindClasses();
}

template <class GramsOf>
UpstreamEvidence::Votes UpstreamEvidence::Count(GramsOf&& grams_of) const {
  Votes out;
  out.products.assign(index_.grams(), 0);
  std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs;
  for (std::uint32_t product = 0; product < links_.names.size(); ++product) {
    if (Materials(product).empty()) continue;
    grams_of(index_.Of(product), [&](std::uint32_t gram) {
      ++out.products[gram];
      for (const std::uint32_t material : Materials(product)) pairs.emplace_back(gram, material);
    });
  }
  std::sort(pairs.begin(), pairs.end());
  out.starts.assign(index_.grams() + 1, 0);
  for (std::size_t i = 0; i < pairs.size();) {
    std::size_t end = i;
    while (end < pairs.size() && pairs[end] == pairs[i]) ++end;
    out.votes.push_back({pairs[i].second, static_cast<std::uint32_t>(end - i)});
    ++out.starts[pairs[i].first + 1];
    i = end;
  }
  for (std::size_t g = 0; g < index_.grams(); ++g) {
    out.starts[g + 1] += out.starts[g];
    // Best first, so that a common gram can be asked for its best alone.
    std::sort(out.votes.begin() + static_cast<std::ptrdiff_t>(out.starts[g]),
              out.votes.begin() + static_cast<std::ptrdiff_t>(out.starts[g + 1]), [](const auto& a, const auto& b) {
                return a.products != b.products ? a.products > b.products : a.material < b.material;
              });
  }
  return out;
}

// How often names that end like this one are materials, against all names; the name itself is not counted, or a
// material would be told by its own link. Two last characters, backing off to one, backing off to all names.
void UpstreamEvidence::JudgeEndings() {
  constexpr std::size_t kEnd = 2;
  constexpr float kDoubt = 4;  // Names whose weight the shorter ending has.
  const auto for_each_ending = [&](std::uint32_t name, auto&& use) {
    const std::span<const char32_t> points = index_.Of(name).points;
    for (std::size_t k = 1; k <= kEnd && k <= points.size(); ++k) use(index_.Find(points.last(k)));
  };
  std::vector<float> all(index_.grams(), 0), materials(index_.grams(), 0);
  float used = 0;
  for (std::uint32_t name = 0; name < candidates(); ++name) {
    const float is_material = Users(name).empty() ? 0 : 1;
    used += is_material;
    for_each_ending(name, [&](std::uint32_t gram) {
      all[gram] += 1;
      materials[gram] += is_material;
    });
  }
  material_like_.resize(candidates());
  for (std::uint32_t name = 0; name < candidates(); ++name) {
    const float own = Users(name).empty() ? 0 : 1;
    float share = used / static_cast<float>(candidates());
    for_each_ending(
        name, [&](std::uint32_t gram) { share = (materials[gram] - own + kDoubt * share) / (all[gram] - 1 + kDoubt); });
    material_like_[name] = std::round(4 * std::log((share + 0.02F) / (1.02F - share))) / 4;
  }
}

std::optional<std::uint32_t> UpstreamEvidence::Find(std::string_view name) const {
  const auto it = std::lower_bound(by_name_.begin(), by_name_.end(), std::pair{name, std::uint32_t{0}});
  if (it == by_name_.end() || it->first != name) return std::nullopt;
  return it->second;
}

Question UpstreamEvidence::Ask(std::uint32_t product, std::uint32_t left_out) const {
  Question q;
  q.spelling = index_.Of(product);
  q.subject = q.itself = product;
  q.left_out = left_out;
  for (const std::uint32_t material : Materials(product))
    if (material != left_out) q.known.push_back(material);
  return q;
}

Question UpstreamEvidence::Ask(std::string_view name) const {
  if (const auto product = Find(name)) return Ask(*product);
  Question q;
  q.spelling = index_.Read(name);
  return q;
}

std::vector<std::string_view> UpstreamEvidence::Examples(const Question& q, std::uint32_t material,
                                                         std::size_t most) const {
  std::vector<std::pair<float, std::uint32_t>> users;
  for (const std::uint32_t user : Users(material))
    if (user != q.subject)
      if (const float cosine = Cosine(index_.Of(user), q.spelling); cosine > 0) users.emplace_back(-cosine, user);
  std::sort(users.begin(), users.end());
  std::vector<std::string_view> out;
  for (std::size_t i = 0; i < std::min(most, users.size()); ++i) out.push_back(links_.names[users[i].second]);
  return out;
}

void UpstreamEvidence::Bare(const Question& q, std::uint32_t name, std::span<float> row) const {
  std::fill(row.begin(), row.end(), 0.0F);
  const auto bounded = [](std::size_t value, std::size_t most) { return static_cast<float>(std::min(value, most)); };
  row[At(UpstreamFeature::kPopularity)] = std::log(static_cast<float>(std::max<std::size_t>(1, UserCount(name, q))));
  row[At(UpstreamFeature::kHasUpstream)] = Materials(name).empty() ? 0 : 1;
  row[At(UpstreamFeature::kLength)] = bounded(index_.Of(name).points.size(), 10);
  row[At(UpstreamFeature::kMaterialLike)] = material_like_[name];
  row[At(UpstreamFeature::kQuestionLength)] = bounded(q.spelling.points.size(), kQuestionLengthMost);
  row[At(UpstreamFeature::kKnownCount)] = bounded(q.known.size(), kKnownCountMost);
}

std::uint32_t UpstreamEvidence::BareKey(const Question& q) const {
  return static_cast<std::uint32_t>(std::min(q.spelling.points.size(), kQuestionLengthMost) * (kKnownCountMost + 1) +
                                    std::min(q.known.size(), kKnownCountMost));
}

float UpstreamEvidence::Hunch(std::span<const float> row) const {
  const auto of = [&](UpstreamFeature feature) { return row[At(feature)]; };
  return std::log1p(300 * of(UpstreamFeature::kVoteMean)) + std::log1p(300 * of(UpstreamFeature::kEnding)) +
         std::log1p(300 * of(UpstreamFeature::kNeighbours)) + 1.5F * of(UpstreamFeature::kCosine) +
         of(UpstreamFeature::kCovered) + std::log1p(100 * of(UpstreamFeature::kCoUse)) +
         std::log1p(100 * of(UpstreamFeature::kSiblings)) + (of(UpstreamFeature::kInside) > 0 ? 2.0F : 0.0F) +
         0.3F * of(UpstreamFeature::kPopularity) + of(UpstreamFeature::kKnownCosine);
}

void UpstreamEvidence::Gather(const Question& q, Scratch& s) const {
  s.Clear();
  AddVotes(q, s);
  AddEnds(q, s, endings_, true, UpstreamFeature::kEnding);
  AddEnds(q, s, beginnings_, false, UpstreamFeature::kBeginning);
  AddNeighbours(q, s);
  AddNames(q, s);
  AddClasses(q, s);
  if (q.itself != kNobody) s.Drop(q.itself);
  for (const std::uint32_t known : q.known) s.Drop(known);
  CompareNames(q, s);
}

std::span<const UpstreamEvidence::Votes::Vote> UpstreamEvidence::Votes::Of(std::uint32_t gram) const {
  const std::span<const Vote> all(votes.data() + starts[gram], starts[gram + 1] - starts[gram]);
  return products[gram] > kCommonGramProducts && all.size() > kVotesOfCommonGram ? all.first(kVotesOfCommonGram) : all;
}

// The share of products with a gram that need a material, gram by gram. The product's own links never vote.
void UpstreamEvidence::AddVotes(const Question& q, Scratch& s) const {
  constexpr std::array<float, kGramOrders + 1> kOrderWeight = {0, 0.3F, 1, 1.5F};
  constexpr float kDoubt = 2;  // Products without the material that are imagined beside those seen.
  const std::span<const std::uint32_t> own = OwnMaterials(q);
  const std::uint32_t itself = own.empty() ? 0 : 1;
  const auto others_with = [&](std::uint32_t gram) {
    return static_cast<float>(anywhere_.products[gram] - std::min(anywhere_.products[gram], itself));
  };
  float total = 0;
  std::vector<float> weights;
  for (const std::uint32_t gram : q.spelling.grams) {
    const float others = others_with(gram);
    weights.push_back(kOrderWeight[static_cast<std::size_t>(index_.Order(gram))] * index_.Rarity(gram) * others /
                      (others + kDoubt));
    total += weights.back();
  }
  for (std::size_t i = 0; i < q.spelling.grams.size(); ++i) {
    if (weights[i] <= 0) continue;
    const std::uint32_t gram = q.spelling.grams[i];
    const float others = others_with(gram);
    const std::size_t best_of_order =
        At(UpstreamFeature::kVoteBest1) + static_cast<std::size_t>(index_.Order(gram)) - 1;
    for (const Votes::Vote& vote : anywhere_.Of(gram)) {
      const std::uint32_t products = vote.products - (Has(own, vote.material) ? 1 : 0);
      if (products == 0) continue;
      const float share = static_cast<float>(products) / (others + kDoubt);
      const auto users = static_cast<float>(std::max<std::size_t>(1, UserCount(vote.material, q)));
      float* row = s.At(vote.material);
      Of(row, UpstreamFeature::kVoteMean) += weights[i] / total * share;
      Raise(Of(row, UpstreamFeature::kVoteBest), share);
      Raise(row[best_of_order], share);
      Raise(Of(row, UpstreamFeature::kVoteLift), share * std::log(share * static_cast<float>(candidates()) / users));
    }
  }
}

// Backing off (Witten and Bell 1991): the longest ending counts most, what it leaves goes to the next shorter one.
void UpstreamEvidence::AddEnds(const Question& q, Scratch& s, const Votes& votes, bool ending,
                               UpstreamFeature into) const {
  constexpr float kDoubt = 3;
  const std::span<const std::uint32_t> own = OwnMaterials(q);
  const std::uint32_t itself = own.empty() ? 0 : 1;
  const std::span<const char32_t> points = q.spelling.points;
  float left = 1;
  for (std::size_t k = std::min(kGramOrders, points.size()); k > 0; --k) {
    const std::uint32_t gram = index_.Find(ending ? points.last(k) : points.first(k));
    if (gram == kNoGram || votes.products[gram] <= itself) continue;
    const auto others = static_cast<float>(votes.products[gram] - itself);
    const float weight = others / (others + kDoubt) * left;
    left -= weight;
    for (const Votes::Vote& vote : votes.Of(gram)) {
      const std::uint32_t products = vote.products - (Has(own, vote.material) ? 1 : 0);
      if (products > 0) Of(s.At(vote.material), into) += weight * static_cast<float>(products) / others;
    }
  }
}

void UpstreamEvidence::SumSimilarity(const Spelling& to, std::uint32_t but, bool products_only, Scratch& s) const {
  for (std::size_t i = 0; i < to.grams.size(); ++i)
    for (const NameIndex::Posting& posting : index_.NamesWith(to.grams[i]))
      if (posting.name != but && (!products_only || !Materials(posting.name).empty()))
        s.AddTo(posting.name, to.weights[i] * posting.weight);
}

// What the products with the most similar names need.
void UpstreamEvidence::AddNeighbours(const Question& q, Scratch& s) const {
  SumSimilarity(q.spelling, q.itself, true, s);
  std::vector<std::uint32_t> near = s.touched();
  const std::size_t kept = std::min(kNeighbourProducts, near.size());
  std::partial_sort(
      near.begin(), near.begin() + static_cast<std::ptrdiff_t>(kept), near.end(),
      [&](std::uint32_t a, std::uint32_t b) { return s.SumOf(a) != s.SumOf(b) ? s.SumOf(a) > s.SumOf(b) : a < b; });
  near.resize(kept);
  float squares = 0.05F, fourths = 0.3F;  // Similarities that are imagined with other needs, so that few prove little.
  for (const std::uint32_t product : near) {
    const float square = s.SumOf(product) * s.SumOf(product);
    squares += square;
    fourths += square * square;
  }
  for (const std::uint32_t product : near) {
    const float square = s.SumOf(product) * s.SumOf(product);
    for (const std::uint32_t material : Materials(product)) {
      float* row = s.At(material);
      Of(row, UpstreamFeature::kNeighbours) += square / squares;
      Of(row, UpstreamFeature::kNeighboursClose) += square * square / fourths;
      Raise(Of(row, UpstreamFeature::kNearest), s.SumOf(product));
    }
  }
  AddCoUse(q, s);
  s.Forget();
}

// Products that need the same: what else do they need? s.SumOf is how alike their names are to the question's.
void UpstreamEvidence::AddCoUse(const Question& q, Scratch& s) const {
  const auto knowns = static_cast<float>(q.known.size());
  std::unordered_map<std::uint32_t, std::uint32_t> together;
  for (const std::uint32_t known : q.known) {
    together.clear();
    float near = 0.3F;
    for (const std::uint32_t user : Users(known)) near += user == q.itself ? 0 : s.SumOf(user);
    for (const std::uint32_t user : Users(known)) {
      if (user == q.itself) continue;
      for (const std::uint32_t material : Materials(user)) {
        if (material == known) continue;
        ++together[material];
        if (s.SumOf(user) > 0) Of(s.At(material), UpstreamFeature::kCoUseNear) += s.SumOf(user) / near / knowns;
      }
    }
    const auto users = static_cast<float>(Users(known).size());
    for (const auto& [material, count] : together) {
      const auto others = static_cast<float>(std::max<std::size_t>(1, UserCount(material, q)));
      float* row = s.At(material);
      Of(row, UpstreamFeature::kCoUse) += static_cast<float>(count) / std::sqrt(users * others) / knowns;
      Raise(Of(row, UpstreamFeature::kCoUseBest), static_cast<float>(count) / (users + 1));
    }
  }
}

// The names most like the product's own, and most like those of its known materials. Whatever something else speaks for
// keeps its similarity, however small.
void UpstreamEvidence::AddNames(const Question& q, Scratch& s) const {
  const auto similar = [&](const Spelling& to, std::uint32_t but, std::size_t most, auto&& use) {
    SumSimilarity(to, but, false, s);
    std::vector<std::uint32_t> fresh;
    for (const std::uint32_t name : s.touched()) {
      if (s.PlaceOf(name) != Scratch::kNowhere)
        use(s.At(name), s.SumOf(name));
      else if (s.SumOf(name) > kSimilarEnough)
        fresh.push_back(name);
    }
    if (fresh.size() > most) {
      std::nth_element(
          fresh.begin(), fresh.begin() + static_cast<std::ptrdiff_t>(most), fresh.end(),
          [&](std::uint32_t a, std::uint32_t b) { return s.SumOf(a) != s.SumOf(b) ? s.SumOf(a) > s.SumOf(b) : a < b; });
      fresh.resize(most);
    }
    for (const std::uint32_t name : fresh) use(s.At(name), s.SumOf(name));
    s.Forget();
  };
  similar(q.spelling, q.itself, kSimilarNames,
          [](float* row, float cosine) { Of(row, UpstreamFeature::kCosine) = cosine; });
  const auto knowns = static_cast<float>(q.known.size());
  for (const std::uint32_t known : q.known)
    similar(index_.Of(known), known, kSimilarToKnown, [&](float* row, float cosine) {
      Of(row, UpstreamFeature::kKnownCosine) += cosine / knowns;
      Raise(Of(row, UpstreamFeature::kKnownCosineBest), cosine);
    });
}

void UpstreamEvidence::AddClasses(const Question& q, Scratch& s) const {
  if (q.subject == kNobody) return;
  std::unordered_map<std::uint32_t, std::uint32_t> needed;
  for (const std::uint32_t above : classes_.Of(q.subject)) {
    Of(s.At(above), UpstreamFeature::kIsClass) = 1;
    needed.clear();
    for (const std::uint32_t sibling : kinds_.Of(above))
      if (sibling != q.subject)
        for (const std::uint32_t material : Materials(sibling)) ++needed[material];
    const auto siblings = static_cast<float>(kinds_.Of(above).size());
    for (const auto& [material, count] : needed)
      Raise(Of(s.At(material), UpstreamFeature::kSiblings), static_cast<float>(count) / (siblings + 2));
  }
  for (const std::uint32_t below : kinds_.Of(q.subject)) Of(s.At(below), UpstreamFeature::kIsKind) = 1;
}

void UpstreamEvidence::CompareNames(const Question& q, Scratch& s) const {
  const std::span<const char32_t> product = q.spelling.points;
  const auto has_point = [](std::span<const char32_t> points, char32_t point) {
    return std::find(points.begin(), points.end(), point) != points.end();
  };
  const auto any_known = [&](auto&& holds) {
    return std::any_of(q.known.begin(), q.known.end(),
                       [&](std::uint32_t known) { return holds(index_.Of(known).points); });
  };
  const auto share = [](std::size_t part, std::size_t whole) {
    return whole == 0 ? 0 : static_cast<float>(part) / static_cast<float>(whole);
  };
  std::vector<char32_t> residue;
  for (const char32_t point : product)
    if (!any_known([&](const auto& known) { return has_point(known, point); })) residue.push_back(point);
  std::vector<float> bare(kUpstreamFeatures);
  for (std::size_t i = 0; i < s.candidates().size(); ++i) {
    float* row = s.Row(i).data();
    Bare(q, s.candidates()[i], bare);
    std::copy_n(bare.begin(), At(UpstreamFeature::kVoteMean), row);
    const Spelling& spelling = index_.Of(s.candidates()[i]);
    const std::span<const char32_t> points = spelling.points;
    float shared = 0, all = 0;
    for (const std::uint32_t gram : spelling.grams) {
      if (index_.Order(gram) > 1) break;
      all += index_.Rarity(gram);
      if (std::find(q.spelling.grams.begin(), q.spelling.grams.end(), gram) != q.spelling.grams.end())
        shared += index_.Rarity(gram);
    }
    const auto left = static_cast<std::size_t>(
        std::count_if(points.begin(), points.end(), [&](char32_t point) { return has_point(residue, point); }));
    Of(row, UpstreamFeature::kInside) = Contains(product, points) ? share(points.size(), product.size()) : 0;
    Of(row, UpstreamFeature::kCovered) = all > 0 ? shared / all : 0;
    Of(row, UpstreamFeature::kCommonRun) = share(LongestCommonRun(product, points), points.size());
    Of(row, UpstreamFeature::kResidue) = share(left, points.size());
    Of(row, UpstreamFeature::kResidueRun) =
        share(LongestCommonRun(residue, points), std::max(residue.size(), points.size()));
    if (points.empty()) continue;
    Of(row, UpstreamFeature::kSameEnd) = !product.empty() && product.back() == points.back();
    Of(row, UpstreamFeature::kKnownSameEnd) =
        any_known([&](const auto& known) { return !known.empty() && known.back() == points.back(); });
  }
}

}  // namespace landfall::chain::forecast
