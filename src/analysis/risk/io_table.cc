// SPDX-License-Identifier: Apache-2.0
#include "analysis/risk/io_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <span>
#include <unordered_map>

namespace landfall::chain {
namespace {

using Cells = std::vector<std::vector<std::string>>;

// Of a total: more is never taken for rounding. The BEA publishes 7 too much in 2,288.
constexpr double kRoundingMost = 5e-3;
constexpr std::size_t kHeadingRows = 40,
                      kHeadingColumns = 8;  // Where the code line and the code column are looked for.
constexpr std::size_t kNone = static_cast<std::size_t>(-1);

bool IsBlank(std::string_view text, std::size_t at, std::size_t& bytes) {
  constexpr std::string_view kWide[] = {"\xE3\x80\x80", "\xC2\xA0"};  // U+3000, U+00A0
  const auto c = static_cast<unsigned char>(text[at]);
  bytes = 1;
  if (c <= 0x20) return true;
  for (const std::string_view wide : kWide) {
    if (text.substr(at).starts_with(wide)) {
      bytes = wide.size();
      return true;
    }
  }
  return false;
}

// Without white space at the ends; a run inside is one blank between ASCII and nothing beside Chinese, because there it
// is a line break or padding of the print ("煤炭开采\n和洗选业", "总  投 入").
std::string CleanLabel(std::string_view text) {
  std::string out;
  bool gap = false;
  for (std::size_t at = 0, bytes = 0; at < text.size(); at += bytes) {
    if (IsBlank(text, at, bytes)) {
      gap = !out.empty();
      continue;
    }
    const bool ascii = static_cast<unsigned char>(text[at]) < 0x80;
    if (gap && ascii && static_cast<unsigned char>(out.back()) < 0x80) out += ' ';
    gap = false;
    out += text[at];
  }
  return out;
}

// For comparison with the lists below: lower case, no white space.
std::string Folded(std::string_view label) {
  std::string out;
  for (std::size_t at = 0, bytes = 0; at < label.size(); at += bytes) {
    if (IsBlank(label, at, bytes)) continue;
    out += label[at] >= 'A' && label[at] <= 'Z' ? static_cast<char>(label[at] - 'A' + 'a') : label[at];
  }
  return out;
}

enum class Role {
  kComponent,  // Of final use or of value added.
  kSubtotal,
  kIntermediateTotal,
  kFinalTotal,  // Of final uses; of value added in a row.
  kImports,
  kBalancing,
  kGrandTotal,  // 总产出, 总投入
};

struct RoleName {
  std::string_view name;
  Role role;
};
constexpr RoleName kColumnRoles[] = {{"中间使用合计", Role::kIntermediateTotal},
                                     {"中间需求合计", Role::kIntermediateTotal},
                                     {"tiu", Role::kIntermediateTotal},
                                     {"totalintermediate", Role::kIntermediateTotal},
                                     {"totalintermediateuse", Role::kIntermediateTotal},
                                     {"最终使用合计", Role::kFinalTotal},
                                     {"最终需求合计", Role::kFinalTotal},
                                     {"tfu", Role::kFinalTotal},
                                     {"totalfinaluse", Role::kFinalTotal},
                                     {"totalfinaldemand", Role::kFinalTotal},
                                     {"totalfinaluses(gdp)", Role::kFinalTotal},
                                     {"进口", Role::kImports},
                                     {"im", Role::kImports},
                                     {"imports", Role::kImports},
                                     {"其他", Role::kBalancing},
                                     {"误差", Role::kBalancing},
                                     {"err", Role::kBalancing},
                                     {"statisticaldiscrepancy", Role::kBalancing},
                                     {"总产出", Role::kGrandTotal},
                                     {"go", Role::kGrandTotal},
                                     {"totaloutput", Role::kGrandTotal},
                                     {"grossoutput", Role::kGrandTotal},
                                     {"totalcommodityoutput", Role::kGrandTotal}};
constexpr RoleName kRowRoles[] = {{"中间投入合计", Role::kIntermediateTotal},
                                  {"tii", Role::kIntermediateTotal},
                                  {"totalintermediate", Role::kIntermediateTotal},
                                  {"totalintermediateinputs", Role::kIntermediateTotal},
                                  {"增加值合计", Role::kFinalTotal},
                                  {"tva", Role::kFinalTotal},
                                  {"totalvalueadded", Role::kFinalTotal},
                                  {"总投入", Role::kGrandTotal},
                                  {"ti", Role::kGrandTotal},
                                  {"totalinput", Role::kGrandTotal},
                                  {"totalindustryoutput", Role::kGrandTotal}};

bool IsSubtotal(std::string_view folded) {
  for (const std::string_view code : {"thc", "tc", "gcf", "sum"})
    if (folded == code) return true;
  return folded.starts_with("total") || folded.ends_with("合计") || folded.ends_with("小计") ||
         folded.ends_with("总计");
}

// The role that the labels of one line have; a component where none says otherwise.
Role RoleOf(const std::vector<std::string>& folded_labels, std::span<const RoleName> names) {
  for (const std::string& label : folded_labels)
    for (const RoleName& known : names)
      if (label == known.name) return known.role;
  const bool subtotal = std::any_of(folded_labels.begin(), folded_labels.end(), IsSubtotal);
  return subtotal ? Role::kSubtotal : Role::kComponent;
}

// A total may stand in both headings and is no sector all the same; 其他 in both is one.
bool NamesATotal(std::string_view label) {
  const std::vector<std::string> folded = {Folded(label)};
  const Role column = RoleOf(folded, kColumnRoles);
  if (column == Role::kImports || column == Role::kBalancing) return false;
  return column != Role::kComponent || RoleOf(folded, kRowRoles) != Role::kComponent;
}

// As a spreadsheet counts.
std::string Place(std::size_t row, std::size_t column) { return fmt::format("row {}, column {}", row + 1, column + 1); }

class Reader {
 public:
  Reader(const Cells& cells, const IoReadOptions& options) : cells_(cells), options_(options) {}

