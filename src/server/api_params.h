// SPDX-License-Identifier: Apache-2.0
// The parameters of a request's address, read strictly by the same descriptions that make OpenAPI.
//
// A route's query is a described struct of optionals: its names are the parameters' names, its field types check them.
// An unknown or repeated parameter is refused: a misspelt filter must not answer with everything.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/queries.h"
#include "server/http.h"

namespace landfall::server {

// `known_at`: a ledger position, or a day on the jurisdiction's wall (what was recorded until its end).
struct KnownAt {
  std::uint64_t seq = 0;  // 0 when a day is given.
  std::optional<Day> day;
};

// `sort`: a column of the project list, "-" before it for descending.
struct ProjectOrder {
  app::ProjectSort by = app::ProjectSort::code;
  bool descending = false;
};

// `stage`: a milestone key, or nothing for projects that have reached none.
struct StageKey {
  std::string key;
};

}  // namespace landfall::server

namespace landfall {

template <>
struct Field<server::KnownAt> {
  static constexpr JsonKind kKind = JsonKind::kString;
  static Result<server::KnownAt> Read(JsonElement e);  // Errors: known_at.malformed.
  static std::string Schema(SchemaSink&);
};
template <>
struct Field<server::ProjectOrder> {
  static constexpr JsonKind kKind = JsonKind::kString;
  static Result<server::ProjectOrder> Read(JsonElement e);  // Errors: request.unknown_choice.
  static std::string Schema(SchemaSink&);
};
template <>
struct Field<server::StageKey> {
  static constexpr JsonKind kKind = JsonKind::kString;
  static Result<server::StageKey> Read(JsonElement e);  // Errors: key.malformed.
  static std::string Schema(SchemaSink&);
};

}  // namespace landfall

