// SPDX-License-Identifier: Apache-2.0
#include "app/name_index.h"

#include "app/board_scan.h"
#include "app/policy.h"

namespace landfall::app {
namespace {

// One slice under a guard: 65,536 rows looked at are a tenth of a millisecond, 500 rows copied out another.
constexpr std::size_t kRowsAtATime = 65'536, kEntriesAtATime = 500;
// Prose beyond this is not found by its end; an index entry reads no more either.
constexpr std::size_t kBlocksMax = 20;

// What depends on others comes after them: a project bears its enterprise's name, a post its unit's.
constexpr std::array<SearchKind, kSearchKinds> kFillOrder{SearchKind::enterprise, SearchKind::unit,
                                                          SearchKind::region,     SearchKind::post,
                                                          SearchKind::project,    SearchKind::obligation};

std::size_t At(SearchKind kind) { return static_cast<std::size_t>(kind); }

std::size_t RowsOf(SearchKind kind, const State& state) {
  switch (kind) {
    case SearchKind::project:
      return state.project.size();
    case SearchKind::enterprise:
      return state.enterprise.credit_code.size();
    case SearchKind::obligation:
      return state.obligation.size();
    case SearchKind::unit:
      return state.people.unit_parent.size();
    case SearchKind::post:
      return state.people.post_unit.size();
    case SearchKind::region:
      return state.place.from.size();
  }
  return 0;
}

std::string_view PermissionOf(SearchKind kind) {
  if (kind == SearchKind::project) return "project.read";
  if (kind == SearchKind::obligation) return "obligation.read";
  return "master.read";
}

std::uint8_t CodesOf(const enterprise::State& s, std::size_t row) {
  return static_cast<std::uint8_t>((s.credit_code.Get(row).empty() ? 0 : 1) |
                                   (s.foreign_number.Get(row).empty() ? 0 : 2));
}

// Calls `f` with each counterpart, as an index, of all agreements of project `p`.
template <class F>
void ForEachCounterpart(const project::FileState& files, std::size_t p, F&& f) {
  if (p >= files.heads.size()) return;
  for (std::uint32_t a = files.heads[p].agreement; a != 0; a = files.agreements[a - 1].previous)
    for (std::uint32_t c = files.agreements[a - 1].counterpart; c != 0; c = files.counterparts[c - 1].previous)
      f(c - 1);
}

}  // namespace

struct NameIndex::Texts {
  std::string name;
  std::vector<std::string> codes, aliases, prose;

