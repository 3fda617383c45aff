// SPDX-License-Identifier: Apache-2.0
// The OpenAPI 3.1 description of everything the server takes and answers: made from the table of routes, the table of
// commands and the described structs, so it cannot say anything else than what is done. The web UI's types are
// generated from it.
#pragma once

#include <string>
#include <string_view>

namespace landfall::server {

inline constexpr std::string_view kCommandsPath = "/api/v1/commands/";

// The same bytes in every run of one build.
std::string_view OpenApiDocument();

// A schema with each {"$ref":"#/components/schemas/X"} replaced by X, for clients that have no components.
std::string InlineReferences(std::string_view schema);

}  // namespace landfall::server
