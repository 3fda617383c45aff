// SPDX-License-Identifier: Apache-2.0
// QR codes (ISO/IEC 18004) by libqrencode: byte mode, error correction M (about 15 % of the code may be unreadable).
#pragma once

#include <string_view>
#include <vector>

#include "base/result.h"

namespace landfall::exchange {

inline constexpr std::size_t kQrBytesMax =
    213;                            // Version 10 at level M: 57 modules a side, still printed by any printer.
inline constexpr int kQrQuiet = 4;  // Modules that stay white around it (§9.1).

struct QrCode {
  int side = 0;            // Modules.
  std::vector<bool> dark;  // Row by row.
  bool Dark(int x, int y) const { return dark[static_cast<std::size_t>(y * side + x)]; }
};
// Errors: qr.too_long (kInvalid) past kQrBytesMax or for nothing. Threads: any.
Result<QrCode> MakeQrCode(std::string_view bytes);

}  // namespace landfall::exchange
