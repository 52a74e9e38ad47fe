#include "api/webhooks.hpp"

#include <algorithm>
#include <charconv>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "authn/claim.hpp"
#include "authn/tenant_creation.hpp"
#include "authn/user_event.hpp"
#include "codec/base64url.hpp"
#include "codec/json.hpp"
#include "crypto/digest.hpp"

namespace keystead::api {
namespace {

namespace json = boost::json;

constexpr std::string_view kEncoding = "whsec_";
constexpr std::size_t kIdMax = 256;         // bytes
constexpr std::size_t kSignaturesMax = 16;  // of one message: old and new keys of its sender
constexpr std::size_t kKeyMin = 16;         // bytes

// Standard Webhooks names the headers webhook-*, Svix svix-*.
std::string_view header_of(http::Request const& request, std::string_view name) {
  auto svix = http::find_header(request, "svix-" + std::string(name));
  return svix ? *svix : http::find_header(request, "webhook-" + std::string(name)).value_or("");
}

// Each is "v1,BASE64"; other versions are for other readers.
bool is_signed(std::string_view signatures, std::string_view expected) {
  bool found = false;
  for (std::size_t count = 0; !signatures.empty() && count < kSignaturesMax; ++count) {
    auto one = signatures.substr(0, signatures.find(' '));
    signatures.remove_prefix(std::min(signatures.size(), one.size() + 1));
    if (!one.starts_with("v1,")) continue;
    auto bytes = codec::base64_decode(one.substr(3));
    found |= bytes && crypto::equal_constant_time(*bytes, expected);
  }
  return found;
}

std::string primary_email(json::object const& data) {
  auto wanted = authn::find_claim(data, {"primary_email_address_id"});
  auto const* addresses = data.if_contains("email_addresses");
  if (!addresses || !addresses->is_array()) return {};
  for (auto const& each : addresses->get_array()) {
    auto const* address = each.if_object();
    if (!address || authn::find_claim(*address, {"id"}) != wanted) continue;
    return domain::parse_email(authn::find_claim(*address, {"email_address"})).value_or("");
  }
  return {};
}

std::string full_name(json::object const& data) {
  std::string name(authn::find_claim(data, {"first_name"}));
  auto last = authn::find_claim(data, {"last_name"});
  if (!name.empty() && !last.empty()) name += ' ';
  return name.append(last);
}

}  // namespace

Result<Secret> Webhooks::parse_key(Secret const& text) {
  std::string_view encoded = text.reveal();
  if (encoded.starts_with(kEncoding)) encoded.remove_prefix(kEncoding.size());
  auto bytes = codec::base64_decode(encoded);
  if (!bytes || bytes->size() < kKeyMin) {
    return fail(Code::invalid_request, "expected whsec_ and at least 16 bytes in base64");
  }
  return Secret(std::move(*bytes));
}

// One event of one source. Each does what is still to be done, so that an event that comes again
// after a failure halfway is no harm.
class Webhooks::Event {
 public:
  Event(Parts const& parts, Source const& source, json::object const& data, authn::Actor actor)
      : parts_(parts), source_(source), data_(data), actor_(std::move(actor)) {}

  Result<void> happen(std::string_view type) {
    struct Kind {
      std::string_view type;
      Result<void> (Event::*act)();
    };
    static constexpr std::array<Kind, 9> kKinds{{
        {"user.created", &Event::keep_user},
        {"user.updated", &Event::keep_user},
        {"user.deleted", &Event::end_user},
        {"organization.created", &Event::keep_organization},
        {"organization.updated", &Event::keep_organization},
        {"organization.deleted", &Event::end_organization},
        {"organizationMembership.created", &Event::keep_membership},
        {"organizationMembership.updated", &Event::keep_membership},
        {"organizationMembership.deleted", &Event::end_membership},
    }};
    auto const* kind = std::ranges::find(kKinds, type, &Kind::type);
    if (kind == kKinds.end()) return {};  // of no concern here
    auto done = (this->*kind->act)();
    // Who has ended stays ended, whatever arrives late.
    if (!done && done.error().code == Code::forbidden) return {};
    return done;
  }

 private:
  std::string_view text(std::string path) const {
    return authn::find_claim(data_, {std::move(path)});
  }

  Result<domain::User> user(std::string_view subject) {
    auto identity = TRY(domain::Identity::make(source_.issuer, std::string(subject)));
    domain::User fresh;
    fresh.id = domain::UserId::mint(parts_.random, now_);
    fresh.created_at = now_;
    auto entry =
        authn::user_event("user.create", fresh.id, {}, actor_, now_, {{"issuer", source_.issuer}});
    return TRY(parts_.users.find_or_create_user(identity, fresh, entry)).user;
  }

  Result<domain::TenantId> tenant(std::string_view id, std::string_view name) {
    auto external = TRY(domain::ExternalTenant::make(source_.issuer, std::string(id)));
    if (auto known = parts_.users.find_tenant(external)) return *known;
    auto made =
        TRY(authn::create_tenant(
            parts_.tenants,
            parts_.random,
            std::string(name.empty() ? id : name),
            std::nullopt,
            actor_,
            now_
        ));
    domain::AuditEntry entry;
    entry.at = now_;
    entry.event = "tenant.map";
    entry.actor = actor_.name;
    entry.tenant = made.id;
    entry.subject = "tenant:" + made.id.text();
    entry.request = actor_.request;
    entry.detail =
        codec::to_text(json::object{{"issuer", source_.issuer}, {"external_id", std::string(id)}});
    TRY(parts_.users.set_external_tenant(external, made.id, entry));
    return made.id;
  }

