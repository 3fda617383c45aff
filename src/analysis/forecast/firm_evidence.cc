// SPDX-License-Identifier: Apache-2.0
#include "analysis/forecast/firm_evidence.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <unordered_map>
#include <unordered_set>

namespace landfall::chain::forecast {
namespace {

constexpr std::size_t kSimilarProducts = 300;  // Products compared with the question's name.
constexpr std::size_t kSameEndPoints = 2;
constexpr std::size_t kQuestionLengthMost = 12, kMakersMost = 6;

constexpr std::array<std::string_view, kFirmFeatures> kNames = {
    "firm_products", "question_length", "makers",       "name_best",   "name_sum",  "name_share", "contains",
    "same_end",      "co_made",         "co_made_best", "makes_input", "makes_use", "same_class"};

constexpr std::size_t At(FirmFeature feature) { return static_cast<std::size_t>(feature); }
float& Of(float* row, FirmFeature feature) { return row[At(feature)]; }
void Raise(float& best, float value) { best = std::max(best, value); }

constexpr std::array<PlainWay, 3> kPlainWays = {{{"popularity", At(FirmFeature::kFirmProducts)},
                                                 {"similar_name", At(FirmFeature::kNameBest)},
                                                 {"co_made", At(FirmFeature::kCoMade)}}};

void SortUniqueShares(std::vector<Link>& makes, std::vector<float>& shares) {
  std::vector<std::size_t> order(makes.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return makes[a] != makes[b] ? makes[a] < makes[b] : shares[a] > shares[b];
  });
  std::vector<Link> links;
  std::vector<float> kept;
  for (const std::size_t i : order) {
    if (!links.empty() && links.back() == makes[i]) continue;
    links.push_back(makes[i]);
    kept.push_back(shares[i]);
  }
  makes = std::move(links);
  shares = std::move(kept);
}

}  // namespace

std::span<const std::string_view> FirmEvidence::Features() const { return kNames; }
std::span<const PlainWay> FirmEvidence::PlainWays() const { return kPlainWays; }

std::string_view FirmEvidence::FamilyOf(std::size_t feature) const {
  if (feature < At(FirmFeature::kNameBest)) return "size";
  if (feature < At(FirmFeature::kCoMade)) return "own_products";
  return feature < At(FirmFeature::kMakesInput) ? "co_made" : "product_graph";
}

Result<std::unique_ptr<FirmEvidence>> FirmEvidence::Build(FirmProducts data) {
  LF_CHECK(data.makes.size() == data.shares.size());
  SortUniqueShares(data.makes, data.shares);
  SortUnique(data.products.needs);
  SortUnique(data.products.kinds);
  if (data.makes.empty()) return Invalid("chain.forecast_too_few_links", "No firm makes any product.");
  return std::unique_ptr<FirmEvidence>(new FirmEvidence(std::move(data)));
}

FirmEvidence::FirmEvidence(FirmProducts data)
    : data_(std::move(data)),
      index_(data_.products.names),
      makers_(data_.products.names.size(), data_.makes, false),
      products_(data_.firms.size(), data_.makes, true),
      needs_(data_.products.names.size(), data_.products.needs, false),
      needed_by_(data_.products.names.size(), data_.products.needs, true),
      kinds_(data_.products.names.size(), data_.products.kinds, false),
      classes_(data_.products.names.size(), data_.products.kinds, true) {
  for (std::uint32_t i = 0; i < data_.products.names.size(); ++i) by_name_.emplace_back(data_.products.names[i], i);
  std::sort(by_name_.begin(), by_name_.end());
  FindClasses();
}

std::optional<std::uint32_t> FirmEvidence::FindProduct(std::string_view name) const {
  const auto it = std::lower_bound(by_name_.begin(), by_name_.end(), std::pair{name, std::uint32_t{0}});
  if (it == by_name_.end() || it->first != name) return std::nullopt;
  return it->second;
}

