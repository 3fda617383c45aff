// SPDX-License-Identifier: Apache-2.0
// 工作机制, each with its owner and the value of its figure. As queries.h: a pure read of a frame.
#pragma once

#include "app/mechanism_views.h"
#include "app/queries.h"

namespace landfall::app {

// `figures`: what the reader may see by figure.read, or why nothing. Cost: that of each figure named, once.
MechanismList QueryMechanisms(const Frame& frame, const Result<Visible>& figures = Visible{});

}  // namespace landfall::app
