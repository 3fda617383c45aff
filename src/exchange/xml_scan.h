// SPDX-License-Identifier: Apache-2.0
// XML from outside, read as a stream in constant memory.
//
// Why not a tree: a document of 100 MB in empty elements becomes a tree of gigabytes, and nothing in it need be kept.
// Why no DTD: the parts of an office file have none, and entities are how XML reaches the disk, the network and the end
// of memory. A document type, or a reference to anything but the five entities XML itself has, is refused unread.
//
// It reads XML 1.0 in UTF-8. Names are given as written, prefix included; it does not resolve namespaces.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "exchange/byte_source.h"

namespace landfall::exchange {

// Memory: one buffer of 128 KiB and the names of the open elements. Cost: about 400 MB/s. Threads: one at a time.
class XmlScanner {
 public:
  enum class Token : std::uint8_t {
    kStart,  // name() and attributes; an empty element <a/> gives kStart and kEnd.
    kEnd,    // name()
    kText,   // text(), references resolved, line ends as LF; one text may come in several pieces. CDATA too.
    kDone,   // The root element is closed and the source at its end. Again on every further call.
  };

  // `part` names the document in the detail of errors. `depth_max`: elements open at once.
  XmlScanner(ByteSource& source, std::string_view part, std::size_t depth_max = 64);

  // The next token. Comments, processing instructions and white space outside the root are passed over. After an error
  // every further call gives the same error. Errors (kInvalid; the detail names part and byte): sheet.xml_malformed
  // (also another encoding, control characters, a tag longer than 64 KiB), sheet.xml_too_deep, sheet.entity_refused;
  // and those of the source.
  Result<Token> Next();
  // After kStart: reads on to the end of that element.
  Status Skip();

  // Views are valid until the next call of Next, Skip or Attribute.
  std::string_view name() const { return name_; }
  std::string_view local_name() const { return name_.substr(name_.rfind(':') + 1); }
  std::string_view text() const { return text_; }
  std::size_t depth() const { return open_ends_.size(); }  // Elements open, the one just started included.

  // After kStart: the attribute's value. `name` as it is written in the file.
  Result<std::optional<std::string_view>> Attribute(std::string_view name);
  // The first attribute with a prefix and this name behind it ("id" finds r:id).
  Result<std::optional<std::string_view>> PrefixedAttribute(std::string_view local);

 private:
  struct RawAttribute {
    std::string_view name, value;
  };
  Result<Token> Scan();
  Result<bool> More();
  Status NeedAtLeast(std::size_t count);
  Result<std::size_t> FindTagEnd();
  Result<bool> ReadText();
  Result<bool> ReadCdata();
  Result<std::optional<Token>> ReadMarkup();
  Status PassOver(std::string_view closing);
  Status ReadInstruction();
  Status ReadStartTag(std::string_view tag);
  Status ReadAttributes(std::string_view rest);
  Status ReadEndTag(std::string_view tag);
  Result<std::string_view> Decode(std::string_view raw, bool attribute);
  Status AppendReference(std::string_view body);
  void CloseElement();
  Error Malformed(std::string_view why) const { return Refuse("sheet.xml_malformed", why); }
  Error Refuse(std::string_view code, std::string_view why) const;

  ByteSource& source_;
  const std::string part_;
  const std::size_t depth_max_;
  std::vector<char> buffer_;
  std::size_t at_ = 0, end_ = 0;  // What is read but not yet used.
  std::uint64_t before_ = 0;      // Bytes of the document before buffer_[0].
  bool source_ended_ = false, begun_ = false, root_closed_ = false;
  bool in_cdata_ = false, close_empty_ = false;
  std::string_view name_, text_;
  std::vector<RawAttribute> attributes_;
  std::string open_names_;  // The names of the open elements, one after the other.
  std::vector<std::size_t> open_ends_;
  std::string scratch_;
  std::optional<Error> failed_;
};

}  // namespace landfall::exchange
