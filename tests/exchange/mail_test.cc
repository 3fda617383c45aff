// SPDX-License-Identifier: Apache-2.0
#include "exchange/mail.h"

#include <gtest/gtest.h>

#include "base/text.h"

namespace landfall::exchange {
namespace {

std::string FromBase64(std::string_view text) {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  std::uint32_t bits = 0;
  int have = 0;
  for (const char c : text) {
    if (c == '=' || c == '\r' || c == '\n') continue;
    const std::size_t value = kAlphabet.find(c);
    EXPECT_NE(value, std::string_view::npos) << c;
    bits = bits << 6 | static_cast<std::uint32_t>(value);
    if ((have += 6) >= 8) out += static_cast<char>(bits >> (have -= 8) & 0xFF);
  }
  return out;
}

struct ReadMail {
  std::string headers, subject, body;
};
ReadMail Read(const std::string& text) {
  ReadMail mail;
  const std::size_t blank = text.find("\r\n\r\n");
  mail.headers = text.substr(0, blank);
  mail.body = FromBase64(std::string_view(text).substr(blank + 4));
  constexpr std::string_view kOpen = "=?UTF-8?B?";
  for (std::size_t at = 0; (at = mail.headers.find(kOpen, at)) != std::string::npos;) {
    const std::size_t end = mail.headers.find("?=", at);
    const std::string word = FromBase64(mail.headers.substr(at + kOpen.size(), end - at - kOpen.size()));
    EXPECT_LE(end + 2 - at, 75u);
    EXPECT_TRUE(IsUtf8(word));
    mail.subject += word;
    at = end;
  }
  return mail;
}

Mail Sample() {
  return {"landfall@example.org",
          "post@example.org",
          "示例",
          "第一行\n.\n第二行\n",
          Instant(MakeDay(2026, 11, 21) + std::chrono::hours(8) + std::chrono::seconds(5)),
          "u1.2026-11-21@x"};
}

TEST(Mail, IsReadBackAsItWasGiven) {
  for (std::size_t length = 0; length < 200; ++length) {
    Mail mail = Sample();
    mail.subject = std::string(length % 3, 'x');
    mail.body = std::string(length % 5, 'y');
    for (std::size_t i = 0; i < length; ++i) mail.subject += "件", mail.body += i % 7 == 0 ? "\n" : "项";
    const std::string text = WriteMail(mail);
    const ReadMail read = Read(text);

    EXPECT_EQ(read.subject, mail.subject);
    EXPECT_EQ(read.body, mail.body);
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = text.find("\r\n", at);
      ASSERT_NE(end, std::string::npos);
      EXPECT_LE(end - at, 85u);
      EXPECT_NE(text[at], '.');
      at = end + 2;
    }
  }
}

TEST(Mail, CarriesItsDateByTheRule) {
  EXPECT_NE(WriteMail(Sample()).find("Date: Sat, 21 Nov 2026 08:00:05 +0000\r\n"), std::string::npos);
}

TEST(Mail, LetsNoSubjectAddAHeader) {
  Mail mail = Sample();
  mail.subject = "x\r\nBcc: all@example.org";

  EXPECT_EQ(WriteMail(mail).find("Bcc"), std::string::npos);
}

}  // namespace
}  // namespace landfall::exchange
