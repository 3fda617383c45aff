// SPDX-License-Identifier: Apache-2.0
// What an input–output table says about the weight of a sector: Leontief and Ghosh inverses, linkages, extraction.
//
// Formulas: R. Miller, P. Blair, Input-Output Analysis, 2nd ed. 2009, ch. 2 (L), 12.1 (G), 12.2 (linkages), 12.2.6
// (hypothetical extraction); the two indices normalised to mean 1 are Rasmussen's (1956), in Chinese practice
// 影响力系数 and 感应度系数. Imports are inside the flows as printed (竞争型): an inverse tells what is needed, not
// where it is made.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "analysis/risk/io_table.h"

namespace landfall::chain {

// Square matrices by rows, n × n, in the order of the table's sectors.
struct IoModel {
  std::size_t n = 0;
  std::vector<double> coefficients;  // 直接消耗系数 A: flow ÷ total input of the buying sector.
  std::vector<double> leontief;      // 完全需要系数 L = (I − A)⁻¹; 完全消耗系数 is L − I.
  std::vector<double> ghosh;  // G = (I − B)⁻¹ with B = flow ÷ total input of the selling sector; G = x̂⁻¹ L x̂.
  double residual = 0;        // The largest entry of |L (I − A) − I|.
  std::vector<std::string> warnings;  // Sectors whose inputs cost their whole output or more.
};

// Errors (kInvalid; detail names the sector): chain.io_output_missing (a sector uses inputs but has no total input),
// chain.io_not_productive (I − A is singular or its inverse has negative entries: the table needs more of its products
// than it makes; as a rule a column that sums to 1 or more). Negative flows count as positive in that test.
// Cost: n³, 10 ms for 135 sectors; memory 7 matrices. Threads: any.
Result<IoModel> SolveIo(const IoTable& table);

// By sector.
struct Linkages {
  std::vector<double> backward;  // Column sums of L: output of all sectors for one more unit of final use of this one.
  std::vector<double> forward;   // Row sums of G: output of all sectors that one more unit of its inputs allows.
  std::vector<double> power;     // 影响力系数: backward ÷ its mean.
  std::vector<double> sensitivity;    // 感应度系数: row sums of L ÷ their mean.
  std::vector<double> forward_index;  // Forward ÷ its mean.
  // "key": power and forward index above 1; "backward", "forward": one of them; "weak": none.
  std::vector<std::string_view> kind;
};
Linkages MeasureLinkages(const IoModel& model);

// What the other sectors would lose if these did not exist, in the unit of the table.
struct Extraction {
  double own_output = 0;   // Total input of the extracted sectors.
  double demand_loss = 0;  // Of the others, because the extracted no longer buy (Leontief).
  double supply_loss = 0;  // Of the others, because the extracted no longer sell (Ghosh).
  std::vector<double> demand_loss_by_sector, supply_loss_by_sector;  // 0 for the extracted themselves.
};
// Complete extraction: rows, columns and final use (value added, for the supply side) of `sectors` are set to 0.
// With S the extracted and R the others, the block inverse gives x_R − x̄_R = L_RS L_SS⁻¹ x_S; supply alike with G.
// Errors: chain.io_unknown_sector (an index of no sector, or one twice). Cost: n·s² + s³.
Result<Extraction> Extract(const IoTable& table, const IoModel& model, std::span<const std::size_t> sectors);

}  // namespace landfall::chain