float FirmEvidence::ShareOf(std::uint32_t product, std::uint32_t firm) const {
  const auto it = std::lower_bound(data_.makes.begin(), data_.makes.end(), Link{product, firm});
  return data_.shares[static_cast<std::size_t>(it - data_.makes.begin())];
}

Question FirmEvidence::Ask(std::uint32_t product, std::uint32_t left_out) const {
  Question q;
  q.spelling = index_.Of(product);
  q.subject = product;
  q.left_out = left_out;
  for (const std::uint32_t firm : Makers(product))
    if (firm != left_out) q.known.push_back(firm);
  return q;
}

Question FirmEvidence::Ask(std::string_view product) const {
  if (const auto found = FindProduct(product)) return Ask(*found);
  Question q;
  q.spelling = index_.Read(product);
  return q;
}

void FirmEvidence::Bare(const Question& q, std::uint32_t firm, std::span<float> row) const {
  std::fill(row.begin(), row.end(), 0.0F);
  const std::size_t products = Products(firm).size() - (firm == q.left_out ? 1 : 0);
  row[At(FirmFeature::kFirmProducts)] = std::log(static_cast<float>(std::max<std::size_t>(1, products)));
  row[At(FirmFeature::kQuestionLength)] = static_cast<float>(std::min(kQuestionLengthMost, q.spelling.points.size()));
  row[At(FirmFeature::kMakers)] = static_cast<float>(std::min(kMakersMost, q.known.size()));
}

std::uint32_t FirmEvidence::BareKey(const Question& q) const {
  return static_cast<std::uint32_t>(std::min(kQuestionLengthMost, q.spelling.points.size()) * (kMakersMost + 1) +
                                    std::min(kMakersMost, q.known.size()));
}

float FirmEvidence::Hunch(std::span<const float> row) const {
  const auto of = [&](FirmFeature feature) { return row[At(feature)]; };
  return 3 * of(FirmFeature::kNameBest) + of(FirmFeature::kNameSum) + std::log1p(30 * of(FirmFeature::kCoMade)) +
         std::log1p(of(FirmFeature::kMakesInput) + of(FirmFeature::kMakesUse) + of(FirmFeature::kSameClass)) +
         of(FirmFeature::kContains) + of(FirmFeature::kSameEnd) + 0.1F * of(FirmFeature::kFirmProducts);
}

void FirmEvidence::Gather(const Question& q, Scratch& s) const {
  s.Clear();
  AddNames(q, s);
  AddCoMade(q, s);
  AddGraph(q, s);
  for (const std::uint32_t known : q.known) s.Drop(known);
  std::vector<float> bare(kFirmFeatures);
  for (std::size_t i = 0; i < s.candidates().size(); ++i) {
    Bare(q, s.candidates()[i], bare);
    std::copy_n(bare.begin(), At(FirmFeature::kNameBest), s.Row(i).begin());
    float products = 0;
    for (const std::uint32_t product : Products(s.candidates()[i])) products += product == q.subject ? 0 : 1;
    s.Row(i)[At(FirmFeature::kSameEnd)] /= std::max(1.0F, products);
  }
}

