// SPDX-License-Identifier: Apache-2.0
// Everything in a ledger that people find by typing, and who may find it: names, aliases, codes and problem text of
// projects, enterprises, obligations, units, posts and regions. Never the name or the number of a person.
//
//   project     title, code; as aliases its enterprise and the counterparts of its agreements; as prose what blocks it
//   enterprise  name, credit code, number abroad          obligation  its words
//   post        title; as alias its unit                  unit, region  name, code
//
// It is made from the state and holds nothing of its own. CatchUp finds what has changed since it was last called by
// the numbers of the records that gave each text, so no event can be missed, and an erased text is gone with the next
// call. It reads in slices of a few thousand rows, so that the writer never waits for it.
//
// Threads: one CatchUp at a time (NameSearch sees to that); any number of Search meanwhile. Memory: 200 bytes a name.
// Cost of CatchUp: 1 ns a row and column looked at, 5 µs a changed row; the first fill 12 µs a row.
#pragma once

#include <array>
#include <atomic>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "app/search_views.h"
#include "app/state.h"
#include "search/search_index.h"

namespace landfall::app {

// Lends a state and its position for the time of one call: a guard of the engine, or a state that stands still.
using UseState = std::function<void(const State&, std::uint64_t seq)>;
using StateSource = std::function<void(const UseState&)>;

struct SearchAsk {
  std::string text;
  std::optional<SearchKind> kind;  // Nothing: all of them.
  std::size_t limit = 5;           // Of rows of each kind.
};

class NameIndex {
 public:
  // Takes in everything up to the position at which `source` stands at the first call. Gives up early, with nothing
  // lost, once `stop` is set.
  void CatchUp(const StateSource& source, const std::atomic<bool>* stop = nullptr);
  // Up to which record everything is found.
  std::uint64_t upto() const { return upto_.load(); }

  // What `reader` may see in the lists of the same things, as of `now`, and nothing else: projects and obligations by
  // its units where its reach is its own. Names are as the state at `source` has them.
  SearchResults Search(const StateSource& source, const Actor& reader, Instant now, const SearchAsk& ask) const;

  std::size_t Bytes() const;

 private:
  struct Texts;  // Of one thing, owned.
  struct Entry;

  bool Changed(const ErasableText& text, std::size_t row) const;
  void NoteMarks(const State& state);
  bool NeedsPut(SearchKind kind, const State& state, std::size_t row);
  bool Collect(SearchKind kind, const State& state, std::size_t& row, std::vector<Entry>& entries);

  std::array<search::SearchIndex, kSearchKinds> indexes_;
  std::atomic<std::uint64_t> upto_{0};
  // Of the CatchUp that runs:
  std::unordered_set<std::uint64_t> erased_;               // Records whose text went since.
  std::unordered_set<std::uint32_t> enterprises_, units_;  // Raw ids with another name now.
  std::unordered_set<std::uint32_t> projects_;             // Whose file has other words now.
  // What was taken in, where no record number tells:
  std::size_t erasures_ = 0;
  std::array<std::size_t, kSearchKinds> known_{};
  std::vector<std::uint8_t> coded_;           // By enterprise: which codes it had.
  std::vector<std::uint32_t> enterprise_of_;  // By project.
};

}  // namespace landfall::app
