// SPDX-License-Identifier: Apache-2.0
// Dense ids given by the ledger: the n-th thing of its kind, from 1. Never assignable to each other.
#pragma once

#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace landfall {

// `Tag::kPrefix` is the letter before the number on the wire ("p88"), `Tag::kSubject` the folder of a leaf's `on`
// ("project/p88"). 0 means none. Ids are dense, so state keeps id n at index n − 1.
template <class Tag>
struct Id {
  std::uint32_t raw = 0;
  constexpr auto operator<=>(const Id&) const = default;
  explicit constexpr operator bool() const { return raw != 0; }
  constexpr std::uint32_t index() const { return raw - 1; }
  static constexpr Id FromIndex(std::size_t index) { return Id{static_cast<std::uint32_t>(index + 1)}; }

  void Append(std::string& out) const {
    char buffer[16];
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, raw).ptr;
    out += Tag::kPrefix;
    out.append(buffer, end);
  }
  std::string ToString() const {
    std::string out;
    Append(out);
    return out;
  }
  std::string Subject() const { return std::string(Tag::kSubject) + "/" + ToString(); }
  // Reads "p88". Errors: id.malformed.
  static Result<Id> Parse(std::string_view text) {
    constexpr std::string_view prefix = Tag::kPrefix;
    if (!text.starts_with(prefix)) return Invalid("id.malformed");
    text.remove_prefix(prefix.size());
    Id id;
    if (text.empty() || text[0] == '0') return Invalid("id.malformed");
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id.raw);
    if (error != std::errc() || end != text.data() + text.size()) return Invalid("id.malformed");
    return id;
  }
};

struct AccountTag {
  static constexpr std::string_view kPrefix = "u", kSubject = "account";
};
struct RegionTag {
  static constexpr std::string_view kPrefix = "r", kSubject = "region";
};
struct UnitTag {
  static constexpr std::string_view kPrefix = "o", kSubject = "unit";
};
struct PostTag {
  static constexpr std::string_view kPrefix = "j", kSubject = "post";
};
struct PersonTag {
  static constexpr std::string_view kPrefix = "n", kSubject = "person";
};
struct EnterpriseTag {
  static constexpr std::string_view kPrefix = "e", kSubject = "enterprise";
};
struct ProjectTag {
  static constexpr std::string_view kPrefix = "p", kSubject = "project";
};
struct ObligationTag {
  static constexpr std::string_view kPrefix = "b", kSubject = "obligation";
};
using AccountId = Id<AccountTag>;
using RegionId = Id<RegionTag>;
using UnitId = Id<UnitTag>;
using PostId = Id<PostTag>;
using PersonId = Id<PersonTag>;
using EnterpriseId = Id<EnterpriseTag>;
using ProjectId = Id<ProjectTag>;
using ObligationId = Id<ObligationTag>;

}  // namespace landfall
