// What keeps an installation well: a look at its health, backups, and putting one back.
#pragma once

#include <boost/json/object.hpp>

#include "app/installation.hpp"

namespace keystead::app {

// {"findings": [{"grade": "good" | "warning" | "bad", "text"}], "healthy": bool}
Result<json::value> look_after(Installation& installation, json::object const& arguments);

// {"to": folder} → {"to", "databases"}. Also beside a running server. The pepper stays out of it.
Result<json::value> back_up(Installation& installation, json::object const& arguments);

// {"from": folder} → {"from", …}. No server may run on the place.
Result<json::value> restore_data(Place const& place, json::object const& arguments);

}  // namespace keystead::app
