// The form on which a person approves or denies: who asks, for what, and where it may act. The same
// for applications in the browser and for devices.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/sign_in.hpp"
#include "authn/place.hpp"
#include "domain/client.hpp"
#include "domain/issuer.hpp"
#include "domain/scope.hpp"

namespace keystead::api {

class ConsentForm {
 public:
  struct Parts {
    SignIn const& sign_in;
    domain::ScopeCatalog const& scopes;
    std::string title;        // of the service
    std::string tenant_noun;  // workspace
  };
  // What is asked of whom.
  struct Question {
    domain::Client const& client;
    std::string_view name;  // as the client is called
    std::vector<std::string> const& scopes;
    domain::Session const& session;
    std::vector<authn::Place> const& places;  // one at least
  };

  // What `parts` refers to outlives the object.
  explicit ConsentForm(Parts parts) : parts_(std::move(parts)) {}

  // `details` stands where the person reads about the client; the form is sent to `action` with the
  // fields decision, tenant and csrf_token, and those in `fields`.
  Html question(
      Question const& question,
      Html const& details,
      std::string_view action,
      Html const& fields,
      http::Request const& request
  ) const;

  // Where the person may let tokens of this issuer act. Code::forbidden where there is none.
  Result<std::vector<authn::Place>> places_of(
      domain::UserId const& user, domain::Issuer const& issuer
  ) const;
  // Code::invalid_request for one that is not among them.
  Result<authn::Place> chosen(
      std::vector<authn::Place> const& places, std::string_view tenant
  ) const;

  SignIn const& sign_in() const { return parts_.sign_in; }

 private:
  std::string shown_user(domain::Session const& session) const;
  void write_scopes(Html& page, std::vector<std::string> const& scopes) const;
  void write_places(Html& page, Question const& question) const;

  Parts parts_;
};

}  // namespace keystead::api
