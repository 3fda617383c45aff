// SPDX-License-Identifier: Apache-2.0
// One loop each, so that nobody can forget: codes, commands, events.
#include <gtest/gtest.h>
#include <simdjson.h>

#include <fstream>
#include <map>
#include <regex>

#include "app/labels.h"
#include "app/policy.h"
#include "support/test_data.h"
#include "tests/subjects/sample.h"
#include "tests/subjects/scenario.h"

namespace landfall::test {
namespace {

const std::filesystem::path kRoot = LANDFALL_SOURCE_DIR;

std::vector<std::filesystem::path> FilesBelow(const std::filesystem::path& folder,
                                              const std::set<std::string>& extensions) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
    if (extensions.count(entry.path().extension().string()) != 0) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

// The source without comments, character literals, raw strings and escaped quotes, so that quotes come in pairs.
std::string Plain(const std::string& source) {
  std::string out;
  for (std::size_t at = 0; at < source.size(); ++at) {
    const auto here = [&](std::string_view text) { return source.compare(at, text.size(), text) == 0; };
    const char before = at == 0 ? ' ' : source[at - 1];
    if (here("//")) {
      at = std::min(source.find('\n', at), source.size()) - 1;
    } else if (here("R\"(")) {
      out += "\"\"";
      at = source.find(")\"", at) + 1;
    } else if (source[at] == '\'' && !std::isalnum(static_cast<unsigned char>(before))) {  // Else it parts digits.
      at = source.find('\'', at + (source[at + 1] == '\\' ? 3 : 2));
    } else if (source[at] == '"') {
      out += '"';
      for (++at; source[at] != '"'; ++at) {
        if (source[at] == '\\')
          ++at;
        else
          out += source[at];
      }
      out += '"';
    } else {
      out += source[at];
    }
  }
  return out;
}

bool IsCode(const std::string& text) {
  static const std::regex kForm("[a-z0-9_]+\\.[a-z0-9_]+");
  return std::regex_match(text, kForm);
}

// Every string literal between `from` and `to` of a plain source.
std::vector<std::string> LiteralsIn(const std::string& plain, std::size_t from, std::size_t to) {
  std::vector<std::string> found;
  for (std::size_t at = plain.find('"', from); at < to;) {
    const std::size_t end = plain.find('"', at + 1);
    found.push_back(plain.substr(at + 1, end - at - 1));
    at = plain.find('"', end + 1);
  }
  return found;
}

// The end of the first argument of a call whose opening bracket stands at `open`.
std::size_t EndOfFirstArgument(const std::string& source, std::size_t open) {
  int depth = 0;
  bool quoted = false;
  for (std::size_t at = open; at < source.size(); ++at) {
    const char c = source[at];
    if (c == '"')
      quoted = !quoted;
    else if (quoted)
      continue;
    else if (c == '(' || c == '{')
      ++depth;
    else if ((c == ')' || c == '}') && --depth == 0)
      return at;
    else if (c == ',' && depth == 1)
      return at;
  }
  return source.size();
}

struct Source {
  std::map<std::string, std::string> given;  // code → a file that gives it as an error or a problem
  std::set<std::string> literals;            // every string in the sources
};

const Source& Sources() {
  static const Source kSource = [] {
    Source s;
    static const std::regex kCall(
        "\\b(Invalid|NotFound|Conflict|Forbidden|Corrupt|Unavailable)\\(|\\.code = |\\bFault\\(\"[a-z_]+\", ");
    for (const auto& path : FilesBelow(kRoot / "src", {".h", ".cc"})) {
      const std::string text = Plain(ReadFile(path));
      for (std::string& literal : LiteralsIn(text, 0, text.size())) s.literals.insert(std::move(literal));
      for (auto it = std::sregex_iterator(text.begin(), text.end(), kCall); it != std::sregex_iterator(); ++it) {
        const auto at = static_cast<std::size_t>(it->position());
        const std::size_t begin = at + static_cast<std::size_t>(it->length());
        const std::size_t end = (*it)[1].matched ? EndOfFirstArgument(text, begin - 1)
                                                 : std::min(text.find_first_of(",;}", begin), text.size());
        for (const std::string& literal : LiteralsIn(text, begin, end))
          if (IsCode(literal)) s.given.emplace(literal, std::filesystem::relative(path, kRoot).string());
      }
    }
    return s;
  }();
  return kSource;
}

// code → files of catalog/errors that hold it, read from the disk so that a fresh edit counts without a build.
std::map<std::string, std::vector<std::string>> Catalogued() {
  std::map<std::string, std::vector<std::string>> files;
  for (const auto& path : FilesBelow(kRoot / "catalog/errors", {".json"})) {
    simdjson::dom::parser parser;
    simdjson::dom::object codes;
    EXPECT_EQ(parser.load(path.string()).get(codes), simdjson::SUCCESS) << path;
    for (const auto& [code, sentences] : codes) {
      files[std::string(code)].push_back(path.filename().string());
      for (const char* language : {"zh", "en"}) {
        std::string_view sentence;
        EXPECT_EQ(sentences[language].get(sentence), simdjson::SUCCESS) << code << " has no " << language;
        EXPECT_TRUE(sentence.ends_with("。") || sentence.ends_with(".") || sentence.ends_with("?") ||
                    sentence.ends_with("？"))
            << code << " " << language << ": a sentence ends with a full stop";
      }
    }
  }
  return files;
}

TEST(Codes, EachThatTheSourcesGiveHasASentenceInBothLanguages) {
  const auto catalogued = Catalogued();
  ASSERT_GT(Sources().given.size(), 150u);  // The scan itself works.
  std::string missing;
  for (const auto& [code, file] : Sources().given)
    if (catalogued.count(code) == 0) missing += "\n  " + code + "  (" + file + ")";

  EXPECT_EQ(missing, "") << "codes without sentences in catalog/errors";
}

TEST(Codes, EachInTheCatalogueIsGivenAndStandsOnce) {
  for (const auto& [code, files] : Catalogued()) {
    EXPECT_EQ(files.size(), 1u) << code << " stands in " << testing::PrintToString(files);
    EXPECT_EQ(Sources().literals.count(code), 1u) << code << " in " << files[0] << " is given nowhere in src/";
  }
}

TEST(Codes, TheCompiledCatalogueIsTheOneOnDisk) {
  std::set<std::string> compiled, on_disk;
  for (const auto& [code, sentences] : app::AllErrorSentences()) compiled.insert(code);
  for (const auto& [code, files] : Catalogued()) on_disk.insert(code);
  EXPECT_EQ(compiled, on_disk);
}

// ---- commands ----

class Labels {
 public:
  explicit Labels(app::Language language) : text_(app::LabelsDocument(language)) {
    if (parser_.parse(text_).get(root_) != simdjson::SUCCESS) ADD_FAILURE() << "labels are no JSON";
  }
  bool Has(const std::string& group, const std::string& key) const {
    std::string_view label;
    return root_[group][key].get(label) == simdjson::SUCCESS && !label.empty();
  }

