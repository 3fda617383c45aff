// SPDX-License-Identifier: Apache-2.0
// A value of any described struct, made from its description: the same value every time.
#pragma once

#include "app/state.h"

namespace landfall::test {

// Calls `f` with std::type_identity<T> for each type of a list.
template <class List, class F>
void ForEachType(F&& f) {
  boost::mp11::mp_for_each<boost::mp11::mp_transform<std::type_identity, List>>(std::forward<F>(f));
}

// `full`: optionals are given and lists hold two items. Otherwise absent and empty.
template <class T>
T Sample(bool full);

namespace internal {

template <class T>
struct Sampler {  // Described structs
  static T Make(bool full) {
    T out{};
    ForEachField<T>([&](auto d) {
      auto& member = out.*d.pointer;
      member = Sample<std::remove_cvref_t<decltype(member)>>(full);
    });
    return out;
  }
};
template <DescribedEnum E>
struct Sampler<E> {  // The last enumerator, so that a default is not taken for a value.
  static E Make(bool full) {
    E last{};
    if (full) boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>([&](auto d) { last = d.value; });
    return last;
  }
};
template <std::size_t Max>
struct Sampler<Text<Max>> {
  static Text<Max> Make(bool) { return {"渌\"\\\n口"}; }
};
template <std::size_t Max>
struct Sampler<Key<Max>> {
  static Key<Max> Make(bool) { return {"a.b_c-1"}; }
};
template <std::size_t Max>
struct Sampler<Code<Max>> {
  static Code<Max> Make(bool) { return {Max < 6 ? "CNY" : "430212"}; }
};
template <class Tag>
struct Sampler<Id<Tag>> {
  static Id<Tag> Make(bool) { return {88}; }
};
template <std::int64_t Low, std::int64_t High>
struct Sampler<Int<Low, High>> {
  static Int<Low, High> Make(bool full) { return {full ? High : Low}; }
};
template <>
struct Sampler<bool> {
  static bool Make(bool full) { return full; }
};
template <>
struct Sampler<Day> {
  static Day Make(bool) { return MakeDay(2024, 2, 29); }
};
template <>
struct Sampler<Period> {
  static Period Make(bool) { return Period::Of(MakeDay(2024, 2, 29)); }
};
template <>
struct Sampler<admin::Role> {  // Not the last: golden payloads are older than it.
  static admin::Role Make(bool full) { return full ? admin::Role::auditor : admin::Role::leader; }
};
template <>
struct Sampler<Money> {
  static Money Make(bool full) { return Money::FromMinor(full ? INT64_MAX : 0); }
};
template <>
struct Sampler<Digest> {
  static Digest Make(bool) { return Sha256("evidence"); }
};
template <>
struct Sampler<enterprise::CreditCode> {
  static enterprise::CreditCode Make(bool) { return {"91350100M000100Y43"}; }
};
template <class T>
struct Sampler<std::optional<T>> {
  static std::optional<T> Make(bool full) { return full ? std::optional<T>(Sample<T>(full)) : std::nullopt; }
};
template <class T, std::size_t Max>
struct Sampler<List<T, Max>> {
  static List<T, Max> Make(bool full) {
    return full ? List<T, Max>{{Sample<T>(true), Sample<T>(false)}} : List<T, Max>{};
  }
};

}  // namespace internal

template <class T>
T Sample(bool full) {
  return internal::Sampler<T>::Make(full);
}

}  // namespace landfall::test
