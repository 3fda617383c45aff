// SPDX-License-Identifier: Apache-2.0
#include "exchange/qr.h"

#include <qrencode.h>

#include <memory>
#include <string>

namespace landfall::exchange {

Result<QrCode> MakeQrCode(std::string_view bytes) {
  if (bytes.empty() || bytes.size() > kQrBytesMax)
    return Invalid("qr.too_long", std::to_string(bytes.size()) + " bytes");
  const std::unique_ptr<QRcode, void (*)(QRcode*)> made(
      QRcode_encodeData(static_cast<int>(bytes.size()), reinterpret_cast<const unsigned char*>(bytes.data()), 0,
                        QR_ECLEVEL_M),
      QRcode_free);
  LF_CHECK(made != nullptr);
  QrCode code;
  code.side = made->width;
  for (int i = 0; i < made->width * made->width; ++i) code.dark.push_back((made->data[i] & 1) != 0);
  return code;
}

}  // namespace landfall::exchange