 private:
  simdjson::padded_string text_;
  simdjson::dom::parser parser_;
  simdjson::dom::element root_;
};

TEST(Commands, HaveLabelsForThemselvesAndTheirFields) {
  for (app::Language language : {app::Language::kZh, app::Language::kEn}) {
    const Labels labels(language);
    for (const app::CommandType& type : app::CommandTypesTable()) {
      const std::string name(type.info.name);
      EXPECT_TRUE(labels.Has("commands", name)) << name;
      EXPECT_TRUE(labels.Has("permissions", std::string(type.info.permission))) << type.info.permission;
      for (const app::CommandField& field : type.fields) {
        const std::string plain(field.name);
        EXPECT_TRUE(labels.Has("fields", plain) || labels.Has("fields", name + "." + plain)) << name << " " << plain;
      }
    }
  }
}

TEST(Commands, NeedAPermissionThatThePolicyKnows) {
  const auto known = app::Permissions();
  for (const app::CommandType& type : app::CommandTypesTable())
    EXPECT_NE(std::find(known.begin(), known.end(), type.info.permission), known.end()) << type.info.name;
}

// A scenario file sends single commands; what closes a batch, only the engine sends (import_test.cc,
// app/engine_test.cc).
constexpr std::string_view kClosesABatch = "batch.complete", kBatchClosed = "batch.completed";

TEST(Commands, AreEachCarriedOutByAScenario) {
  std::set<std::string> done;
  for (const ScenarioRun& run : AllScenarios()) done.insert(run.commands.begin(), run.commands.end());
  for (const app::CommandType& type : app::CommandTypesTable())
    EXPECT_TRUE(type.info.name == kClosesABatch || done.count(std::string(type.info.name)) == 1)
        << type.info.name << " is in no file of tests/scenario";
}

// Refusals that a scenario file would need hundreds of lines for, and the test that provokes each.
const std::map<std::pair<std::string, std::string>, std::string> kProvokedElsewhere = {
    {{"policy.approve", "policy.own_proposal"}, "policy_test.cc: Policy.NobodyApprovesTheirOwnProposal"},
    {{"ladder.define", "ladder.too_many"}, "property_test.cc: Ladders.EndAtTheLargestNumberAProjectCanKeep"},
};

TEST(Commands, EachDeclaredRefusalIsProvoked) {
  std::set<std::pair<std::string, std::string>> provoked;
  for (const ScenarioRun& run : AllScenarios()) provoked.insert(run.refusals.begin(), run.refusals.end());
  for (const app::CommandType& type : app::CommandTypesTable())
    for (std::string_view code : type.info.refusals) {
      const std::pair<std::string, std::string> pair{type.info.name, code};
      EXPECT_TRUE(provoked.count(pair) != 0 || kProvokedElsewhere.count(pair) != 0)
          << type.info.name << " is never refused with " << code;
    }
}

// Refusals that any command may meet: of the policy, and of the types of its fields.
bool AnyCommandMayMeet(const std::string& code) {
  for (const char* prefix : {"access.", "request.", "text.", "key.", "code.", "id.", "day.", "period.",
                             "money.malformed", "credit_code.", "digest."})
    if (code.starts_with(prefix)) return true;
  return false;
}

TEST(Commands, DeclareEveryRefusalThatAScenarioMet) {
  for (const ScenarioRun& run : AllScenarios())
    for (const auto& [name, code] : run.refusals) {
      if (AnyCommandMayMeet(code) || code == "entry.not_found") continue;
      const app::CommandType* type = app::FindCommand(name);
      ASSERT_NE(type, nullptr);
      EXPECT_NE(std::find(type->info.refusals.begin(), type->info.refusals.end(), code), type->info.refusals.end())
          << name << " does not declare " << code << " (" << run.path.filename() << ")";
    }
}

TEST(Commands, DeclareOnlyRefusalsThatTheirSubjectCanGive) {
  // Decided by the engine, which alone sees the stored entry; and by a field's value in base.
  // The policy's own rules stand beside the policy (app/policy.cc).
  const std::set<std::string> elsewhere = {"payload.not_erasable", "currency.unknown", "batch.closes_nothing",
                                           "policy.separation", "policy.fixed", "policy.unknown_permission",
                                           "delegation.not_held", "case.not_competent", "step.past_due",
                                           "case.enterprise_missing", "case.project_not_own",
                                           // Proven before the subject decides (app/receipt.cc).
                                           "receipt.malformed", "receipt.proof_wrong", "receipt.signature_wrong"};
  std::map<std::string, std::set<std::string>> literals;  // subject folder → strings of its sources
  for (const char* subject :
       {"admin", "place", "people", "enterprise", "project", "obligation", "figure", "claim", "cases"}) {
    for (const auto& file : std::filesystem::directory_iterator(kRoot / "src" / subject)) {
      if (file.path().extension() != ".cc") continue;
      const std::string text = Plain(ReadFile(file.path()));
      for (std::string& literal : LiteralsIn(text, 0, text.size())) literals[subject].insert(std::move(literal));
    }
  }
  const auto check = [&](const char* subject, auto commands) {
    boost::mp11::mp_for_each<boost::mp11::mp_transform<std::type_identity, decltype(commands)>>([&](auto identity) {
      using C = typename decltype(identity)::type;
      for (std::string_view code : C::kInfo.refusals)
        EXPECT_TRUE(elsewhere.count(std::string(code)) != 0 || literals[subject].count(std::string(code)) != 0)
            << C::kInfo.name << " " << code;
    });
  };
  check("admin", admin::Commands{});
  check("place", place::Commands{});
  check("people", people::Commands{});
  check("enterprise", enterprise::Commands{});
  check("project", project::Commands{});
  check("obligation", obligation::Commands{});
  check("figure", figure::Commands{});
  check("claim", claim::Commands{});
  check("cases", cases::Commands{});
}

TEST(Commands, HaveNamesOfTheirOwnAndReadTheirCanonicalForm) {
  std::set<std::string_view> names;
  for (const app::CommandType& type : app::CommandTypesTable())
    EXPECT_TRUE(names.insert(type.info.name).second) << type.info.name;
  ForEachType<app::CommandTypes>([](auto identity) {
    using C = typename decltype(identity)::type;
    for (bool full : {true, false}) {
      const C command = Sample<C>(full);
      const auto read = app::FindCommand(C::kInfo.name)->read(ToJson(command));
      ASSERT_TRUE(read) << C::kInfo.name << " " << ToJson(command) << " " << read.error().code << " "
                        << read.error().field;
      EXPECT_EQ(app::CanonicalJson(*read), std::string(C::kInfo.name) + ToJson(command));
    }
  });
}

// ---- events ----

TEST(Events, HaveALabel) {
  for (app::Language language : {app::Language::kZh, app::Language::kEn}) {
    const Labels labels(language);
    for (const app::EventType& type : app::EventTypes())
      EXPECT_TRUE(labels.Has("events", std::string(type.info.type))) << type.info.type;
  }
}

// Nothing in the state depends on these; they are read from the history.
const std::set<std::string> kWithoutEffect = {"ledger.local_user",
                                              "project.finding_recorded",
                                              "project.remark_given",
                                              "obligation.remark_given",
                                              "obligation.source_worded",
                                              "claim.remark_given",
                                              "case.worded",
                                              "case.remarked",
                                              "obligation.evidence_attached",
                                              "report.period_remark_given"};

TEST(Events, EachChangesTheStateUnlessItIsSaidNotTo) {
  std::set<std::string> changing, met;
  for (const ScenarioRun& run : AllScenarios()) {
    changing.insert(run.changing_events.begin(), run.changing_events.end());
    met.insert(run.changing_events.begin(), run.changing_events.end());
    met.insert(run.unchanging_events.begin(), run.unchanging_events.end());
  }
  for (const app::EventType& type : app::EventTypes()) {
    const std::string name(type.info.type);
    if (name == kBatchClosed) continue;
    EXPECT_EQ(met.count(name), 1u) << name << " is in no scenario";
    EXPECT_EQ(changing.count(name), 1 - kWithoutEffect.count(name)) << name;
  }
}

template <class T>
constexpr bool kHoldsFreeText = false;
template <std::size_t Max>
constexpr bool kHoldsFreeText<Text<Max>> = true;
template <class T>
constexpr bool kHoldsFreeText<std::optional<T>> = kHoldsFreeText<T>;
template <class T, std::size_t Max>
constexpr bool kHoldsFreeText<List<T, Max>> = kHoldsFreeText<T>;
template <>
constexpr bool kHoldsFreeText<project::Attribute> = true;

TEST(Events, HoldTypedTextOnlyWhereItCanBeErased) {
  ForEachType<boost::mp11::mp_rename<app::AnyEvent, boost::mp11::mp_list>>([](auto identity) {
    using E = typename decltype(identity)::type;
    bool text = false;
    ForEachField<E>(
        [&](auto d) { text = text || kHoldsFreeText<std::remove_cvref_t<decltype(std::declval<E&>().*d.pointer)>>; });
    EXPECT_EQ(text, E::kInfo.erasable) << E::kInfo.type;
    if (E::kInfo.cls == EventClass::kPersonal) {
      EXPECT_TRUE(E::kInfo.erasable) << E::kInfo.type;
    }
  });
}

TEST(Events, ScanExactlyWhatTheyAppend) {
  ForEachType<boost::mp11::mp_rename<app::AnyEvent, boost::mp11::mp_list>>([](auto identity) {
    using E = typename decltype(identity)::type;
    for (bool full : {true, false}) {
      const std::string payload = ToJson(Sample<E>(full));
      E back{};
      ASSERT_TRUE(ScanJson(payload, back)) << E::kInfo.type << " " << payload;
      EXPECT_EQ(ToJson(back), payload) << E::kInfo.type;
      EXPECT_FALSE(ScanJson(payload + " ", back)) << E::kInfo.type;
    }
  });
}

// Stored payloads of every version ever released. A changed line is a changed format: it needs a new version, not an
// update.
TEST(Events, HaveTheGoldenBytes) {
  const std::filesystem::path path = kRoot / "tests/subjects/golden_payloads.txt";
  std::string actual =
      "# One full and one least payload per event type and version. Lines are never changed or removed; see\n"
      "# completeness_test.cc.\n";
  ForEachType<boost::mp11::mp_rename<app::AnyEvent, boost::mp11::mp_list>>([&](auto identity) {
    using E = typename decltype(identity)::type;
    const std::string head = std::string(E::kInfo.type) + " " + std::to_string(E::kInfo.version) + " ";
    const std::string full = ToJson(Sample<E>(true)), least = ToJson(Sample<E>(false));
    actual += head + full + "\n";
    if (least != full) actual += head + least + "\n";
  });
  if (std::getenv("UPDATE") != nullptr) std::ofstream(path, std::ios::binary) << actual;

  EXPECT_EQ(ReadFile(path), actual) << "UPDATE=1 rewrites the file";
}

}  // namespace
}  // namespace landfall::test
