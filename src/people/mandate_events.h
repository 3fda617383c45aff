// SPDX-License-Identifier: Apache-2.0
// 代办委托: what an enterprise asked the agent (代办专员) of its project to do, from which day until which. Agents
// serve free of charge and within what they were asked for; the words are those in which GB/T 38227-2019
// (投资项目建设审批代办 服务规范) speaks of the service. A mandate stands on the duty of an agent, so it passes with
// the post to whoever holds it next, and ends with the duty, with its term, or when it is taken back.
#pragma once

#include "base/describe.h"
#include "ledger/event.h"
#include "people/duty_events.h"

namespace landfall::people {

enum class Service : std::uint8_t {
  consult,     // 政策和流程咨询
  guide,       // 办事指导
  prepare,     // 协助准备材料
  submit,      // 代为申报
  coordinate,  // 协调部门
  track,       // 跟踪督办
  collect      // 代领结果
};
BOOST_DESCRIBE_ENUM(Service, consult, guide, prepare, submit, coordinate, track, collect)
inline constexpr std::size_t kServices = 7;

// Of several mandates on a duty the newest that runs counts.
struct MandateGiven {
  static constexpr EventInfo kInfo{"mandate.given", 1, EventClass::kInternal, false};
  DutyId on;
  List<Service, kServices> services;  // Each once.
  Day effective_on;
  Day until;  // The first day without it.
  List<Digest, 20> evidence;
};
BOOST_DESCRIBE_STRUCT(MandateGiven, (), (services, effective_on, until, evidence))

// All that the duty has, from that day on.
struct MandateRevoked {
  static constexpr EventInfo kInfo{"mandate.revoked", 1, EventClass::kInternal, false};
  DutyId on;
  Day effective_on;  // The first day without it.
};
BOOST_DESCRIBE_STRUCT(MandateRevoked, (), (effective_on))

}  // namespace landfall::people
