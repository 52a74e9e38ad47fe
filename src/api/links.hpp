// What people do with the links that they are sent, and how they ask for one. Pages and REST do the
// same things by it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "api/sign_in.hpp"
#include "authn/link_authority.hpp"
#include "authn/mail_queue.hpp"

namespace keystead::api {

// All references outlive the object.
struct LinkParts {
  SignIn const& sign_in;
  authn::LinkAuthority& links;
  authn::MailQueue& mail;
  std::string url;      // of the service, without a slash at the end
  std::string service;  // as people call it
};

// Safe from any thread; waits, and throws store::Broken. Every try counts as one to sign in, so
// that recovery is no way around the lock (attack 109): Code::too_many_requests.
class Links {
 public:
  explicit Links(LinkParts parts) : parts_(std::move(parts)) {}

  // Sends a link to whoever signs in by this address. Neither what comes of it nor how long it
  // takes depends on whether anybody does.
  Result<void> ask_for_reset(
      std::string_view email, RouteCall const& call, http::Response& response
  ) const;

  // What the link would do. Code::not_found in the same words for every link that is not valid.
  Result<domain::OneTimeLink> look_at(
      domain::LinkPurpose purpose,
      std::string_view value,
      RouteCall const& call,
      http::Response& response
  ) const;

  // Sets the password; the user signs in with it as always.
  Result<void> reset_password(
      std::string_view value,
      Secret const& password,
      RouteCall const& call,
      http::Response& response
  ) const;

  // For who is signed in, whom the caller has found to mean it; otherwise for a new user, whose
  // session is begun. Code::conflict if the address is another user's, who has to sign in first.
  Result<authn::Accepted> accept(
      std::string_view value,
      std::string name,
      Secret const& password,
      RouteCall const& call,
      http::Response& response
  ) const;

  // Whether it takes an account that is there already to accept this invitation.
  bool is_for_a_user(domain::OneTimeLink const& invitation) const;

  LinkParts const& parts() const { return parts_; }

 private:
  LinkParts parts_;
};

}  // namespace keystead::api
