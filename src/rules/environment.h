// SPDX-License-Identifier: Apache-2.0
// What expressions may speak of: facts with types and labels, and functions of the host.
//
// All programs compiled in one Environment share one layout of facts: slot i of a fact row is the i-th declared fact.
// Threads: build it on one thread; afterwards any number may compile and evaluate with it. It must outlive its
// programs.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "rules/function.h"

namespace landfall::rules {

// Words for people; where empty, the name of the fact is shown.
struct FactLabel {
  std::string zh, en;
  std::string unit_zh, unit_en;  // "万元", "10,000 yuan"
};

struct Fact {
  std::string name;
  TypeRef type = nullptr;
  FactLabel label;
  bool open = false;  // A record whose absent fields are unknown, not errors; only in open environments.
};

class Environment {
 public:
  Environment() = default;
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

  // `name` is an identifier or several with dots ("enterprise.revenue"). At most 10,000 facts.
  // Errors: rules.bad_name, rules.bad_type, rules.duplicate_fact, rules.too_many_facts.
  Status Declare(std::string_view name, std::string_view type, FactLabel label = {});
  Status DeclareRecord(std::string_view name, FactLabel label = {});

  // Errors: rules.bad_signature; rules.duplicate_function when the standard library or an earlier call has this
  // overload.
  Status AddFunction(HostFunction function);

  // In an open environment a name nobody declared is a missing fact of type dyn instead of an error: for tools at a
  // desk.
  void set_open(bool open) { open_ = open; }
  bool open() const { return open_; }
  void set_zones(std::shared_ptr<ZoneProvider> zones) { zones_ = std::move(zones); }
  ZoneProvider* zones() const { return zones_.get(); }

  std::size_t size() const { return facts_.size(); }
  const Fact& fact(std::uint32_t slot) const { return facts_[slot]; }
  std::optional<std::uint32_t> SlotOf(std::string_view name) const;
  const Function* FindHostFunction(std::string_view name) const;
  // The known name nearest to a misspelt one, or empty.
  std::string NearestFact(std::string_view name) const;
  std::string NearestFunction(std::string_view name) const;

 private:
  Status Add(std::string_view name, TypeRef type, FactLabel label, bool open);

  Arena arena_;
  std::vector<Fact> facts_;
  std::map<std::string, std::uint32_t, std::less<>> slots_;
  std::map<std::string, Function, std::less<>> functions_;
  std::shared_ptr<ZoneProvider> zones_;
  bool open_ = false;
};

}  // namespace landfall::rules
