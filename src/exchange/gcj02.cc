// SPDX-License-Identifier: Apache-2.0
#include "exchange/gcj02.h"

#include <cmath>
#include <numbers>

namespace landfall::exchange {
namespace {

constexpr double kPi = std::numbers::pi;
constexpr double kMajorAxis = 6'378'245.0;  // Metres; Krasovsky 1940.
constexpr double kEccentricity2 = 0.00669342162296594323;

bool IsShifted(Degrees at) {
  return at.longitude >= 72.004 && at.longitude <= 137.8347 && at.latitude >= 0.8293 && at.latitude <= 55.8271;
}

// Two waves of the polynomial, `a` and `b` metres high.
double Waves(double a, double b, double x, double y) { return (a * std::sin(x * kPi) + b * std::sin(y * kPi)) * 2 / 3; }

double NorthMetres(double x, double y) {
  return -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * std::sqrt(std::abs(x)) + Waves(20, 20, 6 * x, 2 * x) +
         Waves(20, 40, y, y / 3) + Waves(160, 320, y / 12, y / 30);
}

double EastMetres(double x, double y) {
  return 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * std::sqrt(std::abs(x)) + Waves(20, 20, 6 * x, 2 * x) +
         Waves(20, 40, x, x / 3) + Waves(150, 300, x / 12, x / 30);
}

}  // namespace

Degrees Gcj02FromWgs84(Degrees at) {
  if (!IsShifted(at)) return at;
  const double x = at.longitude - 105, y = at.latitude - 35;
  const double latitude = at.latitude / 180 * kPi;
  const double w2 = 1 - kEccentricity2 * std::sin(latitude) * std::sin(latitude);
  const double meridian = kMajorAxis * (1 - kEccentricity2) / (w2 * std::sqrt(w2));  // Radii of curvature, metres.
  const double parallel = kMajorAxis / std::sqrt(w2) * std::cos(latitude);
  return {at.latitude + NorthMetres(x, y) / meridian * 180 / kPi,
          at.longitude + EastMetres(x, y) / parallel * 180 / kPi};
}

Degrees Wgs84FromGcj02(Degrees gcj02) {
  if (!IsShifted(gcj02)) return gcj02;
  constexpr double kClose = 1e-8;  // Degrees; a tenth of what is kept.
  Degrees at = gcj02;
  for (int step = 0; step < 10; ++step) {
    const Degrees shifted = Gcj02FromWgs84(at);
    const double north = gcj02.latitude - shifted.latitude, east = gcj02.longitude - shifted.longitude;
    at.latitude += north;
    at.longitude += east;
    if (std::abs(north) < kClose && std::abs(east) < kClose) break;
  }
  return at;
}

}  // namespace landfall::exchange
