// SPDX-License-Identifier: Apache-2.0
// Who holds and does what: posts, duties, accounts, policy. As queries.h: pure reads of a frame.
#pragma once

#include "app/people_views.h"
#include "app/queries.h"

namespace landfall::app {

// Names only with `with_names`: whoever asks must be allowed and logged.
PostList QueryPosts(const Frame& frame, bool with_names);
PersonList QueryPersons(const Frame& frame);

struct DutyFilter {
  std::optional<ProjectId> project;
  std::optional<PostId> post;
  std::optional<UnitId> unit;  // of the post, and below it
  bool ended = false;          // also those that no longer run on as_of
};
// Duties on projects that the frame shows. Errors: project.unknown, post.unknown.
Result<DutyList> QueryDuties(const Frame& frame, const DutyFilter& filter);

AccountList QueryAccounts(const State& state, Day today);
PolicyView QueryPolicy(const State& state);

}  // namespace landfall::app
