#include "app/act_arguments.hpp"

namespace keystead::app {

Result<std::string> text_of(json::object const& arguments, std::string_view name) {
  auto const* value = arguments.if_contains(name);
  if (!value || !value->is_string())
    return fail(Code::invalid_request, std::string(name) + " is missing");
  return std::string(value->get_string());
}

std::string optional_text(json::object const& arguments, std::string_view name) {
  auto const* value = arguments.if_contains(name);
  return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

}  // namespace keystead::app
