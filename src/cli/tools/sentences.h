// SPDX-License-Identifier: Apache-2.0
// What a command line says when it refuses, shared by the tools that know no ledger and by those that do.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace landfall::cli {

// Exit codes: 0 done, 1 done but with findings (verify: not TRUE), 2 refused (the code stands on stderr), 3 the machine
// lacks something.
inline constexpr int kExitFindings = 1;
inline constexpr int kExitRefused = 2;

// The sentence of a code from catalog/errors; the code itself where there is none. language: "zh" or "en".
std::string SentenceOf(std::string_view code, std::string_view language);
// "zh" where LANG begins with zh, else "en".
std::string_view SentenceLanguage();
// "code: sentence" in the language of LANG (zh or en), then field and detail, on stderr. Returns kExitRefused.
int PrintRefusal(const Error& error);
// Prints the answer to stdout, or the refusal. Returns the exit code.
int PrintAnswer(const Result<std::string>& answer);
// Replaces a file. `option` is the one that named it, for the refusal. Errors: chain.output_unwritable (kUnavailable).
Status WriteFile(const std::string& path, std::string_view text, std::string_view option);

}  // namespace landfall::cli
