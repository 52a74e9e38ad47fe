#include "app/people_acts.hpp"

#include <algorithm>

#include "app/act_arguments.hpp"
#include "app/log.hpp"
#include "authn/user_authority.hpp"
#include "authn/user_event.hpp"
#include "crypto/password.hpp"
#include "store/user_store.hpp"

namespace keystead::app {
namespace {

using Arguments = json::object const&;

authn::UserAuthority people_of(Installation& installation) {
  return {installation.control().users(), installation.ring(), installation.clock()};
}

Result<std::string> email_of(Arguments arguments) {
  auto email = domain::parse_email(TRY(text_of(arguments, "email")));
  if (!email) return fail(Code::invalid_request, "email: that is not an e-mail address");
  return std::move(*email);
}

Result<domain::Role> role_of(Arguments arguments) {
  auto name = optional_text(arguments, "role");
  auto role = name.empty() ? domain::Role::member : domain::parse_role(name);
  if (!role) return fail(Code::invalid_request, "role: owner, admin, member or read-only");
  return *role;
}

Result<domain::Identity> identity_of(Installation& installation, Arguments arguments) {
  auto name = TRY(text_of(arguments, "issuer"));
  auto const& issuers = installation.config().issuers;
  auto const& providers = installation.config().sign_in.providers;
  auto issuer = std::ranges::find(issuers, name, &IssuerConfig::name);
  auto provider = std::ranges::find(providers, name, &ProviderConfig::name);
  if (issuer == issuers.end() && provider == providers.end()) {
    return fail(Code::invalid_request, "issuer: the configuration has no issuer of this name");
  }
  auto const& url = issuer == issuers.end() ? provider->issuer : issuer->issuer;
  return domain::Identity::make(url, TRY(text_of(arguments, "subject")));
}

// A user of another issuer may be known already, by a token or a webhook, and joins one more
// tenant.
Result<domain::UserId> add_external_user(
    Installation& installation,
    Arguments arguments,
    domain::User const& fresh,
    domain::TenantId const& tenant,
    domain::Role role
) {
  auto identity = TRY(identity_of(installation, arguments));
  auto entry = authn::user_event(
      "user.create",
      fresh.id,
      tenant,
      the_operator(),
      installation.clock().now(),
      {{"issuer", identity.issuer()}}
  );
  auto found = TRY(installation.control().users().find_or_create_user(identity, fresh, entry));
  TRY(people_of(installation)
          .set_membership({found.user.id, tenant, role}, store::LastOwner::stays, the_operator()));
  return found.user.id;
}

}  // namespace

Result<json::value> create_user(Installation& installation, Arguments arguments) {
  auto tenant = TRY(id_of<domain::TenantId>(arguments, "tenant"));
  auto email = TRY(email_of(arguments));
  auto role = TRY(role_of(arguments));
  bool is_external = arguments.contains("issuer");
  domain::User user{
      .id = domain::UserId::mint(installation.random()),
      .email = email,
      .is_local = !is_external,
      .created_at = installation.clock().now(),
  };
  if (auto password = optional_text(arguments, "password"); !password.empty() && !is_external) {
    user.password.emplace(
        crypto::hash_password(Secret(std::move(password)), installation.random())
    );
  }
  if (is_external) {
    user.id = TRY(add_external_user(installation, arguments, user, tenant, role));
  } else {
    // The address stays out of the audit log: it outlives the person's account.
    auto entry = authn::user_event("user.create", user.id, tenant, the_operator(), user.created_at);
    domain::Membership membership{user.id, tenant, role};
    TRY(installation.control().users().create_user(user, membership, entry));
  }
  log::info("user.created", {{"user", user.id.text()}, {"tenant", tenant.text()}});
  return json::object{
      {"id", user.id.text()},
      {"email", user.email},
      {"tenant", tenant.text()},
      {"role", domain::name_of(role)}
  };
}

}  // namespace keystead::app
