// The acts on the audit log.
#pragma once

#include <boost/json/object.hpp>

#include "app/installation.hpp"

namespace keystead::app {

// {"head": "hex"}? → {"records", "head", "intact": true}. Code::conflict names the first record
// that does not fit, or says that the log does not reach the head that was given.
Result<json::value> verify_audit(Installation& installation, json::object const& arguments);

// {"after": sequence} or {"lines": count} → records, oldest first.
Result<json::value> tail_audit(Installation& installation, json::object const& arguments);

}  // namespace keystead::app
