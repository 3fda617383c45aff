// SPDX-License-Identifier: Apache-2.0
#include "exchange/xml_scan.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace landfall::exchange {
namespace {

constexpr std::size_t kBufferBytes = 128 * 1024;
constexpr std::size_t kTagBytesMax = 64 * 1024;
constexpr std::size_t kReferenceBytesMax = 32;  // "&#x10FFFF;" is 10; leading zeros are allowed.

constexpr bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
// Not XML's full table: enough that what follows cannot be taken for markup. Nothing here depends on exotic names.
constexpr bool IsNameStart(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
constexpr bool IsNameByte(char c) {
  return IsNameStart(c) || (c >= '0' && c <= '9') || c == ':' || c == '-' || c == '.';
}

void SkipSpace(std::string_view& text) {
  while (!text.empty() && IsSpace(text.front())) text.remove_prefix(1);
}

std::string_view TakeName(std::string_view& text) {
  std::size_t length = 0;
  if (!text.empty() && IsNameStart(text[0]))
    while (length < text.size() && IsNameByte(text[length])) ++length;
  const std::string_view name = text.substr(0, length);
  text.remove_prefix(length);
  return name;
}

// XML 1.0 §2.2.
constexpr bool IsXmlCharacter(std::uint32_t c) {
  return c == 9 || c == 10 || c == 13 || (c >= 0x20 && c <= 0xD7FF) || (c >= 0xE000 && c <= 0xFFFD) ||
         (c >= 0x10000 && c <= 0x10FFFF);
}

void AppendUtf8(std::string& out, std::uint32_t c) {
  const auto tail = [&](int shift) { out += static_cast<char>(0x80 | ((c >> shift) & 0x3F)); };
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xC0 | (c >> 6));
    tail(0);
  } else if (c < 0x10000) {
    out += static_cast<char>(0xE0 | (c >> 12));
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xF0 | (c >> 18));
    tail(12);
    tail(6);
    tail(0);
  }
}

}  // namespace

XmlScanner::XmlScanner(ByteSource& source, std::string_view part, std::size_t depth_max)
    : source_(source), part_(part), depth_max_(depth_max), buffer_(kBufferBytes) {}

Error XmlScanner::Refuse(std::string_view code, std::string_view why) const {
  return Invalid(code, fmt::format("{}, near byte {}: {}", part_, before_ + at_, why));
}

// Moves what is left to the front and fills the rest of the buffer. False at the end of the source.
Result<bool> XmlScanner::More() {
  if (at_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + at_, end_ - at_);
    before_ += at_;
    end_ -= at_;
    at_ = 0;
  }
  LF_CHECK(end_ < buffer_.size());
  if (source_ended_) return false;
  LF_ASSIGN(const std::size_t count, source_.Read(std::span(buffer_).subspan(end_)));
  source_ended_ = count == 0;
  end_ += count;
  return count > 0;
}

// Tries to have that many bytes; fewer only at the end of the source.
Status XmlScanner::NeedAtLeast(std::size_t count) {
  while (end_ - at_ < count) {
    LF_ASSIGN(const bool more, More());
    if (!more) break;
  }
  return Ok{};
}

Result<XmlScanner::Token> XmlScanner::Next() {
  if (failed_) return *failed_;
  auto token = Scan();
  if (!token) failed_ = token.error();
  return token;
}

Status XmlScanner::Skip() {
  for (const std::size_t outside = depth() - 1; depth() > outside;) LF_TRY(Next());
  return Ok{};
}

