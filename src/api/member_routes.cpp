#include "api/member_routes.hpp"

#include <algorithm>

#include <boost/json/array.hpp>

#include "api/json_body.hpp"
#include "api/link_mail.hpp"
#include "api/refusals.hpp"
#include "codec/percent.hpp"

namespace keystead::api {
namespace {

namespace json = boost::json;
using domain::Permit;
using domain::Role;

// The person who calls, and as what.
struct Manager {
  authn::Actor actor;
  Role role;
};

Result<Role> role_of(json::object const& members) {
  auto role = domain::parse_role(TRY(text_of(members, "role")));
  if (role) return *role;
  return fail(Code::invalid_request, "role: owner, admin, member or read-only");
}

json::object describe(store::Member const& member) {
  return {
      {"user_id", member.user.id.text()},
      {"email", member.user.email},
      {"name", member.user.name},
      {"role", name_of(member.role)},
  };
}

json::object describe(domain::OneTimeLink const& invitation) {
  return {
      {"email", invitation.email},
      {"role", name_of(invitation.role.value_or(Role::read_only))},
      {"created_at", format_time(invitation.created_at)},
      {"expires_at", format_time(invitation.expires_at)},
  };
}

class MemberHandlers {
 public:
  explicit MemberHandlers(MemberParts parts) : parts_(std::move(parts)) {}

  Result<void> list(Permit const& permit, RouteCall const& call, http::Response& response) const {
    TRY(manager_of(permit, call));
    json::array items;
    for (auto const& member : parts_.users.list_members(permit.tenant())) {
      items.push_back(describe(member));
    }
    write_json(response, 200, json::object{{"items", std::move(items)}});
    return {};
  }

  Result<void> change(Permit const& permit, RouteCall const& call, http::Response& response) const {
    TRY(require_json(call.request));
    auto manager = TRY(manager_of(permit, call));
    auto member = TRY(find_member(permit, call, manager));
    auto members = TRY(read_members(call.request.body, {"role"}));
    member.role = TRY(role_of(members));
    TRY(within(manager, member.role));
    TRY(parts_.people.set_membership(
        {member.user.id, permit.tenant(), member.role}, store::LastOwner::stays, manager.actor
    ));
    write_json(response, 200, describe(member));
    return {};
  }

  Result<void> remove(Permit const& permit, RouteCall const& call, http::Response& response) const {
    auto manager = TRY(manager_of(permit, call));
    auto member = TRY(find_member(permit, call, manager));
    TRY(parts_.people.remove_membership(
        member.user.id, permit.tenant(), store::LastOwner::stays, manager.actor
    ));
    write_json(response, 200, json::object{{"user_id", member.user.id.text()}, {"removed", true}});
    return {};
  }

  Result<void> list_invitations(
      Permit const& permit, RouteCall const& call, http::Response& response
  ) const {
    TRY(manager_of(permit, call));
    json::array items;
    for (auto const& link : parts_.once.list_invitations(permit.tenant(), parts_.clock.now())) {
      items.push_back(describe(link));
    }
    write_json(response, 200, json::object{{"items", std::move(items)}});
    return {};
  }

  // Where no mail is sent, the link goes to whoever invites, to be passed on.
  Result<void> invite(Permit const& permit, RouteCall const& call, http::Response& response) const {
    TRY(require_json(call.request));
    auto manager = TRY(manager_of(permit, call));
    auto members = TRY(read_members(call.request.body, {"email", "role"}));
    auto email = domain::parse_email(TRY(text_of(members, "email")));
    if (!email) return fail(Code::invalid_request, "email: that is not an e-mail address");
    auto role = TRY(role_of(members));
    TRY(within(manager, role));
    auto issued = TRY(parts_.links.invite({*email, permit.tenant(), role}, manager.actor));
    auto tenant = parts_.places.name_of(permit.tenant());
    auto mail = invitation_mail(issued, parts_.url, parts_.service, tenant);
    auto out = describe(issued.record);
    bool is_on_its_way = parts_.mail.post([mail] { return mail; });
    out["mailed"] = is_on_its_way;
    if (!is_on_its_way) out["link"] = mail.link.reveal();
    write_json(response, 201, out);
    return {};
  }

