// SPDX-License-Identifier: Apache-2.0
#include "exchange/xml_scan.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <pugixml.hpp>

#include "base/text.h"
#include "exchange/table_support.h"

namespace landfall::exchange::test {
namespace {

using Token = XmlScanner::Token;

// Everything a document says in one line, or the code of what is wrong with it. `piece`: bytes the source gives at
// once.
std::string Told(std::string_view xml, std::size_t piece = 1'000'000, std::size_t depth_max = 64) {
  PiecewiseSource source(xml, piece);
  XmlScanner scanner(source, "test", depth_max);
  std::string told, text;
  for (;;) {
    const auto token = scanner.Next();
    if (!token) {
      EXPECT_EQ(scanner.Next().error().code, token.error().code);
      return token.error().code;
    }
    if (*token == Token::kText) {
      text += scanner.text();
      continue;
    }
    if (!text.empty()) told += "\"" + text + "\"";
    text.clear();
    if (*token == Token::kDone) return told;
    told += (*token == Token::kStart ? "<" : "</") + std::string(scanner.name());
    if (*token == Token::kStart)
      for (const char* name : {"a", "r:id"})
        if (auto value = scanner.Attribute(name); value && *value) told += fmt::format(" {}={}", name, **value);
    told += ">";
  }
}

TEST(XmlScanner, TellsElementsAttributesAndTexts) {
  EXPECT_EQ(Told("<x/>"), "<x></x>");
  EXPECT_EQ(
      Told("\xEF\xBB\xBF<?xml version='1.0' encoding='utf-8'?>\n<!-- c --><x a='1' r:id=\"b>c\" >t</x >\n<!---->"),
      "<x a=1 r:id=b>c>\"t\"</x>");
  EXPECT_EQ(Told("<x>a<![CDATA[<b>&amp;]]]]>c&#x4e00;&#9;&lt;&quot;\r\nd\re<!-- - -- -->f</x>"),
            "<x>\"a<b>&amp;]]c一\t<\"\nd\nef\"</x>");
  EXPECT_EQ(Told("<x a='1&#10;2\n3&apos;'/>"), "<x a=1\n2 3'></x>");
}

TEST(XmlScanner, RefusesWhatIsNotWellFormed) {
  for (const char* xml : {"",
                          "x",
                          "<",
                          "<x",
                          "<x>",
                          "</x>",
                          "<x></y>",
                          "<x/><y/>",
                          "<x a></x>",
                          "<x a=1/>",
                          "<x a='1/>",
                          "<x a='1'b='2'/>",
                          "<1/>",
                          "< x/>",
                          "<x>&</x>",
                          "<x>&#;</x>",
                          "<x>&#xD800;</x>",
                          "<x>&#1;</x>",
                          "<x>\x01</x>",
                          "<x><![CDATA[</x>",
                          "<![CDATA[x]]><x/>",
                          "<x/>t",
                          "<!x><x/>",
                          "<x><!--</x>",
                          "<x><?a",
                          "<x>&amp</x>",
                          "<x>&#x110000;</x>",
                          "<x/ >",
                          "<x><![CDATA[\x02]]></x>"})
    EXPECT_EQ(Told(xml), "sheet.xml_malformed") << xml;
  EXPECT_EQ(Told("<!DOCTYPE x><x/>"), "sheet.entity_refused");
  EXPECT_EQ(Told("<x>&nbsp;</x>"), "sheet.entity_refused");
  EXPECT_EQ(Told("<a><b><c/></b></a>", 100, 2), "sheet.xml_too_deep");
  EXPECT_EQ(Told("<a><b></b></a>", 100, 2), "<a><b></b></a>");
}

TEST(XmlScanner, PassesOverLongCommentsAndTextsInConstantMemory) {
  const std::string long_text(1'000'000, 'y');
  EXPECT_EQ(
      Told("<x><!--" + long_text + "--><?p " + long_text + "?>" + long_text + "<![CDATA[" + long_text + "]]></x>"),
      "<x>\"" + long_text + long_text + "\"</x>");
}

TEST(XmlScanner, SkipsAnElementWithAllThatIsInIt) {
  MemorySource source("<x><y><z>1</z><y/></y><y/>2</x>");
  XmlScanner scanner(source, "test");

  ASSERT_EQ(scanner.Next().value(), Token::kStart);
  ASSERT_EQ(scanner.Next().value(), Token::kStart);
  ASSERT_TRUE(scanner.Skip());
  EXPECT_EQ(scanner.depth(), 1u);
  ASSERT_EQ(scanner.Next().value(), Token::kStart);
  ASSERT_TRUE(scanner.Skip());
  ASSERT_EQ(scanner.Next().value(), Token::kText);
  EXPECT_EQ(scanner.text(), "2");
}

// The same told by a library that makes a tree.
void TellTree(const pugi::xml_node& node, std::string& told, std::string& text) {
  const auto flush = [&] {
    if (!text.empty()) told += "\"" + text + "\"";
    text.clear();
  };
  for (const pugi::xml_node& child : node.children()) {
    if (child.type() != pugi::node_element) {
      text += child.value();
      continue;
    }
    flush();
    told += "<" + std::string(child.name());
    for (const char* name : {"a", "r:id"})
      if (const auto value = child.attribute(name)) told += fmt::format(" {}={}", name, value.value());
    told += ">";
    TellTree(child, told, text);
    flush();
    told += "</" + std::string(child.name()) + ">";
  }
}

TEST(XmlScanner, AgreesWithAnotherParserAndWithItselfHoweverTheBytesCome) {
  constexpr std::string_view kSeedXml =
      "<?xml version=\"1.0\"?><x a=\"1\" r:id='q&amp;&#65;'><y>t &lt; \r\n u<z/></y><!-- c --><y "
      "a='2'/><![CDATA[<k>]]>\n v</x>";
  constexpr std::string_view kBits[] = {"<",    ">",   "/",   "&",    ";",      "'", "\"", "]]>",
                                        "<!--", "-->", "<y>", "</y>", "&#x41;", " ", "\r", "="};
  const int runs = TestAll() ? 500'000 : 20'000;
  int accepted = 0;
  for (int seed = 1; seed <= runs; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    SeededRandom random(static_cast<std::uint64_t>(seed));
    std::string xml(kSeedXml);
    for (std::uint64_t n = Below(random, 4); n > 0; --n) {
      const std::size_t at = Below(random, xml.size());
      if (Below(random, 2) == 0)
        xml.insert(at, kBits[Below(random, std::size(kBits))]);
      else
        xml.erase(at, 1 + Below(random, 8));
    }

    const std::string told = Told(xml);

    ASSERT_EQ(told, Told(xml, 1 + Below(random, 9))) << xml;
    if (told.starts_with("sheet.")) continue;
    // What we take, the other takes too and understands alike. It takes more: it does not refuse what is not well
    // formed.
    ++accepted;
    pugi::xml_document document;
    const auto parsed =
        document.load_buffer(xml.data(), xml.size(), pugi::parse_default | pugi::parse_ws_pcdata | pugi::parse_cdata);
    ASSERT_TRUE(parsed) << xml << " " << parsed.description();
    std::string expected, text;
    TellTree(document, expected, text);
    ASSERT_EQ(told, expected) << xml;
  }
  EXPECT_GT(accepted, runs / 20);
}

}  // namespace
}  // namespace landfall::exchange::test