Result<XmlScanner::Token> XmlScanner::Scan() {
  if (close_empty_) {
    close_empty_ = false;
    CloseElement();
    return Token::kEnd;
  }
  if (!begun_) {
    begun_ = true;
    LF_TRY(NeedAtLeast(3));
    const std::string_view front(buffer_.data(), end_);
    if (front.starts_with("\xFE\xFF") || front.starts_with("\xFF\xFE")) return Malformed("UTF-16 is not read.");
    if (front.starts_with("\xEF\xBB\xBF")) at_ = 3;
  }
  for (;;) {
    if (in_cdata_) {
      LF_ASSIGN(const bool text, ReadCdata());
      if (text) return Token::kText;
      continue;
    }
    if (at_ == end_) {
      LF_ASSIGN(const bool more, More());
      if (more) continue;
      if (!root_closed_) return Malformed("the document ends early.");
      return Token::kDone;
    }
    if (buffer_[at_] != '<') {
      LF_ASSIGN(const bool text, ReadText());
      if (text) return Token::kText;
      continue;
    }
    LF_ASSIGN(const std::optional<Token> token, ReadMarkup());
    if (token) return *token;
  }
}

// One piece of text: up to the next tag, or to the end of the buffer without what may be half a reference or half a
// line end. False when nothing is to be told.
Result<bool> XmlScanner::ReadText() {
  std::string_view raw;
  for (;;) {
    raw = {buffer_.data() + at_, end_ - at_};
    if (const std::size_t tag = raw.find('<'); tag != std::string_view::npos) {
      raw = raw.substr(0, tag);
      break;
    }
    if (source_ended_) break;
    const std::size_t tail = raw.size() - std::min(raw.size(), kReferenceBytesMax);
    const std::size_t ampersand = raw.find_last_of("&;");
    if (ampersand != std::string_view::npos && ampersand >= tail && raw[ampersand] == '&') {
      raw = raw.substr(0, ampersand);
    } else if (raw.back() == '\r') {
      raw.remove_suffix(1);
    }
    if (!raw.empty()) break;
    LF_TRY(More());
  }
  if (depth() == 0) {
    if (!std::all_of(raw.begin(), raw.end(), IsSpace)) return Malformed("text outside the root element.");
    at_ += raw.size();
    return false;
  }
  LF_ASSIGN(text_, Decode(raw, false));
  at_ += raw.size();
  return true;
}

Result<bool> XmlScanner::ReadCdata() {
  for (;;) {
    std::string_view raw(buffer_.data() + at_, end_ - at_);
    const std::size_t close = raw.find("]]>");
    if (close == 0) {
      in_cdata_ = false;
      at_ += 3;
      return false;
    }
    if (close != std::string_view::npos) {
      raw = raw.substr(0, close);
    } else {
      raw = raw.substr(0, raw.size() - std::min<std::size_t>(raw.size(), 2));  // "]]" may be there.
      if (!raw.empty() && raw.back() == '\r') raw.remove_suffix(1);
    }
    if (raw.empty()) {
      LF_ASSIGN(const bool more, More());
      if (!more) return Malformed("the document ends early.");
      continue;
    }
    scratch_.clear();
    for (std::size_t i = 0; i < raw.size(); ++i) {
      if (raw[i] == '\r') {
        if (i + 1 == raw.size() || raw[i + 1] != '\n') scratch_ += '\n';
        continue;
      }
      if (!IsXmlCharacter(static_cast<unsigned char>(raw[i]))) return Malformed("a control character.");
      scratch_ += raw[i];
    }
    text_ = scratch_;
    at_ += raw.size();
    return true;
  }
}

Result<std::optional<XmlScanner::Token>> XmlScanner::ReadMarkup() {
  constexpr std::string_view kCdata = "<![CDATA[", kDoctype = "<!DOCTYPE", kComment = "<!--";
  LF_TRY(NeedAtLeast(kCdata.size()));
  const std::string_view front(buffer_.data() + at_, end_ - at_);
  if (front.starts_with(kComment)) {
    at_ += kComment.size();
    LF_TRY(PassOver("-->"));
    return std::optional<Token>();
  }
  if (front.starts_with(kCdata)) {
    if (depth() == 0) return Malformed("text outside the root element.");
    at_ += kCdata.size();
    in_cdata_ = true;
    return std::optional<Token>();
  }
  if (front.starts_with(kDoctype)) return Refuse("sheet.entity_refused", "a document type.");
  if (front.starts_with("<?")) {
    LF_TRY(ReadInstruction());
    return std::optional<Token>();
  }
  LF_ASSIGN(const std::size_t close, FindTagEnd());
  const std::string_view tag(buffer_.data() + at_ + 1, close - 1);
  const bool ends = tag.starts_with('/');
  LF_TRY(ends ? ReadEndTag(tag.substr(1)) : ReadStartTag(tag));
  at_ += close + 1;
  return std::optional(ends ? Token::kEnd : Token::kStart);
}

