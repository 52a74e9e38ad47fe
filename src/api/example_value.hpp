// Values for documents to show: what a schema takes, and what a key looks like.
#pragma once

#include <string>
#include <string_view>

#include <boost/json/value.hpp>

namespace keystead::api {

// A small value that the schema takes: of an object, the members that it requires, or else its
// first.
boost::json::value example_value(boost::json::object const& schema);

// What a schema takes, in a word for people: text, integer, one of `open`, `done`.
std::string type_name(boost::json::object const& schema);

// A text in the form of a key, with x for all that is secret: it is no key.
std::string example_key(std::string_view grammar);

}  // namespace keystead::api
