// Sign-in of devices without a browser (RFC 8628): the device shows a short code, a person types it
// in at another screen and decides there.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "oauth/checks/client_authentication.hpp"
#include "oauth/consents.hpp"

namespace keystead::oauth {

class Devices {
 public:
  static constexpr std::chrono::minutes kLifetime{10};
  static constexpr std::chrono::seconds kInterval{5};  // between two polls

  struct Parts {
    domain::Issuers const& issuers;
    AccessRules rules;
    Clients const& clients;
    store::AuthorizationStore& devices;
    authn::KeyDigester const& digester;
    Clock const& clock;
    Random& random;
  };
  struct Begun {
    Secret device_code;
    std::string user_code;  // WDJB-MJHT
  };
  struct Waiting {
    domain::DeviceCode device;
    domain::Issuer issuer;
    domain::Client client;
  };

  // What `parts` refers to outlives the object. All functions are safe from any thread, may wait,
  // and throw store::Broken.
  explicit Devices(Parts parts) : parts_(std::move(parts)) {}

  // Only for clients without a secret, which devices cannot keep.
  TokenResult<Begun> begin(ProvenClient const& proven, TokenCall const& call) const;

  // By what a person typed: case, spaces and hyphens do not count (§6.1). Code::not_found for what
  // is unknown, over or decided.
  Result<Waiting> find(std::string_view user_code, authn::Actor const& actor) const;
  // Of many at once one decides. Fails as Consents::approve does.
  Result<void> approve(
      std::string_view user_code, Consents::Approval const& approval, authn::Actor const& actor
  ) const;
  Result<void> deny(std::string_view user_code, authn::Actor const& actor) const;

 private:
  Parts parts_;
};

}  // namespace keystead::oauth
