// SPDX-License-Identifier: Apache-2.0
#include "analysis/forecast/industry.h"

#include <Eigen/Dense>
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>
#include <tuple>

#include "analysis/forecast/name_index.h"

namespace landfall::chain::forecast {
namespace {

using Matrix = Eigen::MatrixXd;  // Places × industries, unless said otherwise.
using Vector = Eigen::VectorXd;

constexpr std::array<std::string_view, kIndustryFeatures> kNames = {"popularity",
                                                                    "size",
                                                                    "diversity",
                                                                    "ubiquity",
                                                                    "diversity_x_ubiquity",
                                                                    "industry_recent",
                                                                    "place_recent",
                                                                    "industry_growth",
                                                                    "industry_spread",
                                                                    "expected",
                                                                    "density",
                                                                    "density_log",
                                                                    "density_specialised",
                                                                    "similar_places",
                                                                    "pattern",
                                                                    "siblings",
                                                                    "siblings_recent",
                                                                    "age"};
constexpr std::size_t kNamesMost = 2'000;
constexpr Eigen::Index kPatterns = 5;
constexpr double kMemoryYears = 3;  // A company listed so long ago counts 1/e in the recent features.
constexpr int kFirstYear = 1991, kLastYear = 2100, kYearsMost = 20;
constexpr std::size_t kPositivesLeast = 20;
constexpr std::array<std::string_view, kIndustryFeatures> kFamilies = {
    "popularity", "size",    "diversity", "popularity", "diversity", "growth",    "growth",   "growth",   "growth",
    "arrivals",   "density", "density",   "density",    "structure", "structure", "siblings", "siblings", "popularity"};
// Tried from the loosest; a tighter one is taken only where it is better.
constexpr std::array<double, 7> kPenalties = {1, 3, 10, 30, 50, 100, 300};

double Years(Day from, Day to) { return static_cast<double>((to - from).count()) / 365.2425; }

Matrix Presence(const Matrix& count) { return (count.array() > 0).cast<double>(); }
Matrix LogCount(const Matrix& count) { return (count.array() + 1).log(); }

// What is listed before a cut, counted in the ways the features need.
struct Counts {
  Matrix all, window, half, recent;  // All; of the last window; of its last half; with fading memory.
  Vector first_listed;               // Of industries, years before the cut.
};

Counts CountBefore(const Listings& listings, int cut_year, int years) {
  const auto places = static_cast<Eigen::Index>(listings.places.size());
  const auto industries = static_cast<Eigen::Index>(listings.industries.size());
  Counts out;
  out.all = out.window = out.half = out.recent = Matrix::Zero(places, industries);
  out.first_listed = Vector::Zero(industries);
  const Day cut = NewYear(cut_year), window = NewYear(cut_year - years);
  const Day half = window + (cut - window) / 2;
  for (const Listings::Row& row : listings.rows) {
    if (row.listed >= cut) continue;
    out.all(row.place, row.industry) += 1;
    if (row.listed >= window) out.window(row.place, row.industry) += 1;
    if (row.listed >= half) out.half(row.place, row.industry) += 1;
    const double age = Years(row.listed, cut);
    out.recent(row.place, row.industry) += std::exp(-age / kMemoryYears);
    out.first_listed(row.industry) = std::max(out.first_listed(row.industry), age);
  }
  return out;
}

// Hidalgo et al. (2007), eq. 1: the smaller of the two conditional probabilities; nothing with itself.
Matrix Proximity(const Matrix& presence) {
  const Matrix together = presence.transpose() * presence;
  Matrix out = Matrix::Zero(together.rows(), together.cols());
  for (Eigen::Index i = 0; i < out.rows(); ++i)
    for (Eigen::Index j = 0; j < out.cols(); ++j)
      if (const double larger = std::max(together(i, i), together(j, j)); i != j && larger > 0)
        out(i, j) = together(i, j) / larger;
  return out;
}

// The share of an industry's proximity that lies in what the place has.
Matrix Density(const Matrix& presence, const Matrix& proximity) {
  Matrix out = presence * proximity;
  for (Eigen::Index i = 0; i < out.cols(); ++i)
    if (const double all = proximity.col(i).sum(); all > 0) out.col(i) /= all;
  return out;
}

Matrix Specialised(const Matrix& count) {
  const Vector size = count.rowwise().sum(), popularity = count.colwise().sum();
  const double total = count.sum();
  Matrix out = Matrix::Zero(count.rows(), count.cols());
  for (Eigen::Index a = 0; a < count.rows(); ++a)
    for (Eigen::Index i = 0; i < count.cols(); ++i)
      out(a, i) = size(a) * popularity(i) > 0 && count(a, i) * total >= size(a) * popularity(i) ? 1 : 0;
  return out;
}

// log counts less the means of their place and industry: the structure that size alone does not explain.
Matrix Structure(const Matrix& count) {
  const Matrix log_count = LogCount(count);
  const Vector places = log_count.rowwise().mean();
  const Eigen::RowVectorXd industries = log_count.colwise().mean();
  Matrix out = log_count.colwise() - places;
  out.rowwise() -= industries;
  return out.array() + log_count.mean();
}

// The share of places with a similar structure (cosine above 0, as weight) that have an industry.
Matrix SimilarPlaces(const Matrix& structure, const Matrix& presence) {
  Matrix scaled = structure;
  for (Eigen::Index a = 0; a < scaled.rows(); ++a)
    if (const double norm = scaled.row(a).norm(); norm > 0) scaled.row(a) /= norm;
  Matrix alike = (scaled * scaled.transpose()).cwiseMax(0);
  alike.diagonal().setZero();
  Matrix out = alike * presence;
  for (Eigen::Index a = 0; a < out.rows(); ++a)
    if (const double all = alike.row(a).sum(); all > 0) out.row(a) /= all;
  return out;
}

// The table rebuilt from its strongest patterns (Eckart and Young 1936), by the eigenvectors of places × places.
Matrix Patterns(const Matrix& structure) {
  const Eigen::SelfAdjointEigenSolver<Matrix> solver(structure * structure.transpose());
  const Matrix strongest = solver.eigenvectors().rightCols(std::min(kPatterns, structure.rows()));
  return strongest * (strongest.transpose() * structure);
}

// How alike the names of industries are: cosine of character grams, nothing with itself.
Matrix NameSimilarity(std::span<const std::string> names) {
  const NameIndex index(names);
  const auto n = static_cast<Eigen::Index>(names.size());
  Matrix out = Matrix::Zero(n, n);
  for (Eigen::Index i = 0; i < n; ++i) {
    const Spelling& spelling = index.Of(static_cast<std::uint32_t>(i));
    for (std::size_t g = 0; g < spelling.grams.size(); ++g)
      for (const NameIndex::Posting& posting : index.NamesWith(spelling.grams[g]))
        out(i, posting.name) += static_cast<double>(spelling.weights[g] * posting.weight);
    out(i, i) = 0;
  }
  return out;
}

// Mean 0 and deviation 1 over the empty pairs; the others are put on the same scale.
void Standardise(IndustryPanel& panel) {
  std::vector<double>& values = panel.features;
  for (std::size_t f = 0; f < kIndustryFeatures; ++f) {
    double count = 0, sum = 0, squares = 0;
    for (std::size_t i = 0; i < panel.pairs.size(); ++i) {
      if (panel.pairs[i].companies > 0) continue;
      count += 1;
      sum += values[i * kIndustryFeatures + f];
    }
    const double mean = sum / count;
    for (std::size_t i = 0; i < panel.pairs.size(); ++i)
      if (const double off = values[i * kIndustryFeatures + f] - mean; panel.pairs[i].companies == 0)
        squares += off * off;
    const double deviation = std::sqrt(squares / count);
    for (std::size_t i = 0; i < panel.pairs.size(); ++i) {
      double& value = values[i * kIndustryFeatures + f];
      value = deviation > 1e-12 ? (value - mean) / deviation : 0;
    }
  }
}

Status CheckCovered(const Listings& listings, int year, std::string_view field) {
  const auto last = std::max_element(listings.rows.begin(), listings.rows.end(),
                                     [](const auto& a, const auto& b) { return a.listed < b.listed; });
  if (last == listings.rows.end() || last->listed < NewYear(year))
    return Invalid("chain.forecast_window_not_covered",
                   "The last company of the file was listed before 1 January " + std::to_string(year) + ".",
                   std::string(field));
  return Ok{};
}

Status CheckYears(const Listings& listings, int from, int to) {
  if (from < kFirstYear || to > kLastYear || from >= to || to - from > kYearsMost)
    return Invalid("chain.forecast_years", "Years are 1991 to 2100, at most 20 from the first to the last.", "from");
  return CheckCovered(listings, to, "to");
}

std::size_t CountTrue(std::span<const char> values) {
  return static_cast<std::size_t>(std::count(values.begin(), values.end(), 1));
}

// What a model is fitted to: all pairs of some places, with two columns more.
struct TrainingTable {
  std::vector<double> rows;
  std::vector<char> appeared;

