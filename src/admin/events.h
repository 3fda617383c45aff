// SPDX-License-Identifier: Apache-2.0
// What the admin subject records: the ledger's own constants, accounts and roles, erasures, batches.
#pragma once

#include <cstdint>

#include "admin/policy_events.h"
#include "base/describe.h"
#include "ledger/event.h"

namespace landfall::admin {

// Subjects that have no number of their own.
struct LedgerSubject {
  static std::string Subject() { return "ledger"; }
  static Result<LedgerSubject> Parse(std::string_view) { return LedgerSubject{}; }
};

// Entry 1. Fixes what can never change.
struct LedgerCreated {
  static constexpr EventInfo kInfo{"ledger.created", 1, EventClass::kPublic, false};
  LedgerSubject on;
  Int<1, 1000> format;
  Code<20> jurisdiction;
  Code<3> currency;
  Int<-840, 840> utc_offset_minutes;
  Key<20> digest;  // "sha256": RFC 6962 tree and payload digests
};
BOOST_DESCRIBE_STRUCT(LedgerCreated, (), (format, jurisdiction, currency, utc_offset_minutes, digest))

struct JurisdictionNamed {
  static constexpr EventInfo kInfo{"ledger.named", 1, EventClass::kPublic, true};
  LedgerSubject on;
  Text<100> name;
};
BOOST_DESCRIBE_STRUCT(JurisdictionNamed, (), (name))

// The operating-system user behind `by: local`.
struct LocalUserNoted {
  static constexpr EventInfo kInfo{"ledger.local_user", 1, EventClass::kPersonal, true};
  LedgerSubject on;
  Text<64> user;
};
BOOST_DESCRIBE_STRUCT(LocalUserNoted, (), (user))

// A payload that the law made us delete. The leaf and the tree stay.
struct PayloadErased {
  static constexpr EventInfo kInfo{"payload.erased", 1, EventClass::kPublic, false};
  LedgerSubject on;
  Int<1, INT64_MAX> seq;
  Int<0, 199> event;
  Key<40> basis;  // Why, e.g. "pipl-47" (个人信息保护法 第47条).
};
BOOST_DESCRIBE_STRUCT(PayloadErased, (), (seq, event, basis))

// Closes a batch: everything under its id became durable together.
struct BatchCompleted {
  static constexpr EventInfo kInfo{"batch.completed", 1, EventClass::kInternal, false};
  LedgerSubject on;
  Key<40> kind;  // "projects"
  Int<0, INT64_MAX> entries;
  std::optional<Digest> file;
  std::optional<Digest> mapping;
  std::optional<Digest> report;  // A blob: what was read, changed, and found odd.
};
BOOST_DESCRIBE_STRUCT(BatchCompleted, (), (kind, entries, file, mapping, report))

struct AccountCreated {
  static constexpr EventInfo kInfo{"account.created", 1, EventClass::kInternal, false};
  AccountId on;
  Key<40> login;
  std::optional<UnitId> unit;
};
BOOST_DESCRIBE_STRUCT(AccountCreated, (), (login, unit))

struct AccountDescribed {
  static constexpr EventInfo kInfo{"account.described", 1, EventClass::kPersonal, true};
  AccountId on;
  Text<60> display;
};
BOOST_DESCRIBE_STRUCT(AccountDescribed, (), (display))

struct RoleGranted {
  static constexpr EventInfo kInfo{"account.role_granted", 1, EventClass::kInternal, false};
  AccountId on;
  Role role;
};
BOOST_DESCRIBE_STRUCT(RoleGranted, (), (role))

struct RoleRevoked {
  static constexpr EventInfo kInfo{"account.role_revoked", 1, EventClass::kInternal, false};
  AccountId on;
  Role role;
};
BOOST_DESCRIBE_STRUCT(RoleRevoked, (), (role))

struct AccountDisabled {
  static constexpr EventInfo kInfo{"account.disabled", 1, EventClass::kInternal, false};
  AccountId on;
};
BOOST_DESCRIBE_STRUCT(AccountDisabled, (), ())

struct AccountEnabled {
  static constexpr EventInfo kInfo{"account.enabled", 1, EventClass::kInternal, false};
  AccountId on;
};
BOOST_DESCRIBE_STRUCT(AccountEnabled, (), ())

using Event = std::variant<LedgerCreated, JurisdictionNamed, LocalUserNoted, PayloadErased, BatchCompleted,
                           AccountCreated, AccountDescribed, RoleGranted, RoleRevoked, AccountDisabled, AccountEnabled,
                           AccountLinked, AccountBound, PolicyProposed, PolicyReasoned, PolicyApproved, PolicyRejected>;

}  // namespace landfall::admin