  std::optional<domain::TenantId> known_tenant(std::string_view id) const {
    auto external = domain::ExternalTenant::make(source_.issuer, std::string(id));
    return external ? parts_.users.find_tenant(*external) : std::nullopt;
  }

  std::optional<domain::User> known_user(std::string_view subject) const {
    auto identity = domain::Identity::make(source_.issuer, std::string(subject));
    return identity ? parts_.users.find_user(*identity) : std::nullopt;
  }

  Result<void> keep_user() {
    auto kept = TRY(user(text("id")));
    auto entry = [&](std::string_view event) {
      return authn::user_event(event, kept.id, {}, actor_, now_);
    };
    if (auto name = full_name(data_); name != kept.name) {
      TRY(parts_.users.rename_user(kept.id, name, entry("user.rename")));
    }
    if (auto email = primary_email(data_); email != kept.email && !kept.is_local) {
      TRY(parts_.users.set_email(kept.id, email, false, entry("user.email")));
    }
    return {};
  }

  // Also one that is not known here: a token that it still has must not make it known.
  Result<void> end_user() {
    auto ended = TRY(user(text("id")));
    return parts_.authority.end(ended.id, store::LastOwner::may_go, actor_);
  }

  Result<void> keep_organization() {
    TRY(tenant(text("id"), text("name")));
    return {};
  }

  // Its data stays until an operator deletes the tenant; nobody reaches it by being a member.
  Result<void> end_organization() {
    auto ended = known_tenant(text("id"));
    if (!ended) return {};
    for (auto const& member : parts_.users.list_members(*ended)) {
      TRY(parts_.authority.remove_membership(
          member.user.id, *ended, store::LastOwner::may_go, actor_
      ));
    }
    return {};
  }

  Result<void> keep_membership() {
    auto of = TRY(tenant(text("organization.id"), text("organization.name")));
    auto member = TRY(user(text("public_user_data.user_id")));
    return parts_.authority.set_membership(
        {member.id, of, authn::role_of_issuer(text("role"))}, store::LastOwner::may_go, actor_
    );
  }

  Result<void> end_membership() {
    auto of = known_tenant(text("organization.id"));
    auto member = known_user(text("public_user_data.user_id"));
    if (!of || !member || !parts_.users.find_role(member->id, *of)) return {};
    return parts_.authority.remove_membership(member->id, *of, store::LastOwner::may_go, actor_);
  }

  Parts const& parts_;
  Source const& source_;
  json::object const& data_;
  authn::Actor actor_;
  Time now_ = parts_.clock.now();
};

Result<Webhooks::Source const*> Webhooks::find_source(
    http::Request const& request, std::string_view id
) const {
  auto refused = fail(Code::unauthorized, "The message is not signed by a sender that is known.");
  auto sent_at = header_of(request, "timestamp");
  std::int64_t seconds = 0;
  auto [end, error] = std::from_chars(sent_at.data(), sent_at.data() + sent_at.size(), seconds);
  auto now = std::chrono::floor<std::chrono::seconds>(parts_.clock.now()).time_since_epoch();
  bool is_number = error == std::errc() && end == sent_at.data() + sent_at.size();
  if (id.empty() || id.size() > kIdMax || id.contains('.') || !is_number) return refused;
  // The difference of two texts of a stranger's must not overflow.
  if (seconds < (now - kWindow).count() || seconds > (now + kWindow).count()) return refused;
  std::string content;
  content.append(id).append(".").append(sent_at).append(".").append(request.body);
  auto signatures = header_of(request, "signature");
  for (auto const& source : parts_.sources) {
    auto mac = crypto::HmacSha256(source.key.reveal())(content);
    if (is_signed(signatures, {reinterpret_cast<char const*>(mac.data()), mac.size()})) {
      return &source;
    }
  }
  return refused;
}

Result<void> Webhooks::take(RouteCall const& call, http::Response& response) const {
  auto id = header_of(call.request, "id");
  auto const* source = TRY(find_source(call.request, id));
  auto message = TRY(codec::parse_json(call.request.body));
  auto const* members = message.if_object();
  auto const* data = members ? members->if_contains("data") : nullptr;
  if (!data || !data->is_object()) {
    return fail(Code::invalid_request, "the body must be an object with type and data");
  }
  store::WebhookEvent event{source->issuer, std::string(id)};
  if (!TRY(parts_.events.knows_event(event))) {
    // Noted when it is done: were the process killed in between, its sender would come again, and
    // had to find that nothing was done yet.
    authn::Actor const actor{"webhook", call.request_id.text(), {}};
    TRY(Event(parts_, *source, data->get_object(), actor)
            .happen(authn::find_claim(*members, {"type"})));
    TRY(parts_.events.note_event(event, parts_.clock.now()));
  }
  response.content_type = "application/json";
  response.body = R"({"received":true})";
  return {};
}

}  // namespace keystead::api
