// How a refusal looks, as configuration words it: one row of the table in problem.cpp.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include <boost/json/value.hpp>

namespace keystead::api {

// The JSON-RPC error that stands for a denial on the MCP path.
struct RpcForm {
  int code = 0;
  std::string message;  // a template, as the texts of DenialForm::body
};

// Texts of a body may hold these names in braces, such as {detail}; a text that is {status} or
// {retry_after} alone becomes a number. {{ stands for a brace.
inline constexpr std::array<std::string_view, 10> kDenialPlaceholders{
    "error",
    "title",
    "status",
    "detail",
    "scope",
    "tool",
    "argument",
    "rule",
    "retry_after",
    "request_id"
};

struct DenialForm {
  std::optional<int> status;               // none: that of the code
  std::optional<boost::json::value> body;  // none: application/problem+json (RFC 9457)
  // On the MCP path: a JSON-RPC error in place of the body, with the same status and headers. A
  // form with a body and without this sends the body there too.
  std::optional<RpcForm> rpc;
};

// By the name of the refusal, one of Problems::form_names(); `error` stands for all that have no
// form of their own.
using DenialForms = std::map<std::string, DenialForm, std::less<>>;

}  // namespace keystead::api
