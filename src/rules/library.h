// SPDX-License-Identifier: Apache-2.0
// The parts of the standard library. Private to the rules library.
#pragma once

#include <span>

#include "rules/function.h"

namespace landfall::rules {

// `run` nullptr: the evaluator does it itself (operators, size of the hot path), the entry is for the checker.
struct LibraryEntry {
  std::string_view signature;
  Implementation run = nullptr;
};
std::span<const LibraryEntry> OperatorLibrary();
std::span<const LibraryEntry> ConversionLibrary();
std::span<const LibraryEntry> StringLibrary();
std::span<const LibraryEntry> FormatLibrary();
std::span<const LibraryEntry> MathLibrary();
std::span<const LibraryEntry> TimeLibrary();
std::span<const LibraryEntry> OptionalLibrary();

// As string(x) writes it.
std::string DoubleText(double value);

}  // namespace landfall::rules