  Result<IoTable> Read() {
    if (!(options_.tolerance >= 0 && options_.tolerance < 1))
      return Invalid("chain.io_option", "The tolerance is at least 0 and less than 1.", "tolerance");
    LF_TRY(Measure());
    LF_TRY(FindSectors());
    ReadHead();
    NameSectors();
    LF_TRY(ReadFlows());
    LF_TRY(ReadColumns());
    LF_TRY(ReadRows());
    LF_TRY(CompleteTotals());
    LF_TRY(CheckRows());
    LF_TRY(CheckColumns());
    LF_TRY(CompareInputWithOutput());
    Explain();
    return std::move(table_);
  }

 private:
  struct Sector {
    std::string code;
    std::size_t row = 0, column = 0;  // Of the sheet.
    int count_in_row = 0, count_in_column = 0;
  };

  std::string_view At(std::size_t row, std::size_t column) const {
    return row < cells_.size() && column < cells_[row].size() ? std::string_view(cells_[row][column])
                                                              : std::string_view();
  }
  std::string Label(std::size_t row, std::size_t column) const { return CleanLabel(At(row, column)); }

  Status Measure() {
    for (const auto& row : cells_) columns_ = std::max(columns_, row.size());
    if (cells_.size() > kMaxIoLines || columns_ > kMaxIoLines)
      return Invalid("chain.io_too_large", fmt::format("The sheet has {} rows and {} columns; at most {} are read.",
                                                       cells_.size(), columns_, kMaxIoLines));
    return Ok{};
  }

  // The first heading row and heading column with labels in common and nothing between them and the figures: where
  // names stand outside and codes inside, the codes are taken, since names are spelt in two ways in one table.
  Status FindSectors() {
    for (std::size_t r = 0; r < std::min(cells_.size(), kHeadingRows) && sectors_.empty(); ++r)
      for (std::size_t c = 0; c < std::min(columns_, kHeadingColumns) && sectors_.empty(); ++c) TakeHeadings(r, c);
    const std::size_t n = sectors_.size();
    if (n == 0)
      return Invalid("chain.io_no_sectors",
                     "No heading row and heading column beside the figures have two labels or more in common.");
    if (n > kMaxIoSectors)
      return Invalid("chain.io_too_large",
                     fmt::format("The table has {} sectors; at most {} are read.", n, kMaxIoSectors));
    for (const Sector& sector : sectors_)
      if (sector.count_in_row > 1 || sector.count_in_column > 1)
        return Invalid("chain.io_duplicate_sector",
                       fmt::format("Label {} stands {} times in row {} and {} times in column {}.", sector.code,
                                   sector.count_in_row, code_row_ + 1, sector.count_in_column, code_column_ + 1));
    sector_of_row_.assign(cells_.size(), kNone);
    sector_of_column_.assign(columns_, kNone);
    for (std::size_t k = 0; k < sectors_.size(); ++k) {
      sector_of_row_[sectors_[k].row] = sector_of_column_[sectors_[k].column] = k;
      table_.codes.push_back(sectors_[k].code);
    }
    uses_ = inputs_ = Side(sectors_.size());
    return Ok{};
  }

