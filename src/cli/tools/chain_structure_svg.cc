// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cli/tools/chain_structure.h"
#include "cli/tools/print.h"

namespace landfall::cli {
namespace {

constexpr int kWidth = 880, kTop = 64, kLine = 20, kBarHeight = 12, kMargin = 24, kValueRoom = 56;
constexpr double kCharWidth = 6.6;  // Of one terminal column at 12 px.

std::string Escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;  // Control characters are no XML.
    }
  }
  return out;
}

// At most `columns` wide, cut between characters.
std::string Shortened(std::string_view label, std::size_t columns) {
  if (DisplayWidth(label) <= columns) return std::string(label);
  std::size_t end = 0, next = 0;
  for (;;) {
    for (++next; next < label.size() && (static_cast<unsigned char>(label[next]) & 0xC0) == 0x80;) ++next;
    if (next >= label.size() || DisplayWidth(label.substr(0, next)) > columns - 1) break;
    end = next;
  }
  return std::string(label.substr(0, end)) + "…";
}

}  // namespace

std::string BarChartSvg(std::string_view title, std::string_view subtitle, std::span<const Bar> bars,
                        std::size_t most) {
  std::vector<const Bar*> shown;  // nullptr: the line that stands for those between.
  const std::size_t head = bars.size() > most ? most / 2 : bars.size();
  for (std::size_t i = 0; i < head; ++i) shown.push_back(&bars[i]);
  if (head < bars.size()) {
    shown.push_back(nullptr);
    for (std::size_t i = bars.size() - (most - head); i < bars.size(); ++i) shown.push_back(&bars[i]);
  }

  constexpr std::size_t kLabelColumns = 28;
  std::size_t label_columns = 4;
  double low = 0, high = 0;
  for (const Bar* bar : shown) {
    if (bar == nullptr) continue;
    label_columns = std::max(label_columns, std::min(DisplayWidth(bar->label), kLabelColumns));
    low = std::min(low, bar->value);
    high = std::max(high, bar->value);
  }
  const double left = kMargin + static_cast<double>(label_columns) * kCharWidth + (low < 0 ? kValueRoom : 12);
  const double scale = high > low ? (kWidth - kMargin - kValueRoom - left) / (high - low) : 0;
  const double zero = left - low * scale;
  const int height = kTop + kLine * static_cast<int>(shown.size()) + kMargin;

  std::string out = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" height=\"{1}\" "
      "font-family=\"'Noto Sans CJK SC','Source Han Sans SC','PingFang SC','Microsoft YaHei',sans-serif\" "
      "font-size=\"12\">\n"
      "<rect width=\"{0}\" height=\"{1}\" fill=\"#fff\"/>\n"
      "<text x=\"{2}\" y=\"28\" font-size=\"16\" font-weight=\"600\" fill=\"#1c2733\">{3}</text>\n"
      "<text x=\"{2}\" y=\"48\" fill=\"#5b6876\">{4}</text>\n"
      "<line x1=\"{5:.1f}\" x2=\"{5:.1f}\" y1=\"{6}\" y2=\"{7}\" stroke=\"#9aa6b2\"/>\n",
      kWidth, height, kMargin, Escaped(title), Escaped(subtitle), zero, kTop - 4, height - kMargin + 4);
  int y = kTop;
  for (const Bar* bar : shown) {
    const int baseline = y + 11;
    if (bar == nullptr) {
      out +=
          fmt::format("<text x=\"{}\" y=\"{}\" fill=\"#5b6876\">⋯ {}</text>\n", kMargin, baseline, bars.size() - most);
      y += kLine;
      continue;
    }
    const double width = std::abs(bar->value) * scale;
    const bool negative = bar->value < 0;
    out += fmt::format("<text x=\"{}\" y=\"{}\" fill=\"#1c2733\">{}</text>\n", kMargin, baseline,
                       Escaped(Shortened(bar->label, kLabelColumns)));
    out += fmt::format("<rect x=\"{:.1f}\" y=\"{}\" width=\"{:.1f}\" height=\"{}\" rx=\"1\" fill=\"{}\"/>\n",
                       negative ? zero - width : zero, y, width, kBarHeight, negative ? "#c2703d" : "#2f6f9f");
    out += fmt::format("<text x=\"{:.1f}\" y=\"{}\" fill=\"#5b6876\" text-anchor=\"{}\">{}</text>\n",
                       negative ? zero - width - 5 : zero + width + 5, baseline, negative ? "end" : "start",
                       Decimal(bar->value, 2));
    y += kLine;
  }
  return out + "</svg>\n";
}

}  // namespace landfall::cli
