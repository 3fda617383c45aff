// SPDX-License-Identifier: Apache-2.0
#include "app/witnesses.h"

#include <charconv>

#include "ledger/small_file.h"

namespace landfall::app {
namespace {

Result<LedgerWitness> ParseLine(std::string_view line) {
  const std::size_t space = line.find(' ');
  if (space == line.npos) return Invalid("witness.list_malformed", std::string(line));
  LF_TRY(ParseWitnessUrl(line.substr(0, space)));
  LF_ASSIGN(ledger::VerifierKey key, ledger::VerifierKey::Parse(line.substr(space + 1)));
  if (key.type() != ledger::SignatureType::kCosignatureV1) return Invalid("note.key_malformed", "not a witness's key");
  return LedgerWitness{std::string(line.substr(0, space)), std::move(key)};
}

}  // namespace

std::string WitnessesPath(const LedgerFiles& files) { return files.folder + "/witnesses"; }
std::string CosignedPath(const LedgerFiles& files) { return files.folder + "/cosigned"; }

Result<WitnessAddress> ParseWitnessUrl(std::string_view url) {
  const auto malformed = [&] { return Invalid("witness.url_malformed", std::string(url)); };
  constexpr std::string_view kScheme = "http://";
  if (!url.starts_with(kScheme) || url.ends_with('/')) return malformed();
  std::string_view rest = url.substr(kScheme.size());
  const auto plain = [](char c) { return c > ' ' && c < '\x7f' && c != '?' && c != '#'; };
  if (!std::all_of(rest.begin(), rest.end(), plain)) return malformed();
  WitnessAddress out;
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  out.prefix = rest.substr(slash);
  std::string_view host = rest.substr(0, slash);
  const std::size_t colon = host.rfind(':');
  if (colon != host.npos && host.find(']', colon) == host.npos) {
    const std::string_view port = host.substr(colon + 1);
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), out.port);
    if (error != std::errc() || end != port.data() + port.size() || out.port == 0) return malformed();
    host = host.substr(0, colon);
  }
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  if (host.empty()) return malformed();
  out.host = host;
  return out;
}

Result<std::vector<LedgerWitness>> ReadWitnesses(const LedgerFiles& files) {
  std::vector<LedgerWitness> witnesses;
  const auto text = ledger::ReadSmallFile(WitnessesPath(files));
  if (!text && text.error().code == "file.missing") return witnesses;
  if (!text) return text.error();
  int number = 0;
  for (std::string_view rest = *text; !rest.empty();) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    ++number;
    if (line.empty() || line.starts_with('#')) continue;
    auto witness = ParseLine(line);
    if (!witness) return Invalid("witness.list_malformed", "line " + std::to_string(number));
    witnesses.push_back(std::move(*witness));
  }
  return witnesses;
}

Status AddWitness(const LedgerFiles& files, std::string_view url, std::string_view vkey) {
  LF_ASSIGN(std::vector<LedgerWitness> witnesses, ReadWitnesses(files));
  LF_ASSIGN(LedgerWitness added, ParseLine(std::string(url) + " " + std::string(vkey)));
  std::erase_if(witnesses, [&](const LedgerWitness& w) { return w.key.Encode() == added.key.Encode(); });
  witnesses.push_back(std::move(added));
  std::string text;
  for (const LedgerWitness& w : witnesses) text += w.url + " " + w.key.Encode() + "\n";
  return ledger::ReplaceSmallFile(WitnessesPath(files), text);
}

std::vector<ledger::VerifierKey> KeysOf(const std::vector<LedgerWitness>& witnesses) {
  std::vector<ledger::VerifierKey> keys;
  for (const LedgerWitness& w : witnesses) keys.push_back(w.key);
  return keys;
}

Result<std::optional<Cosigned>> ReadCosigned(const LedgerFiles& files, std::span<const ledger::VerifierKey> log_keys,
                                             std::span<const ledger::VerifierKey> witnesses) {
  if (witnesses.empty()) return std::optional<Cosigned>();
  auto note = ledger::ReadSmallFile(CosignedPath(files));
  if (!note && note.error().code == "file.missing") return std::optional<Cosigned>();
  if (!note) return std::move(note).error();
  LF_ASSIGN(ledger::OpenedCheckpoint opened, ledger::OpenCheckpoint(*note, log_keys, witnesses));
  if (opened.cosignatures.empty()) return std::optional<Cosigned>();
  return std::optional(Cosigned{*std::move(note), opened.checkpoint.size, std::move(opened.cosignatures)});
}

Result<std::optional<Cosigned>> ReadCosigned(const LedgerFiles& files, std::span<const ledger::VerifierKey> log_keys) {
  LF_ASSIGN(const std::vector<LedgerWitness> witnesses, ReadWitnesses(files));
  return ReadCosigned(files, log_keys, KeysOf(witnesses));
}

}  // namespace landfall::app
