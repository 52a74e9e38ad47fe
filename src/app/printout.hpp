// What a person reads after an administration command.
#pragma once

#include <string>
#include <string_view>

#include <boost/json/value.hpp>

namespace keystead::app {

// `result` as app/administration gives it: an object as lines of "name: value", an array of objects
// as a table, rows of the audit log as a line each.
std::string readable(std::string_view act, boost::json::value const& result);

}  // namespace keystead::app
