// SPDX-License-Identifier: Apache-2.0
#include "ledger/entry.h"

#include <gtest/gtest.h>

#include "base/json.h"
#include "ledger/tree.h"

namespace landfall::ledger {
namespace {

const Instant kAt = Instant(MakeDay(2026, 11, 21) + std::chrono::hours(8)) + std::chrono::microseconds(123'456);

// The entry that DESIGN §2 and docs/formats/entry.md show, with an erasable event beside it.
EntryDraft Draft() {
  EntryDraft draft;
  draft.at = kAt;
  draft.by = "u17";
  draft.key = "0193f0a1-0000-7000-8000-000000000001";
  draft.cmd = "project.hold";
  draft.command = R"(project.hold{"project":"p88","reason":"land"})";
  draft.events.push_back({{"project.held", 1, EventClass::kInternal, false},
                          "project/p88",
                          R"({"reason":"land","effective_on":"2026-11-18"})"});
  draft.events.push_back(
      {{"project.remark_given", 1, EventClass::kInternal, true}, "project/p88", R"({"remark":"示例备注"})"});
  return draft;
}

struct Stored {
  std::string body, leaf;
  Digest leaf_hash{};
  std::vector<std::pair<std::uint32_t, std::string>> erasable;
};
Stored Store(const EntryDraft& draft, std::uint64_t seq = 1042) {
  Stored out;
  SeededRandom random(1);
  const Status done = AppendEntry(out.body, seq, draft, random, out.leaf_hash, out.erasable, out.leaf);
  EXPECT_TRUE(done.ok());
  return out;
}

constexpr std::string_view kGoldenLeaf =
    R"({"seq":1042,"at":"2026-11-21T08:00:00.123456Z","by":"u17","key":"0193f0a1-0000-7000-8000-000000000001","cmd":"project.hold","events":[{"type":"project.held","v":1,"on":"project/p88","class":"internal","digest":"sha256:b152ce381ac697392bdd9541fa416bf4f57b208ebd4c2919b3f5eae936b82331"},{"type":"project.remark_given","v":1,"on":"project/p88","class":"internal","digest":"sha256:cae55947b40d15360184d34ae4247d1e1306bcd66c05b46dad87f3ce9dfbf961"}]})";
constexpr std::string_view kGoldenLeafHash = "20b34b4d4096836952ac5cedfc308b8c3d2c863c74405b43285a150394716ae8";
constexpr std::string_view kGoldenBody =
    "bd0100007b22736571223a313034322c226174223a22323032362d31312d32315430383a30303a30302e3132333435365a22"
    "2c226279223a22753137222c226b6579223a2230313933663061312d303030302d373030302d383030302d30303030303030"
    "3030303031222c22636d64223a2270726f6a6563742e686f6c64222c226576656e7473223a5b7b2274797065223a2270726f"
    "6a6563742e68656c64222c2276223a312c226f6e223a2270726f6a6563742f703838222c22636c617373223a22696e746572"
    "6e616c222c22646967657374223a227368613235363a62313532636533383161633639373339326264643935343166613431"
    "366266346635376232303865626434633239313962336635656165393336623832333331227d2c7b2274797065223a227072"
    "6f6a6563742e72656d61726b5f676976656e222c2276223a312c226f6e223a2270726f6a6563742f703838222c22636c6173"
    "73223a22696e7465726e616c222c22646967657374223a227368613235363a63616535353934376234306431353336303138"
    "346433346165343234376431653133303662636436366330356234366461643837663363653964666266393631227d5d7d32"
    "355361457916e9ccaf5337f008c8560200004d000000c15c0289ec2d0a9167ec8e65a18debbe5e5532fbeea293f80bc942ee"
    "9086c1717b22726561736f6e223a226c616e64222c226566666563746976655f6f6e223a22323032362d31312d3138227d01";
constexpr std::string_view kGoldenErasable =
    "b9b501d1d854bb7180021590ff0b4dc3a53c36d76cec99e0758527120fbbe7857b2272656d61726b223a22e7a4bae4be8be5"
    "a487e6b3a8227d";

// Frozen: what a released version has written must be written and read for ever.
TEST(Entry, GoldenBytes) {
  const Stored s = Store(Draft());

  EXPECT_EQ(s.leaf, kGoldenLeaf);
  EXPECT_EQ(Hex(s.leaf_hash), kGoldenLeafHash);
  EXPECT_EQ(Hex(Bytes(s.body)), kGoldenBody);
  ASSERT_EQ(s.erasable.size(), 1u);
  EXPECT_EQ(s.erasable[0].first, 1u);
  EXPECT_EQ(Hex(Bytes(s.erasable[0].second)), kGoldenErasable);
}

TEST(Entry, GoldenBytesAreReadBack) {
  const std::string body = ParseHex(kGoldenBody).value(), erasable = ParseHex(kGoldenErasable).value();
  BodyReader reader(body);
  StoredEntry entry;
  ASSERT_TRUE(reader.Next(entry));
  EXPECT_TRUE(reader.AtEnd());
  Leaf leaf;
  ASSERT_TRUE(ParseLeaf(entry.leaf, leaf));

  EXPECT_EQ(leaf.seq, 1042u);
  EXPECT_EQ(leaf.at, kAt);
  EXPECT_EQ(leaf.by, "u17");
  EXPECT_EQ(leaf.key, "0193f0a1-0000-7000-8000-000000000001");
  EXPECT_EQ(leaf.batch, "");
  EXPECT_EQ(leaf.cmd, "project.hold");
  ASSERT_EQ(leaf.events.size(), 2u);
  EXPECT_EQ(leaf.events[1].type, "project.remark_given");
  EXPECT_EQ(leaf.events[1].on, "project/p88");
  EXPECT_EQ(leaf.events[1].cls, EventClass::kInternal);
  EXPECT_EQ(Hex(LeafHash(entry.leaf)), kGoldenLeafHash);
  EXPECT_EQ(entry.events[0].payload(), R"({"reason":"land","effective_on":"2026-11-18"})");
  EXPECT_TRUE(HasDigest(entry.events[0].salted, leaf.events[0].digest_hex));
  EXPECT_TRUE(entry.events[1].erasable);
  EXPECT_TRUE(entry.events[1].salted.empty());
  EXPECT_TRUE(HasDigest(erasable, leaf.events[1].digest_hex));
  // The tag is that of the first salt and this very command.
  EXPECT_EQ(AsText(TagOf(entry.events[0].salted.substr(0, kSaltBytes), Draft().command)), entry.tag);
  EXPECT_NE(AsText(TagOf(entry.events[0].salted.substr(0, kSaltBytes), Draft().command + " ")), entry.tag);
}

TEST(Entry, BatchStandsForTheKey) {
  EntryDraft draft = Draft();
  draft.batch = std::exchange(draft.key, "");
  const Stored s = Store(draft);

  Leaf leaf;
  ASSERT_TRUE(ParseLeaf(s.leaf, leaf));

  EXPECT_EQ(leaf.key, "");
  EXPECT_EQ(leaf.batch, "0193f0a1-0000-7000-8000-000000000001");
}

TEST(Entry, LeafIsAsciiAndHoldsNoPayload) {
  const Stored s = Store(Draft());
  for (const char c : s.leaf) EXPECT_TRUE(c >= ' ' && c <= '~');
  EXPECT_EQ(s.leaf.find("2026-11-18"), std::string::npos);
  EXPECT_EQ(s.body.find("示例备注"), std::string::npos) << "an erasable payload must not lie in the row";
}

TEST(Entry, SamePayloadTwiceHasTwoDigests) {
  EntryDraft draft = Draft();
  draft.events[1] = draft.events[0];
  const Stored s = Store(draft);
  Leaf leaf;
  ASSERT_TRUE(ParseLeaf(s.leaf, leaf));
  EXPECT_NE(leaf.events[0].digest_hex, leaf.events[1].digest_hex) << "else equal facts could be told from the log";
}

TEST(Entry, BoundsAreRefusedAndLeaveTheBodyAsItWas) {
  const auto refused = [](const EntryDraft& draft) {
    std::string body = "before", leaf;
    SeededRandom random(1);
    Digest hash;
    std::vector<std::pair<std::uint32_t, std::string>> erasable;
    const Status done = AppendEntry(body, 1, draft, random, hash, erasable, leaf);
    EXPECT_EQ(body, "before");
    return done.ok() ? "ok" : done.error().code;
  };
  EntryDraft many = Draft(), large = Draft(), wide = Draft();
  many.events.assign(kMaxEventsPerEntry + 1, many.events[0]);
  large.events[0].payload.assign(kMaxPayloadBytes + 1, 'x');
  wide.events.assign(kMaxEventsPerEntry, wide.events[0]);
  for (EventDraft& event : wide.events) event.on = "project/" + std::string(300, 'p');

  EXPECT_EQ(refused(many), "entry.too_many_events");
  EXPECT_EQ(refused(large), "entry.payload_too_long");
  EXPECT_EQ(refused(wide), "entry.leaf_too_long");
}

TEST(Entry, MostEventsAndLargestPayloadAreTaken) {
  EntryDraft draft = Draft();
  draft.events.assign(kMaxEventsPerEntry, draft.events[0]);
  draft.events[7].payload = "\"" + std::string(kMaxPayloadBytes - 2, 'x') + "\"";
  const Stored s = Store(draft);

  BodyReader reader(s.body);
  StoredEntry entry;
  Leaf leaf;
  ASSERT_TRUE(reader.Next(entry) && ParseLeaf(entry.leaf, leaf));

  EXPECT_EQ(entry.events.size(), kMaxEventsPerEntry);
  EXPECT_EQ(entry.events[7].payload().size(), kMaxPayloadBytes);
  EXPECT_TRUE(HasDigest(entry.events[7].salted, leaf.events[7].digest_hex));
}

TEST(ParseLeaf, AcceptsOnlyTheBytesThatAreWritten) {
  const std::string good = Store(Draft()).leaf;
  const auto with = [&](std::string_view from, std::string_view to) {
    std::string changed = good;
    const std::size_t at = changed.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    changed.replace(at, from.size(), to);
    Leaf leaf;
    return ParseLeaf(changed, leaf);
  };
  EXPECT_TRUE(with("u17", "u18"));
  EXPECT_FALSE(with("{\"seq\":1042", "{ \"seq\":1042"));
  EXPECT_FALSE(with("\"seq\":1042", "\"seq\":01042"));
  EXPECT_FALSE(with("\"seq\":1042", "\"seq\":0"));
  EXPECT_FALSE(with("\"seq\":1042", "\"seq\":-1"));
  EXPECT_FALSE(with("123456Z", "123456"));
  EXPECT_FALSE(with("\"by\":\"u17\"", "\"by\":\"u\\u0031\""));
  EXPECT_FALSE(with("\"key\":\"0193f0a1-0000-7000-8000-000000000001\"", "\"key\":\"\""));
  EXPECT_FALSE(with("\"internal\"", "\"secret\""));
  EXPECT_FALSE(with("\"v\":1", "\"v\":0"));
  EXPECT_FALSE(with("\"v\":1", "\"v\":1001"));
  EXPECT_FALSE(with("sha256:", "sha512:"));
  EXPECT_FALSE(with("]}", "]} "));
  Leaf leaf;
  for (std::size_t size = 0; size < good.size(); ++size)
    EXPECT_FALSE(ParseLeaf(std::string_view(good).substr(0, size), leaf)) << size;
}

TEST(BodyReader, EveryCutIsNoticed) {
  const std::string one = Store(Draft()).body;
  const std::string two = one + one;
  for (std::size_t size = 0; size < two.size(); ++size) {
    BodyReader reader(std::string_view(two).substr(0, size));
    StoredEntry entry;
    int whole = 0;
    bool cut = false;
    while (!cut && !reader.AtEnd()) {
      cut = !reader.Next(entry);
      whole += !cut;
    }
    EXPECT_EQ(whole, size >= one.size() ? 1 : 0);
    EXPECT_EQ(cut, size != 0 && size != one.size()) << size;
  }
}

TEST(BodyReader, AnyBytesAreSurvived) {
  const std::string good = Store(Draft()).body;
  SeededRandom random(42);
  for (int i = 0; i < 20'000; ++i) {
    std::string broken = good;
    for (int n = 1 + static_cast<int>(random.Next() % 4); n > 0; --n)
      broken[random.Next() % broken.size()] = static_cast<char>(random.Next());
    BodyReader reader(broken);
    StoredEntry entry;
    Leaf leaf;
    std::size_t seen = 0;
    while (!reader.AtEnd() && reader.Next(entry)) {
      (void)ParseLeaf(entry.leaf, leaf);
      for (const StoredEvent& event : entry.events) seen += event.payload().size();
    }
    EXPECT_LE(seen, broken.size());
  }
}

TEST(HasDigest, IsTheDigestOfSaltAndPayload) {
  const std::string salted = std::string(kSaltBytes, 's') + "{}";
  const std::string hex = Hex(Sha256(salted));
  EXPECT_TRUE(HasDigest(salted, hex));
  EXPECT_FALSE(HasDigest(salted + " ", hex));
  EXPECT_FALSE(HasDigest(std::string_view(salted).substr(0, 31), Hex(Sha256(salted.substr(0, 31)))))
      << "no room for a salt";
  for (std::size_t i = 0; i < hex.size(); ++i) {
    std::string other = hex;
    other[i] = other[i] == 'a' ? 'b' : 'a';
    EXPECT_FALSE(HasDigest(salted, other)) << i;
  }
  std::string upper = hex;
  for (char& c : upper) c = static_cast<char>(std::toupper(c));
  EXPECT_EQ(HasDigest(salted, upper), upper == hex) << "lower case only: one digest has one text";
}

}  // namespace
}  // namespace landfall::ledger
