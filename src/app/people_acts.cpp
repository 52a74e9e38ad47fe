#include "app/people_acts.hpp"

#include <algorithm>

#include "api/link_mail.hpp"
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

json::object describe(domain::User const& user) {
  return {
      {"id", user.id.text()},
      {"email", user.email},
      {"name", user.name},
      {"local", user.is_local},
      {"created_at", format_time(user.created_at)},
      {"ended_at", user.ended_at ? json::value(format_time(*user.ended_at)) : json::value()},
  };
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

Result<json::value> list_users(Installation& installation, Arguments arguments) {
  constexpr std::size_t kPage = 1000;
  auto& users = installation.control().users();
  json::array out;
  if (arguments.contains("tenant")) {
    for (auto const& member :
         users.list_members(TRY(id_of<domain::TenantId>(arguments, "tenant")))) {
      auto row = describe(member.user);
      row["role"] = domain::name_of(member.role);
      out.push_back(std::move(row));
    }
    return out;
  }
  for (auto page = users.list_users({}, kPage); !page.empty();
       page = users.list_users(page.back().id, kPage)) {
    for (auto const& user : page) out.push_back(describe(user));
  }
  return out;
}

Result<json::value> end_user(Installation& installation, Arguments arguments) {
  auto id = TRY(id_of<domain::UserId>(arguments, "id"));
  TRY(people_of(installation).end(id, store::LastOwner::stays, the_operator()));
  log::info("user.ended", {{"user", id.text()}});
  return json::object{{"id", id.text()}, {"ended", true}};
}

Result<json::value> invite_user(Installation& installation, Arguments arguments) {
  authn::Invitation const invitation{
      TRY(email_of(arguments)),
      TRY(id_of<domain::TenantId>(arguments, "tenant")),
      TRY(role_of(arguments))
  };
  auto issued = TRY(installation.links().invite(invitation, the_operator()));
  return json::object{
      {"email", invitation.email},
      {"tenant", invitation.tenant.text()},
      {"role", domain::name_of(invitation.role)},
      {"link", api::invitation_link(installation.url(), issued.value)},
      {"expires_at", format_time(issued.record.expires_at)},
  };
}

Result<json::value> reset_user_password(Installation& installation, Arguments arguments) {
  auto email = TRY(email_of(arguments));
  auto issued = TRY(installation.links().reset(email, the_operator()));
  return json::object{
      {"email", issued.record.email},
      {"link", api::reset_link(installation.url(), issued.value)},
      {"expires_at", format_time(issued.record.expires_at)},
  };
}

}  // namespace keystead::app
