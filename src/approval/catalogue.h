// SPDX-License-Identifier: Apache-2.0
// The catalogue of matters 事项: what an office does, for whom, within which limit, on which papers, and what it gives.
//
// Papers join matters: what one matter makes, another needs. So nobody types an order of matters, and nobody is asked
// for a paper that is made on the way. A matter waits only for makers that apply to the case: an exempted review is
// waited for by nobody.
//
// Files: catalog/matters/*.json, format docs/formats/matters.md, any split of them. Versions of a matter follow each
// other by day; a plan uses those of the day of acceptance.
//
// Threads: immutable after Load. Cost: Load about 1 ms for a hundred matters.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/describe.h"
#include "base/embedded.h"
#include "calendar/limit.h"
#include "cases/matter.h"
#include "rules/environment.h"
#include "rules/facts.h"
#include "rules/program.h"

namespace landfall::approval {

using cases::Level;
using cases::Limit;
using cases::LimitUnit;
using cases::MatterKind;
using cases::ToTimeLimit;

struct Department {
  Key<40> id;
  Text<100> zh, en;
};
BOOST_DESCRIBE_STRUCT(Department, (), (id, zh, en))

// What determinants speak of, each with the question that asks for it.
enum class FactType : std::uint8_t { yes_no, whole, choice };
BOOST_DESCRIBE_ENUM(FactType, yes_no, whole, choice)
struct FactChoice {
  Key<40> id;
  Text<100> zh, en;
};
BOOST_DESCRIBE_STRUCT(FactChoice, (), (id, zh, en))
struct CaseFact {
  Key<40> id;
  FactType type = FactType::yes_no;
  Text<200> zh, en;                              // The question.
  std::optional<Text<20>> unit;                  // Of a whole number.
  std::optional<List<FactChoice, 50>> choices;   // Of a choice.
  std::optional<List<std::int64_t, 50>> probes;  // Of a whole number: values on both sides of every threshold.
};
BOOST_DESCRIBE_STRUCT(CaseFact, (), (id, type, zh, en, unit, choices, probes))

enum class GivenBy : std::uint8_t { applicant, outside };  // outside: an expert, a bank, a seller of land
BOOST_DESCRIBE_ENUM(GivenBy, applicant, outside)
struct Paper {
  Key<40> id;
  Text<200> zh, en;
  std::optional<GivenBy> by;                // Absent: a matter makes it.
  std::optional<Int<1, 36500>> valid_days;  // Calendar days from its day.
  std::optional<Int<1, 2000>> fields;       // That somebody fills in, of a form.
};
BOOST_DESCRIBE_STRUCT(Paper, (), (id, zh, en, by, valid_days, fields))

struct Matter {
  Key<40> id;
  Int<1, 9999> version;
  Day from;                      // In force from this day on
  std::optional<Day> until;      // up to and including this one.
  std::optional<Text<80>> code;  // National long form, where the place has one.
  Text<200> zh, en;
  Key<40> department;
  Level level = Level::district;
  MatterKind kind = MatterKind::licence;
  std::optional<Limit> statutory, promised;
  std::optional<Text<200>> limit_law;        // The article that allows a limit above the general one.
  std::optional<Text<2000>> applies;         // CEL over the facts; absent: always.
  std::optional<List<Key<40>, 100>> needs;   // Papers without which nobody can accept it.
  std::optional<List<Key<40>, 100>> if_due;  // Papers needed only where their matter applies to the case.
  std::optional<List<Key<40>, 20>> makes;
  std::optional<List<Key<40>, 20>> replaces;  // Matters that were merged into it.
  std::optional<Text<200>> fee;               // Absent: none.
  std::optional<Int<0, 20>> visits;           // How often the applicant has to come. Absent: not stated.
  std::optional<List<Key<40>, 10>> channels;  // "window", "online"
  Text<300> law;                              // Law and article, or the local rule.
  Text<300> source;                           // Where we have it from.
  bool confirmed = false;                     // The article was read. Otherwise shown as 未核实.
};
BOOST_DESCRIBE_STRUCT(Matter, (),
                      (id, version, from, until, code, zh, en, department, level, kind, statutory, promised, limit_law,
                       applies, needs, if_due, makes, replaces, fee, visits, channels, law, source, confirmed))

struct Package {
  Key<40> id;
  Int<1, 9999> version;
  Day from;
  std::optional<Day> until;
  Text<200> zh, en;
  Key<40> lead;  // Department.
  List<Key<40>, 100> matters;
  std::optional<Limit> promised;     // Of the whole.
  std::optional<Int<0, 20>> visits;  // For the whole. Absent: those of its matters.
  Text<300> source;
};
BOOST_DESCRIBE_STRUCT(Package, (), (id, version, from, until, zh, en, lead, matters, promised, visits, source))

// What the files of a catalogue hold; also one file of it.
struct CatalogueRows {
  std::optional<List<Department, 2000>> departments;
  std::optional<List<CaseFact, 500>> facts;
  std::optional<List<Paper, 20'000>> papers;
  std::optional<List<Matter, 20'000>> matters;
  std::optional<List<Package, 2000>> packages;
};
BOOST_DESCRIBE_STRUCT(CatalogueRows, (), (departments, facts, papers, matters, packages))
// A file as Load reads it, one row a line: a change shows as the line it is.
std::string WriteCatalogueFile(const CatalogueRows& rows);

// The keys of an optional list; none where it is absent.
template <std::size_t N>
inline std::span<const Key<40>> Items(const std::optional<List<Key<40>, N>>& list) {
  return list ? std::span<const Key<40>>(list->items) : std::span<const Key<40>>();
}

class Catalogue {
 public:
  // Files "matters/*.json" of a catalogue. Errors (kInvalid; detail names file and id): approval.malformed_file with
  // the reader's code, approval.duplicate_id, approval.versions_overlap, approval.unknown_reference,
  // approval.bad_determinant with the compiler's code, approval.bad_fact (a choice without choices).
  static Result<Catalogue> Load(std::span<const EmbeddedFile> files);
  // The same from rows. Errors: those of Load but the first.
  static Result<Catalogue> Make(CatalogueRows rows);