// Passes over everything up to and with `closing`, however long.
Status XmlScanner::PassOver(std::string_view closing) {
  for (;;) {
    const std::string_view raw(buffer_.data() + at_, end_ - at_);
    if (const std::size_t found = raw.find(closing); found != std::string_view::npos) {
      at_ += found + closing.size();
      return Ok{};
    }
    at_ += raw.size() - std::min(raw.size(), closing.size() - 1);
    LF_ASSIGN(const bool more, More());
    if (!more) return Malformed("the document ends early.");
  }
}

// <?xml version="1.0" encoding="UTF-8"?> must name an encoding that is UTF-8; others mean nothing here.
Status XmlScanner::ReadInstruction() {
  constexpr std::size_t kDeclarationBytesMax = 200;
  LF_TRY(NeedAtLeast(kDeclarationBytesMax));
  std::string_view text(buffer_.data() + at_, std::min(end_ - at_, kDeclarationBytesMax));
  text = text.substr(0, text.find("?>"));
  if (text.size() < 3 || !IsNameStart(text[2])) return Malformed("an instruction without a name.");
  if (text.starts_with("<?xml ")) {
    if (const std::size_t found = text.find("encoding"); found != std::string_view::npos) {
      std::string value;
      for (char c : text.substr(found + 8))
        if (IsNameByte(c)) value += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
      if (!value.starts_with("utf-8") && !value.starts_with("us-ascii"))
        return Malformed("the declared encoding is not UTF-8.");
    }
  }
  return PassOver("?>");
}

// Where the tag that begins at at_ has its '>', counted from at_. A '>' inside quotes is no end.
Result<std::size_t> XmlScanner::FindTagEnd() {
  std::size_t i = 1;
  char quote = 0;
  for (;;) {
    const char* tag = buffer_.data() + at_;
    for (const std::size_t size = end_ - at_; i < size; ++i) {
      const char c = tag[i];
      if (quote != 0) {
        if (c == quote) quote = 0;
      } else if (c == '>') {
        if (i > kTagBytesMax) return Malformed("a tag longer than 64 KiB.");
        return i;
      } else if (c == '"' || c == '\'') {
        quote = c;
      }
    }
    if (i > kTagBytesMax) return Malformed("a tag longer than 64 KiB.");
    LF_ASSIGN(const bool more, More());
    if (!more) return Malformed("the document ends early.");
  }
}

Status XmlScanner::ReadStartTag(std::string_view tag) {
  if (depth() == 0 && root_closed_) return Malformed("a second root element.");
  if (depth() == depth_max_)
    return Refuse("sheet.xml_too_deep", fmt::format("more than {} elements are open at once.", depth_max_));
  close_empty_ = tag.ends_with('/');
  if (close_empty_) tag.remove_suffix(1);
  name_ = TakeName(tag);
  if (name_.empty()) return Malformed("a tag without a name.");
  LF_TRY(ReadAttributes(tag));
  open_names_ += name_;
  open_ends_.push_back(open_names_.size());
  return Ok{};
}

Status XmlScanner::ReadAttributes(std::string_view rest) {
  attributes_.clear();
  for (;;) {
    const std::size_t before = rest.size();
    SkipSpace(rest);
    if (rest.empty()) return Ok{};
    if (rest.size() == before) return Malformed("attributes without white space between them.");
    const std::string_view name = TakeName(rest);
    SkipSpace(rest);
    if (name.empty() || !rest.starts_with('=')) return Malformed("an attribute without name or value.");
    rest.remove_prefix(1);
    SkipSpace(rest);
    if (rest.empty() || (rest[0] != '"' && rest[0] != '\'')) return Malformed("an attribute value without quotes.");
    const std::size_t close = rest.find(rest[0], 1);
    if (close == std::string_view::npos) return Malformed("an attribute value without its second quote.");
    const std::string_view value = rest.substr(1, close - 1);
    if (value.find('<') != std::string_view::npos) return Malformed("a < in an attribute value.");
    LF_TRY(Decode(value, true));  // Also of attributes nobody asks for.
    attributes_.push_back({name, value});
    rest.remove_prefix(close + 1);
  }
}

