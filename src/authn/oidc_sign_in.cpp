#include "authn/oidc_sign_in.hpp"

#include <algorithm>

#include "authn/claim.hpp"
#include "authn/external_user.hpp"
#include "authn/user_event.hpp"
#include "codec/percent.hpp"
#include "crypto/digest.hpp"

namespace keystead::authn {
namespace {

std::unexpected<Failure> not_begun_here(std::string why) {
  return fail(
      Code::unauthorized,
      "This sign-in was begun in another browser or too long ago, or was used already.",
      std::move(why)
  );
}

// The person is told one and the same, the operator what it was.
std::unexpected<Failure> not_good(OidcClient const& client, Failure const& failure) {
  if (failure.code == Code::unavailable) {
    return fail(
        failure.code, client.title + " cannot be reached at the moment.", failure.private_detail
    );
  }
  return fail(
      Code::unauthorized,
      "The sign-in with " + client.title + " did not succeed.",
      failure.private_detail
  );
}
std::unexpected<Failure> not_good(OidcClient const& client, std::string why) {
  return not_good(client, Failure{Code::unauthorized, "", std::move(why)});
}

std::string joined(std::vector<std::string> const& words) {
  std::string text;
  for (auto const& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

// An authorization response (OpenID Connect Core §3.1.2.5, RFC 9207 §2).
struct Answer {
  std::string state;
  std::string code;
  std::string error;
  std::optional<std::string> iss;
};

// Nothing if it does not decode, or says one thing twice (RFC 6749 §3.1).
std::optional<Answer> read_answer(std::string_view query) {
  auto pairs = codec::parse_pairs(query);
  if (!pairs) return std::nullopt;
  Answer answer;
  bool is_double = false;
  auto read = [&](std::string_view name) -> std::optional<std::string> {
    std::optional<std::string> found;
    for (auto& [each, value] : *pairs) {
      if (each != name) continue;
      is_double |= found.has_value();
      found = std::move(value);
    }
    return found;
  };
  answer.state = read("state").value_or("");
  answer.code = read("code").value_or("");
  answer.error = read("error").value_or("");
  answer.iss = read("iss");
  return is_double ? std::nullopt : std::optional(std::move(answer));
}

}  // namespace

OidcProvider* OidcSignIn::find(std::string_view name) const {
  auto at = std::ranges::find_if(parts_.providers, [&](auto const& provider) {
    return provider->client().name == name;
  });
  return at == parts_.providers.end() ? nullptr : at->get();
}

Result<OidcSignIn::Begun> OidcSignIn::begin(
    std::string_view name, std::string next, std::optional<domain::UserId> const& links
) {
  auto* provider = find(name);
  if (!provider) return fail(Code::not_found, "There is no sign-in of this name.");
  auto const& client = provider->client();
  Time now = parts_.clock.now();
  auto metadata = provider->metadata(now);
  if (!metadata) return not_good(client, Failure{Code::unavailable, "", "no discovery document"});
  auto flow = OidcFlow::begin(std::move(next), parts_.random, now);
  flow.links = links;
  std::string location = metadata->authorization_endpoint.text();
  auto append = [&](std::string_view parameter, std::string_view value) {
    location += location.contains('?') ? '&' : '?';
    location.append(parameter).append("=").append(codec::percent_encode(value));
  };
  append("response_type", "code");
  append("client_id", client.client_id);
  append("redirect_uri", client.redirect_uri);
  append("scope", joined(client.scopes));
  append("state", flow.state.reveal());
  append("nonce", flow.nonce.reveal());
  append("code_challenge", flow.code_challenge());
  append("code_challenge_method", "S256");
  return Begun{std::move(location), flow.seal(parts_.box, name, parts_.random)};
}

// The one flow that this browser may finish, and only once.
Result<OidcFlow> OidcSignIn::take_flow(
    std::string_view provider, std::string_view state, Callback const& callback
) {
  auto flow = OidcFlow::open(parts_.box, provider, callback.cookie);
  if (!flow) return not_begun_here("the browser has no cookie of such a flow");
  Time now = parts_.clock.now();
  if (now >= flow->expires_at) return not_begun_here("the flow is over");
  if (!crypto::equal_constant_time(state, flow->state.reveal())) {
    return not_begun_here("the state is not this browser's");
  }
  bool is_first = TRY(parts_.once.note_event({"oidc-state", std::string(state)}, now));
  if (!is_first) return not_begun_here("the state was used before");
  return std::move(*flow);
}

Result<OidcSignIn::Finished> OidcSignIn::finish(std::string_view name, Callback const& callback) {
  auto* provider = find(name);
  if (!provider) return fail(Code::not_found, "There is no sign-in of this name.");
  auto const& client = provider->client();
  auto answer = read_answer(callback.query);
  if (!answer) return not_begun_here("the answer cannot be read");
  auto flow = TRY(take_flow(name, answer->state, callback));
  Time now = parts_.clock.now();
  auto metadata = provider->metadata(now);
  if (!metadata) return not_good(client, Failure{Code::unavailable, "", "no discovery document"});
  // RFC 9207 §2.4, before anything else that the answer says (attack 50).
  bool is_of_issuer = answer->iss ? *answer->iss == client.issuer : !metadata->names_issuer;
  if (!is_of_issuer) return not_good(client, "the answer's iss is not the provider's");
  if (answer->error == "access_denied") {
    return fail(Code::unauthorized, "The sign-in with " + client.title + " was cancelled.");
  }
  if (!answer->error.empty()) return not_good(client, "the provider answers with an error");
  if (answer->code.empty()) return not_good(client, "the answer has no code");
  auto id_token = provider->redeem(*metadata, answer->code, flow.code_verifier, now);
  if (!id_token) return not_good(client, id_token.error());
  auto nonce = find_claim(id_token->claims(), {"nonce"});
  if (!crypto::equal_constant_time(nonce, flow.nonce.reveal())) {
    return not_good(client, "the ID token: its nonce is not that of this sign-in");
  }
  return finish_as(flow, *id_token, callback);
}

Result<OidcSignIn::Finished> OidcSignIn::finish_as(
    OidcFlow const& flow, jose::VerifiedJwt const& id_token, Callback const& callback
) {
  Time now = parts_.clock.now();
  Actor actor{"issuer", std::string(callback.request_id)};
  if (!flow.links) {
    auto user = find_or_create_user(parts_.users, id_token, parts_.random, actor, now);
    if (!user) return fail(Code::unauthorized, "This account may not sign in here.");
    return Finished{std::move(*user), id_token.issuer(), flow.next};
  }
  if (flow.links != callback.signed_in) return not_begun_here("who asked to link is not signed in");
  auto identity = TRY(domain::Identity::make(id_token.issuer(), id_token.subject().value_or("")));
  actor.name = "user:" + flow.links->text();
  auto entry =
      user_event("user.link", *flow.links, {}, actor, now, {{"issuer", identity.issuer()}});
  auto linked = parts_.users.link_identity(identity, *flow.links, entry);
  if (!linked) {
    return fail(linked.error().code, "That account is another user's already.");
  }
  auto user = parts_.users.find_user(*flow.links);
  if (!user || user->ended_at) return fail(Code::unauthorized, "This user has ended.");
  return Finished{std::move(*user), id_token.issuer(), flow.next, true};
}

}  // namespace keystead::authn
