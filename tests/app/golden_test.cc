// SPDX-License-Identifier: Apache-2.0
// Old data: ledgers that earlier builds wrote, kept byte for byte in tests/vectors/golden/N/, opened by this build to
// the state they had then. Together they hold at least one entry of every event version that was ever released.
//
// A new event type or version needs a further golden ledger: UPDATE_GOLDEN=1 writes the next folder. A ledger that was
// committed is never written again. Where a column of the state is laid out anew on purpose, its line in the manifest
// may change by hand, in the commit that says why; the ledger's bytes may not.
#include <gtest/gtest.h>
#include <xxhash.h>
#include <zlib.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include "tests/support/cases_story.h"
#include "tests/support/ledger_fixture.h"
#include "tests/support/random_commands.h"

namespace landfall::app::test {
namespace {

namespace fs = std::filesystem;

const fs::path kGolden = fs::path(LANDFALL_SOURCE_DIR) / "tests/vectors/golden";

struct Manifest {
  std::int64_t size = 0;
  Digest root{};
  std::map<std::string, std::string> columns;  // Name → XXH3-64 of its bytes.
};

class ColumnHashes final : public ColumnWriter {
 public:
  void Raw(std::string_view name, std::string_view bytes) override {
    all[std::string(name)] = fmt::format("{:016x}", XXH3_64bits(bytes.data(), bytes.size()));
  }
  std::map<std::string, std::string> all;
};

std::string TextOf(const Digest& digest) {
  std::string out;
  AppendDigestText(out, digest);
  return out;
}

using EventVersions = std::set<std::pair<std::string, int>>;

// What a ledger folds to from its first entry, and which event versions it holds.
struct Folded {
  Manifest is;
  EventVersions events;
};
Folded FoldLedger(const std::string& file) {
  Folded out;
  auto store = ledger::OpenSqliteStore(file, {.vfs = {}, .create = false, .read_only = true});
  EXPECT_TRUE(store.ok()) << (store ? "" : store.error().code);
  if (!store) return out;
  auto log = ledger::Log::Open(std::move(*store), SystemRandom());
  EXPECT_TRUE(log.ok()) << (log ? "" : log.error().code);
  if (!log) return out;
  State state;
  std::uint64_t seq = 0;
  Instant at{};
  const Status folded = Fold(**log, {state, seq, at, nullptr, nullptr});
  EXPECT_TRUE(folded.ok()) << (folded ? "" : folded.error().code + " " + folded.error().detail);
  ColumnHashes hashes;
  state.Columns(hashes);
  out.is = {static_cast<std::int64_t>((*log)->size()), (*log)->root(), std::move(hashes.all)};
  for (std::uint64_t entry = 1; entry <= seq; ++entry) {
    const auto record = (*log)->Entry(entry);
    ledger::Leaf leaf;
    EXPECT_TRUE(record.ok() && ledger::ParseLeaf(record->leaf, leaf)) << "entry " << entry;
    for (const ledger::LeafEvent& event : leaf.events) out.events.emplace(std::string(event.type), event.version);
  }
  return out;
}

std::vector<fs::path> GoldenFolders() {
  std::vector<fs::path> folders;
  if (fs::exists(kGolden))
    for (const auto& entry : fs::directory_iterator(kGolden))
      if (entry.is_directory()) folders.push_back(entry.path());
  std::ranges::sort(folders);
  return folders;
}

void Unpack(const fs::path& from, const fs::path& to) {
  gzFile in = gzopen(from.c_str(), "rb");
  ASSERT_NE(in, nullptr) << from;
  std::ofstream out(to, std::ios::binary);
  char buffer[1 << 16];
  for (int n = 0; (n = gzread(in, buffer, sizeof buffer)) > 0;) out.write(buffer, n);
  ASSERT_EQ(gzclose(in), Z_OK);
}

Manifest ReadManifest(const fs::path& file) {
  Manifest out;
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  std::string_view digest;
  EXPECT_EQ(parser.load(file.string()).get(root), simdjson::SUCCESS) << file;
  EXPECT_EQ(root["size"].get(out.size), simdjson::SUCCESS);
  EXPECT_EQ(root["root"].get(digest), simdjson::SUCCESS);
  const auto parsed = ParseDigestText(digest);
  EXPECT_TRUE(parsed);
  if (parsed) out.root = *parsed;
  for (const auto column : root["columns"].get_object())
    out.columns[std::string(column.key)] = std::string(std::string_view(column.value));
  return out;
}

EventVersions Known() {
  EventVersions out;
  for (const EventType& type : EventTypes()) out.emplace(std::string(type.info.type), type.info.version);
  return out;
}

// A ledger with many events of this build, few of each, and all that are `missing`. What a seed never drew is left in
// it.
void WriteGolden(const fs::path& folder, std::uint64_t seed, EventVersions& missing) {
  World w(seed);
  w.Create();
  w.Do(ShortLadder());
  w.Do(UnitCommand(1));
  // What chance would need thousands of entries for.
  const Day today = WallDay(w.clock.Now(), w.engine->Read().state().admin.offset());
  w.Do(place::AddRegion{{"990101"}, {"示例区划"}, {}, today});
  w.Do(enterprise::RegisterEnterprise{{"示例企业"}, {}, Code<40>{"F1"}});
  w.Do(ProjectCommand(1));
  project::RecordRow row;
  row.project = ProjectId{1};
  row.region = RegionId{1};
  row.enterprise = EnterpriseId{1};
  w.Do(row);
  w.Do(figure::DefineMechanism{{"example"},
                               {"示例机制"},
                               {{"示例说明"}},
                               List<figure::MechanismPart, figure::kMechanismPartsMax>{{{{"示例部分"}, {}}}},
                               UnitId{1},
                               {},
                               today});
  w.Do(figure::EndMechanism{{"example"}, today + std::chrono::days(30)});
  w.Do(admin::CreateAccount{{"leader"}, {"示例领导"}, {}});
  w.Do(admin::GrantRole{AccountId{1}, admin::Role::leader});
  const Actor leader = Actor::Account(AccountId{1});
  w.Do(obligation::Assign{obligation::Kind::resolution, {"示例事项"}, ProjectId{1}, UnitId{1}, today});
  w.Do(obligation::ReportDone{ObligationId{1}, today, {}, {}});
  w.Do(obligation::Return{ObligationId{1}, today, {"示例"}}, leader);
  w.Do(obligation::ReportDone{ObligationId{1}, today, {}, {}});
  w.Do(obligation::WriteOff{ObligationId{1}, {}, List<Digest, 20>{{Digest{}}}}, leader);
  w.Do(admin::CreateAccount{{"head"}, {"示例负责人"}, UnitId{1}});
  w.Do(admin::GrantRole{AccountId{2}, admin::Role::unit_head});
  LiveThroughCases(w, today, Actor::Account(AccountId{2}));
  const AccountId applicant = AccountId::FromIndex(w.engine->Read().state().admin.roles.size());
  w.Do(admin::CreateAccount{{"applicant"}, {"示例企业经办岗"}, {}});
  w.Do(admin::BindEnterprise{applicant, EnterpriseId{1}});
  RandomCommands draw(seed);
  std::map<std::string, int> done;
  std::uint64_t seen = 0;
  for (int i = 0; i < 60'000 && !missing.empty(); ++i) {
    RandomCommands::Draw d;
    {
      const Engine::Reader reader = w.engine->Read();
      d = draw.Next(reader.state(), WallDay(w.clock.Now(), reader.state().admin.offset()), reader.seq());
    }
    // Few subjects, so that the steps of one life meet: a baseline is frozen, then asked for anew, then approved.
    const std::string_view name = InfoOf(d.command).name;
    int& count = done[std::string(name)];
    if (count >= (name.ends_with(".register") || name.ends_with(".create") ? 15 : 40)) continue;
    count += w.Run(d.command, d.by).ok();
    if (i % 50 == 0) w.clock.Advance(std::chrono::hours(draw.Below(40)));
    if (i % 2'000 == 0)
      (void)w.RunBatch({people::RegisterPerson{{"示例批次"}}, people::RegisterPerson{{"示例批次"}}}, w.Key()).ok();
    for (; seen < w.engine->log().size(); ++seen) {
      const auto record = w.engine->log().Entry(seen + 1);
      ledger::Leaf leaf;
      ASSERT_TRUE(record.ok() && ledger::ParseLeaf(record->leaf, leaf));
      for (const ledger::LeafEvent& event : leaf.events) missing.erase({std::string(event.type), event.version});
    }
  }
  if (!missing.empty()) return;
  w.Close();
  fs::create_directories(folder);
  const Folded folded = FoldLedger(w.files.ledger());
  std::ifstream in(w.files.ledger(), std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  gzFile out = gzopen((folder / "ledger.db.gz").c_str(), "wb9");
  ASSERT_NE(out, nullptr);
  ASSERT_EQ(gzwrite(out, bytes.data(), static_cast<unsigned>(bytes.size())), static_cast<int>(bytes.size()));
  ASSERT_EQ(gzclose(out), Z_OK);
  std::ofstream manifest(folder / "manifest.json");
  manifest << "{\n  \"size\": " << folded.is.size << ",\n  \"root\": \"" << TextOf(folded.is.root)
           << "\",\n  \"columns\": {";
  for (const char* comma = "\n"; const auto& [name, hash] : folded.is.columns) {
    manifest << comma << "    \"" << name << "\": \"" << hash << "\"";
    comma = ",\n";
  }
  manifest << "\n  }\n}\n";
}

// What stands in no golden ledger yet.
EventVersions NotKept() {
  EventVersions missing = Known();
  for (const fs::path& folder : GoldenFolders()) {
    TempFolder temp;
    Unpack(folder / "ledger.db.gz", temp / "ledger.db");
    for (const auto& kept : FoldLedger(temp / "ledger.db").events) missing.erase(kept);
  }
  return missing;
}

TEST(GoldenLedgers, OpenToTheStateTheyHad) {
  if (std::getenv("UPDATE_GOLDEN") != nullptr) {
    const fs::path next = kGolden / std::to_string(GoldenFolders().size() + 1);
    const EventVersions wanted = NotKept();
    EventVersions missing = wanted;
    for (std::uint64_t seed = 1; !missing.empty() && seed <= 50; ++seed) WriteGolden(next, seed, missing = wanted);
    for (const auto& [type, version] : missing) ADD_FAILURE() << "never drawn: " << type << " " << version;
  }
  ASSERT_FALSE(GoldenFolders().empty());
  EventVersions covered;
  for (const fs::path& folder : GoldenFolders()) {
    SCOPED_TRACE(folder.filename().string());
    TempFolder temp;
    const LedgerFiles files{temp / "ledger"};
    fs::create_directories(files.folder);
    Unpack(folder / "ledger.db.gz", files.ledger());
    const Manifest was = ReadManifest(folder / "manifest.json");
    const Folded is = FoldLedger(files.ledger());
    EXPECT_EQ(is.is.size, was.size);
    EXPECT_EQ(TextOf(is.is.root), TextOf(was.root));
    for (const auto& [name, hash] : was.columns) {
      const auto found = is.is.columns.find(name);
      ASSERT_NE(found, is.is.columns.end()) << "the state has no column " << name << " any more";
      EXPECT_EQ(found->second, hash) << "column " << name << " holds something else than when it was written";
    }
    covered.insert(is.events.begin(), is.events.end());
    const auto report = VerifyLedger(files);
    ASSERT_TRUE(report.ok());
    for (const FoundFault& fault : report->faults)
      EXPECT_EQ(fault.check, Check::blob) << fault.code << " " << fault.detail;  // Blobs are not kept beside it.
  }
  for (const auto& [type, version] : Known())
    EXPECT_TRUE(covered.contains({type, version}))
        << type << " " << version << " stands in no golden ledger: UPDATE_GOLDEN=1 makes one";
}

}  // namespace
}  // namespace landfall::app::test
