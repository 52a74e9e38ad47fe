// POST /api/v1/webhooks: what an issuer tells about its users, its organisations and who belongs to
// them, signed as Svix does it (Standard Webhooks). It is done before the answer leaves: who was
// removed is refused from the next request on.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "api/route.hpp"
#include "authn/user_authority.hpp"
#include "base/random.hpp"
#include "base/secret.hpp"
#include "store/control_store.hpp"
#include "store/once_store.hpp"
#include "store/user_store.hpp"

namespace keystead::api {

class Webhooks {
 public:
  // How far a message's time may be from ours.
  static constexpr std::chrono::seconds kWindow{300};

  struct Source {
    std::string issuer;  // whose users and organisations these are: `iss` of its tokens
    Secret key;          // the bytes
  };
  struct Parts {
    std::vector<Source> sources;
    authn::UserAuthority& authority;
    store::UserStore& users;
    store::ControlStore& tenants;
    store::OnceStore& events;
    Clock const& clock;
    Random& random;
  };

  // The bytes of a secret as it is handed out: whsec_ and base64. Code::invalid_request.
  static Result<Secret> parse_key(Secret const& text);

  // What `parts` refers to outlives the object.
  explicit Webhooks(Parts parts) : parts_(std::move(parts)) {}

  // Code::unauthorized for a message that is not signed with a key of ours or is not of now. One
  // that came before is answered, and not done again.
  Result<void> take(RouteCall const& call, http::Response& response) const;

 private:
  class Event;

  Result<Source const*> find_source(http::Request const& request, std::string_view id) const;

  Parts parts_;
};

}  // namespace keystead::api
