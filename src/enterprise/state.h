// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "admin/events.h"
#include "base/columns.h"
#include "enterprise/commands.h"

namespace landfall::enterprise {

struct State {
  ErasableText name;
  TextColumn credit_code, foreign_number;  // Empty: none.
  std::vector<std::uint32_t> same_as;      // The enterprise it is an alias of, raw; 0 or beyond the end: none.
  TextIndex by_credit_code;                // derived

  bool Knows(EnterpriseId id) const { return id && id.index() < credit_code.size(); }

  EnterpriseId SameAs(EnterpriseId id) const { return {id.index() < same_as.size() ? same_as[id.index()] : 0}; }

  template <class Archive>
  void Columns(Archive& a) {
    name.Columns(a, "enterprise.name");
    a("enterprise.credit_code", credit_code);
    a("enterprise.foreign_number", foreign_number);
    a("enterprise.same_as", same_as);
  }
  void Rebuild() { by_credit_code.Rebuild(credit_code); }
};

using Decided = Result<std::vector<Event>>;
Decided Decide(const State&, const DecideContext&, const RegisterEnterprise&);
Decided Decide(const State&, const DecideContext&, const RenameEnterprise&);
Decided Decide(const State&, const DecideContext&, const GiveCreditCode&);
Decided Decide(const State&, const DecideContext&, const LinkAlias&);
Decided Decide(const State&, const DecideContext&, const UnlinkAlias&);
void Apply(State&, const Origin&, const EnterpriseRegistered&);
void Apply(State&, const Origin&, const EnterpriseNamed&);
void Apply(State&, const Origin&, const CreditCodeGiven&);
void Apply(State&, const Origin&, const AliasLinked&);
void Apply(State&, const Origin&, const AliasUnlinked&);
void Apply(State&, const Origin&, const admin::PayloadErased&);

}  // namespace landfall::enterprise
