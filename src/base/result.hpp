// What can go wrong in the ordinary course of things. Three kinds of trouble have three mechanisms:
// an expected failure is a Result, a broken world (database gone, disk full) is an exception caught
// once a request, a bug is an assert.
#pragma once

#include <expected>
#include <string>
#include <type_traits>
#include <utility>

namespace keystead {

// What kind of refusal it is. api/problem.cpp is the one table that maps a code to a status, a
// header and a body.
enum class Code {
  invalid_request,         // malformed input: the caller can mend it
  unauthorized,            // no credential, or one that is not valid
  forbidden,               // a valid credential of the wrong kind
  insufficient_scope,      // a valid credential that lacks a scope
  not_found,               // absent, or another tenant's: the two look the same
  method_not_allowed,      // the path exists, the method does not
  not_acceptable,          // no representation that the caller accepts
  conflict,                // a unique value is taken, or the state does not allow it
  payload_too_large,       // a size limit was passed
  unsupported_media_type,  // a body in a format that is not read here
  too_many_requests,       // a limit was reached: try later
  unavailable,             // a part that is needed does not answer: try later
  internal,                // our fault
};

struct Failure {
  Code code;
  std::string public_text;     // for the caller; never holds a secret or another tenant's data
  std::string private_detail;  // for the log; never holds a secret either
};

template <class T = void>
using Result = std::expected<T, Failure>;

inline std::unexpected<Failure> fail(Code code, std::string public_text, std::string detail = {}) {
  return std::unexpected(Failure{code, std::move(public_text), std::move(detail)});
}

namespace detail {
template <class T, class E>
T unwrap(std::expected<T, E>&& result) {
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}
}  // namespace detail

}  // namespace keystead

// Gives the value of a Result, or returns its Failure from the enclosing function. Not for
// coroutines: a co_return inside a statement expression breaks GCC.
#define TRY(...)                                                            \
  __extension__({                                                           \
    auto try_result = (__VA_ARGS__);                                        \
    if (!try_result) return std::unexpected(std::move(try_result).error()); \
    ::keystead::detail::unwrap(std::move(try_result));                      \
  })