namespace landfall::server {

// One parameter as text, as the JSON that a field of that kind reads. Errors: request.not_a_whole_number,
// request.not_a_bool.
Result<std::string> ParameterJson(JsonKind kind, std::string_view text);

template <class T>
Result<T> ReadParameter(std::string_view text) {
  LF_ASSIGN(const std::string json, ParameterJson(landfall::Field<T>::kKind, text));
  return ReadJson<T>(json);
}

// Errors: request.unknown_parameter, request.duplicate_parameter, and those of the fields, each with the parameter's
// name.
Status CheckParameterNames(const std::vector<Field>& query, const std::vector<std::string_view>& known);

template <class Q>
Result<Q> ReadQuery(const Request& request) {
  std::vector<std::string_view> known;
  ForEachField<Q>([&](auto d) { known.push_back(d.name); });
  LF_TRY(CheckParameterNames(request.query, known));
  Q out{};
  std::optional<Error> error;
  ForEachField<Q>([&](auto d) {
    const auto text = request.Query(d.name);
    if (error || !text) return;
    auto& member = out.*d.pointer;
    auto read = ReadParameter<typename std::remove_cvref_t<decltype(member)>::value_type>(*text);
    if (!read)
      error = std::move(read).error().At(d.name);
    else
      member = std::move(*read);
  });
  if (error) return std::move(*error);
  return out;
}

// ---- what routes may be asked ----

// Part of every query: which of the served ledgers; the header Landfall-Ledger says the same.
struct LedgerQuery {
  std::optional<Code<20>> ledger;
};
BOOST_DESCRIBE_STRUCT(LedgerQuery, (), (ledger))

// Part of every query about facts.
struct FactsQuery : LedgerQuery {
  std::optional<Day> as_of;         // Default: today on the jurisdiction's wall.
  std::optional<KnownAt> known_at;  // Default: now.
};
BOOST_DESCRIBE_STRUCT(FactsQuery, (LedgerQuery), (as_of, known_at))

// `region` stands for itself and all regions below it; with `region_only` for itself alone.
struct BoardQuery : FactsQuery {
  std::optional<UnitId> unit;
  std::optional<RegionId> region;
  std::optional<bool> region_only;
  std::optional<app::Light> light;
};
BOOST_DESCRIBE_STRUCT(BoardQuery, (FactsQuery), (unit, region, region_only, light))

using Cursor = Text<600>;

struct ProjectsQuery : FactsQuery {
  std::optional<Text<100>> q;
  std::optional<StageKey> stage;
  std::optional<app::Light> light;
  std::optional<UnitId> unit;
  std::optional<RegionId> region;
  std::optional<bool> region_only;
  std::optional<Key<40>> ladder;
  std::optional<bool> contradicting;
  std::optional<Money> min_investment_minor;
  std::optional<ProjectOrder> sort;
  std::optional<Int<1, 500>> limit;
  std::optional<Cursor> cursor;
};
BOOST_DESCRIBE_STRUCT(ProjectsQuery, (FactsQuery),
                      (q, stage, light, unit, region, region_only, ladder, contradicting, min_investment_minor, sort,
                       limit, cursor))

enum class WhichObligations : std::uint8_t { open, closed, all, reported };
BOOST_DESCRIBE_ENUM(WhichObligations, open, closed, all, reported)
enum class ObligationOrder : std::uint8_t { due, light };
BOOST_DESCRIBE_ENUM(ObligationOrder, due, light)
struct ObligationsQuery : FactsQuery {
  std::optional<WhichObligations> state;
  std::optional<app::Light> light;
  std::optional<UnitId> unit;
  std::optional<Key<40>> kind;
  std::optional<ProjectId> project;
  std::optional<Text<100>> q;
  std::optional<bool> derived;
  std::optional<obligation::ListName> list;
  std::optional<obligation::Category> category;
  std::optional<bool> urged;
  std::optional<RegionId> region;
  std::optional<ObligationOrder> sort;
  std::optional<Int<1, 500>> limit;
  std::optional<Cursor> cursor;
};
BOOST_DESCRIBE_STRUCT(ObligationsQuery, (FactsQuery),
                      (state, light, unit, kind, project, q, derived, list, category, urged, region, sort, limit,
                       cursor))

struct FiguresQuery : FactsQuery {
  std::optional<Day> from;
  std::optional<Day> to;
  std::optional<UnitId> unit;
  std::optional<RegionId> region;
  std::optional<bool> region_only;
};
BOOST_DESCRIBE_STRUCT(FiguresQuery, (FactsQuery), (from, to, unit, region, region_only))

struct FigureQuery : FiguresQuery {
  std::optional<Int<1, 500>> limit;
  std::optional<Cursor> cursor;
};
BOOST_DESCRIBE_STRUCT(FigureQuery, (FiguresQuery), (limit, cursor))

struct CompletedQuery : FactsQuery {
  std::optional<Period> period;  // Default: the month of as_of.
  std::optional<UnitId> unit;
  std::optional<RegionId> region;
  std::optional<bool> region_only;
  std::optional<KnownAt> since;  // Also what is known differently since then.
  std::optional<Int<1, 500>> limit;
  std::optional<Cursor> cursor;
};
BOOST_DESCRIBE_STRUCT(CompletedQuery, (FactsQuery), (period, unit, region, region_only, since, limit, cursor))

struct EnterprisesQuery : FactsQuery {
  std::optional<Text<100>> q;
  std::optional<Int<1, 500>> limit;
  std::optional<Cursor> cursor;
};
BOOST_DESCRIBE_STRUCT(EnterprisesQuery, (FactsQuery), (q, limit, cursor))

// Records are read by position: the cursor is the seq (or the log row) below which to go on.
struct PageQuery : LedgerQuery {
  std::optional<Int<1, 200>> limit;
  std::optional<Int<1, INT64_MAX>> cursor;
};
BOOST_DESCRIBE_STRUCT(PageQuery, (LedgerQuery), (limit, cursor))

struct ProjectEntriesQuery : PageQuery {
  std::optional<KnownAt> known_at;
};
BOOST_DESCRIBE_STRUCT(ProjectEntriesQuery, (PageQuery), (known_at))

struct EntriesQuery : ProjectEntriesQuery {
  std::optional<Code<80>> subject;
};
BOOST_DESCRIBE_STRUCT(EntriesQuery, (ProjectEntriesQuery), (subject))

struct BatchesQuery : LedgerQuery {
  std::optional<Int<1, 200>> limit;
};
BOOST_DESCRIBE_STRUCT(BatchesQuery, (LedgerQuery), (limit))

}  // namespace landfall::server
