// SPDX-License-Identifier: Apache-2.0
// Papers as PDF 1.7 (ISO 32000-1): pages of text, lines and filled squares, attached files, one signature over all of
// it.
//
// Text is laid out here and written as hexadecimal strings, so nothing that a name holds can end a string or start an
// operator. Fonts are not embedded: Chinese is set in STSong-Light of the character collection Adobe-GB1, which every
// reader replaces by a Chinese font that it has; the Latin letters of Western Europe in Helvetica, or Courier for
// codes. What the collection lacks is shown as 〓, the type-setter's mark for a missing sign; control and direction
// characters are left out, so what is printed stands in the order in which it was written.
//
// Nothing is compressed: an attached file stands in the paper as it is. Threads: one writer is one thread's.
// Cost: about 1 ms a page.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/day.h"
#include "base/result.h"

namespace landfall::exchange {

inline constexpr double kA4Width = 595.28, kA4Height = 841.89;  // Points, 1/72 inch.

enum class PdfFont : std::uint8_t { kText, kCode };

// How wide UTF-8 stands in one line, in points. What is not UTF-8 counts as missing signs.
double PdfWidth(std::string_view text, double size, PdfFont font);
// Lines of at most `width`: broken at line feeds, between ideographs and after spaces, and within a word that is longer
// than a line. At least one line.
std::vector<std::string> WrapForPdf(std::string_view text, double size, double width, PdfFont font);

struct PdfAttachment {
  std::string name;        // Of the file: ASCII letters, digits and .-_
  std::string media_type;  // e.g. "text/plain"
  std::string about;       // UTF-8
  std::string bytes;
};

struct PdfSigner {
  std::string name, reason;  // UTF-8
  Instant at;                // To the second.
  std::size_t bytes = 0;     // Of the signature's DER, exactly.
};

// A paper that waits for its signature.
struct UnsignedPdf {
  std::string bytes;
  std::size_t gap = 0, gap_bytes = 0;  // What the signature does not cover: < hexadecimal digits >.
  // What is signed: everything before the gap and everything behind it.
  std::string Signed() const;
  // Precondition: `der` has the length that was promised.
  std::string With(std::string_view der) &&;
};

class PdfWriter {
 public:
  // `language`: e.g. "zh-CN".
  PdfWriter(std::string title, std::string language, Instant made_at);

  // What follows is drawn on a new page. Points count from its upper left corner; `y` of text is its base line.
  void BeginPage();
  std::size_t pages() const { return pages_.size(); }
  // Goes back to a page, for what is known only at the end: its number of how many.
  void ReturnTo(std::size_t page) { page_ = page; }
  // `grey`: 0 black … 1 white.
  void Text(double x, double y, double size, std::string_view text, PdfFont font = PdfFont::kText, double grey = 0);
  void Line(double x1, double y1, double x2, double y2, double width, double grey = 0);
  void Square(double x, double y, double width, double height);  // Filled black.
  void Attach(PdfAttachment attachment);

  // Preconditions: at least one page.
  UnsignedPdf Finish(const PdfSigner &signer) &&;

 private:
  std::string title_, language_;
  Instant made_at_;
  std::vector<std::string> pages_;  // Content streams.
  std::size_t page_ = 0;
  std::vector<PdfAttachment> attachments_;
};

// The first attached file of a paper that this writer made whose bytes begin with `start`. Looks at no other PDF's
// structure: nothing where it is not found.
std::string_view FindAttachment(std::string_view pdf, std::string_view start);

}  // namespace landfall::exchange
