// SPDX-License-Identifier: Apache-2.0
#include "cli/tools/chain_risk_csv.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "exchange/encoding.h"
#include "exchange/gzip.h"
#include "exchange/table_text.h"

namespace landfall::cli {
namespace {

std::string Lower(std::string_view text) {
  std::string out(exchange::Trim(text));
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

std::size_t PlaceOf(const std::vector<std::string>& head, std::string_view names) {
  while (!names.empty()) {
    const std::size_t bar = std::min(names.find('|'), names.size());
    for (std::size_t c = 0; c < head.size(); ++c)
      if (Lower(head[c]) == names.substr(0, bar)) return c;
    names.remove_prefix(std::min(bar + 1, names.size()));
  }
  return kNoColumn;
}

}  // namespace

Result<std::string> ReadUtf8File(const std::string& path, std::string_view encoding) {
  LF_ASSIGN(const exchange::Encoding declared, exchange::ParseEncoding(encoding));
  LF_ASSIGN(const std::string bytes, ReadFileMaybeGzip(path, kMaxCsvBytes));
  exchange::MemorySource raw(bytes);
  exchange::Utf8Source source(raw, declared);
  std::string text;
  std::array<char, 64 * 1024> chunk;
  for (;;) {
    LF_ASSIGN(const std::size_t count, source.Read(chunk));
    if (count == 0) return text;
    text.append(chunk.data(), count);
  }
}

Result<CsvCells> ParseCsvCells(std::string_view utf8, const exchange::CsvLimits& limits) {
  exchange::MemorySource source(utf8);
  exchange::CsvReader reader(source, ',', limits);
  exchange::CsvRow row;
  CsvCells cells;
  for (;;) {
    LF_ASSIGN(const bool more, reader.Next(row));
    if (!more) return cells;
    cells.emplace_back(row.fields.begin(), row.fields.end());
  }
}

Result<CsvCells> ReadCsvCells(const std::string& path, std::string_view encoding, const exchange::CsvLimits& limits) {
  LF_ASSIGN(const std::string text, ReadUtf8File(path, encoding));
  return ParseCsvCells(text, limits);
}

Result<std::vector<std::size_t>> FindColumns(const CsvCells& cells, const std::vector<std::string_view>& wanted,
                                             std::string_view file) {
  const std::vector<std::string> none;
  const std::vector<std::string>& head = cells.empty() ? none : cells[0];
  std::vector<std::size_t> places;
  std::size_t needed = 0;
  for (std::string_view names : wanted) {
    const bool optional = names.starts_with('?');
    if (optional) names.remove_prefix(1);
    const std::size_t place = PlaceOf(head, names);
    if (place == kNoColumn && !optional)
      return Invalid("tools.column_missing",
                     fmt::format("The {} need a column {}; the file has: {}.", file, names, fmt::join(head, ", ")),
                     std::string(names.substr(0, names.find('|'))));
    if (place != kNoColumn) needed = std::max(needed, place + 1);
    places.push_back(place);
  }
  for (std::size_t r = 1; r < cells.size(); ++r)
    if (cells[r].size() < needed)
      return Invalid("tools.row_short", fmt::format("Row {} of the {} has {} fields; {} are needed.", r + 1, file,
                                                    cells[r].size(), needed));
  return places;
}

}  // namespace landfall::cli
