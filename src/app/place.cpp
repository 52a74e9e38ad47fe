#include "app/place.hpp"

#include <cstdlib>

#include "codec/base64url.hpp"
#include "crypto/digest.hpp"

namespace keystead::app {
namespace {

std::optional<std::filesystem::path> state_home() {
  for (auto const& [name, below] : {std::pair{"XDG_STATE_HOME", ""}, {"HOME", ".local/state"}}) {
    char const* value = std::getenv(name);
    if (value && *value) return std::filesystem::path(value) / below;
  }
  return std::nullopt;
}

// Sixteen characters for each database, whatever is in its URL.
std::string name_of(store::postgres::Url const& url) {
  auto digest = crypto::sha256(url.shown());
  return codec::base64url_encode({reinterpret_cast<char const*>(digest.data()), 12});
}

}  // namespace

Result<Place> place_of(std::filesystem::path const& data, std::optional<Secret> const& database) {
  if (!database) return Place{data, std::nullopt};
  auto url = TRY(store::postgres::Url::parse(*database));
  auto home = state_home();
  if (!home) {
    return fail(Code::invalid_request, "HOME is not set: there is no folder for the admin socket");
  }
  auto folder = *home / "keystead" / name_of(url);
  std::error_code error;
  std::filesystem::create_directories(folder.parent_path(), error);
  if (error) {
    return fail(
        Code::invalid_request,
        folder.parent_path().string() + ": cannot be made: " + error.message()
    );
  }
  return Place{std::move(folder), std::move(url)};
}

}  // namespace keystead::app