  void Add(std::vector<std::string>& to, std::string_view text) {
    if (!text.empty()) to.emplace_back(text);
  }
  static Texts Of(SearchKind kind, const State& state, std::size_t row) {
    Texts t;
    switch (kind) {
      case SearchKind::project: {
        const project::State& s = state.project;
        t.name = s.title.Get(row);
        t.Add(t.codes, s.code.Get(row));
        if (s.enterprise[row] != 0) t.Add(t.aliases, state.enterprise.name.Get(s.enterprise[row] - 1));
        ForEachCounterpart(s.files, row, [&](std::size_t c) {
          t.Add(t.aliases, s.files.counterpart_name.Get(c));
          t.Add(t.codes, s.files.counterpart_number.Get(c));
        });
        std::uint32_t block = row < s.files.heads.size() ? s.files.heads[row].block : 0;
        for (; block != 0 && t.prose.size() < kBlocksMax; block = s.files.blocks[block - 1].previous)
          t.Add(t.prose, s.files.block_text.Get(block - 1));
        break;
      }
      case SearchKind::enterprise:
        t.name = state.enterprise.name.Get(row);
        t.Add(t.codes, state.enterprise.credit_code.Get(row));
        t.Add(t.codes, state.enterprise.foreign_number.Get(row));
        break;
      case SearchKind::obligation:
        t.Add(t.prose, state.obligation.text.Get(row));
        break;
      case SearchKind::unit:
        t.name = state.people.unit_name.Get(row);
        t.Add(t.codes, state.people.unit_code.Get(row));
        break;
      case SearchKind::post:
        t.name = state.people.post_title.Get(row);
        if (state.people.post_unit[row] != 0)
          t.Add(t.aliases, state.people.unit_name.Get(state.people.post_unit[row] - 1));
        break;
      case SearchKind::region:
        t.name = state.place.name.Get(row);
        t.Add(t.codes, state.place.code.Get(row));
        break;
    }
    return t;
  }
  search::FieldTexts Fields() const {
    return {name, {aliases.begin(), aliases.end()}, {codes.begin(), codes.end()}, {prose.begin(), prose.end()}};
  }
};

struct NameIndex::Entry {
  std::uint32_t row;
  Texts texts;
};

// ---- taking in ----

bool NameIndex::Changed(const ErasableText& text, std::size_t row) const {
  const std::uint64_t seq = text.Seq(row);
  return seq > upto_.load(std::memory_order_relaxed) || (!erased_.empty() && erased_.contains(seq));
}

// Words that stand in a project's file have rows of their own. Their number is small beside that of the projects.
void NameIndex::NoteMarks(const State& state) {
  const project::FileState& files = state.project.files;
  for (std::size_t b = 0; b < files.blocks.size(); ++b)
    if (Changed(files.block_text, b)) projects_.insert(files.blocks[b].project);
  bool named = false;
  for (std::size_t c = 0; c < files.counterparts.size() && !named; ++c) named = Changed(files.counterpart_name, c);
  if (!named) return;
  for (std::size_t p = 0; p < files.heads.size(); ++p)
    ForEachCounterpart(files, p, [&](std::size_t c) {
      if (Changed(files.counterpart_name, c)) projects_.insert(ProjectId::FromIndex(p).raw);
    });
}

bool NameIndex::NeedsPut(SearchKind kind, const State& state, std::size_t row) {
  const bool fresh = row >= known_[At(kind)];
  const auto id = static_cast<std::uint32_t>(row + 1);
  switch (kind) {
    case SearchKind::project: {
      const project::State& s = state.project;
      if (enterprise_of_.size() <= row) enterprise_of_.resize(s.size(), 0);
      const std::uint32_t before = std::exchange(enterprise_of_[row], s.enterprise[row]);
      return fresh || Changed(s.title, row) || before != s.enterprise[row] ||
             (!enterprises_.empty() && enterprises_.contains(s.enterprise[row])) ||
             (!projects_.empty() && projects_.contains(id));
    }
    case SearchKind::enterprise: {
      if (coded_.size() <= row) coded_.resize(RowsOf(kind, state), 0);
      const std::uint8_t codes = CodesOf(state.enterprise, row);
      const bool renamed = Changed(state.enterprise.name, row);
      if (renamed && !fresh) enterprises_.insert(id);
      return std::exchange(coded_[row], codes) != codes || fresh || renamed;
    }
    case SearchKind::obligation:
      return fresh || Changed(state.obligation.text, row);
    case SearchKind::unit: {
      const bool renamed = Changed(state.people.unit_name, row);
      if (renamed && !fresh) units_.insert(id);
      return fresh || renamed;
    }
    case SearchKind::post:
      return fresh || Changed(state.people.post_title, row) ||
             (!units_.empty() && units_.contains(state.people.post_unit[row]));
    case SearchKind::region:
      return fresh || Changed(state.place.name, row);
  }
  return false;
}

// Goes on from `row`; true at the end of the rows.
bool NameIndex::Collect(SearchKind kind, const State& state, std::size_t& row, std::vector<Entry>& entries) {
  const std::size_t rows = RowsOf(kind, state), stop = std::min(rows, row + kRowsAtATime);
  for (; row < stop && entries.size() < kEntriesAtATime; ++row)
    if (NeedsPut(kind, state, row)) entries.push_back({static_cast<std::uint32_t>(row), Texts::Of(kind, state, row)});
  return row == rows;
}

void NameIndex::CatchUp(const StateSource& source, const std::atomic<bool>* stop) {
  std::uint64_t newest = 0;
  std::size_t erasures = 0;
  source([&](const State& state, std::uint64_t seq) {
    newest = seq;
    if (newest == upto()) return;
    erasures = state.admin.erased.size();
    for (std::size_t i = erasures_; i < erasures; ++i) erased_.insert(state.admin.erased[i] >> 8);
    if (upto() != 0) NoteMarks(state);
  });
  if (newest == upto()) return;
  for (const SearchKind kind : kFillOrder) {
    search::SearchIndex& index = indexes_[At(kind)];
    std::optional<search::SearchIndex::BulkFill> bulk;
    if (index.size() == 0) bulk.emplace(index);
    std::size_t row = 0;
    std::vector<Entry> entries;
    for (bool end = false; !end;) {
      if (stop != nullptr && stop->load()) return;
      entries.clear();
      source([&](const State& state, std::uint64_t) { end = Collect(kind, state, row, entries); });
      for (const Entry& entry : entries) index.Put(static_cast<search::Kind>(kind), entry.row, entry.texts.Fields());
    }
    known_[At(kind)] = std::max(known_[At(kind)], row);
  }
  erasures_ = erasures;
  erased_.clear(), enterprises_.clear(), units_.clear(), projects_.clear();
  upto_.store(newest);
}

// ---- finding ----

namespace {

// What a reader may see of one kind.
class Sight {
 public:
  Sight(SearchKind kind, const State& state, const Actor& reader, Instant now) : kind_(kind), state_(state) {
    auto visible = VisibleTo(state, reader, WallDay(now, state.admin.offset()), PermissionOf(kind));
    nothing_ = !visible;
    if (visible) scope_.emplace(Frame{state, {}, 0, {}, 0, *std::move(visible)}, std::nullopt, std::nullopt);
  }
  bool nothing() const { return nothing_; }
  bool Has(std::size_t row) const {
    if (row >= RowsOf(kind_, state_)) return false;
    if (scope_->everything()) return true;
    if (kind_ == SearchKind::project) return scope_->Has(row);
    if (kind_ == SearchKind::obligation)
      return scope_->Has(state_.obligation.owner[row], state_.obligation.project[row]);
    return true;  // Lists of master data are not cut to units.
  }

