// What must hold between the parts of a configuration, when each part has been read.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "app/config/config.hpp"
#include "app/config/reader.hpp"

namespace keystead::app {

// Completes the configuration (default scopes, the pepper from its file, paths relative to
// `folder`, the scope catalogue) and complains about what does not fit together.
void finish_config(Reading& in, Config& config, std::filesystem::path const& folder);

std::string unknown_scope(std::vector<domain::Scope> const& scopes, std::string const& name);

}  // namespace keystead::app
