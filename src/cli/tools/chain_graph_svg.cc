// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "cli/tools/chain_graph.h"
#include "cli/tools/print.h"

namespace landfall::cli {
namespace {

constexpr int kBoxWidth = 168, kBoxHeight = 34, kColumn = 232, kRow = 44, kMargin = 20, kHead = 40;

struct Look {
  std::string_view fill, mark;
};
Look LookOf(std::string_view status) {
  if (status == "local") return {"#dff2e3", "●"};
  if (status == "elsewhere") return {"#fdf0d5", "◐"};
  if (status == "missing") return {"#fbdfdc", "○"};
  if (status == "no_data") return {"#eeeeee", "?"};
  return {"#e8eef7", ""};
}

void AppendEscaped(std::string& out, std::string_view text) {
  for (const char c : text) {
    switch (c) {
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '&':
        out += "&amp;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
}

// As much of a name as a box holds, at 13 px a wide character.
std::string Fitted(std::string_view name) {
  constexpr std::size_t kColumns = 22;
  if (DisplayWidth(name) <= kColumns) return std::string(name);
  while (DisplayWidth(name) > kColumns - 1) {
    name.remove_suffix(1);
    while (!name.empty() && (static_cast<unsigned char>(name.back()) & 0xC0) == 0x80) name.remove_suffix(1);
    if (!name.empty() && static_cast<unsigned char>(name.back()) >= 0xC0) name.remove_suffix(1);
  }
  return std::string(name) + "…";
}

}  // namespace

std::string TiersSvg(const std::vector<TierBox>& boxes) {
  std::map<int, int> rows;  // Boxes a tier.
  int low = 0, high = 0, tallest = 1;
  struct Place {
    int x, y;
  };
  std::vector<Place> places;
  std::map<std::pair<std::string_view, int>, std::size_t> at;
  for (const TierBox& box : boxes) {
    low = std::min(low, box.tier);
    high = std::max(high, box.tier);
  }
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    const int row = rows[boxes[i].tier]++;
    tallest = std::max(tallest, row + 1);
    places.push_back({kMargin + (boxes[i].tier - low) * kColumn, kHead + row * kRow});
    at.emplace(std::make_pair(boxes[i].name, boxes[i].tier), i);
  }
  const int width = 2 * kMargin + (high - low) * kColumn + kBoxWidth, height = kHead + tallest * kRow + kMargin;
  std::string out = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} {1}\" "
      "font-family=\"'Noto Sans CJK SC','Microsoft YaHei',sans-serif\" font-size=\"13\">\n"
      "<rect width=\"{0}\" height=\"{1}\" fill=\"#ffffff\"/>\n",
      width, height);
  for (const auto& [tier, count] : rows)
    out += fmt::format("<text x=\"{}\" y=\"24\" fill=\"#555555\">{} · {}</text>\n", kMargin + (tier - low) * kColumn,
                       tier < 0   ? fmt::format("upstream {}", -tier)
                       : tier > 0 ? fmt::format("downstream {}", tier)
                                  : std::string("product"),
                       count);
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    if (boxes[i].tier == 0) continue;
    const int nearer = boxes[i].tier < 0 ? boxes[i].tier + 1 : boxes[i].tier - 1;
    const auto via = at.find({boxes[i].via, nearer});
    if (via == at.end()) continue;
    const Place& left = boxes[i].tier < 0 ? places[i] : places[via->second];
    const Place& right = boxes[i].tier < 0 ? places[via->second] : places[i];
    const int x1 = left.x + kBoxWidth, y1 = left.y + kBoxHeight / 2, y2 = right.y + kBoxHeight / 2;
    const int middle = (x1 + right.x) / 2;
    out += fmt::format("<path d=\"M{} {}C{} {} {} {} {} {}\" fill=\"none\" stroke=\"#b8b8b8\"/>\n", x1, y1, middle, y1,
                       middle, y2, right.x, y2);
  }
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    const TierBox& box = boxes[i];
    const Look look = LookOf(box.status);
    out += "<g><title>";
    AppendEscaped(out, box.name);
    out += fmt::format(" · {} makers{}{}</title>", box.makers, box.status.empty() ? "" : " · ", box.status);
    out += fmt::format(
        "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"4\" fill=\"{}\" stroke=\"#777777\"/>"
        "<text x=\"{}\" y=\"{}\">{}{}",
        places[i].x, places[i].y, kBoxWidth, kBoxHeight, look.fill, places[i].x + 8, places[i].y + 22, look.mark,
        look.mark.empty() ? "" : " ");
    AppendEscaped(out, Fitted(box.name));
    out += "</text></g>\n";
  }
  return out + "</svg>\n";
}

}  // namespace landfall::cli
