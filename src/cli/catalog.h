// SPDX-License-Identifier: Apache-2.0
// `landfall catalog`: the catalogue of matters checked, exported, imported and compared with itself; and what `plan`
// shares with it.
#pragma once

#include <CLI/CLI.hpp>

#include "approval/catalogue.h"
#include "cli/tools/sentences.h"

namespace landfall::cli {

inline constexpr const char* kCatalogHelp = "folder of *.json in place of the built-in catalogue";

// The built-in catalogue, or the *.json of a folder in its place. Errors: approval.file_unreadable (kNotFound),
// approval.file_too_large, those of Catalogue::Load.
Result<approval::Catalogue> LoadCatalogue(const std::string& folder);
// A file of at most `most` bytes; `option` names it in the refusal. Errors as above.
Result<std::string> ReadInput(const std::string& path, std::string_view option, std::size_t most = 1 << 20);
inline bool Chinese() { return SentenceLanguage() == "zh"; }

// Adds "catalog check|export|import|reduction|limits". Exit codes: tools/sentences.h. Both references must live until
// `app` has parsed.
void AddCatalog(CLI::App& app, int& exit_code);

}  // namespace landfall::cli
