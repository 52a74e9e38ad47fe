// Clients that introduce themselves (RFC 7591). Anybody may, so what they leave behind is bounded:
// so many from one address and in all, and who is never used is forgotten after a day (attack 62).
#pragma once

#include <chrono>
#include <cstddef>
#include <expected>
#include <string_view>

#include <boost/json/object.hpp>

#include "authn/key_digester.hpp"
#include "base/random.hpp"
#include "base/secret.hpp"
#include "oauth/client_metadata.hpp"
#include "store/client_store.hpp"

namespace keystead::oauth {

class Registration {
 public:
  // A client that nobody has signed in with by then is forgotten.
  static constexpr std::chrono::hours kUnusedFor{24};

  struct Options {
    ClientRules rules;
    std::size_t per_address_max = 100;  // within kUnusedFor
    std::size_t total_max = 10'000;     // the same
  };
  struct Parts {
    Options options;
    store::ClientStore& clients;
    authn::KeyDigester const& digester;
    Clock const& clock;
    Random& random;
  };

  // What `parts` refers to outlives the object.
  explicit Registration(Parts parts) : parts_(std::move(parts)) {}

  struct Refusal {
    enum class Kind { metadata, redirect_uri, quota };
    Kind kind;
    std::string text;
  };
  struct Registered {
    domain::Client client;
    Secret secret;  // empty for a client without one; given out once
  };

  // Safe from any thread; throws store::Broken.
  std::expected<Registered, Refusal> add(
      boost::json::object const& document, std::string_view address, std::string_view request_id
  ) const;

 private:
  Parts parts_;
};

// The answer of RFC 7591 §3.2.1.
boost::json::object describe(Registration::Registered const& registered);

}  // namespace keystead::oauth