  void Add(const IndustryPanel& panel, std::size_t pair, char has_appeared) {
    const double companies = panel.pairs[pair].companies;
    rows.insert(rows.end(), panel.Row(pair).begin(), panel.Row(pair).end());
    rows.push_back(companies > 0 ? 1 : 0);
    rows.push_back(std::log1p(companies));
    appeared.push_back(has_appeared);
  }
  // For empty pairs: the two columns are 0 there, so their weights fall away.
  Result<Logistic> Fit(double penalty) const {
    LF_ASSIGN(Logistic model, FitLogistic(rows, appeared, penalty));
    model.weights.resize(kIndustryFeatures);
    return model;
  }
};

// One window: all its pairs, and which of them had a company listed in it.
struct Window {
  IndustryPanel panel;
  std::vector<char> appeared;

  TrainingTable Table() const {
    TrainingTable out;
    for (std::size_t i = 0; i < panel.pairs.size(); ++i) out.Add(panel, i, appeared[i]);
    return out;
  }
  std::size_t Positives() const {
    std::size_t out = 0;
    for (std::size_t i = 0; i < panel.pairs.size(); ++i) out += panel.pairs[i].companies == 0 && appeared[i] != 0;
    return out;
  }
};

Result<Window> MakeWindow(const Listings& listings, int from, int to) {
  Window out;
  LF_ASSIGN(out.panel, MakePanel(listings, from, to - from, Pairs::kAll));
  out.appeared = Appeared(listings, out.panel, from, to);
  return out;
}

// Mean log loss over the empty pairs that `asked` lets through.
template <class Asked>
double LossOf(const Logistic& model, const Window& window, Asked&& asked) {
  std::vector<double> rows;
  std::vector<char> appeared;
  for (std::size_t i = 0; i < window.panel.pairs.size(); ++i) {
    if (window.panel.pairs[i].companies > 0 || !asked(window.panel.pairs[i])) continue;
    rows.insert(rows.end(), window.panel.Row(i).begin(), window.panel.Row(i).end());
    appeared.push_back(window.appeared[i]);
  }
  return appeared.empty() ? 0 : LogLoss(model, rows, appeared) * static_cast<double>(appeared.size());
}

// Inside the training years, by two tests of equal weight: models of all places but every fifth in turn, asked about
// those; and a model of the window before (where the file reaches back so far), asked about this one.
double ChoosePenalty(const Window& window, const Window* before) {
  constexpr std::uint32_t kFolds = 5;
  std::array<TrainingTable, kFolds> without;
  for (std::size_t i = 0; i < window.panel.pairs.size(); ++i)
    for (std::uint32_t fold = 0; fold < kFolds; ++fold)
      if (window.panel.pairs[i].place % kFolds != fold) without[fold].Add(window.panel, i, window.appeared[i]);
  std::size_t best = 0;
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t p = 0; p < kPenalties.size(); ++p) {
    double loss = 0;
    for (std::uint32_t fold = 0; fold < kFolds; ++fold)
      if (const auto model = without[fold].Fit(kPenalties[p]))
        loss += LossOf(*model, window, [&](const auto& pair) { return pair.place % kFolds == fold; });
    if (before != nullptr)
      if (const auto model = before->Table().Fit(kPenalties[p]))
        loss += LossOf(*model, window, [](const auto&) { return true; });
    if (loss < least) least = loss, best = p;
  }
  return kPenalties[best];
}

// The model of the window before, tested on the training window.
void TestInside(const Window& window, const Window& before, IndustryModel& model) {
  const auto fitted = before.Table().Fit(model.penalty);
  if (!fitted) return;
  std::vector<ScoredCase> cases;
  for (std::size_t i = 0; i < window.panel.pairs.size(); ++i)
    if (window.panel.pairs[i].companies == 0)
      cases.push_back({fitted->Score(window.panel.Row(i)), window.appeared[i] != 0});
  model.inner_average_precision = AveragePrecision(cases);
  model.inner_auc = AreaUnderCurve(cases);
}

}  // namespace

