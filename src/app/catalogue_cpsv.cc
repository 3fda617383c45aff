// SPDX-License-Identifier: Apache-2.0
// CPSV-AP 3.2 (SEMIC): https://semiceu.github.io/CPSV-AP/releases/3.2.0/.
#include <fmt/format.h>

#include <set>

#include "app/catalogue_cells.h"
#include "app/catalogue_sheets.h"

namespace landfall::app {
namespace {

using approval::Catalogue;
using approval::Items;
using approval::Limit;
using approval::LimitUnit;
using approval::Matter;

// Objects and arrays of JSON-LD, members in the order they are given.
class Node {
 public:
  Node(std::string id, std::string_view type) {
    Member("@id", id);
    Member("@type", type);
  }
  void Member(std::string_view name, std::string_view text) {
    Key(name);
    AppendJsonString(out_, text);
  }
  // Both languages of a row.
  template <class Row>
  void Title(std::string_view name, const Row& row) {
    Key(name);
    out_ += R"([{"@language":"zh","@value":)";
    AppendJsonString(out_, row.zh.value);
    out_ += R"(},{"@language":"en","@value":)";
    AppendJsonString(out_, row.en.value);
    out_ += "}]";
  }
  void Says(std::string_view name, std::string_view language, std::string_view text) {
    Key(name);
    out_ += fmt::format(R"({{"@language":"{}","@value":)", language);
    AppendJsonString(out_, text);
    out_ += '}';
  }
  void Typed(std::string_view name, std::string_view type, std::string_view text) {
    Key(name);
    out_ += fmt::format(R"({{"@type":"{}","@value":)", type);
    AppendJsonString(out_, text);
    out_ += '}';
  }
  void Links(std::string_view name, const std::vector<std::string>& ids) {
    if (ids.empty()) return;
    Key(name);
    out_ += '[';
    for (std::size_t i = 0; i < ids.size(); ++i) {
      out_ += i > 0 ? R"(,{"@id":)" : R"({"@id":)";
      AppendJsonString(out_, ids[i]);
      out_ += '}';
    }
    out_ += ']';
  }
  std::string Take() && { return std::move(out_) + "}"; }

 private:
  void Key(std::string_view name) {
    out_ += out_.empty() ? '{' : ',';
    AppendJsonString(out_, name);
    out_ += ':';
  }
  std::string out_;
};

// Of a limit in working days: five of them take seven calendar days, wherever one begins.
std::int64_t CalendarDaysAtLeast(const Limit& limit) {
  const std::int64_t days = limit.days.value;
  return limit.unit == LimitUnit::work_days ? days + days / 5 * 2 : days;
}

std::string LimitText(const std::optional<Limit>& limit) {
  return limit ? cells::Cell<Limit>::Write(*limit) : std::string("未列明");
}

class Writer {
 public:
  Writer(const Catalogue& catalogue, Day on, std::string_view base) : catalogue_(catalogue), on_(on), base_(base) {}

  std::string Write() {
    std::set<std::string> papers_used, departments_used, channels_used;
    std::map<std::string, std::vector<std::string>> events_of;  // Matter to packages.
    for (const approval::Package& package : catalogue_.packages()) {
      if (catalogue_.FindPackage(package.id.value, on_) != &package) continue;
      Node event(Id("event", package.id.value), "cv:BusinessEvent");
      event.Member("dct:identifier", package.id.value);
      event.Title("dct:title", package);
      if (package.promised)
        event.Says("dct:description", "zh", "承诺时限 " + cells::Cell<Limit>::Write(*package.promised));
      Add(std::move(event));
      for (const Key<40>& matter : package.matters.items)
        events_of[matter.value].push_back(Id("event", package.id.value));
    }
    for (const Matter& matter : catalogue_.matters()) {
      if (catalogue_.FindMatter(matter.id.value, on_) != &matter) continue;
      Service(matter, events_of[matter.id.value]);
      departments_used.insert(matter.department.value);
      for (const auto list : {Items(matter.needs), Items(matter.if_due)})
        for (const Key<40>& paper : list) papers_used.insert(paper.value);
      for (const Key<40>& channel : Items(matter.channels)) channels_used.insert(channel.value);
    }
    for (const std::string& id : departments_used) {
      const approval::Department& department = *catalogue_.FindDepartment(id);
      Node node(Id("organisation", id), "cv:PublicOrganisation");
      node.Member("dct:identifier", id);
      node.Title("skos:prefLabel", department);
      Add(std::move(node));
    }
    for (const std::string& id : papers_used) {
      Node node(Id("evidence", id), "cv:Evidence");
      node.Member("dct:identifier", id);
      node.Title("dct:title", *catalogue_.FindPaper(id));
      Add(std::move(node));
    }
    for (const std::string& id : channels_used) {
      Node node(Id("channel", id), "cv:Channel");
      node.Member("dct:identifier", id);
      Add(std::move(node));
    }
    return fmt::format(
        "{{\"@context\":{{\"cpsv\":\"http://purl.org/vocab/cpsv#\",\"cv\":\"http://data.europa.eu/m8g/\","
        "\"dct\":\"http://purl.org/dc/terms/\",\"eli\":\"http://data.europa.eu/eli/ontology#\","
        "\"skos\":\"http://www.w3.org/2004/02/skos/core#\",\"xsd\":\"http://www.w3.org/2001/XMLSchema#\"}},\n"
        "\"@graph\":[\n{}\n]}}\n",
        graph_);
  }