  Result<void> withdraw(
      Permit const& permit, RouteCall const& call, http::Response& response
  ) const {
    auto manager = TRY(manager_of(permit, call));
    auto no_such = fail(Code::not_found, "no such invitation");
    auto written = codec::percent_decode(call.parameters[0], codec::Plus::as_plus);
    auto email = written ? domain::parse_email(*written) : std::nullopt;
    if (!email) return no_such;
    auto pending = parts_.once.list_invitations(permit.tenant(), parts_.clock.now());
    auto found = std::ranges::find(pending, *email, &domain::OneTimeLink::email);
    if (found == pending.end()) return no_such;
    auto role = found->role.value_or(Role::read_only);
    TRY(within(manager, role));
    TRY(parts_.links.withdraw({*email, permit.tenant(), role}, manager.actor));
    write_json(response, 200, json::object{{"email", *email}, {"withdrawn", true}});
    return {};
  }

 private:
  Result<Manager> manager_of(Permit const& permit, RouteCall const& call) const {
    auto const& principal = permit.principal();
    auto place = principal.user() && principal.manages()
                     ? parts_.places.find(*principal.user(), permit.tenant())
                     : std::nullopt;
    if (!place || place->role < Role::admin) {
      return fail(
          Code::forbidden, "Members are managed by people, who are owner or admin themselves."
      );
    }
    return Manager{{actor_name(principal), call.request_id.text(), {}}, place->role};
  }

  // Nobody gives more than what they are, nor takes it from somebody who is more.
  static Result<void> within(Manager const& manager, Role role) {
    if (role <= manager.role) return {};
    return fail(Code::forbidden, "Only an owner decides about owners.");
  }

  // Code::not_found also for a member of another tenant (attack 111).
  Result<store::Member> find_member(
      Permit const& permit, RouteCall const& call, Manager const& manager
  ) const {
    auto id = domain::UserId::parse(call.parameters[0]);
    auto role = id ? parts_.users.find_role(*id, permit.tenant()) : std::nullopt;
    auto user = role ? parts_.users.find_user(*id) : std::nullopt;
    if (!user) return fail(Code::not_found, "no such member");
    TRY(within(manager, *role));
    return store::Member{std::move(*user), *role};
  }

  MemberParts parts_;
};

}  // namespace

void add_member_routes(std::vector<Route>& routes, MemberParts const& parts) {
  using enum http::Method;
  using Handlers = MemberHandlers;
  auto handlers = std::make_shared<Handlers const>(parts);
  auto add = [&](http::Method method, std::string const& path, auto run, RouteDoc doc) {
    doc.response = {{"type", "object"}};
    ForManager serve{
        parts.manage, [handlers, run](auto const& permit, auto const& call, auto& out) {
          return ((*handlers).*run)(permit, call, out);
        }
    };
    doc.for_people = true;
    routes.push_back({method, "/api/v1/members" + path, std::move(serve), std::move(doc)});
  };
  add(get, "", &Handlers::list, {"List the members of the tenant", 200, {}, {}, {}});
  add(get,
      "/invitations",
      &Handlers::list_invitations,
      {"List the invitations that are open", 200, {}, {}, {}});
  add(post,
      "/invitations",
      &Handlers::invite,
      {"Invite somebody by e-mail", 201, {}, texts({"email", "role"}), {}});
  add(
      del, "/invitations/{email}", &Handlers::withdraw, {"Withdraw an invitation", 200, {}, {}, {}}
  );
  add(patch,
      "/{user_id}",
      &Handlers::change,
      {"Change a member's role", 200, {}, texts({"role"}), {}});
  add(del,
      "/{user_id}",
      &Handlers::remove,
      {"Remove a member, and end the keys that it made here", 200, {}, {}, {}});
}

}  // namespace keystead::api