std::span<const std::string_view> IndustryFeatureNames() { return kNames; }

std::string_view IndustryFamilyOf(std::size_t feature) { return kFamilies[feature]; }

Result<IndustryPanel> MakePanel(const Listings& listings, int cut_year, int years, Pairs pairs) {
  LF_CHECK(years >= 1);
  if (std::max(listings.places.size(), listings.industries.size()) > kNamesMost)
    return Invalid("chain.forecast_matrix_too_large", "At most 2,000 places and 2,000 industries are compared.");
  const Counts counts = CountBefore(listings, cut_year, years);
  const Matrix present = Presence(counts.all);
  const Vector size = counts.all.rowwise().sum(), popularity = counts.all.colwise().sum();
  if ((size.array() > 0).count() < 3 || (popularity.array() > 0).count() < 3)
    return Invalid("chain.forecast_matrix_too_small",
                   "Fewer than three places or industries have a company before " + std::to_string(cut_year) + ".");
  const Vector diversity = present.rowwise().sum(), ubiquity = present.colwise().sum();
  const Vector entered = (present - Presence(counts.all - counts.window)).colwise().sum();
  const Vector industry_recent = counts.recent.colwise().sum(), place_recent = counts.recent.rowwise().sum();
  const Vector industry_half = counts.half.colwise().sum();
  const double recent = std::max(counts.recent.sum(), 1e-12);
  const Matrix density = Density(present, Proximity(present));
  const Matrix specialised = Specialised(counts.all);
  const Matrix density_specialised = Density(specialised, Proximity(specialised));
  const Matrix structure = Structure(counts.all);
  const Matrix similar_places = SimilarPlaces(structure, present);
  const Matrix patterns = Patterns(structure);
  const Matrix alike = NameSimilarity(listings.industries);
  const Matrix siblings = LogCount(counts.all) * alike, siblings_recent = LogCount(counts.window) * alike;

  IndustryPanel out;
  std::size_t empty = 0;
  for (Eigen::Index a = 0; a < present.rows(); ++a)
    for (Eigen::Index i = 0; i < present.cols(); ++i) {
      if (size(a) == 0 || popularity(i) == 0 || (pairs == Pairs::kEmpty && present(a, i) > 0)) continue;
      empty += present(a, i) > 0 ? 0 : 1;
      const double expected = industry_recent(i) * place_recent(a) / recent;
      out.pairs.push_back({static_cast<std::uint32_t>(a), static_cast<std::uint32_t>(i), counts.all(a, i)});
      const std::array<double, kIndustryFeatures> row = {std::log(popularity(i)),
                                                         std::log(size(a)),
                                                         std::log(diversity(a)),
                                                         std::log(ubiquity(i)),
                                                         diversity(a) * ubiquity(i),
                                                         std::log(industry_recent(i) + 0.1),
                                                         std::log(place_recent(a) + 0.1),
                                                         std::log(industry_half(i) + 0.5),
                                                         std::log(entered(i) + 0.5),
                                                         std::log1p(kMemoryYears * expected),
                                                         density(a, i),
                                                         std::log(density(a, i) + 0.02),
                                                         density_specialised(a, i),
                                                         similar_places(a, i),
                                                         patterns(a, i),
                                                         siblings(a, i),
                                                         siblings_recent(a, i),
                                                         counts.first_listed(i)};
      out.features.insert(out.features.end(), row.begin(), row.end());
      out.popularity.push_back(popularity(i));
      out.density.push_back(density(a, i));
      out.diversity_ubiquity.push_back(diversity(a) * ubiquity(i));
      out.expected.push_back(expected);
    }
  if (empty == 0) return Invalid("chain.forecast_too_few_cases", "Every place has every industry already.");
  Standardise(out);
  return out;
}