  // Sets sectors_ in the order of their columns when these are the headings next to the figures.
  void TakeHeadings(std::size_t row, std::size_t column) {
    std::unordered_map<std::string, Sector> places;
    for (std::size_t c = column + 1; c < cells_[row].size(); ++c) {
      std::string label = Label(row, c);
      if (label.empty() || NamesATotal(label)) continue;
      Sector& sector = places[label];
      sector.code = std::move(label);
      sector.column = c;
      ++sector.count_in_row;
    }
    for (std::size_t r = row + 1; !places.empty() && r < cells_.size(); ++r) {
      const auto found = places.find(Label(r, column));
      if (found == places.end()) continue;
      found->second.row = r;
      ++found->second.count_in_column;
    }
    std::vector<Sector> sectors;
    std::size_t first_row = cells_.size(), first_column = columns_;
    for (auto& [label, sector] : places) {
      if (sector.count_in_column == 0) continue;
      first_row = std::min(first_row, sector.row);
      first_column = std::min(first_column, sector.column);
      sectors.push_back(std::move(sector));
    }
    if (sectors.size() < 2) return;
    for (const Sector& sector : sectors) {
      for (std::size_t r = row + 1; r < first_row; ++r)
        if (!Label(r, sector.column).empty()) return;
      for (std::size_t c = column + 1; c < first_column; ++c)
        if (!Label(sector.row, c).empty()) return;
    }
    std::sort(sectors.begin(), sectors.end(), [](const Sector& a, const Sector& b) { return a.column < b.column; });
    sectors_ = std::move(sectors);
    code_row_ = row;
    code_column_ = column;
  }

  // Title and unit stand above the headings, where the sheet has them.
  void ReadHead() {
    for (std::size_t r = 0; r < code_row_; ++r) {
      for (std::size_t c = 0; c < cells_[r].size(); ++c) {
        const std::string label = Label(r, c);
        if (r == 0 && table_.title.empty()) table_.title = label;
        for (const std::string_view mark : {"单位：", "单位:"})
          if (label.starts_with(mark)) table_.unit = label.substr(mark.size());
      }
    }
  }

  // The nearest column left of the codes that is filled for all sectors; else the heading above; else the code.
  void NameSectors() {
    for (std::size_t c = code_column_; c-- > 0;) {
      std::vector<std::string> names;
      for (const Sector& sector : sectors_) names.push_back(Label(sector.row, c));
      if (std::any_of(names.begin(), names.end(), [](const std::string& name) { return name.empty(); })) continue;
      table_.names = std::move(names);
      return;
    }
    for (const Sector& sector : sectors_) {
      std::string name;
      for (std::size_t r = code_row_; r-- > 0 && name.empty();) name = Label(r, sector.column);
      table_.names.push_back(name.empty() ? sector.code : name);
    }
  }

  Result<double> Number(std::size_t row, std::size_t column) {
    const std::string text = CleanLabel(At(row, column));
    if (text.empty() || text == "-" || text == "—" || text == "－") return 0.0;
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value))
      return Invalid("chain.io_not_a_number",
                     fmt::format("The cell in {} is not a finite number.", Place(row, column)));
    if (text.find_first_of("eE") != std::string::npos) {
      decimals_ = std::max<std::size_t>(decimals_, 9);
    } else if (const std::size_t point = text.find('.'); point != std::string::npos) {
      decimals_ = std::max(decimals_, text.size() - point - 1);
    }
    return value;
  }

