// SPDX-License-Identifier: Apache-2.0
// Files over HTTP: in parts and after a lost line, by their structure, and out again to whoever may read the record
// that names them.
#include <sys/resource.h>

#include <fstream>

#include "exchange/attachment_support.h"
#include "exchange/xlsx_support.h"
#include "server/api_support.h"

namespace landfall::server {
namespace {

using namespace exchange::test;

std::string TextOf(const Digest& digest) {
  std::string text;
  AppendDigestText(text, digest);
  return text;
}

// A ZIP of stored files, each of which claims an unpacked size where one is given.
std::string Archive(const std::vector<std::pair<std::string, std::string>>& files, std::uint32_t claimed = 0) {
  return Zip(files, claimed);
}

class FilesApi : public testing::Test {
 protected:
  ClientResponse Send(const std::string& login, const std::string& method, const std::string& target,
                      const std::string& body) {
    auto response = town_.Connect().Send(method, target, town_.As(login).Headers(), body);
    LF_CHECK(response.ok());
    return *response;
  }
  ClientResponse Put(const std::string& login, const std::string& bytes) {
    return Send(login, "POST", "/api/v1/blobs", bytes);
  }
  // The whole way in parts of `part` bytes.
  ClientResponse Upload(const std::string& login, const std::string& bytes, std::size_t part = 1 << 20) {
    const ClientResponse begun = Send(login, "POST", "/api/v1/uploads", fmt::format(R"({{"bytes":{}}})", bytes.size()));
    EXPECT_EQ(begun.status, 201) << begun.body;
    const std::string path = "/api/v1/uploads/" + TextIn(begun, "id");
    for (std::size_t at = 0; at < bytes.size(); at += part) {
      const ClientResponse sent = Send(login, "PATCH", fmt::format("{}?offset={}", path, at), bytes.substr(at, part));
      if (sent.status != 200) return sent;
    }
    return Send(login, "POST", path + "/finish", R"({"digest":")" + TextOf(Sha256(bytes)) + R"("})");
  }
  // Names a file in a record of a project.
  void Name(std::uint32_t project, const Digest& digest) {
    project::RecordGround ground;
    ground.project = ProjectId{project};
    ground.ground = project::Ground::land_grant;
    ground.effective_on = MakeDay(2026, 11, 1);
    ground.evidence.items = {digest};
    town_.Run(ground);
  }
  Town town_;
};

TEST_F(FilesApi, AFileInPartsBecomesOneBlob) {
  std::string text;
  while (text.size() < 200'000) text += "an invented line " + std::to_string(text.size()) + "\n";

  const ClientResponse stored = Upload("unit_officer", text, 70'000);

  ASSERT_EQ(stored.status, 201) << stored.body;
  EXPECT_EQ(TextIn(stored, "digest"), TextOf(Sha256(text)));
  EXPECT_EQ(town_.Get("unit_officer", "/api/v1/blobs/" + TextIn(stored, "digest")).body, text);
}

TEST_F(FilesApi, AfterALostLineOrARestartTheSenderGoesOnWhereItCameTo) {
  const std::string text(150'000, 'x');
  const std::string path =
      "/api/v1/uploads/" + TextIn(Send("unit_officer", "POST", "/api/v1/uploads", R"({"bytes":150000})"), "id");
  ASSERT_EQ(Send("unit_officer", "PATCH", path + "?offset=0", text.substr(0, 70'000)).status, 200);

  // The answer was lost: the same part again does not fit, and the sender asks.
  EXPECT_EQ(CodeOf(Send("unit_officer", "PATCH", path + "?offset=0", text.substr(0, 70'000))), "upload.wrong_offset");
  EXPECT_EQ(CodeOf(Send("unit_officer", "POST", path + "/finish", "{}")), "upload.incomplete");
  town_.Stop();
  town_.Start();
  const ClientResponse far = town_.Get("unit_officer", path);
  EXPECT_EQ(NumberIn(far, "received"), 70'000) << far.body;

  EXPECT_EQ(Send("unit_officer", "PATCH", path + "?offset=70000", text.substr(70'000)).status, 200);
  EXPECT_EQ(Send("unit_officer", "POST", path + "/finish", "{}").status, 201);
  EXPECT_EQ(CodeOf(town_.Get("unit_officer", path)), "upload.unknown");  // Nothing of it is left.
}

TEST_F(FilesApi, UploadsAreBoundedAndTheirSendersOwn) {
  EXPECT_EQ(CodeOf(Send("leader", "POST", "/api/v1/uploads", R"({"bytes":67108865})")), "upload.too_large");
  std::string path;
  for (int i = 0; i < 4; ++i) {
    const ClientResponse begun = Send("leader", "POST", "/api/v1/uploads", R"({"bytes":100000})");
    ASSERT_EQ(begun.status, 201) << begun.body;
    path = "/api/v1/uploads/" + TextIn(begun, "id");
  }
  EXPECT_EQ(CodeOf(Send("leader", "POST", "/api/v1/uploads", R"({"bytes":1})")), "upload.too_many");
  EXPECT_EQ(CodeOf(Send("leader", "PATCH", path, "crumbs")), "upload.part_too_small");
  EXPECT_EQ(CodeOf(Send("leader", "PATCH", path, std::string(100'001, 'x'))), "upload.beyond_end");
  EXPECT_EQ(CodeOf(Send("leader", "PATCH", path, std::string(5 << 20, 'x'))), "http.too_large");
  EXPECT_EQ(CodeOf(town_.Get("supervisor", path)), "upload.unknown");
  EXPECT_EQ(CodeOf(Send("supervisor", "DELETE", path, "")), "upload.unknown");
  EXPECT_EQ(Send("leader", "DELETE", path, "").status, 204);
  EXPECT_EQ(Send("leader", "POST", "/api/v1/uploads", R"({"bytes":1})").status, 201);

  // A day later nobody will finish them.
  town_.clock().Advance(std::chrono::hours(25));
  for (int i = 0; i < 4; ++i) EXPECT_EQ(Send("leader", "POST", "/api/v1/uploads", R"({"bytes":1})").status, 201);
}

TEST_F(FilesApi, BytesThatDifferFromTheirDigestAreDropped) {
  const std::string path =
      "/api/v1/uploads/" + TextIn(Send("leader", "POST", "/api/v1/uploads", R"({"bytes":4})"), "id");
  ASSERT_EQ(Send("leader", "PATCH", path, "text").status, 200);

  const ClientResponse refused =
      Send("leader", "POST", path + "/finish", R"({"digest":")" + TextOf(Sha256("other")) + R"("})");

  EXPECT_EQ(CodeOf(refused), "upload.digest_differs") << refused.body;
  EXPECT_EQ(CodeOf(town_.Get("leader", path)), "upload.unknown");
  EXPECT_EQ(CodeOf(town_.Get("leader", "/api/v1/blobs/" + TextOf(Sha256("text")))), "blob.unknown");
}

TEST_F(FilesApi, WhatIsNoEvidenceIsRefusedByItsStructureInBoundedMemory) {
  struct rusage before {};
  getrusage(RUSAGE_SELF, &before);
  const std::vector<std::pair<std::string, std::string>> refused{
      {Png(10'000, 10'001), "attachment.too_many_pixels"},  // 100 megapixels in 60 bytes.
      {Archive({{"inner.zip", Archive({{"a.txt", "x"}})}}), "attachment.nested_archive"},
      {Archive({{"big.csv", "x"}}, 0xFFFFFFFE), "attachment.zip_too_large"},
      {"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>", "attachment.markup"},
      {std::string("MZ\0\1\2\3\0\0\xFF\xFE", 10), "attachment.unknown_kind"},
      {Jpeg(6, 4) + Archive({{"a.txt", "x"}}), "attachment.two_kinds"}};

  for (const auto& [bytes, code] : refused) {
    EXPECT_EQ(CodeOf(Put("leader", bytes)), code);
    EXPECT_EQ(CodeOf(Upload("leader", bytes)), code);
  }
  EXPECT_EQ(Put("leader", Archive({{"a.docx", Office("word/document.xml")}})).status, 201);  // Papers packed together.
  struct rusage after {};
  getrusage(RUSAGE_SELF, &after);
  EXPECT_LT(after.ru_maxrss - before.ru_maxrss, 100 * 1024);  // KiB
}

TEST_F(FilesApi, AFileIsReadByWhoeverMayReadARecordThatNamesIt) {
  const std::string text = "an invented paper";
  const std::string path = "/api/v1/blobs/" + TextOf(Sha256(text));
  ASSERT_EQ(Put("project_office", text).status, 201);

  // Nobody named it yet: those who read everything may, a unit may not.
  EXPECT_EQ(town_.Get("leader", path).status, 200);
  EXPECT_EQ(CodeOf(town_.Get("unit_officer", path)), "access.other_unit");
  Name(2, Sha256(text));
  EXPECT_EQ(CodeOf(town_.Get("unit_officer", path)), "access.other_unit");
  EXPECT_EQ(CodeOf(town_.Get("unit_officer", path + "/facts")), "access.other_unit");
  EXPECT_EQ(CodeOf(town_.Get("unit_officer", path + "/table")), "access.other_unit");
  Name(3, Sha256(text));
  EXPECT_EQ(town_.Get("unit_officer", path).body, text);

  const auto log = town_.access().Read(0, 10);
  ASSERT_TRUE(log);
  EXPECT_TRUE(std::any_of(log->begin(), log->end(), [&](const app::AccessRecord& r) {
    return r.what == "read_evidence" && r.who == town_.account("unit_officer").ToString() &&
           r.subject == TextOf(Sha256(text));
  }));
}

TEST_F(FilesApi, AProjectsFilesAreThoseThatItsRecordsName) {
  const std::string here = "an invented paper";
  ASSERT_EQ(Put("project_office", here).status, 201);
  Name(1, Sha256(here));
  Name(1, Sha256("a paper that is elsewhere"));

  const ClientResponse files = town_.Get("unit_officer", "/api/v1/projects/p1/files");

  EXPECT_EQ(files.status, 200) << files.body;
  const std::size_t first = files.body.find(TextOf(Sha256("a paper that is elsewhere")));
  const std::size_t second = files.body.find(TextOf(Sha256(here)));
  EXPECT_LT(first, second) << files.body;
  EXPECT_NE(files.body.find(R"("media_type":"text/plain","bytes":17)"), std::string::npos) << files.body;
  EXPECT_EQ(CodeOf(town_.Get("unit_officer", "/api/v1/projects/p2/files")), "access.other_unit");
}

TEST_F(FilesApi, WhatNamesAFileIsReadAgainWhenItsIndexIsLostOrDamaged) {
  const std::string text = "an invented paper", path = "/api/v1/blobs/" + TextOf(Sha256(text));
  ASSERT_EQ(Put("project_office", text).status, 201);
  Name(3, Sha256(text));
  ASSERT_EQ(town_.Get("unit_officer", path).status, 200);

  for (const std::string bytes : {"", "this is no database, and longer than the header that one would have ........"}) {
    town_.Stop();
    std::ofstream(town_.ledger() + "/files.db", std::ios::trunc) << bytes;
    town_.Start();
    EXPECT_EQ(town_.Get("unit_officer", path).status, 200) << bytes;
  }
}

TEST_F(FilesApi, APhotoTellsItsTimeAndItsPlaceToWhoMayReadPersonalData) {
  const ClientResponse stored = Put("project_office", Jpeg(640, 480, ExifSegment(Exif())));
  ASSERT_EQ(stored.status, 201) << stored.body;
  const std::string path = "/api/v1/blobs/" + TextIn(stored, "digest") + "/facts";

  const ClientResponse office = town_.Get("project_office", path), leader = town_.Get("leader", path);

  EXPECT_EQ(TextIn(office, "taken_at"), "2024-05-06 07:08:09 +08:00") << office.body;
  EXPECT_EQ(NumberIn(office, "latitude_e7"), 264251000);
  EXPECT_EQ(TextIn(leader, "taken_at"), "2024-05-06 07:08:09 +08:00");
  EXPECT_EQ(NumberIn(leader, "latitude_e7"), -1) << leader.body;
  EXPECT_NE(leader.body.find(R"("place_withheld":true)"), std::string::npos);
  EXPECT_EQ(NumberIn(leader, "width"), 640);
}

TEST_F(FilesApi, ASheetIsShownByItsFirstRows) {
  std::string rows;
  for (int r = 1; r <= 60; ++r) rows += fmt::format(R"(<row r="{0}"><c r="B{0}"><v>{0}</v></c></row>)", r);
  const ClientResponse stored = Put("leader", OneSheet(rows));
  ASSERT_EQ(stored.status, 201) << stored.body;

  const ClientResponse table = town_.Get("leader", "/api/v1/blobs/" + TextIn(stored, "digest") + "/table");

  EXPECT_EQ(table.status, 200) << table.body;
  EXPECT_NE(table.body.find(R"("sheet":"Sheet1","rows":[["","1"],["","2"])"), std::string::npos) << table.body;
  EXPECT_NE(table.body.find(R"(["","50"]],"more":true)"), std::string::npos) << table.body;
  const ClientResponse pdf = Put("leader", Pdf(""));
  EXPECT_EQ(CodeOf(town_.Get("leader", "/api/v1/blobs/" + TextIn(pdf, "digest") + "/table")).substr(0, 6), "sheet.");
}

TEST_F(FilesApi, APdfWithoutActiveContentIsShownInASandboxAndTheReadingIsLogged) {
  const auto view = [&](const std::string& body, const std::string& login = "leader") {
    const ClientResponse stored = Put("leader", body);
    EXPECT_EQ(stored.status, 201) << stored.body;
    return town_.Get(login, "/api/v1/blobs/" + TextIn(stored, "digest") + "/view");
  };
  const ClientResponse shown = view(Pdf(""));

  EXPECT_EQ(shown.status, 200) << shown.body;
  EXPECT_EQ(shown.body, Pdf(""));
  EXPECT_EQ(shown.Header("Content-Type").value_or(""), "application/pdf");
  EXPECT_TRUE(shown.Header("Content-Disposition").value_or("").starts_with("inline;"));
  EXPECT_EQ(shown.Header("X-Content-Type-Options").value_or(""), "nosniff");
  const std::string_view policy = shown.Header("Content-Security-Policy").value_or("");
  for (const char* part : {"default-src 'none'", "sandbox;", "frame-ancestors 'self'"})
    EXPECT_NE(policy.find(part), std::string::npos) << policy;
  const std::string digest = TextOf(Sha256(Pdf("")));
  EXPECT_NE(town_.Get("leader", "/api/v1/blobs/" + digest + "/facts").body.find(R"("viewable":true)"),
            std::string::npos);
  const ClientResponse log = town_.Get("auditor", "/api/v1/audit?limit=50");
  EXPECT_NE(log.body.find(R"("what":"read_evidence","subject":")" + digest), std::string::npos) << log.body;

  // Whatever could do more than show pages, or was not looked into, is a file to keep.
  for (const char* inside : {"/OpenAction << /S /JavaScript /JS (x) >>", "/A << /S /Launch >>", "/Encrypt 4 0 R"})
    EXPECT_EQ(CodeOf(view(Pdf(inside))), "blob.not_viewable") << inside;
  EXPECT_EQ(CodeOf(view("a plain text\n")), "blob.not_viewable");
  // And who may not have the file may not look at it either.
  EXPECT_EQ(CodeOf(view(Pdf("/Lang (zh)"), "unit_officer")), "access.other_unit");
}

}  // namespace
}  // namespace landfall::server