std::vector<char> Appeared(const Listings& listings, const IndustryPanel& panel, int cut_year, int end_year) {
  std::set<std::pair<std::uint32_t, std::uint32_t>> appeared;
  for (const Listings::Row& row : listings.rows)
    if (row.listed >= NewYear(cut_year) && row.listed < NewYear(end_year)) appeared.emplace(row.place, row.industry);
  std::vector<char> out;
  for (const IndustryPanel::Pair& pair : panel.pairs)
    out.push_back(appeared.contains({pair.place, pair.industry}) ? 1 : 0);
  return out;
}

Result<IndustryModel> TrainIndustry(const Listings& listings, int from, int to) {
  LF_TRY(CheckYears(listings, from, to));
  LF_ASSIGN(const Window window, MakeWindow(listings, from, to));
  IndustryModel out;
  out.from = from;
  out.to = to;
  for (const IndustryPanel::Pair& pair : window.panel.pairs) out.cases += pair.companies == 0 ? 1 : 0;
  out.positives = window.Positives();
  if (out.positives < kPositivesLeast)
    return Invalid("chain.forecast_too_few_cases",
                   "Only " + std::to_string(out.positives) + " pairs appeared in the window.");
  auto before = MakeWindow(listings, 2 * from - to, from);
  const Window* earlier = before && before->Positives() >= kPositivesLeast ? &*before : nullptr;
  out.penalty = ChoosePenalty(window, earlier);
  out.inner_average_precision = out.inner_auc = std::numeric_limits<double>::quiet_NaN();
  if (earlier != nullptr) TestInside(window, *earlier, out);
  LF_ASSIGN(out.logistic, window.Table().Fit(out.penalty));
  out.training = ListingsDigest(listings, to);
  return out;
}

