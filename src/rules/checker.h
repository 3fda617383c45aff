// SPDX-License-Identifier: Apache-2.0
// Gives every name its meaning and every expression its type. Private to Compile.
//
// Source: cel-spec langdef "Gradual Type Checking"; where the text is silent, what cel-go does. The checker never
// changes a result, it only refuses; dyn is accepted everywhere.
#pragma once

#include <string>
#include <vector>

#include "rules/ast.h"
#include "rules/environment.h"

namespace landfall::rules {

// A fact an expression reads. Facts nobody declared (open environment) have slots from Environment::size() on.
struct FactUse {
  std::string name;
  std::uint32_t slot = 0;
  TypeRef type = nullptr;
};

struct Checked {
  TypeRef type = nullptr;      // In the arena of the Ast.
  std::vector<FactUse> facts;  // Sorted by name.
  std::uint32_t locals = 0;    // How many variables of macros live at once, at most.
};

// Annotates `ast` in place. `strict` false keeps what does not fit for run time: for expressions that are to run
// unchecked. Errors: rules.undeclared, rules.unknown_function, rules.no_such_overload, rules.no_such_field,
// rules.bad_range, rules.not_bool.
Result<Checked> Check(const Environment& environment, Ast& ast, bool strict, Diagnostic* where);

}  // namespace landfall::rules
