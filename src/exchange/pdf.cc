// SPDX-License-Identifier: Apache-2.0
#include "exchange/pdf.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/hash.h"

namespace landfall::exchange {
namespace {

// ---- signs ----

constexpr char32_t kMissing = U'〓';

// Blocks that Adobe-GB1 holds whole, or as good as (docs/formats/document.md). Sorted.
struct Block {
  char32_t first, last;
};
constexpr Block kBlocks[] = {{0x00B0, 0x00B1}, {0x00B7, 0x00B7}, {0x00D7, 0x00D7}, {0x00F7, 0x00F7}, {0x0391, 0x03A1},
                             {0x03A3, 0x03A9}, {0x03B1, 0x03C1}, {0x03C3, 0x03C9}, {0x0401, 0x0401}, {0x0410, 0x044F},
                             {0x0451, 0x0451}, {0x2014, 0x2014}, {0x2018, 0x2019}, {0x201C, 0x201D}, {0x2026, 0x2026},
                             {0x2030, 0x2030}, {0x2103, 0x2103}, {0x2116, 0x2116}, {0x2160, 0x216B}, {0x2190, 0x2193},
                             {0x2460, 0x2469}, {0x25A0, 0x25A1}, {0x25CB, 0x25CB}, {0x25CF, 0x25CF}, {0x2605, 0x2606},
                             {0x3000, 0x3003}, {0x3005, 0x3007}, {0x3008, 0x3011}, {0x3013, 0x3017}, {0x3041, 0x3093},
                             {0x30A1, 0x30F6}, {0x3105, 0x3129}, {0x3220, 0x3229}, {0x3400, 0x4DB5}, {0x4E00, 0x9FA5},
                             {0xFF01, 0xFF5E}, {0xFFE0, 0xFFE1}, {0xFFE5, 0xFFE5}};

bool IsInCollection(char32_t c) {
  const Block* after = std::upper_bound(std::begin(kBlocks), std::end(kBlocks), c,
                                        [](char32_t value, const Block& block) { return value < block.first; });
  return after != std::begin(kBlocks) && c <= std::prev(after)->last;
}

// What is set in Helvetica or Courier; its code in WinAnsiEncoding is its own. The two signs of arithmetic among the
// letters stand in the collection, where they are as wide as ideographs.
bool IsLatin(char32_t c) { return c < 0x80 || (c >= 0xC0 && c <= 0xFF && c != 0xD7 && c != 0xF7); }

// C0, C1, zero width, byte order marks, and everything that tells a reader to write in another direction.
bool IsUnseen(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0xAD || c == 0x61C || (c >= 0x200B && c <= 0x200F) ||
         (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF;
}

constexpr char32_t kLineFeed = U'\n';

// What is printed for UTF-8, with line feeds. Idempotent.
std::u32string Shown(std::string_view text) {
  std::u32string out;
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t bytes = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 0;
    char32_t c = bytes == 1 ? lead : bytes == 2 ? lead & 0x1F : bytes == 3 ? lead & 0x0F : lead & 0x07;
    bool good = bytes > 0 && i + bytes <= text.size();
    for (std::size_t k = 1; good && k < bytes; ++k) {
      const auto next = static_cast<unsigned char>(text[i + k]);
      good = (next & 0xC0) == 0x80;
      c = c << 6 | (next & 0x3F);
    }
    i += good ? bytes : 1;
    if (!good)
      out += kMissing;
    else if (c == kLineFeed)
      out += c;
    else if (c == '\t' || c == 0xA0)
      out += U' ';
    else if (!IsUnseen(c))
      out += IsLatin(c) || IsInCollection(c) ? c : kMissing;
  }
  return out;
}

void AppendUtf8(std::string& out, char32_t c) {
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += {static_cast<char>(0xC0 | c >> 6), static_cast<char>(0x80 | (c & 0x3F))};
  } else {  // The collection's blocks end below U+10000.
    out += {static_cast<char>(0xE0 | c >> 12), static_cast<char>(0x80 | (c >> 6 & 0x3F)),
            static_cast<char>(0x80 | (c & 0x3F))};
  }
}

// ---- widths, thousandths of the size ----

// Helvetica, U+0020 … U+007E: Adobe's font metrics of the standard 14 fonts.
constexpr std::array<std::uint16_t, 95> kHelvetica = {
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333,  278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
    611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667,  611, 722, 667, 944, 667,
    667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278,  556, 556, 222, 222, 500,
    222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500,  500, 334, 260, 334, 584};
// U+00C0 … U+00FF.
constexpr std::array<std::uint16_t, 64> kHelveticaLetters = {
    667, 667, 667, 667, 667, 667, 1000, 722, 667, 667, 667, 667, 278, 278, 278, 278, 722, 722, 778, 778, 778, 778,
    778, 584, 778, 722, 722, 722, 722,  667, 667, 611, 556, 556, 556, 556, 556, 556, 889, 500, 556, 556, 556, 556,
    278, 278, 278, 278, 556, 556, 556,  556, 556, 556, 556, 584, 611, 556, 556, 556, 556, 500, 556, 500};
constexpr int kCourier = 600, kIdeograph = 1000;

int WidthOf(char32_t c, PdfFont font) {
  if (c == kLineFeed) return 0;
  if (!IsLatin(c)) return kIdeograph;
  if (font == PdfFont::kCode) return kCourier;
  return c < 0x80 ? kHelvetica[c - 0x20] : kHelveticaLetters[c - 0xC0];
}
double InPoints(std::int64_t thousandths, double size) { return static_cast<double>(thousandths) * size / 1000; }
double WidthOf(std::u32string_view signs, double size, PdfFont font) {
  std::int64_t sum = 0;
  for (const char32_t c : signs) sum += WidthOf(c, font);
  return InPoints(sum, size);
}

// ---- lines ----

constexpr std::u32string_view kClosing = U"，。、；：？！）】》〉」』〕”’…%％", kOpening = U"（【《〈「『〔“‘";

bool MayBreak(char32_t before, char32_t after) {
  if (before == U' ') return after != U' ';
  if (IsLatin(before) && IsLatin(after)) return false;
  return kClosing.find(after) == std::u32string_view::npos && kOpening.find(before) == std::u32string_view::npos &&
         after != U' ';
}

// How many signs of `rest` stand in a line; at least one. `rest` has no line feed.
std::size_t FirstLine(std::u32string_view rest, double size, double width, PdfFont font) {
  std::size_t last_break = 0;
  std::int64_t so_far = 0;
  for (std::size_t i = 0; i < rest.size(); ++i) {
    if (i > 0 && MayBreak(rest[i - 1], rest[i])) last_break = i;
    so_far += WidthOf(rest[i], font);
    // A space that ends a line may stand beyond its end.
    if (InPoints(so_far, size) > width && rest[i] != U' ' && i > 0) return last_break > 0 ? last_break : i;
  }
  return rest.size();
}

// ---- syntax ----

// A text string outside of content (§7.9.2.2): UTF-16BE with its mark, in hexadecimal digits.
std::string TextString(std::string_view text) {
  std::string out = "<FEFF";
  for (const char32_t c : Shown(text)) out += fmt::format("{:04X}", static_cast<unsigned>(c == kLineFeed ? ' ' : c));
  return out + ">";
}

std::string DateString(Instant at) {
  const Day day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::seconds>(at - day));
  std::string date = FormatDay(day);
  std::erase(date, '-');
  return fmt::format("(D:{}{:02}{:02}{:02}Z)", date, time.hours().count(), time.minutes().count(),
                     time.seconds().count());
}

