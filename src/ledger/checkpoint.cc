// SPDX-License-Identifier: Apache-2.0
#include "ledger/checkpoint.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstring>

#include "ledger/tree.h"

namespace landfall::ledger {
namespace {

Error Malformed(std::string why) { return Invalid("checkpoint.malformed", std::move(why)); }

// The line before the next newline, which is taken from `rest` as well.
std::optional<std::string_view> TakeLine(std::string_view& rest) {
  const std::size_t end = rest.find('\n');
  if (end == rest.npos) return std::nullopt;
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end + 1);
  return line;
}

bool IsLine(std::string_view text) { return !text.empty() && text.find('\n') == text.npos; }

}  // namespace

std::optional<std::uint64_t> ParseDecimal(std::string_view digits) {
  if (digits.empty() || (digits.size() > 1 && digits.front() == '0')) return std::nullopt;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

Result<std::string> FormatCheckpoint(const Checkpoint& checkpoint) {
  if (!IsLine(checkpoint.origin)) return Malformed("the origin is not one line");
  if (checkpoint.size > kTreeSizeMax) return Malformed("the size is out of bounds");
  if (!std::all_of(checkpoint.extensions.begin(), checkpoint.extensions.end(), IsLine)) {
    return Malformed("an extension is not one line");
  }
  std::string out = fmt::format("{}\n{}\n{}\n", checkpoint.origin, checkpoint.size, Base64(checkpoint.root));
  for (const std::string& extension : checkpoint.extensions) {
    out += extension;
    out += '\n';
  }
  return out;
}

Result<Checkpoint> ParseCheckpoint(std::string_view text) {
  Checkpoint out;
  const auto origin = TakeLine(text);
  if (!origin || origin->empty()) return Malformed("no origin");
  out.origin = *origin;
  const auto size_line = TakeLine(text);
  const auto size = size_line ? ParseDecimal(*size_line) : std::nullopt;
  if (!size || *size > kTreeSizeMax) return Malformed("the second line is not a tree size");
  out.size = *size;
  const auto root_line = TakeLine(text);
  const auto root = ParseBase64(root_line.value_or(""));
  if (!root || root->size() != out.root.size()) return Malformed("the third line is not a root of 32 bytes");
  std::memcpy(out.root.data(), root->data(), out.root.size());
  while (!text.empty()) {
    const auto line = TakeLine(text);
    if (!line || line->empty()) return Malformed("an extension line is empty or cut off");
    out.extensions.emplace_back(*line);
  }
  return out;
}

Result<std::string> SignCheckpoint(const Checkpoint& checkpoint, const SignerKey& signer) {
  if (signer.verifier().name() != checkpoint.origin) {
    return Conflict("checkpoint.other_log", "the signing key is named for another log");
  }
  LF_ASSIGN(const std::string text, FormatCheckpoint(checkpoint));
  return SignNote(text, {&signer, 1});
}

Result<OpenedCheckpoint> OpenCheckpoint(std::string_view note, std::span<const VerifierKey> log_keys,
                                        std::span<const VerifierKey> witnesses) {
  std::vector<VerifierKey> known(log_keys.begin(), log_keys.end());
  known.insert(known.end(), witnesses.begin(), witnesses.end());
  LF_ASSIGN(const OpenedNote opened, OpenNote(note, known));
  const auto named_by = [](std::span<const VerifierKey> keys, const NoteSignature& signature) {
    const auto key =
        std::find_if(keys.begin(), keys.end(), [&](const VerifierKey& k) { return k.IsNamedBy(signature); });
    return key == keys.end() ? nullptr : &*key;
  };
  OpenedCheckpoint out;
  const VerifierKey* log = nullptr;
  for (const NoteSignature& signature : opened.verified) {
    if (const VerifierKey* key = named_by(log_keys, signature)) {
      log = key;
      continue;
    }
    const VerifierKey* witness = named_by(witnesses, signature);
    // A witness that signs as if it were a log gives no time, and so makes no statement about the largest tree it saw.
    if (witness == nullptr || witness->type() != SignatureType::kCosignatureV1) continue;
    out.cosignatures.push_back({signature.name, signature.key_id, CosignatureSeconds(signature.bytes)});
  }
  if (log == nullptr) return Corrupt("note.unsigned", "the log itself has not signed");
  LF_ASSIGN(out.checkpoint, ParseCheckpoint(opened.text));
  if (out.checkpoint.origin != log->name()) {
    return Conflict("checkpoint.other_log", "the origin is not the name of the log's key");
  }
  return out;
}

Result<std::string> CosignCheckpoint(std::string_view note, const VerifierKey& log_key, const SignerKey& witness,
                                     std::uint64_t posix_seconds) {
  LF_TRY(OpenCheckpoint(note, log_key));
  LF_ASSIGN(const auto parsed, SignedNote::Parse(note));
  return AddSignature(note, witness.Cosign(parsed.text, posix_seconds));
}

}  // namespace landfall::ledger
