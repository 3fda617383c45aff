// SPDX-License-Identifier: Apache-2.0
// Runs the conformance cases of google/cel-spec, converted to JSON by protobuf's own mapping.
//
// Which cases count. The core are the files basic, comparisons, conversions, fields, fp_math, integer_math, lists,
// logic, macros, namespace, parse, plumbing, string and timestamps without the cases that have a `container` or name
// TestAllTypes or google.protobuf. Read by member that leaves 1,078 cases of cel-spec 508bd98; the data's README counts
// 1,055. `core` are those 1,055, `core_set_aside` the other 23, which are run as well: 22 of parse.json whose expected
// text was damaged on the way from textproto to JSON (\u0100 stands there as six characters, \? in bytes as two; no
// right answer can equal it, so ours is compared with what cel-spec's own file says), and the one whose description
// speaks of a container. A case that expects an error passes with any error, also one of the checker.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace landfall::rules {

struct ConformanceGroup {
  std::string name;
  std::size_t total = 0;
  std::size_t passed = 0;
  struct Failure {
    std::string name;  // "file/section/test"
    std::string what;  // Expected and got, for people.
  };
  std::vector<Failure> failing;
};

struct ConformanceReport {
  ConformanceGroup core, core_set_aside;
  std::vector<ConformanceGroup>
      extensions;  // string_ext, optionals, math_ext, macros2, bindings_ext, encoders_ext, type_deduction
};

// Files of the suite that are not run, sorted: they test what this engine does not have.
std::span<const std::string_view> UnsupportedConformanceFiles();

// Errors: rules.conformance_data when a file of the core is absent or cannot be read.
Result<ConformanceReport> RunConformance(const std::filesystem::path& directory);

}  // namespace landfall::rules
