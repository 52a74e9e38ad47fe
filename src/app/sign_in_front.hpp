// How people sign in here: passwords, second factors, passkeys, providers, the links that are sent
// by mail, and the sessions that come of it all.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>

#include "api/links.hpp"
#include "api/routes.hpp"
#include "api/sign_in.hpp"
#include "app/installation.hpp"
#include "authn/oidc_logout.hpp"
#include "authn/oidc_sign_in.hpp"
#include "authn/user_authority.hpp"
#include "http/fetcher.hpp"

namespace keystead::app {

class SignInFront {
 public:
  struct Parts {
    std::string public_url;
    std::array<domain::ScopeSet, 4> role_scopes;  // by domain::Role
    authn::MailQueue* mail;                       // null: no mail is sent
    http::Fetcher* fetcher;                       // null: no provider can be reached
    api::Refusals const& refusals;
  };

  // A Failure names the provider whose configuration nothing can be made of. What the two refer to
  // outlives the object.
  static Result<std::unique_ptr<SignInFront>> make(Installation& installation, Parts parts);

  SignInFront(SignInFront const&) = delete;
  SignInFront& operator=(SignInFront const&) = delete;

  authn::UserAuthority& people() { return people_; }
  authn::Sessions& sessions() { return sessions_; }
  api::SignIn const& sign_in() const { return sign_in_; }
  api::Links const& links() const { return links_; }

  // The object outlives what follows.
  api::SignInPages pages() const;
  std::optional<api::OidcParts> providers();  // none: there are none
  api::MemberParts members(domain::Action const* manage);

 private:
  SignInFront(Installation& installation, Parts parts);
  std::unique_ptr<authn::Passkeys> make_passkeys();
  Result<void> open_providers();

  Installation& installation_;
  Parts parts_;
  authn::UserAuthority people_;
  authn::PasswordDesk desk_;
  authz::SignInGuard guard_;
  authn::Tickets tickets_;
  authn::SecondFactor codes_;
  std::unique_ptr<authn::Passkeys> passkeys_;  // null: browsers make none for this host
  authn::Sessions sessions_;
  api::SignIn sign_in_;
  authn::MailQueue no_mail_{{}};
  api::Links links_;
  std::optional<authn::OidcSignIn> oidc_;         // none: there are no providers
  std::optional<authn::OidcLogout> oidc_logout_;  // the same
};

}  // namespace keystead::app