Digest ListingsDigest(const Listings& listings, int before_year) {
  std::vector<std::tuple<std::string_view, std::string_view, Day>> rows;
  for (const Listings::Row& row : listings.rows)
    if (row.listed < NewYear(before_year))
      rows.emplace_back(listings.places[row.place], listings.industries[row.industry], row.listed);
  std::sort(rows.begin(), rows.end());
  std::string text;
  for (const auto& [place, industry, listed] : rows)
    text.append(place).append("\t").append(industry).append("\t").append(FormatDay(listed)).append("\n");
  return Sha256(text);
}

Result<IndustryEvaluation> EvaluateIndustry(const Listings& listings, const IndustryModel& model, int from, int to,
                                            std::uint64_t seed) {
  if (model.to > from)
    return Invalid("chain.forecast_trained_after_cut",
                   "The model saw what appeared until " + std::to_string(model.to) + ".", "from");
  LF_TRY(CheckYears(listings, from, to));
  LF_ASSIGN(const IndustryPanel panel, MakePanel(listings, from, to - from));
  const std::vector<char> positive = Appeared(listings, panel, from, to);
  IndustryEvaluation out;
  out.cases = positive.size();
  out.positives = CountTrue(positive);
  if (out.positives == 0) return Invalid("chain.forecast_too_few_cases", "No pair appeared in the window.");
  out.same_history = ListingsDigest(listings, model.to) == model.training;

  std::vector<double> scores;
  std::vector<Forecast> forecasts;
  for (std::size_t i = 0; i < panel.pairs.size(); ++i) {
    scores.push_back(model.logistic.Score(panel.Row(i)));
    forecasts.push_back({model.logistic.Probability(panel.Row(i)), positive[i] != 0});
  }
  out.calibration = MeasureCalibration(forecasts);
  std::vector<double> ranks, among;
  for (std::size_t i = 0; i < panel.pairs.size(); ++i) {
    if (positive[i] == 0) continue;
    double above = 0, equal = 0, count = 0;
    for (std::size_t j = 0; j < panel.pairs.size(); ++j) {
      if (panel.pairs[j].place != panel.pairs[i].place || (positive[j] != 0 && j != i)) continue;
      count += 1;
      above += scores[j] > scores[i] ? 1 : 0;
      equal += scores[j] == scores[i] ? 1 : 0;
    }
    ranks.push_back(above + 1 + (equal - 1) / 2);
    among.push_back(count);
  }
  out.within_place = MeasureRanks(ranks, among, seed);

  constexpr std::array<std::string_view, 5> kWays = {"model", "expected_arrivals", "diversity_x_ubiquity", "density",
                                                     "popularity"};
  const std::array<std::vector<double>, 5> ways = {scores, panel.expected, panel.diversity_ubiquity, panel.density,
                                                   panel.popularity};
  const std::vector<CurveMetrics> metrics = MeasureCurves(ways, positive, seed);
  for (std::size_t w = 0; w < kWays.size(); ++w) out.ways.push_back({kWays[w], metrics[w]});

  std::set<std::pair<std::uint32_t, std::uint32_t>> before, after;
  std::set<std::uint32_t> places, industries;
  for (const Listings::Row& row : listings.rows) {
    if (row.listed < NewYear(from)) {
      before.emplace(row.place, row.industry);
      places.insert(row.place);
      industries.insert(row.industry);
    } else if (row.listed < NewYear(to)) {
      after.emplace(row.place, row.industry);
    }
  }
  for (const auto& pair : after)
    if (!before.contains(pair) && !(places.contains(pair.first) && industries.contains(pair.second))) ++out.new_names;
  return out;
}

