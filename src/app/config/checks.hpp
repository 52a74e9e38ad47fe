// What must hold between the parts of a configuration, when each part has been read.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "app/config/config.hpp"
#include "app/config/reader.hpp"

namespace keystead::app {

// Completes the configuration (default scopes, the pepper from its file, paths relative to
// `folder`, the scope catalogue, the kinds of keys) and complains about what does not fit together.
void finish_config(Reading& in, Config& config, std::filesystem::path const& folder);

// Its larger parts.
void finish_keys(Reading& in, Config& config, std::filesystem::path const& folder);
void finish_policy(Reading& in, Config& config, std::filesystem::path const& folder);
void finish_providers(Reading& in, std::vector<ProviderConfig>& providers);

void make_absolute(std::filesystem::path& path, std::filesystem::path const& folder);

inline constexpr std::string_view kNameForm = "a name is a-z, then up to 62 of a-z, 0-9 and _";

inline constexpr std::string_view kApiPath = "/api/v1/";
bool is_reserved_route(std::string_view name);

// Of an issuer, whose tokens are believed: https, or http on this machine.
void check_issuer_url(Reading& in, std::string const& path, std::string const& text);
// Whether its variable is set: ${NAME:-} and ${NAME:-}/path are otherwise no issuer.
bool is_issuer_given(std::string_view text);

// Complains about a scope that is not declared; an empty one is none.
void check_scope(
    Reading& in, KeysConfig const& keys, std::string const& path, std::string const& name
);
std::string unknown_scope(std::vector<domain::Scope> const& scopes, std::string const& name);

// The names of tools and actions, with * for any characters.
bool is_tool_pattern(std::string_view text);
inline constexpr std::string_view kToolPatternForm =
    "a pattern is a name of tools, 1 to 128 of A-Z, a-z, 0-9, _, ., / and -, with * for any "
    "characters";

}  // namespace keystead::app
