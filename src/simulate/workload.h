// SPDX-License-Identifier: Apache-2.0
// What simulated clients ask for: a small county's day, with everything that a store does differently. Single entries
// and batches, payloads that can be erased and erasures, money received and reversed, and now and then what must be
// refused. Names are plain numbers: no real place or person.
//
// Threads: one.
#pragma once

#include "simulate/oracle.h"

namespace landfall::simulate {

inline constexpr std::string_view kJurisdiction = "430212";
admin::CreateLedger CreateCommand();

// What must be there before anything else can be asked for, in order: a ladder, a unit, two projects.
std::vector<app::AnyCommand> FirstCommands();

// The next thing that a client asks for. `oracle`: what was acknowledged so far, whose ids it names. `day`: today on
// the clients' calendar. The key is the caller's to set.
Sent NextRequest(const Oracle& oracle, Day day, SeededRandom& chance);

// The same request's key with another body, which must be refused.
Sent TamperedTwin(const Sent& original);

// How a batch is closed.
admin::CompleteBatch Completion();

}  // namespace landfall::simulate
