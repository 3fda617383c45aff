// SPDX-License-Identifier: Apache-2.0
#include "ledger/proof_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace landfall::ledger {
namespace {

constexpr std::string_view kExtra = "extra ";
constexpr std::string_view kIndex = "index ";
constexpr std::size_t kHashesMax = 63;  // The height of a tree of kTreeSizeMax leaves.

Error Malformed(std::string why) { return Invalid("proof_file.malformed", std::move(why)); }

}  // namespace

std::string FormatProofFile(const ProofFile& proof) {
  std::string out = fmt::format("{}\n", kProofFileHeader);
  if (proof.extra) out += fmt::format("{}{}\n", kExtra, Base64(Bytes(*proof.extra)));
  out += fmt::format("{}{}\n", kIndex, proof.index);
  for (const Digest& hash : proof.hashes) out += fmt::format("{}\n", Base64(hash));
  out += '\n';
  out += proof.checkpoint;
  return out;
}

Result<ProofFile> ParseProofFile(std::string_view text) {
  if (text.size() > kProofFileBytesMax) return Malformed(fmt::format("{} bytes", text.size()));
  // Up to the empty line every line counts; a file cut off before it ends in an empty line here and is refused below.
  const auto take_line = [&text] {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return line;
  };
  ProofFile out;
  if (take_line() != kProofFileHeader) return Malformed("the first line is not the format's name");
  std::string_view line = take_line();
  if (line.starts_with(kExtra)) {
    auto extra = ParseBase64(line.substr(kExtra.size()));
    if (!extra) return Malformed("extra is not base64");
    out.extra = std::move(*extra);
    line = take_line();
  }
  const auto index = line.starts_with(kIndex) ? ParseDecimal(line.substr(kIndex.size())) : std::nullopt;
  if (!index || *index >= kTreeSizeMax) return Malformed("no index line");
  out.index = *index;
  for (line = take_line(); !line.empty(); line = take_line()) {
    const auto hash = ParseBase64(line);
    if (!hash || hash->size() != sizeof(Digest)) return Malformed("a line is not a hash of 32 bytes");
    if (out.hashes.size() == kHashesMax) return Malformed("more hashes than any tree has levels");
    std::memcpy(out.hashes.emplace_back().data(), hash->data(), sizeof(Digest));
  }
  LF_TRY(SignedNote::Parse(text));
  out.checkpoint = text;
  return out;
}

Result<ProvenLeaf> VerifyProofFile(std::string_view text, std::string_view leaf, const VerifierKey& log_key,
                                   std::span<const VerifierKey> witnesses) {
  LF_ASSIGN(const ProofFile proof, ParseProofFile(text));
  LF_ASSIGN(OpenedCheckpoint opened, OpenCheckpoint(proof.checkpoint, log_key, witnesses));
  LF_TRY(VerifyInclusion(proof.index, opened.checkpoint.size, LeafHash(leaf), proof.hashes, opened.checkpoint.root));
  return ProvenLeaf{proof.index, std::move(opened)};
}

}  // namespace landfall::ledger
