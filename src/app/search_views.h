// SPDX-License-Identifier: Apache-2.0
// What a search answers.
#pragma once

#include "app/views.h"

namespace landfall::app {

enum class SearchKind : std::uint8_t { project, enterprise, obligation, unit, post, region };
BOOST_DESCRIBE_ENUM(SearchKind, project, enterprise, obligation, unit, post, region)
inline constexpr std::size_t kSearchKinds = 6;

struct SearchRow {
  static constexpr std::string_view kName = "SearchRow";
  std::string id;    // "p88"
  std::string name;  // of an obligation its words; "" where erased
  std::optional<std::string> code;
  std::optional<NamedRef> of;        // the project or unit it belongs to, the unit or region above it
  std::optional<std::string> found;  // where neither name nor code answers: the text that does
};
BOOST_DESCRIBE_STRUCT(SearchRow, (), (id, name, code, of, found))

struct SearchGroup {
  static constexpr std::string_view kName = "SearchGroup";
  SearchKind kind = SearchKind::project;
  std::vector<SearchRow> rows;  // best first
  bool more = false;            // the account may see further ones
};
BOOST_DESCRIBE_STRUCT(SearchGroup, (), (kind, rows, more))

// Only kinds in which something was found, in the order of SearchKind.
struct SearchResults {
  static constexpr std::string_view kName = "SearchResults";
  std::vector<SearchGroup> groups;
};
BOOST_DESCRIBE_STRUCT(SearchResults, (), (groups))

}  // namespace landfall::app