// The question's product itself never speaks for a firm, or a firm left out would be known by it.
void FirmEvidence::AddNames(const Question& q, Scratch& s) const {
  for (std::size_t i = 0; i < q.spelling.grams.size(); ++i)
    for (const NameIndex::Posting& posting : index_.NamesWith(q.spelling.grams[i]))
      if (posting.name != q.subject && !Makers(posting.name).empty())
        s.AddTo(posting.name, q.spelling.weights[i] * posting.weight);
  std::vector<std::uint32_t> near = s.touched();
  if (near.size() > kSimilarProducts) {
    std::nth_element(near.begin(), near.begin() + kSimilarProducts, near.end(), [&](std::uint32_t a, std::uint32_t b) {
      return s.SumOf(a) != s.SumOf(b) ? s.SumOf(a) > s.SumOf(b) : a < b;
    });
    near.resize(kSimilarProducts);
  }
  std::sort(near.begin(), near.end());  // So that sums do not depend on how nth_element left them.
  const std::span<const char32_t> asked = q.spelling.points;
  for (const std::uint32_t product : near) {
    const float cosine = s.SumOf(product);
    const std::span<const char32_t> points = index_.Of(product).points;
    const bool inside = Contains(asked, points) || Contains(points, asked);
    const float contains = inside ? static_cast<float>(std::min(asked.size(), points.size())) /
                                        static_cast<float>(std::max(asked.size(), points.size()))
                                  : 0;
    const bool same_end = asked.size() >= kSameEndPoints && points.size() >= kSameEndPoints &&
                          std::ranges::equal(asked.last(kSameEndPoints), points.last(kSameEndPoints));
    for (const std::uint32_t firm : Makers(product)) {
      float* row = s.At(firm);
      Raise(Of(row, FirmFeature::kNameBest), cosine);
      Of(row, FirmFeature::kNameSum) += cosine * cosine;
      Of(row, FirmFeature::kNameShare) += cosine * ShareOf(product, firm);
      Raise(Of(row, FirmFeature::kContains), contains);
      Of(row, FirmFeature::kSameEnd) += same_end ? 1 : 0;
    }
  }
  s.Forget();
}

void FirmEvidence::AddCoMade(const Question& q, Scratch& s) const {
  std::unordered_map<std::uint32_t, std::uint32_t> together;
  for (const std::uint32_t maker : q.known)
    for (const std::uint32_t product : Products(maker))
      if (product != q.subject) ++together[product];
  std::vector<std::pair<std::uint32_t, std::uint32_t>> sorted(together.begin(), together.end());
  std::sort(sorted.begin(), sorted.end());
  const auto makers = static_cast<float>(q.known.size());
  for (const auto& [product, count] : sorted) {
    const auto others = static_cast<float>(Makers(product).size());
    for (const std::uint32_t firm : Makers(product)) {
      float* row = s.At(firm);
      Of(row, FirmFeature::kCoMade) += static_cast<float>(count) / std::sqrt(makers * others);
      Raise(Of(row, FirmFeature::kCoMadeBest), static_cast<float>(count) / (makers + 1));
    }
  }
}

void FirmEvidence::AddGraph(const Question& q, Scratch& s) const {
  if (q.subject == kNobody) return;
  const auto add = [&](std::uint32_t product, FirmFeature feature) {
    if (product == q.subject) return;
    for (const std::uint32_t firm : Makers(product)) Of(s.At(firm), feature) += 1;
  };
  for (const std::uint32_t product : needs_.Of(q.subject)) add(product, FirmFeature::kMakesInput);
  for (const std::uint32_t product : needed_by_.Of(q.subject)) add(product, FirmFeature::kMakesUse);
  std::unordered_set<std::uint32_t> relatives(kinds_.Of(q.subject).begin(), kinds_.Of(q.subject).end());
  for (const std::uint32_t above : classes_.Of(q.subject)) {
    relatives.insert(above);
    relatives.insert(kinds_.Of(above).begin(), kinds_.Of(above).end());
  }
  for (const std::uint32_t product : relatives) add(product, FirmFeature::kSameClass);  // Counts: any order.
}

std::vector<std::string_view> FirmEvidence::Examples(const Question& q, std::uint32_t firm, std::size_t most) const {
  std::vector<std::pair<float, std::uint32_t>> near;
  for (const std::uint32_t product : Products(firm))
    if (product != q.subject)
      if (const float cosine = Cosine(index_.Of(product), q.spelling); cosine > 0) near.emplace_back(-cosine, product);
  std::sort(near.begin(), near.end());
  std::vector<std::string_view> out;
  for (std::size_t i = 0; i < std::min(most, near.size()); ++i) out.push_back(ProductName(near[i].second));
  return out;
}

}  // namespace landfall::chain::forecast
