// Where an installation keeps what it must not lose: a data folder, or a PostgreSQL database with a
// small folder beside it.
#pragma once

#include <filesystem>
#include <optional>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "store/postgres/url.hpp"

namespace keystead::app {

struct Place {
  // The data folder. With a database: a folder of this user for the pepper, if the configuration
  // has none, and for the admin socket.
  std::filesystem::path folder;
  std::optional<store::postgres::Url> database;

  std::filesystem::path admin_socket() const { return folder / "admin.sock"; }
  // For people and logs: never a password.
  std::string shown() const { return database ? database->shown() : folder.string(); }
};

// `database` comes before `data`. Its folder is made below XDG_STATE_HOME, or HOME/.local/state.
// Code::invalid_request for a URL that cannot be read, or where there is no such place.
Result<Place> place_of(
    std::filesystem::path const& data, std::optional<Secret> const& database = std::nullopt
);

}  // namespace keystead::app
