// SPDX-License-Identifier: Apache-2.0
// What the keys of signed notes have in common, whatever they sign with. For src/ledger/*note.cc.
#pragma once

#include <openssl/evp.h>

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace landfall::ledger {

inline constexpr std::string_view kSecretPrefix = "PRIVATE+KEY+";

// Not empty, valid UTF-8, without white space and '+'.
bool IsKeyName(std::string_view name);

// C2SP signed-note: the first four bytes of SHA-256(name ‖ newline ‖ type ‖ public key).
std::uint32_t KeyId(std::string_view name, std::string_view type_and_key);
std::string KeyIdText(std::uint32_t key_id);

// <name>+<key id>+base64(type ‖ key), with the key's bytes decoded; whether the key id is right only the caller can
// tell. The views are into `text`. Errors: note.key_malformed.
struct KeyText {
  std::string_view name;
  std::string_view key_id;
  std::string type_and_key;
};
Result<KeyText> SplitKeyText(std::string_view text);

inline std::shared_ptr<EVP_PKEY> Own(EVP_PKEY* key) { return {key, EVP_PKEY_free}; }
using DigestContext = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

}  // namespace landfall::ledger
