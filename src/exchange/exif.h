// SPDX-License-Identifier: Apache-2.0
// When and where a photo was taken, as its camera wrote it (Exif 2.32, CIPA DC-008). Nothing else is read.
//
// Why: 登记进展 shows beside a photo of the site when and where it was taken. It is the camera's word: clocks are wrong
// and fields can be edited, so it is shown, never decided upon. A place belongs to a person's movements: the caller
// keeps it as personal data.
//
// Bounds: each offset is checked, at most three directories are read, none twice, and no chain is followed. Broken
// parts are left out, never guessed; a photo without Exif has empty facts.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/day.h"
#include "exchange/geo_point.h"

namespace landfall::exchange {

struct PhotoFacts {
  struct Taken {
    Day day;                          // On the camera's wall.
    int second_of_day = 0;            // 0 … 86,399
    std::optional<UtcOffset> offset;  // Where the camera wrote one (since Exif 2.31).
    auto operator<=>(const Taken&) const = default;
  };
  std::optional<Taken> taken;
  std::optional<GeoPoint> place;
  std::optional<std::uint8_t> orientation;  // 1 … 8: how to turn the picture for display.
  std::string camera_make;                  // ASCII, at most 64 characters.
};

// Of a JPEG, PNG or WebP; empty facts for anything else (the Exif of HEIC is not read). Threads: each call stands
// alone.
PhotoFacts ReadPhotoFacts(std::string_view file);

// Of the TIFF structure inside, which the above finds.
PhotoFacts ReadExif(std::string_view tiff);

}  // namespace landfall::exchange
