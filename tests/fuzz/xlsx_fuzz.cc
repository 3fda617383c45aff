// SPDX-License-Identifier: Apache-2.0
// libFuzzer: the first byte chooses whether the rest is a whole file or the XML of one part. What is read is asked all
// that can be asked of a sheet.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/text.h"
#include "exchange/round_trip.h"
#include "exchange/xlsx_read.h"
#include "exchange/xml_scan.h"

namespace {

void Scan(std::string_view xml) {
  using namespace landfall::exchange;
  MemorySource source(xml);
  XmlScanner scanner(source, "fuzz");
  for (;;) {
    const auto token = scanner.Next();
    if (!token || *token == XmlScanner::Token::kDone) return;
    if (scanner.depth() > 64) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace landfall::exchange;
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  if ((data[0] & 1) != 0) {
    Scan(bytes);
    return 0;
  }
  SheetLimits limits;
  limits.package.total_bytes = 8 << 20;
  const auto book = ReadXlsx(bytes, limits);
  if (!book) return 0;
  for (const Sheet& sheet : book->sheets) {
    for (const SheetRow& row : sheet.rows)
      for (const SheetCell& cell : sheet.CellsOf(row))
        if (!landfall::IsUtf8(CellText(cell, sheet.dates)) || sheet.Find(row.number, cell.column) != &cell)
          std::abort();
    JoinedHeads(sheet, 1, 10);
  }
  RoundTripSpec spec;
  if (auto mark = ReadRoundTripMark(*book)) {
    spec.ledger = mark->ledger;
    spec.list = mark->list;
    spec.seq = mark->seq;
    if (!CompareSheet(*book, spec, [](std::string_view) { return CurrentRow{}; })) return 0;
  }
  return 0;
}