 private:
  std::string Id(std::string_view kind, std::string_view id) const { return fmt::format("{}{}/{}", base_, kind, id); }
  std::vector<std::string> Ids(std::string_view kind, std::span<const Key<40>> keys) const {
    std::vector<std::string> out;
    for (const Key<40>& key : keys) out.push_back(Id(kind, key.value));
    return out;
  }
  void Add(Node node) {
    graph_ += graph_.empty() ? "" : ",\n";
    graph_ += std::move(node).Take();
  }

  void Service(const Matter& matter, const std::vector<std::string>& events) {
    const std::string& id = matter.id.value;
    Node node(Id("service", id), "cpsv:PublicService");
    node.Member("dct:identifier", matter.code ? matter.code->value : id);
    node.Title("dct:title", matter);
    // A mandatory property of the profile; the catalogue has the law and the source to say.
    node.Says("dct:description", "zh",
              fmt::format("法定时限：{}。承诺时限：{}。依据：{}。来源：{}。{}", LimitText(matter.statutory),
                          LimitText(matter.promised), matter.law.value, matter.source.value,
                          matter.confirmed ? "已核实" : "未核实"));
    node.Links("cv:hasCompetentAuthority", {Id("organisation", matter.department.value)});
    const std::optional<Limit>& limit = matter.promised ? matter.promised : matter.statutory;
    if (limit) node.Typed("cv:processingTime", "xsd:duration", fmt::format("P{}D", CalendarDaysAtLeast(*limit)));
    std::vector<Key<40>> inputs(Items(matter.needs).begin(), Items(matter.needs).end());
    inputs.insert(inputs.end(), Items(matter.if_due).begin(), Items(matter.if_due).end());
    node.Links("cpsv:hasInput", Ids("evidence", inputs));
    node.Links("cpsv:produces", Ids("output", Items(matter.makes)));
    node.Links("cv:hasChannel", Ids("channel", Items(matter.channels)));
    node.Links("cv:isGroupedBy", events);
    node.Links("cv:hasLegalResource", {Id("law", id)});
    if (matter.fee) node.Links("cv:hasCost", {Id("cost", id)});
    Add(std::move(node));

    Node law(Id("law", id), "eli:LegalResource");
    law.Says("dct:title", "zh", matter.law.value);
    Add(std::move(law));
    if (matter.fee) {
      Node cost(Id("cost", id), "cv:Cost");
      cost.Member("dct:identifier", id);
      cost.Says("dct:description", "zh", matter.fee->value);
      Add(std::move(cost));
    }
    for (const Key<40>& made : Items(matter.makes)) {
      if (!made_.insert(made.value).second) continue;
      Node output(Id("output", made.value), "cpsv:Output");
      output.Member("dct:identifier", made.value);
      output.Title("dct:title", *catalogue_.FindPaper(made.value));
      Add(std::move(output));
    }
  }

  const Catalogue& catalogue_;
  const Day on_;
  const std::string_view base_;
  std::string graph_;
  std::set<std::string> made_;
};

}  // namespace

std::string WriteCpsv(const Catalogue& catalogue, Day on, std::string_view base) {
  return Writer(catalogue, on, base).Write();
}

}  // namespace landfall::app
