// SPDX-License-Identifier: Apache-2.0
// Small CSV files as rows of text, for the tools of risk and matching.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "exchange/csv.h"

namespace landfall::cli {

using CsvCells = std::vector<std::vector<std::string>>;

inline constexpr std::size_t kMaxCsvBytes = 256 * 1024 * 1024;  // Unpacked.

// What input–output tables and matrices have: wide rows, few of them.
inline constexpr exchange::CsvLimits kWideCsv{
    .field_bytes = 64 * 1024, .row_bytes = 4 * 1024 * 1024, .columns = 20'000, .rows = 20'000};

// All rows that are not empty, of a plain or gzip file. `encoding`: "utf-8", "gbk" or "gb18030".
// Errors: those of exchange/gzip.h, encoding.h and csv.h.
Result<CsvCells> ReadCsvCells(const std::string& path, std::string_view encoding,
                              const exchange::CsvLimits& limits = {});

// The same over text in memory, which must be valid UTF-8 without byte order mark.
Result<CsvCells> ParseCsvCells(std::string_view utf8, const exchange::CsvLimits& limits);

// The content of a file as UTF-8 without byte order mark.
Result<std::string> ReadUtf8File(const std::string& path, std::string_view encoding);

// The place of each wanted column in the head of `cells`, letters of either case. A wanted column may have several
// names, separated by "|"; one that begins with "?" may be missing (then kNoColumn).
// Errors: tools.column_missing (detail lists the columns of the file), tools.row_short (a row with fewer fields than a
// wanted column needs).
inline constexpr std::size_t kNoColumn = static_cast<std::size_t>(-1);
Result<std::vector<std::size_t>> FindColumns(const CsvCells& cells, const std::vector<std::string_view>& wanted,
                                             std::string_view file);

}  // namespace landfall::cli
