// SPDX-License-Identifier: Apache-2.0
#include "rules/environment.h"

#include <algorithm>

namespace landfall::rules {
namespace {

constexpr std::size_t kFactsMost = 10'000;

bool IsWordStart(char c) { return c == '_' || ((c | 32) >= 'a' && (c | 32) <= 'z'); }

bool IsDottedName(std::string_view name) {
  if (name.size() > 200) return false;
  bool start = true;
  for (const char c : name) {
    if (start) {
      if (!IsWordStart(c)) return false;
      start = false;
    } else if (c == '.') {
      start = true;
    } else if (!IsWordStart(c) && !(c >= '0' && c <= '9')) {
      return false;
    }
  }
  return !start;
}

bool SameParams(const Overload& a, const Overload& b) {
  if (a.member != b.member || a.params.size() != b.params.size()) return false;
  for (std::size_t i = 0; i < a.params.size(); ++i)
    if (TypeText(a.params[i]) != TypeText(b.params[i])) return false;
  return true;
}

// Levenshtein distance, given up beyond `most`.
std::size_t Distance(std::string_view a, std::string_view b, std::size_t most) {
  if (a.size() > b.size()) std::swap(a, b);
  if (b.size() - a.size() > most) return most + 1;
  std::vector<std::size_t> row(a.size() + 1);
  for (std::size_t i = 0; i < row.size(); ++i) row[i] = i;
  for (std::size_t j = 1; j <= b.size(); ++j) {
    std::size_t diagonal = row[0];
    row[0] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
      const std::size_t above = row[i];
      row[i] = std::min({above + 1, row[i - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0u : 1u)});
      diagonal = above;
    }
  }
  return row[a.size()];
}

class Nearest {
 public:
  explicit Nearest(std::string_view wanted)
      : wanted_(wanted), best_(std::clamp<std::size_t>(wanted.size() / 3, 1, 3) + 1) {}
  void Offer(std::string_view name) {
    const std::size_t distance = Distance(wanted_, name, best_ - 1);
    if (distance < best_) {
      best_ = distance;
      name_ = name;
    }
  }
  std::string name() && { return std::move(name_); }

 private:
  std::string_view wanted_;
  std::size_t best_;
  std::string name_;
};

}  // namespace

Status Environment::Declare(std::string_view name, std::string_view type, FactLabel label) {
  LF_ASSIGN(TypeRef parsed, ParseType(arena_, type));
  return Add(name, parsed, std::move(label), false);
}

Status Environment::DeclareRecord(std::string_view name, FactLabel label) {
  TypeRef dyn = SimpleType(TypeKind::kDyn);
  return Add(name, MakeType(arena_, TypeKind::kMap, SimpleType(TypeKind::kString), dyn), std::move(label), true);
}

Status Environment::Add(std::string_view name, TypeRef type, FactLabel label, bool open) {
  if (!IsDottedName(name))
    return Invalid("rules.bad_name", "a fact's name is not made of identifiers and dots", "name");
  if (facts_.size() >= kFactsMost)
    return Invalid("rules.too_many_facts", "more than 10,000 facts are declared", "name");
  if (!slots_.emplace(std::string(name), static_cast<std::uint32_t>(facts_.size())).second) {
    return Invalid("rules.duplicate_fact", "a fact is declared twice", "name");
  }
  facts_.push_back({std::string(name), type, std::move(label), open});
  return Ok{};
}

Status Environment::AddFunction(HostFunction function) {
  LF_ASSIGN(Signature signature, ParseSignature(arena_, function.signature));
  if (!function.call) return Invalid("rules.bad_signature", "a host function has no implementation", "call");
  if (!IsDottedName(signature.name))
    return Invalid("rules.bad_signature", "a host function's name is no identifier", "signature");
  Function& entry = functions_[signature.name];
  entry.name = signature.name;
  const Function* standard = FindStandardFunction(signature.name);
  if (standard != nullptr && standard->variadic) {
    return Invalid("rules.duplicate_function", "a function that takes any number of arguments has no overloads",
                   "signature");
  }
  for (const Function* known : {static_cast<const Function*>(&entry), standard}) {
    if (known == nullptr) continue;
    for (const Overload& overload : known->overloads) {
      if (SameParams(overload, signature.overload)) {
        return Invalid("rules.duplicate_function", "this overload exists already", "signature");
      }
    }
  }
  // A host overload of a standard name stands beside the standard ones.
  if (entry.overloads.empty() && standard != nullptr) entry.overloads = standard->overloads;
  signature.overload.host = std::make_shared<const HostFunction>(std::move(function));
  entry.overloads.push_back(std::move(signature.overload));
  return Ok{};
}

std::optional<std::uint32_t> Environment::SlotOf(std::string_view name) const {
  const auto it = slots_.find(name);
  if (it == slots_.end()) return std::nullopt;
  return it->second;
}

const Function* Environment::FindHostFunction(std::string_view name) const {
  const auto it = functions_.find(name);
  return it == functions_.end() || it->second.overloads.empty() ? nullptr : &it->second;
}

std::string Environment::NearestFact(std::string_view name) const {
  Nearest nearest(name);
  for (const Fact& fact : facts_) nearest.Offer(fact.name);
  return std::move(nearest).name();
}

std::string Environment::NearestFunction(std::string_view name) const {
  Nearest nearest(name);
  for (const Function& function : StandardFunctions())
    if ((function.name[0] | 32) >= 'a' && (function.name[0] | 32) <= 'z') nearest.Offer(function.name);
  for (const auto& [known, function] : functions_) nearest.Offer(known);
  return std::move(nearest).name();
}

}  // namespace landfall::rules
