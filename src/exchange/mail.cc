// SPDX-License-Identifier: Apache-2.0
#include "exchange/mail.h"

#include <fmt/format.h>

#include <algorithm>

namespace landfall::exchange {
namespace {

constexpr std::size_t kWordBytes = 42;  // 56 in base64; with =?UTF-8?B?…?= 68, and 75 is the limit (RFC 2047 §2).
constexpr std::size_t kLineBytes = 57;  // 76 in base64 (RFC 2045 §6.8).

std::string Base64(std::string_view bytes) {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k)
      group = group << 8 | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0u);
    for (std::size_t k = 0; k < 4; ++k) out += i + k > bytes.size() ? '=' : kAlphabet[group >> (18 - 6 * k) & 63];
  }
  return out;
}

// Encoded words, each whole characters.
std::string EncodedSubject(std::string text) {
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = std::min(text.size(), at + kWordBytes);
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
    if (!out.empty()) out += "\r\n ";
    out += "=?UTF-8?B?" + Base64(std::string_view(text).substr(at, end - at)) + "?=";
    at = end;
  }
  return out;
}

// "Sat, 21 Nov 2026 08:30:00 +0000"
std::string DateOf(Instant at) {
  constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const Day day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::seconds>(at - day));
  return fmt::format("{}, {} {} {} {:02}:{:02}:{:02} +0000", kDays[std::chrono::weekday(day).c_encoding()],
                     static_cast<unsigned>(date.day()), kMonths[static_cast<unsigned>(date.month()) - 1],
                     static_cast<int>(date.year()), time.hours().count(), time.minutes().count(),
                     time.seconds().count());
}

}  // namespace

Status CheckMailAddress(std::string_view address) {
  const std::size_t at = address.find('@');
  const bool plain = std::all_of(address.begin(), address.end(), [](char c) {
    return c > ' ' && c <= '~' && std::string_view("<>()[],;:\\\"").find(c) == std::string_view::npos;
  });
  if (!plain || at == std::string_view::npos || at == 0 || at > 64 || at + 1 == address.size() ||
      address.find('@', at + 1) != std::string_view::npos)
    return Invalid("mail.bad_address");
  return Ok{};
}

std::string WriteMail(const Mail& mail) {
  std::string out;
  out += "From: <" + mail.from + ">\r\n";
  out += "To: <" + mail.to + ">\r\n";
  out += "Subject: " + EncodedSubject(mail.subject) + "\r\n";
  out += "Date: " + DateOf(mail.date) + "\r\n";
  out += "Message-ID: <" + mail.message_id + ">\r\n";
  out += "MIME-Version: 1.0\r\n";
  out += "Content-Type: text/plain; charset=utf-8\r\n";
  out += "Content-Transfer-Encoding: base64\r\n";
  out += "Auto-Submitted: auto-generated\r\n\r\n";  // RFC 3834: no answering machine answers it.
  for (std::size_t at = 0; at < mail.body.size(); at += kLineBytes)
    out += Base64(std::string_view(mail.body).substr(at, kLineBytes)) + "\r\n";
  return out;
}

}  // namespace landfall::exchange