 private:
  SearchKind kind_;
  const State& state_;
  bool nothing_ = true;
  std::optional<Scope> scope_;
};

bool Answers(const search::Query& query, search::Field field, std::string_view text) {
  std::u16string document(1, static_cast<char16_t>(field));
  search::AppendFolded(text, search::SearchIndex::kDocumentUnitsMax, document);
  return search::MatchDocument(query, document) != search::Match::kNone;
}

template <class Texts>
std::optional<std::string> FoundIn(const search::Query& query, const Texts& texts) {
  if (Answers(query, search::Field::kName, texts.name)) return std::nullopt;
  for (const std::string& alias : texts.aliases)
    if (Answers(query, search::Field::kAlias, alias)) return alias;
  for (const std::string& prose : texts.prose)
    if (Answers(query, search::Field::kText, prose)) return prose;
  return std::nullopt;
}

SearchRow RowOf(SearchKind kind, const State& state, std::size_t row) {
  SearchRow out;
  const auto code = [&](std::string_view text) {
    if (!text.empty() && !out.code) out.code = std::string(text);
  };
  const auto unit = [&](std::uint32_t raw) {
    if (raw != 0) out.of = UnitRef(state, UnitId{raw});
  };
  switch (kind) {
    case SearchKind::project:
      out.id = ProjectId::FromIndex(row).ToString();
      out.name = state.project.title.Get(row);
      code(state.project.code.Get(row));
      unit(state.project.owner[row]);
      break;
    case SearchKind::enterprise:
      out.id = EnterpriseId::FromIndex(row).ToString();
      out.name = state.enterprise.name.Get(row);
      code(state.enterprise.credit_code.Get(row));
      code(state.enterprise.foreign_number.Get(row));
      break;
    case SearchKind::obligation:
      out.id = ObligationId::FromIndex(row).ToString();
      out.name = state.obligation.text.Get(row);
      if (state.obligation.project[row] != 0)
        out.of = ProjectRef(state.project, state.obligation.project[row]);
      else
        unit(state.obligation.owner[row]);
      break;
    case SearchKind::unit:
      out.id = UnitId::FromIndex(row).ToString();
      out.name = state.people.unit_name.Get(row);
      code(state.people.unit_code.Get(row));
      unit(state.people.unit_parent[row]);
      break;
    case SearchKind::post:
      out.id = PostId::FromIndex(row).ToString();
      out.name = state.people.post_title.Get(row);
      unit(state.people.post_unit[row]);
      break;
    case SearchKind::region:
      out.id = RegionId::FromIndex(row).ToString();
      out.name = state.place.name.Get(row);
      code(state.place.code.Get(row));
      if (state.place.parent[row] != 0) out.of = RegionRef(state, RegionId{state.place.parent[row]});
      break;
  }
  return out;
}

}  // namespace

SearchResults NameIndex::Search(const StateSource& source, const Actor& reader, Instant now,
                                const SearchAsk& ask) const {
  SearchResults results;
  const search::Query query = search::ParseQuery(ask.text);
  for (std::size_t k = 0; k < kSearchKinds; ++k) {
    const auto kind = static_cast<SearchKind>(k);
    if (ask.kind && *ask.kind != kind) continue;
    // A guard for each kind: one search may take several milliseconds.
    source([&](const State& state, std::uint64_t) {
      const Sight sight(kind, state, reader, now);
      if (sight.nothing()) return;
      const search::SearchAnswer answer = indexes_[k].Find(
          ask.text, [&](search::Kind, std::uint32_t row) { return sight.Has(row); }, ask.limit);
      if (answer.hits.empty()) return;
      SearchGroup group{kind, {}, answer.more};
      for (const search::SearchHit& hit : answer.hits) {
        SearchRow row = RowOf(kind, state, hit.id);
        if (kind != SearchKind::obligation) row.found = FoundIn(query, Texts::Of(kind, state, hit.id));
        group.rows.push_back(std::move(row));
      }
      results.groups.push_back(std::move(group));
    });
  }
  return results;
}

std::size_t NameIndex::Bytes() const {
  std::size_t bytes = coded_.capacity() + enterprise_of_.capacity() * sizeof(std::uint32_t);
  for (const search::SearchIndex& index : indexes_) bytes += index.Bytes();
  return bytes;
}

}  // namespace landfall::app
