// SPDX-License-Identifier: Apache-2.0
// A sheet of ours as a person has it open: read, edited by headings, and saved as another program would.
#pragma once

#include <algorithm>
#include <map>

#include "exchange/round_trip.h"
#include "exchange/xlsx_support.h"

namespace landfall::server {

class OpenSheet {
 public:
  explicit OpenSheet(const std::string& bytes) {
    const auto book = exchange::ReadXlsx(bytes);
    LF_CHECK(book.ok());
    for (const exchange::Sheet& sheet : book->sheets) {
      if (sheet.name == "_lists") continue;
      Tab tab{sheet.name, sheet.hidden, {}};
      for (const exchange::SheetRow& row : sheet.rows) {
        auto& texts = tab.grid.emplace_back();
        const auto cells = sheet.CellsOf(row);
        for (std::uint32_t column = 1; column <= cells.back().column; ++column)
          texts.push_back(sheet.TextAt(row.number, column));
      }
      tabs_.push_back(std::move(tab));
    }
  }

  std::size_t rows() const { return tabs_[0].grid.size() - 1; }
  std::vector<std::string> heads() const { return tabs_[0].grid[0]; }
  bool Has(const std::string& head) const { return ColumnOf(head) < heads().size(); }
  // `row` from 1, the first below the heading.
  std::string Get(std::size_t row, const std::string& head) const {
    const auto& texts = tabs_[0].grid[row];
    const std::size_t column = ColumnOf(head);
    return column < texts.size() ? texts[column] : "";
  }
  void Set(std::size_t row, const std::string& head, const std::string& text) {
    const std::size_t column = ColumnOf(head);
    LF_CHECK(column < heads().size());
    if (row >= tabs_[0].grid.size()) tabs_[0].grid.resize(row + 1);
    auto& texts = tabs_[0].grid[row];
    if (texts.size() <= column) texts.resize(column + 1);
    texts[column] = text;
  }
  // A cell as it is written in the file, whole: what no honest program would put there.
  void SetRaw(std::size_t row, const std::string& head, const std::string& xml) {
    Set(row, head, "raw");
    raw_[{row, ColumnOf(head)}] = xml;
  }
  // Of the row in which a column has that text.
  std::size_t RowOf(const std::string& head, const std::string& text) const {
    for (std::size_t row = 1; row <= rows(); ++row)
      if (Get(row, head) == text) return row;
    return 0;
  }

  std::string Save() const {
    exchange::test::HandMade book;
    for (const Tab& tab : tabs_) {
      std::string rows;
      for (std::size_t row = 0; row < tab.grid.size(); ++row) {
        rows += "<row>";
        for (std::size_t column = 0; column < tab.grid[row].size(); ++column) {
          const std::string& text = tab.grid[row][column];
          if (const auto raw = raw_.find({row, column}); &tab == &tabs_[0] && raw != raw_.end()) {
            rows += raw->second;
            continue;
          }
          std::string escaped;
          for (char c : text) escaped += c == '&' ? "&amp;" : c == '<' ? "&lt;" : std::string(1, c);
          rows += text.empty() ? "<c/>" : fmt::format(R"(<c t="inlineStr"><is><t>{}</t></is></c>)", escaped);
        }
        rows += "</row>";
      }
      book.sheets.push_back({tab.name, tab.hidden ? R"(state="hidden")" : "", "<sheetData>" + rows + "</sheetData>"});
    }
    return exchange::test::Xlsx(book);
  }

 private:
  struct Tab {
    std::string name;
    bool hidden;
    std::vector<std::vector<std::string>> grid;
  };
  std::size_t ColumnOf(const std::string& head) const {
    const auto& heads = tabs_[0].grid[0];
    return static_cast<std::size_t>(std::find(heads.begin(), heads.end(), head) - heads.begin());
  }
  std::vector<Tab> tabs_;                                           // The list first.
  std::map<std::pair<std::size_t, std::size_t>, std::string> raw_;  // of the list, by row and column
};

}  // namespace landfall::server
