// SPDX-License-Identifier: Apache-2.0
// The keys under which a document can be found. Each document that answers a query (match.h) stands under all keys that
// the query asks for; the reverse need not hold, and MatchDocument decides.
//
// Glyph: one character or two neighbours. Literal: the first one, two or three units of a word, and each three inside a
// code. View: one, two or three neighbours of a field read as letters, each Han character as its initials. Start…: the
// same at the beginning of a name, alias or code. Exact: a hash of a whole name, alias or code.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "search/match.h"

namespace landfall::search {

using Gram = std::uint64_t;  // The family in the upper half, one to three units or a hash in the lower.

// All keys of a folded document, some of them more than once. Cost: about 50 ns a unit.
void CollectGrams(std::u16string_view document, std::vector<Gram>& out);

// Keys that every document carries which matches `query`: literally (or scattered) where `by_initials` is false, at all
// where it is true.
std::vector<Gram> GramsOf(const Query& query, bool by_initials);
// The key of those that begin with the query, literally or by initials.
Gram StartGramOf(const Query& query, bool by_initials);
// The key of those that have it as a whole.
Gram ExactGramOf(std::u16string_view whole);

}  // namespace landfall::search