  CatalogueRows rows() const;  // All of it, sorted as the lists below.
  const std::vector<Department>& departments() const { return departments_; }
  const std::vector<CaseFact>& facts() const { return facts_; }
  const std::vector<Paper>& papers() const { return papers_; }
  const std::vector<Matter>& matters() const { return matters_; }     // All versions, by id, then by day.
  const std::vector<Package>& packages() const { return packages_; }  // Likewise.
  const rules::Environment& environment() const { return *environment_; }
  // Of a matter by its index; nullptr where it always applies.
  const rules::Program* determinant(std::size_t matter) const {
    return programs_[matter] ? &*programs_[matter] : nullptr;
  }

  // The version in force on a day; nullptr for none.
  const Matter* FindMatter(std::string_view id, Day on) const;
  const Package* FindPackage(std::string_view id, Day on) const;
  const Paper* FindPaper(std::string_view id) const;
  const Department* FindDepartment(std::string_view id) const;
  std::size_t IndexOf(const Matter& matter) const { return static_cast<std::size_t>(&matter - matters_.data()); }
  std::uint32_t IndexOf(const Paper& paper) const { return static_cast<std::uint32_t>(&paper - papers_.data()); }
  // Matters in force on a day that make a paper, by id.
  std::vector<const Matter*> MakersOf(std::string_view paper, Day on) const;

 private:
  void Add(CatalogueRows rows);
  Status Finish();
  Status Sort();
  Status Resolve() const;
  Status Compile();
  std::vector<Department> departments_;
  std::vector<CaseFact> facts_;
  std::vector<Paper> papers_;
  std::vector<Matter> matters_;
  std::vector<Package> packages_;
  std::unique_ptr<rules::Environment> environment_ = std::make_unique<rules::Environment>();
  std::vector<std::optional<rules::Program>> programs_;  // By matter.
};

// Whether a matter applies to a case, and why.
struct Verdict {
  bool applies = false;
  std::string zh, en;                // One sentence; empty where it always applies.
  std::vector<std::string> missing;  // Facts without which nobody can say, sorted.
};
// `sentences`: false leaves `zh` and `en` empty and costs one evaluation where the answer is known.
// Errors: approval.determinant_failed (kInvalid) with the evaluator's code.
Result<Verdict> Applies(const Catalogue& catalogue, const Matter& matter, rules::Facts facts, bool sentences = true);

// The facts of a case: {"eia": "form", "land_m2": 42000}. Errors: those of rules::ReadFacts; approval.unknown_fact
// (field), approval.unknown_choice (field; the detail names the choices).
Result<rules::FactSet> ReadCaseFacts(const Catalogue& catalogue, std::string_view json);

}  // namespace landfall::approval
