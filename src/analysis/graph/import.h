// SPDX-License-Identifier: Apache-2.0
// Collects raw rows of several files, cleans them by the rules of clean.h and builds the graph.
//
// Files are read elsewhere (the command line, later the server): here come fields as text, each with the file and row
// it stood in, so that every drop can be shown.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/graph/build.h"
#include "analysis/graph/clean.h"

namespace landfall::chain {

struct RowPlace {
  std::uint16_t file = 0;  // Importer::AddFile
  std::uint32_t row = 0;   // 1 for the first line of the file.
};

struct DroppedRow {
  Drop rule;
  RowPlace place;
  std::string what;      // "upstream", "makes", … or the kind of a node.
  std::string from, to;  // As cleaned, or as they stood where that failed. `to` is empty for a node.
};

struct ImportReport {
  std::vector<std::string> files;
  std::vector<std::uint64_t> rows;  // By file: rows that were offered.
  std::array<std::uint64_t, kDrops> dropped{};
  std::array<std::uint64_t, kRepairs> repaired{};
  std::uint64_t recipe_products = 0, kitchen_ingredients = 0;
  std::vector<DroppedRow> rows_dropped;  // Empty unless asked for.
};

// One list of a classification: code → name.
using CodeNames = std::map<std::string, std::string, std::less<>>;

struct ImportOptions {
  std::set<Drop> keep = {};              // Rules that are not applied; those of CanKeep.
  bool list_dropped = false;             // Fill ImportReport::rows_dropped.
  bool strict = false;                   // Refuse at the first drop other than a duplicate.
  std::int32_t as_of = kNoDay;           // The day of edges that state none.
  const CodeNames* codes = nullptr;      // GB/T 4754 as of 2017; null: codes are not checked.
  const CodeNames* old_codes = nullptr;  // GB/T 4754 as of 2011, to name a code's age.
};

struct RawEdge {
  Relation relation;
  std::string_view from, to;     // As they stand in the file.
  std::string_view weight = {};  // Empty: not stated.
  std::string_view day = {};     // "YYYY-MM-DD" or empty.
  std::string_view source = {};  // Who says so; empty: the file.
  std::uint8_t confidence = 80;
  bool filler_share = false;  // The set writes exactly 0.001 where no share is stated.
};

// Threads: one at a time. Errors of all calls are kInvalid; detail names file and row.
class Importer {
 public:
  explicit Importer(ImportOptions options) : options_(std::move(options)) {}

  std::uint16_t AddFile(std::string_view name);
  void CountRow(std::uint16_t file) { ++report_.rows[file]; }
  // A row that could not be read at all.
  Status DropRow(Drop rule, RowPlace place, std::string_view what, std::string_view from = {},
                 std::string_view to = {});
  // A node; `label` is its code (products, links, places) or the name of an enterprise, or empty.
  // Errors: chain.two_codes (a product, link or place that has another code already), chain.old_industry_code (a code
  // of 2011, or a name that it had only in 2011, where codes of 2017 are given), chain.unknown_industry_code,
  // chain.dirty_row (strict).
  Status AddNode(NodeKind kind, std::string_view key, std::string_view label, RowPlace place);
  // Errors: chain.dirty_row (strict).
  Status AddEdge(const RawEdge& edge, RowPlace place);

  struct Imported {
    Graph graph;
    ImportReport report;
  };
  // Applies the rules that need all rows (accounting by sign, recipes, duplicates) and builds. May be called once.
  // Errors: those of GraphBuilder::Build, chain.graph_empty (no node is left), chain.dirty_row (strict).
  Result<Imported> Finish();

 private:
  struct Row {
    Relation relation;
    NodeId from, to;
    EdgeFacts facts;
    RowPlace place;
    bool dropped = false;
  };
  // The cleaned key, or nothing after a drop was counted.
  std::optional<std::string> CleanKey(NodeKind kind, std::string_view raw, Drop* why);
  Status CheckCode(NodeKind kind, std::string_view key, std::string_view code, RowPlace place) const;
  std::string Where(RowPlace place) const;
  Status DropEdge(Row& row, Drop rule);
  Status DropAccounting();
  Status DropRecipes();
  bool IsRecipe(NodeKind kind, NodeId node) const { return kind == NodeKind::kProduct && recipes_.contains(node); }
  std::string MetaJson() const;

  ImportOptions options_;
  ImportReport report_;
  std::vector<std::uint16_t> file_source_;  // By file: its number among the sources.
  GraphBuilder names_;                      // Interns names while rows are collected; its edges are not used.
  std::vector<Row> rows_;
  std::array<std::vector<RowPlace>, kNodeKinds> stated_;  // By node: where its row stood; kNoFile: named only by edges.
  std::set<NodeId> recipes_;                              // Products.
};

}  // namespace landfall::chain
