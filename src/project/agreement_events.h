// SPDX-License-Identifier: Apache-2.0
// 协议与承诺: with whom an investment agreement was concluded, and what was promised in each of its versions.
//
// Part of the project subject: agreement, counterpart and commitments stand on their project. Nothing is edited: a
// changed counterpart and a changed promise are further records, and what was agreed before stays readable.
#pragma once

#include "base/describe.h"
#include "enterprise/events.h"
#include "ledger/event.h"

namespace landfall::project {

// How the other party is known (DOMAIN §3.2): by unified social credit code, by its registration abroad, or not yet,
// because the local company is still to be registered.
enum class CounterpartKind : std::uint8_t { credit_code, foreign, to_be_registered };
BOOST_DESCRIBE_ENUM(CounterpartKind, credit_code, foreign, to_be_registered)

struct AgreementConcluded {
  static constexpr EventInfo kInfo{"project.agreement_concluded", 1, EventClass::kInternal, false};
  ProjectId on;
  Day signed_on;
  List<Digest, 20> evidence;  // The agreement itself.
};
BOOST_DESCRIBE_STRUCT(AgreementConcluded, (), (signed_on, evidence))

// The agreement was recorded by mistake. Its counterpart and commitments go with it; the records stay.
struct AgreementWithdrawn {
  static constexpr EventInfo kInfo{"project.agreement_withdrawn", 1, EventClass::kInternal, false};
  ProjectId on;
  Int<1, INT64_MAX> corrects;  // seq of the agreement's record
};
BOOST_DESCRIBE_STRUCT(AgreementWithdrawn, (), (corrects))

// From that day on the other party is this one.
struct CounterpartSet {
  static constexpr EventInfo kInfo{"project.counterpart_set", 1, EventClass::kEnterprise, false};
  ProjectId on;
  CounterpartKind counterpart;
  std::optional<enterprise::CreditCode> credit_code;  // With credit_code only.
  std::optional<Code<40>> foreign_number;             // With foreign only.
  Day effective_on;
};
BOOST_DESCRIBE_STRUCT(CounterpartSet, (), (counterpart, credit_code, foreign_number, effective_on))

// The name of the counterpart before it in the same entry.
struct CounterpartNamed {
  static constexpr EventInfo kInfo{"project.counterpart_named", 1, EventClass::kEnterprise, true};
  ProjectId on;
  Text<120> counterpart_name;
};
BOOST_DESCRIBE_STRUCT(CounterpartNamed, (), (counterpart_name))

using Jobs = Int<0, 10'000'000>;
using MuHundredths = Int<0, 100'000'000>;  // Hundredths of a 亩; 1,000,000 亩 at most.

// One version of what is promised; the whole of it, so that versions stand side by side. Absent: not promised.
struct CommitmentsMade {
  static constexpr EventInfo kInfo{"project.commitments_made", 1, EventClass::kInternal, false};
  ProjectId on;
  Day effective_on;
  std::optional<Money> investment_minor;
  std::optional<Money> output_minor;  // a year, at full production
  std::optional<Money> tax_minor;     // a year, at full production
  std::optional<Jobs> jobs;
  std::optional<MuHundredths> land_mu_hundredths;
  std::optional<Day> start_on;
  std::optional<Day> production_on;
  // What 达产 means in this agreement (DOMAIN §2.4: there is no national definition): so much of the promised output,
  // in so many months running.
  std::optional<Int<1, 10'000>> full_output_bp;
  std::optional<Int<1, 60>> full_months;
  List<Digest, 20> evidence;
};
BOOST_DESCRIBE_STRUCT(CommitmentsMade, (),
                      (effective_on, investment_minor, output_minor, tax_minor, jobs, land_mu_hundredths, start_on,
                       production_on, full_output_bp, full_months, evidence))

using AgreementEvents =
    std::variant<AgreementConcluded, AgreementWithdrawn, CounterpartSet, CounterpartNamed, CommitmentsMade>;

}  // namespace landfall::project