// A name object (§7.3.5).
std::string NameOf(std::string_view text) {
  std::string out = "/";
  for (const char c : text) {
    const bool plain =
        (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.';
    out += plain ? std::string(1, c) : fmt::format("#{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

// A literal string of characters that need no escape.
std::string FileName(std::string_view name) {
  std::string out = "(";
  for (const char c : name) {
    LF_CHECK((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '-' ||
             c == '_');
    out += c;
  }
  return out + ")";
}

// Objects in the order of their numbers, then where each stands (§7.5.4).
class File {
 public:
  File() : bytes_("%PDF-1.7\n%\xE5\xA4\xA9\xE5\x9C\xB0\n") {}

  void Object(std::size_t number, std::string_view content) {
    LF_CHECK(number == at_.size() + 1);
    at_.push_back(bytes_.size());
    bytes_ += fmt::format("{} 0 obj\n{}\nendobj\n", number, content);
  }
  void Stream(std::size_t number, std::string_view dictionary, std::string_view stream) {
    Object(number, fmt::format("<< {}/Length {} >>\nstream\n{}\nendstream", dictionary, stream.size(), stream));
  }
  std::string Finish(std::size_t info) && {
    const std::string id = Hex(Sha256(bytes_)).substr(0, 32);
    const std::size_t table = bytes_.size();
    bytes_ += fmt::format("xref\n0 {}\n0000000000 65535 f \n", at_.size() + 1);
    for (const std::size_t at : at_) bytes_ += fmt::format("{:010} 00000 n \n", at);
    bytes_ += fmt::format("trailer\n<< /Size {} /Root 1 0 R /Info {} 0 R /ID [<{}> <{}>] >>\nstartxref\n{}\n%%EOF\n",
                          at_.size() + 1, info, id, id, table);
    return std::move(bytes_);
  }

 private:
  std::string bytes_;
  std::vector<std::size_t> at_;
};

enum : std::size_t {
  kCatalog = 1,
  kPages,
  kInfo,
  kHelveticaFont,
  kHelveticaDescriptor,
  kCourierFont,
  kCourierDescriptor,
  kSongFont,
  kSongCidFont,
  kSongDescriptor,
  kSignatureField,
  kSignature,
  kFirstFree
};

constexpr std::string_view kRangeMark = "/ByteRange [", kContentsMark = "/Contents <";
constexpr std::size_t kRangeWidth = 44;

// With its widths although every reader knows the font: one that puts another in its place fits it to them.
void AppendLatinFont(File& file, std::size_t number, std::string_view name, PdfFont font, std::string_view descriptor) {
  std::string widths;
  for (char32_t c = 0x20; c <= 0xFF; ++c) widths += fmt::format("{} ", IsLatin(c) && c != 0x7F ? WidthOf(c, font) : 0);
  file.Object(number,
              fmt::format("<< /Type /Font /Subtype /Type1 /BaseFont /{} /Encoding /WinAnsiEncoding /FirstChar 32 "
                          "/LastChar 255 /Widths [{}] /FontDescriptor {} 0 R >>",
                          name, widths, number + 1));
  file.Object(number + 1, fmt::format("<< /Type /FontDescriptor /FontName /{} {} >>", name, descriptor));
}

void AppendFonts(File& file) {
  AppendLatinFont(file, kHelveticaFont, "Helvetica", PdfFont::kText,
                  "/Flags 32 /FontBBox [-166 -225 1000 931] /ItalicAngle 0 /Ascent 718 /Descent -207 /CapHeight 718 "
                  "/StemV 88");
  AppendLatinFont(file, kCourierFont, "Courier", PdfFont::kCode,
                  "/Flags 33 /FontBBox [-23 -250 715 805] /ItalicAngle 0 /Ascent 629 /Descent -157 /CapHeight 562 "
                  "/StemV 51");
  file.Object(kSongFont, fmt::format("<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light-UniGB-UTF16-H "
                                     "/Encoding /UniGB-UTF16-H /DescendantFonts [{} 0 R] >>",
                                     std::size_t{kSongCidFont}));
  file.Object(kSongCidFont, fmt::format("<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo "
                                        "<< /Registry (Adobe) /Ordering (GB1) /Supplement 5 >> /DW {} "
                                        "/FontDescriptor {} 0 R >>",
                                        kIdeograph, std::size_t{kSongDescriptor}));
  file.Object(kSongDescriptor,
              "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 "
              "/Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>");
}

}  // namespace

double PdfWidth(std::string_view text, double size, PdfFont font) { return WidthOf(Shown(text), size, font); }

std::vector<std::string> WrapForPdf(std::string_view text, double size, double width, PdfFont font) {
  const std::u32string all = Shown(text);
  std::u32string_view rest = all;
  std::vector<std::string> lines;
  for (bool more = true; more;) {
    const std::size_t end = std::min(rest.find(kLineFeed), rest.size());
    more = end < rest.size();
    std::u32string_view paragraph = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    do {
      const std::size_t signs = FirstLine(paragraph, size, width, font);
      std::u32string_view line = paragraph.substr(0, signs);
      while (line.ends_with(U' ')) line.remove_suffix(1);
      std::string& out = lines.emplace_back();
      for (const char32_t c : line) AppendUtf8(out, c);
      paragraph.remove_prefix(signs);
    } while (!paragraph.empty());
  }
  return lines;
}

PdfWriter::PdfWriter(std::string title, std::string language, Instant made_at)
    : title_(std::move(title)), language_(std::move(language)), made_at_(made_at) {}

void PdfWriter::BeginPage() {
  page_ = pages_.size();
  pages_.emplace_back();
}

void PdfWriter::Text(double x, double y, double size, std::string_view text, PdfFont font, double grey) {
  const std::u32string signs = Shown(text);
  std::string& page = pages_.at(page_);
  page += fmt::format("BT {:.2f} g\n", grey);
  for (std::size_t i = 0; i < signs.size();) {
    const bool latin = IsLatin(signs[i]);
    std::size_t end = i;
    while (end < signs.size() && IsLatin(signs[end]) == latin) ++end;
    const std::u32string_view run = std::u32string_view(signs).substr(i, end - i);
    page += fmt::format("/{} {:.2f} Tf 1 0 0 1 {:.2f} {:.2f} Tm <",
                        !latin                   ? "S"
                        : font == PdfFont::kCode ? "C"
                                                 : "H",
                        size, x, kA4Height - y);
    for (const char32_t c : run)
      page += latin ? fmt::format("{:02X}", static_cast<unsigned>(c == kLineFeed ? ' ' : c))
                    : fmt::format("{:04X}", static_cast<unsigned>(c));
    page += "> Tj\n";
    x += WidthOf(run, size, font);
    i = end;
  }
  page += "ET\n";
}

void PdfWriter::Line(double x1, double y1, double x2, double y2, double width, double grey) {
  pages_.at(page_) += fmt::format("{:.2f} G {:.2f} w {:.2f} {:.2f} m {:.2f} {:.2f} l S\n", grey, width, x1,
                                  kA4Height - y1, x2, kA4Height - y2);
}

void PdfWriter::Square(double x, double y, double width, double height) {
  pages_.at(page_) += fmt::format("0 g {:.3f} {:.3f} {:.3f} {:.3f} re f\n", x, kA4Height - y - height, width, height);
}

void PdfWriter::Attach(PdfAttachment attachment) {
  attachments_.push_back(std::move(attachment));
  // A name tree is sorted (§7.9.6).
  std::sort(attachments_.begin(), attachments_.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
}

UnsignedPdf PdfWriter::Finish(const PdfSigner& signer) && {
  LF_CHECK(!pages_.empty() && signer.bytes > 0);
  const std::size_t first_file = kFirstFree, first_page = first_file + 2 * attachments_.size();
  std::string files, kids;
  for (std::size_t i = 0; i < attachments_.size(); ++i)
    files += fmt::format("{} {} 0 R ", FileName(attachments_[i].name), first_file + 2 * i + 1);
  for (std::size_t i = 0; i < pages_.size(); ++i) kids += fmt::format("{} 0 R ", first_page + 2 * i);

  File file;
  file.Object(
      kCatalog,
      fmt::format("<< /Type /Catalog /Version /1.7 /Pages {} 0 R /Lang ({}) /ViewerPreferences << "
                  "/DisplayDocTitle true >> /AcroForm << /Fields [{} 0 R] /SigFlags 3 >> /Perms << /DocMDP {} 0 R >> "
                  "/Names << /EmbeddedFiles << /Names [{}] >> >> >>",
                  std::size_t{kPages}, language_, std::size_t{kSignatureField}, std::size_t{kSignature}, files));
  file.Object(kPages,
              fmt::format("<< /Type /Pages /Count {} /Kids [{}] /MediaBox [0 0 {} {}] /Resources << /Font << /H {} 0 "
                          "R /C {} 0 R /S {} 0 R >> >> >>",
                          pages_.size(), kids, kA4Width, kA4Height, std::size_t{kHelveticaFont},
                          std::size_t{kCourierFont}, std::size_t{kSongFont}));
  file.Object(kInfo, fmt::format("<< /Title {} /Producer (Landfall) /CreationDate {} >>", TextString(title_),
                                 DateString(made_at_)));
  AppendFonts(file);
  file.Object(kSignatureField,
              fmt::format("<< /Type /Annot /Subtype /Widget /FT /Sig /T (seal) /V {} 0 R /Rect [0 0 0 0] /F "
                          "132 /P {} 0 R >>",
                          std::size_t{kSignature}, first_page));
  // §12.8.2.2: nothing may be changed afterwards.
  file.Object(
      kSignature,
      fmt::format("<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /adbe.pkcs7.detached {}{:{}}] {}{}> /M {} /Name {} "
                  "/Reason {} /Reference [<< /Type /SigRef /TransformMethod /DocMDP /TransformParams << /Type "
                  "/TransformParams /V /1.2 /P 1 >> >>] >>",
                  kRangeMark, "", kRangeWidth, kContentsMark, std::string(2 * signer.bytes, '0'), DateString(signer.at),
                  TextString(signer.name), TextString(signer.reason)));
  for (std::size_t i = 0; i < attachments_.size(); ++i) {
    const PdfAttachment& a = attachments_[i];
    file.Stream(first_file + 2 * i,
                fmt::format("/Type /EmbeddedFile /Subtype {} /Params << /Size {} /ModDate {} >> ", NameOf(a.media_type),
                            a.bytes.size(), DateString(made_at_)),
                a.bytes);
    file.Object(
        first_file + 2 * i + 1,
        fmt::format("<< /Type /Filespec /F {} /UF {} /Desc {} /EF << /F {} 0 R /UF {} 0 R >> >>", FileName(a.name),
                    TextString(a.name), TextString(a.about), first_file + 2 * i, first_file + 2 * i));
  }
  for (std::size_t i = 0; i < pages_.size(); ++i) {
    file.Object(
        first_page + 2 * i,
        fmt::format("<< /Type /Page /Parent {} 0 R /Contents {} 0 R{} >>", std::size_t{kPages}, first_page + 2 * i + 1,
                    i == 0 ? fmt::format(" /Annots [{} 0 R]", std::size_t{kSignatureField}) : ""));
    file.Stream(first_page + 2 * i + 1, "", pages_[i]);
  }

  UnsignedPdf out;
  out.bytes = std::move(file).Finish(kInfo);
  // Both marks stand once: content and text strings are digits, and attachments come behind the signature.
  const std::size_t range = out.bytes.find(kRangeMark) + kRangeMark.size();
  out.gap = out.bytes.find(kContentsMark, range) + kContentsMark.size() - 1;
  out.gap_bytes = 2 * signer.bytes + 2;
  const std::size_t behind = out.gap + out.gap_bytes;
  const std::string numbers = fmt::format("0 {} {} {}", out.gap, behind, out.bytes.size() - behind);
  LF_CHECK(numbers.size() <= kRangeWidth);
  out.bytes.replace(range, numbers.size(), numbers);
  return out;
}

std::string UnsignedPdf::Signed() const { return bytes.substr(0, gap) + bytes.substr(gap + gap_bytes); }

std::string UnsignedPdf::With(std::string_view der) && {
  LF_CHECK(2 * der.size() + 2 == gap_bytes);
  bytes.replace(gap + 1, 2 * der.size(), Hex(Bytes(der)));
  return std::move(bytes);
}

std::string_view FindAttachment(std::string_view pdf, std::string_view start) {
  constexpr std::string_view kBegin = "\nstream\n", kEnd = "\nendstream";
  const std::size_t at = pdf.find(std::string(kBegin) + std::string(start));
  if (!pdf.starts_with("%PDF-") || at == std::string_view::npos) return {};
  const std::size_t from = at + kBegin.size(), end = pdf.find(kEnd, from);
  return end == std::string_view::npos ? std::string_view{} : pdf.substr(from, end - from);
}

}  // namespace landfall::exchange
