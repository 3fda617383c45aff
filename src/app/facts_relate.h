// SPDX-License-Identifier: Apache-2.0
// Inside the import of facts: how the claims of one report hang together, from what the report itself says (subset_of,
// stages, thresholds) and from how it names things (计划开工项目 and 实际开工项目). Every rule needs the same place and
// a fitting period; what fits none stays unrelated.
#pragma once

#include <vector>

#include "app/facts_read.h"

namespace landfall::app {

struct PlannedClaim {
  claim::ClaimId id;
  std::string fact;
  std::string part;  // empty: the fact's own number
  claim::RecordClaim command;
};
struct PlannedRelation {
  std::string fact;
  claim::RelateClaim command;
};
std::vector<PlannedRelation> RelateFacts(const std::vector<Fact>& facts, const std::vector<PlannedClaim>& claims);

}  // namespace landfall::app