Status XmlScanner::ReadEndTag(std::string_view tag) {
  name_ = TakeName(tag);
  SkipSpace(tag);
  const std::size_t begin = open_ends_.size() < 2 ? 0 : open_ends_[open_ends_.size() - 2];
  if (!tag.empty() || open_ends_.empty() || std::string_view(open_names_).substr(begin) != name_)
    return Malformed("an end tag that does not close the element that is open.");
  CloseElement();
  return Ok{};
}

void XmlScanner::CloseElement() {
  open_ends_.pop_back();
  open_names_.resize(open_ends_.empty() ? 0 : open_ends_.back());
  root_closed_ = open_ends_.empty();
}

Result<std::optional<std::string_view>> XmlScanner::Attribute(std::string_view name) {
  for (const RawAttribute& attribute : attributes_) {
    if (attribute.name != name) continue;
    LF_ASSIGN(const std::string_view value, Decode(attribute.value, true));
    return std::optional(value);
  }
  return std::optional<std::string_view>();
}

Result<std::optional<std::string_view>> XmlScanner::PrefixedAttribute(std::string_view local) {
  for (const RawAttribute& attribute : attributes_) {
    const std::size_t colon = attribute.name.find(':');
    if (colon == std::string_view::npos || attribute.name.substr(colon + 1) != local) continue;
    return Attribute(attribute.name);
  }
  return std::optional<std::string_view>();
}

// `raw` itself where nothing in it stands for something else, else scratch_.
Result<std::string_view> XmlScanner::Decode(std::string_view raw, bool attribute) {
  bool plain = true;
  for (char c : raw) {
    const bool kept_blank = !attribute && (c == '\n' || c == '\t');
    plain &= c != '&' && (static_cast<unsigned char>(c) >= 0x20 || kept_blank);
  }
  if (plain) return raw;
  scratch_.clear();
  for (std::size_t i = 0; i < raw.size(); ++i) {
    const char c = raw[i];
    if (c == '&') {
      const std::size_t close = raw.substr(i, kReferenceBytesMax).find(';');
      if (close == std::string_view::npos) return Malformed("an & that begins no reference.");
      LF_TRY(AppendReference(raw.substr(i + 1, close - 1)));
      i += close;
    } else if (!IsXmlCharacter(static_cast<unsigned char>(c))) {
      return Malformed("a control character.");
    } else if (c == '\r' && i + 1 < raw.size() && raw[i + 1] == '\n') {
      continue;
    } else if (c == '\r' || c == '\n' || c == '\t') {
      scratch_ += attribute ? ' ' : c == '\t' ? '\t' : '\n';
    } else {
      scratch_ += c;
    }
  }
  return std::string_view(scratch_);
}

Status XmlScanner::AppendReference(std::string_view body) {
  struct Known {
    std::string_view name;
    char means;
  };
  static constexpr Known kKnown[] = {{"lt", '<'}, {"gt", '>'}, {"amp", '&'}, {"quot", '"'}, {"apos", '\''}};
  for (const Known& known : kKnown) {
    if (body != known.name) continue;
    scratch_ += known.means;
    return Ok{};
  }
  if (!body.starts_with('#')) return Refuse("sheet.entity_refused", "an entity that XML itself does not have.");
  const bool hexadecimal = body.starts_with("#x");
  const std::string_view digits = body.substr(hexadecimal ? 2 : 1);
  std::uint32_t c = 0;
  const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), c, hexadecimal ? 16 : 10);
  if (error != std::errc() || stop != digits.data() + digits.size() || !IsXmlCharacter(c))
    return Malformed("a reference to no character.");
  AppendUtf8(scratch_, c);
  return Ok{};
}

}  // namespace landfall::exchange
