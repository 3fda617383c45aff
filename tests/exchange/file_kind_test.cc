// SPDX-License-Identifier: Apache-2.0
#include "exchange/file_kind.h"

#include <gtest/gtest.h>
#include <simdjson.h>

#include <filesystem>
#include <regex>
#include <set>

#include "base/embedded.h"
#include "base/seam.h"
#include "exchange/attachment_support.h"
#include "exchange/exif.h"
#include "support/test_data.h"

namespace landfall::exchange::test {
namespace {

std::string CodeOf(std::string_view bytes, const FileBounds& bounds = {}) {
  const auto facts = InspectFile(bytes, bounds);
  return facts ? "taken" : facts.error().code;
}

struct Sample {
  std::string name;
  FileKind kind;
  std::string bytes;
};

const std::vector<Sample>& Samples() {
  static const std::vector<Sample> samples{
      {"png", FileKind::kPng, Png(640, 480)},
      {"jpeg", FileKind::kJpeg, Jpeg(640, 480, ExifSegment(Exif()))},
      {"gif", FileKind::kGif, Gif(640, 480, 1)},
      {"webp", FileKind::kWebp, Riff(WebpLossy(640, 480))},
      {"heic", FileKind::kHeic, Heif("heic", 640, 480)},
      {"avif", FileKind::kAvif, Heif("avif", 640, 480)},
      {"mp4", FileKind::kMp4, Mp4()},
      {"pdf", FileKind::kPdf, Pdf("")},
      {"xlsx", FileKind::kXlsx, Office("xl/workbook.xml")},
      {"docx", FileKind::kDocx, Office("word/document.xml")},
      {"pptx", FileKind::kPptx, Office("ppt/presentation.xml")},
      {"zip", FileKind::kZip, Zip({{"一.txt", "x"}, {"b.txt", "y"}})},
      {"ole2", FileKind::kOle2, Ole2()},
  };
  return samples;
}

TEST(InspectFile, EachKindByItsStructure) {
  for (const Sample& sample : Samples()) {
    const auto facts = InspectFile(sample.bytes);

    ASSERT_TRUE(facts.ok()) << sample.name << " " << facts.error().code << " " << facts.error().detail;
    EXPECT_EQ(facts->kind, sample.kind) << sample.name;
    const bool picture = sample.kind <= FileKind::kAvif;
    EXPECT_EQ(facts->width, picture ? 640u : 0u) << sample.name;
    EXPECT_EQ(facts->height, picture ? 480u : 0u) << sample.name;
    EXPECT_FALSE(facts->multi_frame || facts->has_script || facts->has_launch || facts->has_embedded_file ||
                 facts->is_encrypted)
        << sample.name;
  }
}

TEST(InspectFile, TextsAndTablesInUtf8AndGbk) {
  EXPECT_EQ(InspectFile("用地未交付，见附件。\n")->kind, FileKind::kText);
  EXPECT_EQ(InspectFile("\xCF\xEE\xC4\xBF\xA1\xA3")->kind, FileKind::kText);  // 项目。 in GBK
  EXPECT_EQ(InspectFile("\xEF\xBB\xBF名称,金额\r\n甲,1\r\n乙,2\r\n")->kind, FileKind::kCsv);
  EXPECT_EQ(InspectFile("名称\t金额\n甲\t1")->kind, FileKind::kCsv);
  EXPECT_EQ(InspectFile("一行, 两处, 逗号\n另一行\n")->kind, FileKind::kText);
  EXPECT_EQ(CodeOf(std::string_view("a\0b", 3)), "attachment.unknown_kind");
  EXPECT_EQ(CodeOf("MZ\x90\x01"), "attachment.unknown_kind");
  EXPECT_EQ(CodeOf(""), "attachment.empty");
}

TEST(InspectFile, AnyFileCutShortIsNeverTakenForWhole) {
  for (const Sample& sample : Samples()) {
    for (std::size_t size = 16; size < sample.bytes.size(); ++size) {
      const std::string code = CodeOf(std::string_view(sample.bytes).substr(0, size));
      if (sample.kind == FileKind::kPdf && size + 1 == sample.bytes.size()) continue;  // Only the last line break.
      if (sample.kind == FileKind::kOle2 && size >= 1024 + 128)
        continue;  // Its size stands nowhere; the root is there.
      EXPECT_NE(code, "taken") << sample.name << " of " << size << " bytes";
    }
    if (sample.kind == FileKind::kHeic || sample.kind == FileKind::kAvif) continue;
    EXPECT_EQ(CodeOf(sample.bytes.substr(0, sample.bytes.size() / 2)), "attachment.truncated") << sample.name;
  }
}

TEST(InspectFile, APhotoOf100MegapixelsIsRefusedByItsHeader) {
  for (const std::string& bytes :
       {Png(11'600, 8'700), Jpeg(11'600, 8'700), Gif(11'600, 8'700, 1), Riff(WebpLossy(11'600, 8'700)),
        Heif("heic", 11'600, 8'700), Heif("avif", 11'600, 8'700), Png(40'000, 10), Png(0xFFFFFFFF, 0xFFFFFFFF)})
    EXPECT_EQ(CodeOf(bytes), "attachment.too_many_pixels");
  FileBounds large;
  large.pixels_max = 200'000'000;

  EXPECT_EQ(CodeOf(Png(11'600, 8'700), large), "taken");
  EXPECT_EQ(CodeOf(Png(0, 10)), "attachment.malformed");
  // A frame larger than the screen that the GIF announces.
  std::string gif = Gif(10, 10, 1);
  gif.replace(gif.find('\x2C'), 1 + 8 + 6, GifFrame(30'000, 30'000));
  EXPECT_EQ(CodeOf(gif), "attachment.too_many_pixels");
}

TEST(InspectFile, SeveralFramesAreNoted) {
  EXPECT_TRUE(InspectFile(Gif(6, 4, 2))->multi_frame);
  EXPECT_TRUE(InspectFile(Png(6, 4, PngChunk("acTL", std::string(8, '\1'))))->multi_frame);
  EXPECT_TRUE(InspectFile(Jpeg(6, 4, JpegSegment('\xE2', "MPF")))->multi_frame);
  const std::string canvas = RiffChunk("VP8X", std::string("\x02\0\0\0", 4) + Le(5, 3) + Le(3, 3));
  const auto animated = InspectFile(Riff(canvas + RiffChunk("ANMF", Le(0, 6) + Le(5, 3) + Le(3, 3) + Le(0, 4))));
  EXPECT_TRUE(animated->multi_frame);
  EXPECT_EQ(animated->width, 6u);
  EXPECT_EQ(animated->height, 4u);
}

TEST(InspectFile, ActiveContentOfAPdfIsFlagged) {
  EXPECT_TRUE(InspectFile(Pdf("/OpenAction << /S /JavaScript /JS (x) >>"))->has_script);
  EXPECT_TRUE(InspectFile(Pdf("/OpenAction << /S /J#61vaScript >>"))->has_script);
  EXPECT_TRUE(InspectFile(Pdf("/A << /S /Launch >>"))->has_launch);
  EXPECT_TRUE(InspectFile(Pdf("/Names << /EmbeddedFiles 3 0 R >>"))->has_embedded_file);
  EXPECT_TRUE(InspectFile(Pdf("/Encrypt 4 0 R"))->is_encrypted);
  EXPECT_FALSE(InspectFile(Pdf("/JavaScriptions /Launcher"))->has_script);

  const std::string packed = Deflate(std::string(200'000, ' ') + "<< /S /JavaScript >>");
  const std::string hidden =
      Pdf(">> 2 0 obj << /Type /ObjStm /Filter /FlateDecode >> stream\r\n" + packed + "\nendstream <<");
  FileBounds small;
  small.pdf_unpacked_bytes_max = 100'000;

  EXPECT_TRUE(InspectFile(hidden)->has_script);
  EXPECT_FALSE(InspectFile(hidden, small)->has_script);  // No further than the bound.
}

TEST(InspectFile, MacrosOfOfficeFilesAreFlagged) {
  EXPECT_TRUE(
      InspectFile(Zip({{"[Content_Types].xml", ""}, {"xl/workbook.xml", ""}, {"xl/vbaProject.bin", "x"}}))->has_script);
  EXPECT_TRUE(InspectFile(Ole2() + std::string("_\0V\0B\0A\0_\0P\0R\0O\0J\0E\0C\0T\0", 24))->has_script);
}

TEST(InspectFile, MarkupIsRefusedInAnyDisguise) {
  for (std::string_view bytes :
       {"<svg xmlns='http://www.w3.org/2000/svg'/>", "<?xml version='1.0'?><svg/>",
        "\xEF\xBB\xBF \n<!DOCTYPE html><html></html>", "<p>x", "{\\rtf1 x}", "just a note\n<ScRiPt>alert(1)</ScRiPt>"})
    EXPECT_EQ(CodeOf(bytes), "attachment.markup") << bytes;
  EXPECT_EQ(CodeOf(std::string_view("\xFF\xFE<\0s\0v\0g\0", 10)), "attachment.markup");
  EXPECT_EQ(CodeOf("GIF89a<script>alert(1)</script>"), "attachment.malformed");
  EXPECT_EQ(CodeOf(Png(6, 4, PngChunk("tEXt", "Comment\1<script>"))), "attachment.two_kinds");
  EXPECT_EQ(CodeOf("一句话：成本 < 100 万元\n"), "taken");
}

TEST(InspectFile, AFileThatOpensAsTwoKindsIsRefused) {
  const std::string zip = Zip({{"a.txt", "x"}});
  EXPECT_EQ(CodeOf(Png(6, 4) + zip), "attachment.two_kinds");
  EXPECT_EQ(CodeOf(Jpeg(6, 4) + zip), "attachment.two_kinds");
  EXPECT_EQ(CodeOf(Pdf("") + zip), "attachment.two_kinds");
  EXPECT_EQ(CodeOf(Gif(6, 4, 1) + "<html>"), "attachment.two_kinds");
  EXPECT_EQ(CodeOf(Png(6, 4) + Pdf("")), "attachment.two_kinds");
  EXPECT_EQ(CodeOf(Zip({{"a.pdf", Pdf("")}})), "attachment.two_kinds");
  EXPECT_EQ(CodeOf(Zip({{"[Content_Types].xml", ""}, {"xl/workbook.xml", ""}, {"word/document.xml", ""}})),
            "attachment.two_kinds");
  EXPECT_EQ(CodeOf("#!/bin/sh\n" + zip), "attachment.unknown_kind");
  EXPECT_EQ(CodeOf(Jpeg(6, 4) + Jpeg(3, 2)), "taken");  // Phones append previews.
}

TEST(InspectFile, AnArchiveIsBoundedByItsOwnDirectory) {
  FileBounds bounds;
  bounds.zip_entries_max = 2;
  EXPECT_EQ(CodeOf(Zip({{"a", ""}, {"b", ""}}), bounds), "taken");
  EXPECT_EQ(CodeOf(Zip({{"a", ""}, {"b", ""}, {"c", ""}}), bounds), "attachment.zip_too_large");
  EXPECT_EQ(CodeOf(Zip({{"a", "x"}}, 0xFFFFFFFE)), "attachment.zip_too_large");
  std::string moved = Zip({{"a", "x"}});
  moved[moved.rfind("PK\1\2") + 42] = 9;  // Points into the name of the entry.
  EXPECT_EQ(CodeOf(moved), "attachment.malformed");
}

TEST(InspectFile, APdfOfNothingButPackedBeginningsDoesNotHang) {
  std::string body;
  for (int i = 0; i < 300'000; ++i) body += "/ObjStm stream\n";
  std::string empty_blocks = "\x78\x01";
  for (int i = 0; i < 400'000; ++i) empty_blocks += std::string("\0\0\0\xFF\xFF", 5);

  EXPECT_EQ(CodeOf(Pdf(body + empty_blocks)), "taken");
}

TEST(InspectFile, AnArchiveInAnArchiveIsRefusedAndPapersInOneAreNot) {
  const std::string inner = Zip({{"a.txt", "x"}});

  EXPECT_EQ(CodeOf(Zip({{"readme.txt", "x"}, {"inner.zip", inner}})), "attachment.nested_archive");
  EXPECT_EQ(CodeOf(Zip({{"harmless.txt", inner}})), "attachment.nested_archive");  // Its name does not count.
  EXPECT_EQ(CodeOf(Zip({{"a.docx", Office("word/document.xml")}, {"b.xlsx", Office("xl/workbook.xml")}})), "taken");
  EXPECT_EQ(CodeOf(Zip({{"[Content_Types].xml", ""}, {"word/document.xml", ""}, {"word/embeddings/x.bin", inner}})),
            "taken");
}

TEST(PhotoFacts, TimePlaceTurnAndMake) {
  for (const std::string& bytes : {Jpeg(6, 4, ExifSegment(Exif())), Png(6, 4, PngChunk("eXIf", Exif())),
                                   Riff(WebpLossy(6, 4) + RiffChunk("EXIF", Exif()))}) {
    const PhotoFacts facts = ReadPhotoFacts(bytes);

    ASSERT_TRUE(facts.taken.has_value());
    EXPECT_EQ(FormatDay(facts.taken->day), "2024-05-06");
    EXPECT_EQ(facts.taken->second_of_day, 7 * 3600 + 8 * 60 + 9);
    EXPECT_EQ(facts.taken->offset, UtcOffset{480});
    EXPECT_EQ(facts.place, (GeoPoint{264251000, 1116125000}));
    EXPECT_EQ(facts.orientation, 6);
    EXPECT_EQ(facts.camera_make, "Invented");
  }
}

TEST(PhotoFacts, SouthAndWestAreNegativeAndWhatIsOutOfBoundsIsLeftOut) {
  const auto place = [](const std::vector<ExifEntry>& gps) { return ReadExif(Exif(gps)).place; };
  EXPECT_EQ(place({Ascii(1, "S"), Angle(2, 10, 30, 0), Ascii(3, "W"), Angle(4, 20, 0, 0)}),
            (GeoPoint{-105000000, -200000000}));
  EXPECT_FALSE(place({Ascii(1, "N"), Angle(2, 91, 0, 0), Ascii(3, "E"), Angle(4, 20, 0, 0)}));
  EXPECT_FALSE(place({Ascii(1, "N"), Angle(2, 26, 60, 0), Ascii(3, "E"), Angle(4, 20, 0, 0)}));
  EXPECT_FALSE(place({Ascii(1, "X"), Angle(2, 26, 0, 0), Ascii(3, "E"), Angle(4, 20, 0, 0)}));
  EXPECT_FALSE(place({Angle(2, 26, 0, 0), Angle(4, 20, 0, 0)}));
  EXPECT_FALSE(place({Ascii(1, "N"), Angle(2, 0, 0, 0), Ascii(3, "E"), Angle(4, 0, 0, 0)}));
  EXPECT_FALSE(place({Ascii(1, "N"), {2, 5, 3, Be(1, 4) + std::string(20, '\0')}, Ascii(3, "E"), Angle(4, 20, 0, 0)}));
}

TEST(PhotoFacts, DirectoriesThatPointAtThemselvesEnd) {
  std::string exif = "MM" + Be(42, 2) + Be(8, 4) + Directory(8, {{0x8769, 4, 1, Be(8, 4)}, {0x8825, 4, 1, Be(8, 4)}});
  EXPECT_FALSE(ReadExif(exif).taken);
  EXPECT_FALSE(ReadExif("II*\0\xFF\xFF\xFF\xFF").taken);
  EXPECT_FALSE(ReadPhotoFacts("").taken);
}

TEST(Fuzz, MutatedFilesNeverCrashAndAlwaysAnswerTheSame) {
  constexpr std::uint64_t kSeed = 20261122;
  SCOPED_TRACE(kSeed);
  SeededRandom random(kSeed);
  const int rounds = landfall::test::TestAll() ? 200'000 : 4'000;
  std::set<std::string> codes;
  for (int i = 0; i < rounds; ++i) {
    std::string bytes = Samples()[random.Next() % Samples().size()].bytes;
    for (std::uint64_t n = 1 + random.Next() % 4; n > 0 && !bytes.empty(); --n) {
      const std::size_t at = random.Next() % bytes.size();
      const auto value = static_cast<char>(random.Next() % 3 == 0 ? 0xFF : random.Next());
      switch (random.Next() % 5) {
        case 0:
          bytes[at] = value;
          break;
        case 1:
          bytes.insert(at, 1 + random.Next() % 8, value);
          break;
        case 2:
          bytes.erase(at, 1 + random.Next() % 16);
          break;
        case 3:
          bytes.replace(at, std::min<std::size_t>(4, bytes.size() - at), Be(random.Next(), 4));
          break;
        default:
          bytes += Samples()[random.Next() % Samples().size()].bytes.substr(0, random.Next() % 64);
          break;
      }
    }
    const std::string code = CodeOf(bytes);
    EXPECT_EQ(code, CodeOf(bytes));
    codes.insert(code);
    (void)ReadPhotoFacts(bytes);
    (void)ReadExif(bytes);
  }
  EXPECT_GE(codes.size(), 6u);  // The mutations reach most refusals.
}

// Each code that the sources name has a sentence in both languages, and no sentence stands for nothing.
void ExpectSentences(std::string_view prefix, const std::vector<std::string>& sources, std::string_view catalogue) {
  std::set<std::string> used;
  const std::regex code("\"(" + std::string(prefix) + "\\.[a-z0-9_]+)\"");
  for (const std::string& source : sources) {
    const std::string text =
        landfall::test::ReadFile(std::filesystem::path(LANDFALL_SOURCE_DIR) / "src/exchange" / source);
    for (std::sregex_iterator match(text.begin(), text.end(), code), end; match != end; ++match)
      used.insert((*match)[1]);
  }
  std::set<std::string> explained;
  simdjson::dom::parser parser;
  const std::string_view json = FindEmbedded(EmbeddedCatalog(), catalogue);
  const simdjson::dom::object root = parser.parse(json.data(), json.size());
  for (const auto [key, sentences] : root) {
    explained.emplace(key);
    EXPECT_GT(sentences["zh"].get_string().value().size(), 20u) << key;
    EXPECT_GT(sentences["en"].get_string().value().size(), 20u) << key;
  }
  EXPECT_EQ(used, explained);
}

TEST(Codes, OfAttachmentsHaveSentences) {
  ExpectSentences("attachment", {"file_kind.cc", "file_pictures.cc", "file_packages.cc", "file_inspect.h"},
                  "errors/attachment.json");
}

}  // namespace
}  // namespace landfall::exchange::test
