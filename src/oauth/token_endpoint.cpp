#include "oauth/token_endpoint.hpp"

#include "oauth/checks/dpop.hpp"
#include "oauth/grants/authorization_code.hpp"
#include "oauth/grants/client_credentials.hpp"
#include "oauth/grants/device_code.hpp"
#include "oauth/grants/identity_assertion.hpp"
#include "oauth/grants/refresh_token.hpp"
#include "oauth/grants/token_exchange.hpp"

namespace keystead::oauth {
namespace {

using domain::GrantType;

TokenResult<GrantType> read_grant_type(TokenRequest const& request, GrantSurroundings const& with) {
  auto name = request.find("grant_type");
  if (name.empty()) return refuse(TokenError::invalid_request, "grant_type is missing.");
  auto type = domain::parse_grant_type(name);
  bool is_here = type && (*type != GrantType::jwt_bearer || with.assertions);
  if (is_here) return *type;
  return refuse(TokenError::unsupported_grant_type, "There is no such grant_type here.");
}

// A key and a name of its own choice say what a script may: with a key, or in exchange for one.
TokenResult<> check_may(ProvenClient const& proven, GrantType type) {
  bool is_script =
      type == GrantType::token_exchange || (proven.key && type == GrantType::client_credentials);
  if (proven.is_ours ? proven.client.may(type) : is_script) return {};
  return refuse(TokenError::unauthorized_client, "This client may not use this grant_type.");
}

TokenResult<TokenAnswer> run(GrantType type, GrantSurroundings const& with, GrantCall const& call) {
  switch (type) {
    case GrantType::authorization_code: return redeem_authorization_code(with, call);
    case GrantType::refresh_token: return refresh(with, call);
    case GrantType::client_credentials: return grant_client_credentials(with, call);
    case GrantType::token_exchange: return exchange_token(with, call);
    case GrantType::jwt_bearer: return accept_identity_assertion(with, call);
    case GrantType::device_code: break;
  }
  return poll_device_code(with, call);
}

// So that one which is in use is not forgotten; more precisely than this nobody needs to know it.
void note_use(GrantSurroundings const& with, ProvenClient const& proven) {
  constexpr std::chrono::hours kNotedEvery{24};
  auto const& last = proven.client.last_used_at;
  Time now = with.clock.now();
  if (!proven.is_ours || (last && now - *last < kNotedEvery)) return;
  with.clients.note_client_use(proven.client.id, now);
}

// A client that a company's sign-in vouches for begins here; the others began elsewhere.
TokenResult<ProvenClient> prove(
    ClientAuthentication const& authentication, TokenCall const& call, GrantType type
) {
  if (type == GrantType::token_exchange) return authentication.prove_or_name(call);
  auto meets = type == GrantType::jwt_bearer ? Meets::strangers : Meets::known;
  return authentication.prove(call, meets);
}

}  // namespace

TokenResult<TokenAnswer> TokenEndpoint::answer(TokenCall const& call) const {
  auto type = TRY(read_grant_type(call.request, with_));
  auto client = TRY(prove(authentication_, call, type));
  TRY(check_may(client, type));
  auto key = TRY(prove_key(with_.dpop, call, client));
  auto answer = TRY(run(type, with_, {call, client, key}));
  answer.is_key_bound = !key.empty();
  note_use(with_, client);
  return answer;
}

}  // namespace keystead::oauth
