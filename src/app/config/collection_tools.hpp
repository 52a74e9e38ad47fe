// The tools that collections declare, when all collections have been read.
#pragma once

#include "app/config/config.hpp"
#include "app/config/reader.hpp"

namespace keystead::app {

// Complains about two tools of one name, whoever declares them, and about what a collection without
// REST cannot have.
void check_collection_tools(Reading& in, Config const& config);

}  // namespace keystead::app
