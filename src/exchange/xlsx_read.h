// SPDX-License-Identifier: Apache-2.0
// Reads an .xlsx (ECMA-376, transitional and strict) that came from outside into a Workbook.
//
// What is read: every worksheet with its cells, cached values of formulas, merged ranges, hidden sheets, rows and
// columns. What is never looked at: macros, pictures, embedded files, external links, comments. Formulas are not
// computed; a cell whose formula was never computed is kEmpty with `formula` set, so that nobody takes it for blank.
#pragma once

#include "exchange/sheet.h"
#include "exchange/xlsx_package.h"

namespace landfall::exchange {

struct SheetLimits {
  PackageLimits package;
  std::size_t sheets = 256;
  std::uint32_t rows = kSheetRowsMax;               // The number of the last row with a cell, of one sheet.
  std::uint32_t columns = 1'000;                    // Likewise; styled cells without content do not count.
  std::size_t cells = 2'000'000;                    // Of all sheets; also of shared strings.
  std::size_t text_bytes = 128 * 1024;              // Of one cell; Excel stops at 32,767 characters.
  std::size_t text_bytes_total = 64 * 1024 * 1024;  // What cells and shared strings keep, numbers included.
  std::size_t merged = 20'000;                      // Of all sheets; also of ranges of hidden columns.
  std::size_t xml_depth = 64;
};

// Errors (kInvalid, detail without any content of the file but part names and cell names): those of XlsxPackage and
// XmlScanner; sheet.not_xlsx (a zip file that holds no workbook of this kind: .docx, .ods, .xlsb); sheet.no_sheet (no
// worksheet); sheet.too_many_sheets, sheet.too_many_rows, sheet.too_many_columns, sheet.too_many_cells,
// sheet.too_many_merges, sheet.text_too_long, sheet.texts_too_large; sheet.bad_cell (an address, type, number or
// shared string that is none); sheet.cells_out_of_order (rows or cells not ascending, or one twice).
//
// Memory: what the limits allow, at most 32 bytes a cell and the texts, and some buffers of 128 KiB; 500,000 cells take
// about 30 MB. Cost: about 0.2 s for 500,000 cells at -O2. Threads: each call stands alone.
Result<Workbook> ReadXlsx(std::string_view bytes, const SheetLimits& limits = {});

}  // namespace landfall::exchange