Result<std::vector<IndustryOutlook>> PredictIndustries(const Listings& listings, const IndustryModel& model, int at,
                                                       std::string_view place) {
  if (model.to > at)
    return Invalid("chain.forecast_trained_after_cut",
                   "The model saw what appeared until " + std::to_string(model.to) + ".", "at");
  if (at > kLastYear) return Invalid("chain.forecast_years", "The last year that can be asked for is 2100.", "at");
  LF_TRY(CheckCovered(listings, at - 1, "at"));  // A list of the year before may be asked about the next.
  const auto found = std::find(listings.places.begin(), listings.places.end(), place);
  if (found == listings.places.end())
    return Error{Fault::kNotFound, "chain.forecast_place_unknown", "The file has no company in that place.", "place"};
  const auto number = static_cast<std::uint32_t>(found - listings.places.begin());
  LF_ASSIGN(const IndustryPanel panel, MakePanel(listings, at, model.to - model.from));
  const auto place_by = [&](const std::vector<double>& way, std::size_t pair) {
    std::size_t rank = 1;
    for (std::size_t i = 0; i < panel.pairs.size(); ++i)
      rank += panel.pairs[i].place == number && way[i] > way[pair] ? 1 : 0;
    return rank;
  };
  std::vector<IndustryOutlook> out;
  for (std::size_t i = 0; i < panel.pairs.size(); ++i) {
    if (panel.pairs[i].place != number) continue;
    IndustryOutlook outlook{number, panel.pairs[i].industry,     model.logistic.Probability(panel.Row(i)),
                            {},     place_by(panel.expected, i), place_by(panel.density, i)};
    for (std::size_t f = 0; f < kIndustryFeatures; ++f)
      outlook.contributions.push_back(model.logistic.weights[f] * panel.Row(i)[f]);
    out.push_back(std::move(outlook));
  }
  std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.probability > b.probability; });
  return out;
}

}  // namespace landfall::chain::forecast
