// SPDX-License-Identifier: Apache-2.0
// Inside the subject: news, and the side row of an obligation, for all that applies events.
#pragma once

#include "obligation/state.h"

namespace landfall::obligation {

inline std::uint32_t AccountOf(const Actor& by) { return by.kind == Actor::Kind::kAccount ? by.account.raw : 0; }

// `about`: News::about of that kind.
void Tell(State& state, const Origin& origin, std::uint32_t about, NewsKind kind);

// The side row of an obligation, made when first asked for.
FollowUp& Follow(State& state, ObligationId id);

}  // namespace landfall::obligation
