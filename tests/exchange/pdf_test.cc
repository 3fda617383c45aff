// SPDX-License-Identifier: Apache-2.0
// Papers: whatever a name holds, the file stays whole, every line fits, and nothing but the gap is unsigned.
#include "exchange/pdf.h"

#include <gtest/gtest.h>

#include <fstream>
#include <regex>

#include "base/seam.h"
#include "base/text.h"
#include "cli/shell.h"
#include "exchange/file_kind.h"
#include "exchange/qr.h"
#include "support/test_data.h"

namespace landfall::exchange {
namespace {

using landfall::test::InCi;
using landfall::test::Shell;

const Instant kAt = Instant(MakeDay(2026, 3, 2) + std::chrono::hours(1));

const std::vector<std::string>& Hostile() {
  static const std::vector<std::string> kTexts = {
      "",
      "plain",
      "a) Tj ET (b",
      "\\",
      "\\)\\(\\\\",
      "<FEFF> Tj",
      "endstream\nendobj\nstream\n",
      "/ByteRange [0 1 2 3] /Contents <00>",
      std::string("nul\0in it", 9),
      "\x01\x02\x1B[2J\x7F",
      "line\r\nline\n\n\nline",
      "\xE2\x80\xAE"
      "gnp.exe"
      "\xE2\x81\xA6",  // RIGHT-TO-LEFT OVERRIDE, LEFT-TO-RIGHT ISOLATE
      "مرحبا بالعالم שלום",
      "😀 ünïcödé 𠀀",
      "\xFF\xFE\xC0\xAF\xED\xA0\x80\xF4\x90\x80\x80 \xE4\xB8",  // Not UTF-8.
      std::string(500, 'x'),
      std::string(500, ' '),
      "%PDF-1.4 %%EOF startxref 9 trailer << /Root 9 0 R >>",
  };
  return kTexts;
}

std::string Repeated(std::string_view text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += text;
  return out;
}

std::string Paper(std::string_view text, std::size_t signature_bytes = 9) {
  PdfWriter pdf(std::string(text), "zh-CN", kAt);
  pdf.BeginPage();
  double y = 60;
  for (const std::string& line : WrapForPdf(text, 10, 200, PdfFont::kText)) pdf.Text(50, y += 14, 10, line);
  pdf.Text(50, 30, 10, text, PdfFont::kCode);
  pdf.Attach({"b.txt", "text/plain", std::string(text), "second"});
  pdf.Attach({"a.txt", "text/plain", "about", "c2sp.org/tlog-proof@v1\nfirst\n"});
  return std::move(pdf)
      .Finish({std::string(text), std::string(text), kAt, signature_bytes})
      .With(std::string(signature_bytes, '\x5A'));
}

// What a strict reader needs: each object where the table says, each stream as long as it says.
void ExpectWhole(const std::string& pdf) {
  const std::size_t mark = pdf.rfind("startxref\n");
  ASSERT_NE(mark, std::string::npos);
  const std::size_t table = std::stoul(pdf.substr(mark + 10));
  ASSERT_EQ(pdf.substr(table, 7), "xref\n0 ");
  const std::size_t objects = std::stoul(pdf.substr(table + 7));
  const std::size_t first = pdf.find('\n', table + 5) + 1;
  for (std::size_t n = 1; n < objects; ++n) {
    const std::size_t at = std::stoul(pdf.substr(first + 20 * n, 10));
    EXPECT_EQ(pdf.substr(at, std::to_string(n).size() + 7), std::to_string(n) + " 0 obj\n") << n;
    const std::size_t end = n + 1 < objects ? std::stoul(pdf.substr(first + 20 * (n + 1), 10)) : table;
    const std::string object = pdf.substr(at, end - at);
    EXPECT_TRUE(object.ends_with("\nendobj\n")) << object;
    if (const std::size_t stream = object.find(">>\nstream\n"); stream != std::string::npos) {
      const std::size_t length = std::stoul(object.substr(object.find("/Length ") + 8));
      EXPECT_EQ(object.substr(stream + 10 + length), "\nendstream\nendobj\n") << n;
    }
  }
  EXPECT_TRUE(pdf.ends_with("%%EOF\n"));
  const auto facts = InspectFile(pdf);
  ASSERT_TRUE(facts.ok()) << facts.error().code;
  EXPECT_EQ(facts->kind, FileKind::kPdf);
  EXPECT_FALSE(facts->has_script || facts->has_launch || facts->is_encrypted);
  EXPECT_TRUE(facts->has_embedded_file);
}

TEST(Pdf, StaysWholeWhateverANameHolds) {
  for (const std::string& text : Hostile()) {
    SCOPED_TRACE(text);
    const std::string pdf = Paper(text);
    ExpectWhole(pdf);
    // Content holds numbers, operators and hexadecimal digits, and nothing that came with the text.
    const std::size_t at = pdf.rfind("stream\nBT ") + 7;
    const std::string content = pdf.substr(at, pdf.find("\nendstream", at) - at);
    EXPECT_TRUE(std::regex_match(
        content,
        std::regex(R"((BT [0-9.]+ g\n(/[SCH] [0-9.]+ Tf 1 0 0 1 [0-9.]+ -?[0-9.]+ Tm <[0-9A-F]+> Tj\n)*ET\n)+)")))
        << content;
    // The text is in no other place either: of the signature's marks there is one of each.
    for (const char* mark : {"/ByteRange [", "/Contents <", "/Type /Sig "})
      EXPECT_EQ(pdf.find(mark), pdf.rfind(mark)) << mark;
  }
}

TEST(Pdf, SeededNoiseStaysWhole) {
  SeededRandom random(7);
  for (int round = 0; round < 300; ++round) {
    std::string text(random.Next() % 60, '\0');
    for (char& c : text) c = static_cast<char>(random.Next());
    SCOPED_TRACE(round);
    ExpectWhole(Paper(text));
  }
}

TEST(Pdf, LinesFitAndLoseNothing) {
  const std::string ideographs = Repeated("产业园区（示例），一二三四五。", 20);  // 300 signs.
  for (const std::string& text : {ideographs, std::string("one two  three four five six seven eight"),
                                  std::string(300, 'W'), Repeated("，", 200), std::string("a\nb\n\nc")}) {
    for (const double width : {30.0, 77.7, 400.0}) {
      std::string all;
      for (const std::string& line : WrapForPdf(text, 10, width, PdfFont::kText)) {
        EXPECT_LE(PdfWidth(line, 10, PdfFont::kText), width) << line;
        all += line;
      }
      std::string expected = text;
      for (std::string* one : {&all, &expected}) std::erase_if(*one, [](char c) { return c == ' ' || c == '\n'; });
      EXPECT_EQ(all, expected);
    }
  }
  // A line ends where people would end it.
  EXPECT_EQ(WrapForPdf("one two three", 10, PdfWidth("one two", 10, PdfFont::kText), PdfFont::kText),
            (std::vector<std::string>{"one two", "three"}));
  for (const std::string& line : WrapForPdf(ideographs, 10, 80, PdfFont::kText)) {
    EXPECT_FALSE(line.starts_with("，") || line.starts_with("。") || line.starts_with("）")) << line;
    EXPECT_FALSE(line.ends_with("（")) << line;
  }
  EXPECT_EQ(WrapForPdf("", 10, 80, PdfFont::kText), std::vector<std::string>{""});
  EXPECT_EQ(WrapForPdf("a\n\nb", 10, 80, PdfFont::kText), (std::vector<std::string>{"a", "", "b"}));
}

TEST(Pdf, WhatTheFontLacksIsMarkedAndDirectionsAreLeftOut) {
  const auto shown = [](std::string_view text) { return WrapForPdf(text, 10, 1000, PdfFont::kText).at(0); };

  EXPECT_EQ(shown("办件 No. 1（甲）"), "办件 No. 1（甲）");
  EXPECT_EQ(shown("Müller & Søn · ñandú × 2"), "Müller & Søn · ñandú × 2");
  EXPECT_EQ(shown("مر😀"), "〓〓〓");
  EXPECT_EQ(shown("\xE2\x80\xAE"
                  "abc\xE2\x80\x8B\x01"),
            "abc");
  EXPECT_EQ(shown("\xFF"
                  "a"),
            "〓a");
  EXPECT_EQ(shown(shown("مر😀x")), shown("مر😀x"));
}

TEST(Pdf, AllButTheGapIsSigned) {
  PdfWriter pdf("示例", "zh-CN", kAt);
  pdf.BeginPage();
  const UnsignedPdf paper = std::move(pdf).Finish({"log", "why", kAt, 700});

  std::size_t a = 9, b = 0, c = 0, d = 0;
  ASSERT_EQ(std::sscanf(paper.bytes.c_str() + paper.bytes.find("/ByteRange ["), "/ByteRange [%zu %zu %zu %zu", &a, &b,
                        &c, &d),
            4);
  EXPECT_EQ(a, 0u);
  EXPECT_EQ(c + d, paper.bytes.size());
  EXPECT_EQ(paper.bytes.substr(b, c - b), "<" + std::string(1400, '0') + ">");
  EXPECT_EQ(paper.Signed(), paper.bytes.substr(0, b) + paper.bytes.substr(c));
  const std::string with = UnsignedPdf(paper).With(std::string(700, '\xAB'));
  EXPECT_EQ(with.substr(b, c - b), "<" + Repeated("ab", 700) + ">");
  EXPECT_EQ(with.size(), paper.bytes.size());
}

TEST(Pdf, AnAttachedFileIsFoundByItsBeginning) {
  const std::string pdf = Paper("示例");

  EXPECT_EQ(FindAttachment(pdf, "c2sp.org/tlog-proof@v1"), "c2sp.org/tlog-proof@v1\nfirst\n");
  EXPECT_EQ(FindAttachment(pdf, "seco"), "second");
  EXPECT_EQ(FindAttachment(pdf, "third"), "");
  EXPECT_EQ(FindAttachment("no PDF\nstream\nsecond\nendstream", "seco"), "");
  EXPECT_EQ(FindAttachment("%PDF-1.7\nstream\nsecond", "seco"), "");
}

// Somebody else's reader reads what was meant, whatever stands in it.
TEST(Pdf, PopplerReadsTextAndAttachments) {
  if (Shell("pdftotext -v").exit_code != 0) {
    if (InCi()) FAIL() << "poppler-utils is missing";
    GTEST_SKIP() << "SKIPPED LOUDLY: no poppler-utils (./dev setup test)";
  }
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("landfall-pdf-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  const std::string file = (folder / "paper.pdf").string();
  for (const std::string& text : Hostile()) {
    std::ofstream(file, std::ios::binary) << Paper("办件 (示例) \\ " + text);
    const auto read = Shell("pdftotext -layout " + file + " -");
    EXPECT_EQ(read.exit_code, 0) << read.text;
    EXPECT_NE(read.text.find("办件 (示例) \\"), std::string::npos) << read.text;
    EXPECT_EQ(read.text.find("Syntax Error"), std::string::npos) << read.text;
  }
  const auto detached = Shell("pdfdetach -saveall -o " + folder.string() + " " + file);
  EXPECT_EQ(detached.exit_code, 0) << detached.text;
  EXPECT_EQ(landfall::test::ReadFile(folder / "a.txt"), "c2sp.org/tlog-proof@v1\nfirst\n");
  EXPECT_EQ(landfall::test::ReadFile(folder / "b.txt"), "second");
  std::filesystem::remove_all(folder);
}

TEST(Qr, IsReadBySomebodyElse) {
  if (Shell("zbarimg --version").exit_code != 0) {
    if (InCi()) FAIL() << "zbar-tools is missing";
    GTEST_SKIP() << "SKIPPED LOUDLY: no zbar-tools (./dev setup test)";
  }
  const std::filesystem::path file =
      std::filesystem::temp_directory_path() / ("landfall-qr-" + std::to_string(::getpid()) + ".pgm");
  for (const std::size_t length : {std::size_t{1}, std::size_t{40}, std::size_t{100}, kQrBytesMax}) {
    std::string text;
    for (std::size_t i = 0; i < length; ++i) text += static_cast<char>('!' + (i * 7) % 90);
    const auto code = MakeQrCode(text);
    ASSERT_TRUE(code.ok()) << code.error().code;
    EXPECT_LE(code->side, 57);
    constexpr int kPixels = 6;
    const int side = (code->side + 2 * kQrQuiet) * kPixels;
    std::string picture = "P5 " + std::to_string(side) + " " + std::to_string(side) + " 255\n";
    for (int y = 0; y < side; ++y)
      for (int x = 0; x < side; ++x) {
        const int column = x / kPixels - kQrQuiet, row = y / kPixels - kQrQuiet;
        const bool within = column >= 0 && row >= 0 && column < code->side && row < code->side;
        picture += within && code->Dark(column, row) ? '\0' : '\xFF';
      }
    std::ofstream(file, std::ios::binary) << picture;
    EXPECT_EQ(Shell("zbarimg --nodbus -q --raw " + file.string()).text, text + "\n");
  }
  std::filesystem::remove(file);
}

TEST(Qr, RefusesWhatDoesNotFit) {
  for (const std::string& text : {std::string(), std::string(kQrBytesMax + 1, 'a')}) {
    const auto code = MakeQrCode(text);
    ASSERT_FALSE(code.ok());
    EXPECT_EQ(code.error().code, "qr.too_long");
  }
}

}  // namespace
}  // namespace landfall::exchange
