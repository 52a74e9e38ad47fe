// What an act of administration is told, and by whom.
#pragma once

#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "authn/key_event.hpp"
#include "base/result.hpp"

namespace keystead::app {

namespace json = boost::json;

// Whoever may use the admin socket, or the data folder itself.
inline authn::Actor the_operator() {
  return {};
}

// Code::invalid_request if it is missing.
Result<std::string> text_of(json::object const& arguments, std::string_view name);

// Empty if it is missing.
std::string optional_text(json::object const& arguments, std::string_view name);

template <class Identifier>
Result<Identifier> id_of(json::object const& arguments, std::string_view name) {
  std::string text = TRY(text_of(arguments, name));
  auto id = Identifier::parse(text);
  if (!id)
    return fail(Code::invalid_request, std::string(name) + ": \"" + text + "\" is not an id");
  return *id;
}

}  // namespace keystead::app
