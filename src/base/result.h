// SPDX-License-Identifier: Apache-2.0
// Expected failures as values, and checks for what only a bug can break.
//
// Purpose: one error shape from the parser of a file to the screen. `code` is stable and public (the UI and the
// catalogue translate it, tests assert it); `detail` is for logs. Exceptions of libraries end at the library's edge.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace landfall {

// Decides the HTTP status and the CLI's exit code, each in one place, and whether a retry can help.
enum class Fault : std::uint8_t {
  kInvalid,      // The request is wrong as it stands.
  kNotFound,     // What it names is not here.
  kConflict,     // It contradicts what is recorded.
  kForbidden,    // This account may not.
  kCorrupt,      // Stored bytes are not what was written.
  kUnavailable,  // Not now: stopped, overloaded, disk refused.
};

struct Error {
  Fault fault = Fault::kInvalid;
  std::string
      code;  // e.g. "project.land_not_delivered"; every code has a zh and an en sentence in catalog/errors.json.
  std::string detail;  // For logs: a full sentence with ids and values, never personal data, never the refused text.
  std::string field;   // The request field at fault ("effective_on", "rows[3].cost"), or empty.

  Error At(std::string_view path) && {
    field = field.empty() ? std::string(path) : std::string(path) + (field[0] == '[' ? "" : ".") + field;
    return std::move(*this);
  }
  // Keeps the inner path when there is one: "evidence" + "[2]" reads evidence[2].
};

inline Error Invalid(std::string_view code, std::string detail = {}, std::string field = {}) {
  return {Fault::kInvalid, std::string(code), std::move(detail), std::move(field)};
}
inline Error NotFound(std::string_view code, std::string detail = {}, std::string field = {}) {
  return {Fault::kNotFound, std::string(code), std::move(detail), std::move(field)};
}
inline Error Conflict(std::string_view code, std::string detail = {}, std::string field = {}) {
  return {Fault::kConflict, std::string(code), std::move(detail), std::move(field)};
}
inline Error Forbidden(std::string_view code, std::string detail = {}, std::string field = {}) {
  return {Fault::kForbidden, std::string(code), std::move(detail), std::move(field)};
}
inline Error Corrupt(std::string_view code, std::string detail = {}, std::string field = {}) {
  return {Fault::kCorrupt, std::string(code), std::move(detail), std::move(field)};
}
inline Error Unavailable(std::string_view code, std::string detail = {}, std::string field = {}) {
  return {Fault::kUnavailable, std::string(code), std::move(detail), std::move(field)};
}

[[noreturn]] inline void CheckFailed(const char* what, const char* file, int line) {
  std::fprintf(stderr, "landfall: CHECK failed: %s at %s:%d\n", what, file, line);
  std::abort();
}

// A T or an Error. Copyable and movable when T is. Reading the wrong side is a bug and stops the process.
template <class T>
class [[nodiscard]] Result {
 public:
  using Value = T;
  Result(T value) : v_(std::in_place_index<0>, std::move(value)) {}      // NOLINT: implicit on purpose
  Result(Error error) : v_(std::in_place_index<1>, std::move(error)) {}  // NOLINT

  bool ok() const { return v_.index() == 0; }
  explicit operator bool() const { return ok(); }
  T& value() & {
    if (!ok()) CheckFailed(std::get<1>(v_).code.c_str(), __FILE__, __LINE__);
    return std::get<0>(v_);
  }
  const T& value() const& {
    if (!ok()) CheckFailed(std::get<1>(v_).code.c_str(), __FILE__, __LINE__);
    return std::get<0>(v_);
  }
  T value() && { return std::move(value()); }  // By value: a reference into a temporary would dangle in a range-for.
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T operator*() && { return std::move(value()); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  const Error& error() const& {
    if (ok()) CheckFailed("error() of a value", __FILE__, __LINE__);
    return std::get<1>(v_);
  }
  Error&& error() && {
    if (ok()) CheckFailed("error() of a value", __FILE__, __LINE__);
    return std::get<1>(std::move(v_));
  }

 private:
  std::variant<T, Error> v_;
};

struct Ok {};
using Status = Result<Ok>;

}  // namespace landfall

// For what only a bug can break. Stays on in release builds.
#define LF_CHECK(condition)                                                    \
  do {                                                                         \
    if (!(condition)) ::landfall::CheckFailed(#condition, __FILE__, __LINE__); \
  } while (false)

// Returns the error of `expr` to the caller, else goes on. `expr` is a Result.
#define LF_TRY(expr)                                                        \
  do {                                                                      \
    if (auto lf_try_ = (expr); !lf_try_) return std::move(lf_try_).error(); \
  } while (false)
#define LF_CONCAT_(a, b) a##b
#define LF_CONCAT(a, b) LF_CONCAT_(a, b)
// LF_ASSIGN(auto day, ParseDay(text)); declares `day` or returns the error.
#define LF_ASSIGN(declaration, expr) LF_ASSIGN_(LF_CONCAT(lf_result_, __LINE__), declaration, expr)
#define LF_ASSIGN_(tmp, declaration, expr) \
  auto tmp = (expr);                       \
  if (!tmp) return std::move(tmp).error(); \
  declaration = std::move(*tmp)
