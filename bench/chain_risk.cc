// SPDX-License-Identifier: Apache-2.0
// Systemic risk of 400 firms, the inverse of 135 sectors, and assignments of 173 × 146. Fixed seed; every answer is
// checked before it is measured. The networks are made up: real ones are no faster to walk and may not be published.
#include <cmath>

#include "analysis/matching/assignment.h"
#include "analysis/matching/gap.h"
#include "analysis/risk/esri.h"
#include "analysis/risk/io_model.h"
#include "base/seam.h"
#include "bench/bench.h"

namespace landfall {
namespace {

constexpr std::uint64_t kSeed = 20261122;
constexpr int kRuns = 7;
constexpr double kMaxSecondsOf400 = 0.5, kMaxSecondsOfAssignment = 0.05;

double Uniform(SeededRandom& random) { return static_cast<double>(random.Next() >> 11) * 0x1p-53; }

// Firms with few or many suppliers, as in real networks: the rank of a partner is the cube of a uniform number, so that
// some firms meet most of the others. Sizes spread over four orders of magnitude.
chain::SupplyNetwork MakeNetwork(std::size_t firms, std::size_t edges, std::size_t sectors) {
  SeededRandom random(kSeed);
  chain::FirmColumns list;
  for (std::size_t i = 0; i < firms; ++i) {
    list.firm.push_back("f" + std::to_string(i));
    list.sector.push_back("s" + std::to_string(random.Next() % sectors));
  }
  chain::SupplyColumns supply;
  for (std::size_t k = 0; k < edges; ++k) {
    const auto hub = static_cast<std::size_t>(std::pow(Uniform(random), 3) * static_cast<double>(firms));
    supply.supplier.push_back(list.firm[hub]);
    supply.buyer.push_back(list.firm[random.Next() % firms]);
    if (k % 2 == 0) std::swap(supply.supplier.back(), supply.buyer.back());
    supply.weight.push_back(std::pow(10, 4 * Uniform(random)));
  }
  chain::EssentialTable essential;
  for (std::size_t s = 0; s < sectors; ++s) essential.supplier_sectors.push_back("s" + std::to_string(s));
  essential.buyer_sectors = essential.supplier_sectors;
  for (std::size_t k = 0; k < sectors * sectors; ++k)
    essential.level.push_back(static_cast<std::uint8_t>(random.Next() % 3));
  return chain::SupplyNetwork::Build(list, supply, essential).value();
}

bool Same(const chain::EsriResult& a, const chain::EsriResult& b) {
  return std::equal(
      a.scores.begin(), a.scores.end(), b.scores.begin(), b.scores.end(), [](const auto& x, const auto& y) {
        return x.esri == y.esri && x.downstream == y.downstream && x.upstream == y.upstream && x.steps == y.steps;
      });
}

void MeasureEsri(bench::Report& report, std::size_t firms, std::size_t edges, int runs) {
  const chain::SupplyNetwork network = MakeNetwork(firms, edges, 20);
  for (const auto replace : {chain::EsriOptions::Replace::kNone, chain::EsriOptions::Replace::kSector}) {
    chain::EsriOptions options{.eps = 1e-2, .replace = replace, .threads = 1};
    const chain::EsriResult one = chain::ComputeEsri(network, options).value();
    options.threads = 2;
    std::vector<double> walls;
    for (int run = 0; run < runs; ++run) {
      chain::EsriResult two;
      walls.push_back(bench::Measure([&] { two = chain::ComputeEsri(network, options).value(); }).wall);
      LF_CHECK(Same(one, two));
    }
    LF_CHECK(firms > 400 || bench::Median(walls) <= kMaxSecondsOf400);
    for (const chain::EsriScore& score : one.scores) LF_CHECK(score.converged && score.esri >= 0 && score.esri <= 1);
    report.Figure(fmt::format("esri_{}_firms_{}_edges_{}", firms, network.edges(),
                              replace == chain::EsriOptions::Replace::kNone ? "alone" : "market"),
                  bench::Median(walls), "s, 2 threads");
  }
}

void MeasureInverse(bench::Report& report, std::size_t sectors) {
  SeededRandom random(kSeed);
  chain::IoTable table;
  table.flows.resize(sectors * sectors);
  for (double& flow : table.flows) flow = Uniform(random);
  for (std::size_t k = 0; k < sectors; ++k) table.codes.push_back(std::to_string(k));
  table.names = table.codes;
  table.input.assign(sectors, static_cast<double>(sectors));
  table.output = table.input;
  std::vector<double> walls;
  for (int run = 0; run < kRuns; ++run) {
    chain::IoModel model;
    walls.push_back(bench::Measure([&] { model = chain::SolveIo(table).value(); }).wall);
    LF_CHECK(model.residual < 1e-12);
  }
  report.Figure(fmt::format("inverse_{}_sectors", sectors), 1e3 * bench::Median(walls), "ms");
}

void MeasureAssignment(bench::Report& report, std::size_t tasks, std::size_t agents) {
  SeededRandom random(kSeed);
  matching::AssignmentProblem problem;
  for (std::size_t t = 0; t < tasks; ++t) problem.tasks.push_back(std::to_string(t));
  for (std::size_t a = 0; a < agents; ++a) problem.agents.push_back(std::to_string(a));
  for (std::size_t k = 0; k < tasks * agents; ++k)
    problem.cost.push_back(1 + static_cast<std::int64_t>(random.Next() % 100));
  problem.agent_min.assign(agents, 1);
  problem.agent_max.assign(agents, 2);
  std::int64_t cost = -1;
  std::vector<double> walls;
  for (int run = 0; run < kRuns; ++run) {
    matching::Assignment answer;
    walls.push_back(bench::Measure([&] { answer = matching::Assign(problem).value(); }).wall);
    LF_CHECK(cost == -1 || cost == answer.cost);
    cost = answer.cost;
  }
  LF_CHECK(bench::Median(walls) <= kMaxSecondsOfAssignment);
  report.Figure(fmt::format("assignment_{}_tasks_{}_agents", tasks, agents), 1e3 * bench::Median(walls), "ms");
}

void MeasureGap(bench::Report& report, std::size_t tasks, std::size_t agents) {
  SeededRandom random(kSeed);
  matching::GapProblem problem;
  for (std::size_t t = 0; t < tasks; ++t) problem.tasks.push_back(std::to_string(t));
  for (std::size_t a = 0; a < agents; ++a) problem.agents.push_back(std::to_string(a));
  problem.capacity.assign(agents, static_cast<std::int64_t>(12 * tasks / agents));
  for (std::size_t k = 0; k < tasks * agents; ++k) {
    problem.value.push_back(-10 - static_cast<std::int64_t>(random.Next() % 41));
    problem.load.push_back(5 + static_cast<std::int64_t>(random.Next() % 21));
  }
  matching::GapAnswer answer;
  const double wall = bench::Measure([&] { answer = matching::SolveGap(problem).value(); }).wall;
  LF_CHECK(answer.end == matching::GapEnd::kProven && answer.objective == answer.bound);
  report.Figure(fmt::format("generalised_{}_tasks_{}_agents_proven", tasks, agents), 1e3 * wall, "ms");
}

void Run(const bench::Options& options) {
  bench::Report report("chain_risk");
  MeasureEsri(report, 400, 3'200, kRuns);
  MeasureInverse(report, options.quick ? 42 : 135);
  MeasureAssignment(report, 173, 146);
  MeasureGap(report, 60, 5);
  if (options.quick) return;
  MeasureEsri(report, 1'000, 8'000, 3);
  MeasureGap(report, 100, 10);
}

}  // namespace
}  // namespace landfall

int main(int argc, char** argv) {
  landfall::Run(landfall::bench::ParseOptions(argc, argv));
  return 0;
}