  Status ReadFlows() {
    const std::size_t n = sectors_.size();
    table_.flows.resize(n * n);
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < n; ++j) {
        LF_ASSIGN(table_.flows[i * n + j], Number(sectors_[i].row, sectors_[j].column));
      }
    }
    return Ok{};
  }

  bool IsEmptyColumn(std::size_t column) const {
    return std::all_of(sectors_.begin(), sectors_.end(),
                       [&](const Sector& sector) { return Label(sector.row, column).empty(); });
  }
  bool IsEmptyRow(std::size_t row) const {
    return std::all_of(sectors_.begin(), sectors_.end(),
                       [&](const Sector& sector) { return Label(row, sector.column).empty(); });
  }

  // What stands beside the sectors, by role. `terms` counts the addends that are not 0, for the rounding.
  struct Side {
    bool has_intermediate_total = false, has_components = false, has_final_total = false, has_grand_total = false;
    std::vector<double> intermediate_total, final_total, components, outside, grand_total;
    std::vector<std::size_t> terms;
    explicit Side(std::size_t n)
        : intermediate_total(n), final_total(n), components(n), outside(n), grand_total(n), terms(n, 1) {}

    void Take(Role role, std::size_t k, double value) {
      switch (role) {
        case Role::kComponent:
          components[k] += value, has_components = true;
          break;
        case Role::kSubtotal:
          return;
        case Role::kIntermediateTotal:
          intermediate_total[k] = value, has_intermediate_total = true;
          break;
        case Role::kFinalTotal:
          final_total[k] = value, has_final_total = true;
          break;
        case Role::kImports:
          outside[k] -= value, has_components = true;
          break;
        case Role::kBalancing:
          outside[k] += value, has_components = true;
          break;
        case Role::kGrandTotal:
          grand_total[k] = value, has_grand_total = true;
          break;
      }
      if (value != 0) ++terms[k];
    }
    double Final(std::size_t k) const { return (has_final_total ? final_total[k] : components[k]) + outside[k]; }
    bool has_final() const { return has_components || has_final_total; }
  };

  Status ReadColumns() {
    for (std::size_t c = code_column_ + 1; c < columns_; ++c) {
      if (sector_of_column_[c] != kNone || IsEmptyColumn(c)) continue;
      std::vector<std::string> labels;
      for (std::size_t r = 0; r <= code_row_; ++r) labels.push_back(Folded(At(r, c)));
      const Role role = RoleOf(labels, kColumnRoles);
      for (std::size_t k = 0; k < sectors_.size(); ++k) {
        LF_ASSIGN(const double value, Number(sectors_[k].row, c));
        uses_.Take(role, k, value);
      }
      if (role == Role::kIntermediateTotal) total_column_ = c;
      if (role == Role::kGrandTotal) output_column_ = c;
    }
    return Ok{};
  }

  Status ReadRows() {
    const std::size_t n = sectors_.size();
    std::vector<std::pair<std::size_t, Role>> rows;
    for (std::size_t r = code_row_ + 1; r < cells_.size(); ++r) {
      if (sector_of_row_[r] != kNone || IsEmptyRow(r)) continue;
      std::vector<std::string> labels;
      for (std::size_t c = 0; c <= code_column_; ++c) labels.push_back(Folded(At(r, c)));
      rows.emplace_back(r, RoleOf(labels, kRowRoles));
    }
    std::size_t total_row = 0, input_row = kNone;
    for (const auto& [row, role] : rows)
      if (role == Role::kIntermediateTotal) total_row = row;
    table_.other_inputs.assign(n, 0);
    for (const auto& [row, role] : rows) {
      const bool product = role == Role::kComponent && row < total_row;
      if (product) table_.products_without_industry.push_back(RowLabel(row));
      if (role == Role::kGrandTotal) input_row = row;
      for (std::size_t k = 0; k < n; ++k) {
        LF_ASSIGN(const double value, Number(row, sectors_[k].column));
        if (product) {
          table_.other_inputs[k] += value;
          inputs_.terms[k] += value != 0;
        } else {
          inputs_.Take(role, k, value);
        }
      }
    }
    // The grand totals of the print: total input at the end of its row, total output at the foot of its column.
    if (input_row != kNone && total_column_ != kNone) {
      LF_ASSIGN(table_.printed_total_input, PrintedTotal(input_row, total_column_));
    }
    if (total_row != 0 && output_column_ != kNone) {
      LF_ASSIGN(table_.printed_total_output, PrintedTotal(total_row, output_column_));
    }
    return Ok{};
  }

  // Absent where the corner is empty or filled up with 0.
  Result<std::optional<double>> PrintedTotal(std::size_t row, std::size_t column) {
    LF_ASSIGN(const double total, Number(row, column));
    return total == 0 ? std::nullopt : std::optional(total);
  }

  std::string RowLabel(std::size_t row) const {
    std::string label;
    for (std::size_t c = code_column_ + 1; c-- > 0 && label.empty();) label = Label(row, c);
    return label;
  }
  double RowSum(std::size_t i) const {
    double sum = 0;
    for (std::size_t j = 0; j < sectors_.size(); ++j) sum += table_.flows[i * sectors_.size() + j];
    return sum;
  }
  double ColumnSum(std::size_t j) const {
    double sum = 0;
    for (std::size_t i = 0; i < sectors_.size(); ++i) sum += table_.flows[i * sectors_.size() + j];
    return sum;
  }
  std::size_t RowTerms(std::size_t i) const {
    std::size_t count = uses_.terms[i];
    for (std::size_t j = 0; j < sectors_.size(); ++j) count += table_.flows[i * sectors_.size() + j] != 0;
    return count;
  }
  std::size_t ColumnTerms(std::size_t j) const {
    std::size_t count = inputs_.terms[j];
    for (std::size_t i = 0; i < sectors_.size(); ++i) count += table_.flows[i * sectors_.size() + j] != 0;
    return count;
  }

  // Totals that are not printed follow from the others; at least one side must have them.
  Status CompleteTotals() {
    const std::size_t n = sectors_.size();
    const bool output_known = uses_.has_grand_total || uses_.has_final();
    const bool input_known = inputs_.has_grand_total || inputs_.has_final();
    if (!output_known && !input_known)
      return Invalid(
          "chain.io_totals_missing",
          fmt::format("{} sectors are found, but neither total output, final use, value added nor total input.", n));
    table_.output.resize(n);
    table_.input.resize(n);
    table_.net_final_use.resize(n);
    table_.value_added.resize(n);
    for (std::size_t k = 0; k < n; ++k) {
      const double sold = RowSum(k), bought = ColumnSum(k) + table_.other_inputs[k];
      double output = uses_.has_grand_total ? uses_.grand_total[k] : sold + uses_.Final(k);
      double input = inputs_.has_grand_total ? inputs_.grand_total[k] : bought + inputs_.Final(k);
      if (!output_known) output = input;
      if (!input_known) input = output;
      table_.output[k] = output;
      table_.input[k] = input;
      table_.net_final_use[k] = uses_.has_final() ? uses_.Final(k) : output - sold;
      table_.value_added[k] = inputs_.has_final() ? inputs_.Final(k) : input - bought;
    }
    const bool all_one = std::all_of(table_.input.begin(), table_.input.end(), [](double x) { return x == 1; });
    if (all_one && !uses_.has_grand_total)
      return Invalid("chain.io_coefficients", "Every total input is 1 and there is no total output.");
    return Ok{};
  }

  // Half a unit of the last printed digit for each addend at worst; for many addends four standard deviations of their
  // sum, since uniform errors of one unit have variance 1/12. In a table of small numbers a unit is no rounding.
  double Tolerance(double total, std::size_t terms) const {
    double rounding = 0;
    if (decimals_ <= 3) {
      const auto count = static_cast<double>(terms);
      rounding = std::pow(10.0, -static_cast<double>(decimals_)) * std::min(count / 2, 4 * std::sqrt(count / 12));
    }
    return options_.tolerance * std::abs(total) + std::min(rounding, kRoundingMost * std::abs(total));
  }

  // Gathers lines that do not add up; names the first, counts all.
  struct Imbalances {
    std::size_t count = 0;
    std::string first;
  };
  void Compare(std::size_t k, std::string_view line, std::string_view what, double sum, double printed,
               std::size_t terms, Imbalances& found) {
    const double difference = sum - printed;
    if (std::abs(difference) <= Tolerance(printed, terms)) {
      table_.worst_imbalance = std::max(table_.worst_imbalance, std::abs(difference));
      return;
    }
    if (++found.count == 1)
      found.first = fmt::format("{} {} ({}), {}: the parts add to {}, the table says {}, a difference of {}", line,
                                table_.codes[k], table_.names[k], what, sum, printed, difference);
  }
  static Status Refuse(const Imbalances& found, std::string_view lines) {
    if (found.count == 0) return Ok{};
    return Invalid("chain.io_unbalanced", fmt::format("{}; {} {} do not balance.", found.first, found.count, lines));
  }

  Status CheckRows() {
    Imbalances found;
    for (std::size_t k = 0; k < sectors_.size(); ++k) {
      const double sold = RowSum(k);
      if (uses_.has_intermediate_total)
        Compare(k, "row", "intermediate uses", sold, uses_.intermediate_total[k], RowTerms(k), found);
      if (uses_.has_grand_total && uses_.has_final())
        Compare(k, "row", "uses", sold + uses_.Final(k), table_.output[k], RowTerms(k), found);
    }
    return Refuse(found, "sums of rows");
  }

  Status CheckColumns() {
    Imbalances found;
    for (std::size_t k = 0; k < sectors_.size(); ++k) {
      const double bought = ColumnSum(k) + table_.other_inputs[k];
      if (inputs_.has_intermediate_total)
        Compare(k, "column", "intermediate inputs", bought, inputs_.intermediate_total[k], ColumnTerms(k), found);
      if (inputs_.has_grand_total && inputs_.has_final())
        Compare(k, "column", "inputs", bought + inputs_.Final(k), table_.input[k], ColumnTerms(k), found);
    }
    return Refuse(found, "sums of columns");
  }

  Status CompareInputWithOutput() {
    Imbalances found;
    std::size_t worst = 0;
    double worst_share = 0;
    for (std::size_t k = 0; k < sectors_.size(); ++k) {
      Compare(k, "sector", "output against input", table_.output[k], table_.input[k], RowTerms(k) + ColumnTerms(k),
              found);
      const double share = std::abs(table_.output[k] - table_.input[k]) / std::max(1e-300, std::abs(table_.input[k]));
      if (share > worst_share) worst_share = share, worst = k;
    }
    if (table_.products_without_industry.empty()) return Refuse(found, "sectors");
    if (found.count > 0)
      table_.warnings.push_back(
          fmt::format("Rows are products and columns are industries: product output and industry output differ in {} "
                      "of {} sectors, "
                      "most in {} ({:.1f} % of its input), by secondary products.",
                      found.count, sectors_.size(), table_.codes[worst], 100 * worst_share));
    return Ok{};
  }

  void Explain() {
    if (!table_.products_without_industry.empty())
      table_.warnings.push_back(
          fmt::format("The table is rectangular: {} rows are no industry ({}) and count as inputs from outside.",
                      table_.products_without_industry.size(), fmt::join(table_.products_without_industry, ", ")));
    WarnOfTotal("input", table_.printed_total_input, table_.input);
    WarnOfTotal("output", table_.printed_total_output, table_.output);
    const std::size_t n = sectors_.size();
    std::size_t negative = 0, worst = 0;
    for (std::size_t k = 0; k < n * n; ++k) {
      if (table_.flows[k] >= 0) continue;
      ++negative;
      if (table_.flows[k] < table_.flows[worst]) worst = k;
    }
    if (negative > 0)
      table_.warnings.push_back(fmt::format("{} intermediate flows are negative, most of all {} from {} to {}.",
                                            negative, table_.flows[worst], table_.codes[worst / n],
                                            table_.codes[worst % n]));
  }

  // A part of a table, or one whose grand total counts what is not in it.
  void WarnOfTotal(std::string_view what, std::optional<double> printed, const std::vector<double>& parts) {
    double sum = 0;
    for (const double part : parts) sum += part;
    if (printed && std::abs(sum - *printed) > Tolerance(*printed, parts.size()))
      table_.warnings.push_back(
          fmt::format("The sectors' {} adds to {}, the table's grand total is {}.", what, sum, *printed));
  }

  const Cells& cells_;
  const IoReadOptions& options_;
  IoTable table_;
  std::size_t columns_ = 0, code_row_ = 0, code_column_ = 0;
  std::vector<Sector> sectors_;
  std::vector<std::size_t> sector_of_row_, sector_of_column_;
  std::size_t total_column_ = kNone, output_column_ = kNone;
  std::size_t decimals_ = 0;  // The most that any figure of the table has.
  Side uses_{0}, inputs_{0};
};

}  // namespace

Result<IoTable> ReadIoTable(const Cells& cells, const IoReadOptions& options) { return Reader(cells, options).Read(); }

}  // namespace landfall::chain
