#include "oauth/authorize.hpp"

#include <algorithm>
#include <array>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "codec/base64url.hpp"
#include "codec/json.hpp"
#include "codec/percent.hpp"
#include "oauth/client_metadata.hpp"

namespace keystead::oauth {
namespace {

namespace json = boost::json;

constexpr std::size_t kStateMax = 2048;  // bytes

// As base64url writes it.
bool is_sha256(std::string_view text) {
  constexpr std::size_t kLetters = 43;
  return text.size() == kLetters && codec::base64url_decode(text);
}

// What brings a request: a person's browser, or the client itself.
enum class Bearer { browser, client };

// One request on its way through the checks, which are called in the order of kChecks.
class Check {
 public:
  using Step = std::expected<void, AuthorizeRefusal>;
  using FindClient = std::function<Result<domain::Client>(domain::ClientId const&)>;

  Check(
      std::optional<AuthorizationParameters> parameters,
      Bearer bearer,
      domain::Issuer const& issuer,
      AuthorizeRules const& rules,
      FindClient const& find_client
  )
      : read_(std::move(parameters)),
        bearer_(bearer),
        issuer_(issuer),
        rules_(rules),
        find_client_(find_client) {}

  std::expected<AuthorizationAsked, AuthorizeRefusal> run() {
    // Up to redirect_uri a refusal is shown to the person, from there on it is sent to the client.
    static constexpr std::array kChecks{
        &Check::parameters,
        &Check::client,
        &Check::redirect_uri,
        &Check::state,
        &Check::repeated,
        &Check::no_request_object,
        &Check::pushed,
        &Check::response_type,
        &Check::response_mode,
        &Check::code_challenge,
        &Check::key_thumbprint,
        &Check::resource,
        &Check::scope,
        &Check::prompt,
    };
    for (auto check : kChecks) TRY((this->*check)());
    return std::move(asked_);
  }

 private:
  std::unexpected<AuthorizeRefusal> refuse(std::string_view error, std::string text) const {
    return std::unexpected(AuthorizeRefusal{error, std::move(text), redirect_uri_, asked_.state});
  }

  // Empty for one that is absent: a parameter without a value is none (RFC 6749 §3.1).
  std::string_view find(std::string_view name) const {
    auto found = std::ranges::find(parameters_, name, &Parameter::first);
    return found == parameters_.end() ? std::string_view() : std::string_view(found->second);
  }

  Step parameters() {
    if (!read_) return refuse("invalid_request", "The request cannot be read.");
    parameters_ = std::move(*read_);
    return {};
  }

  bool is_repeated(std::string_view name) const {
    return std::ranges::count(parameters_, name, &Parameter::first) > 1;
  }

  Step client() {
    if (is_repeated("client_id")) return refuse("invalid_request", "client_id comes twice.");
    asked_.client = domain::ClientId(std::string(find("client_id")));
    auto size = asked_.client.text().size();
    if (size == 0) return refuse("invalid_request", "client_id is missing.");
    if (size > domain::ClientId::kBytesMax) {
      return refuse("invalid_request", "client_id is too long.");
    }
    auto found = find_client_(asked_.client);
    if (!found) {
      bool is_for_now = found.error().code == Code::unavailable;
      auto error = is_for_now ? "temporarily_unavailable" : "invalid_client";
      return refuse(error, found.error().public_text);
    }
    client_ = std::move(*found);
    if (!client_.may(domain::GrantType::authorization_code)) {
      return refuse("unauthorized_client", "This client acts for nobody but itself.");
    }
    return {};
  }

  // Attacks 40 and 41.
  Step redirect_uri() {
    if (is_repeated("redirect_uri")) return refuse("invalid_request", "redirect_uri comes twice.");
    asked_.redirect_uri = find("redirect_uri");
    if (asked_.redirect_uri.empty()) return refuse("invalid_request", "redirect_uri is missing.");
    auto uri = RedirectUri::parse(asked_.redirect_uri, rules_.redirect_schemes);
    if (!uri) return refuse("invalid_request", uri.error().public_text);
    for (auto const& text : client_.redirect_uris) {
      auto registered = RedirectUri::parse(text, rules_.redirect_schemes);
      if (registered && registered->admits(*uri)) redirect_uri_ = *uri;
    }
    if (redirect_uri_) return {};
    return refuse("invalid_request", "redirect_uri is not one that this client has registered.");
  }

  Step state() {
    if (is_repeated("state")) return refuse("invalid_request", "state comes twice");
    auto state = find("state");
    if (state.size() > kStateMax) return refuse("invalid_request", "state is too long");
    asked_.state = state;
    return {};
  }

  // RFC 6749 §3.1: a parameter comes once; a resource may come several times (RFC 8707 §2). Of the
  // others it is the client that is told (§4.1.2.1).
  Step repeated() {
    for (auto const& [name, value] : parameters_) {
      if (name != "resource" && is_repeated(name)) {
        return refuse("invalid_request", "a parameter comes twice");
      }
    }
    return {};
  }

  // What would have to be fetched or could say something else than the parameters (attack 68).
  Step no_request_object() {
    if (!find("request").empty()) return refuse("request_not_supported", "request is not read");
    if (find("request_uri").empty()) return {};
    // RFC 9126 §2.1.
    if (bearer_ == Bearer::client) return refuse("invalid_request", "request_uri is not pushed");
    return refuse("request_uri_not_supported", "request_uri is not read");
  }

  // RFC 9126 §5 and §6.
  Step pushed() {
    bool must_be = rules_.pushing == Pushing::required ||
                   (rules_.pushing == Pushing::optional && requires_pushed_requests(client_));
    if (bearer_ == Bearer::client || !must_be) return {};
    return refuse("invalid_request", "the request must be pushed (RFC 9126)");
  }

  // Attack 71, and response_mode.
  Step response_type() {
    auto type = find("response_type");
    if (type.empty()) return refuse("invalid_request", "response_type is missing");
    if (type != "code") return refuse("unsupported_response_type", "response_type must be code");
    return {};
  }

  Step response_mode() {
    auto mode = find("response_mode");
    if (mode.empty() || mode == "query") return {};
    return refuse("invalid_request", "response_mode must be query");
  }

  // RFC 7636, for every client; plain proves nothing (attack 49).
  Step code_challenge() {
    asked_.code_challenge = find("code_challenge");
    if (asked_.code_challenge.empty()) {
      return refuse("invalid_request", "code_challenge is missing");
    }
    if (find("code_challenge_method") != "S256") {
      return refuse("invalid_request", "code_challenge_method must be S256");
    }
    if (!is_sha256(asked_.code_challenge)) {
      return refuse("invalid_request", "code_challenge is not a SHA-256 in base64url");
    }
    return {};
  }

  Step key_thumbprint() {
    auto thumbprint = find("dpop_jkt");
    if (!rules_.heeds_keys || thumbprint.empty()) return {};
    if (!is_sha256(thumbprint)) {
      return refuse("invalid_request", "dpop_jkt is not a SHA-256 in base64url");
    }
    asked_.key_thumbprint = thumbprint;
    return {};
  }

  Step resource() {
    std::vector<std::string> wanted;
    for (auto const& [name, value] : parameters_) {
      if (name == "resource" && !value.empty()) wanted.push_back(value);
    }
    auto ours = requested_resources(wanted, issuer_);
    if (!ours) return refuse("invalid_target", "resource is not one of this server");
    asked_.resources = std::move(*ours);
    return {};
  }

  Step scope() {
    asked_.scopes = requested_scopes(find("scope"), client_, rules_.access);
    if (asked_.scopes.empty() && !rules_.access.scopes.all().empty()) {
      return refuse("invalid_scope", "this client may ask for no scope of this server");
    }
    return {};
  }

  Step prompt() {
    auto prompts = split_words(find("prompt"));
    auto has = [&](std::string_view word) {
      return std::ranges::find(prompts, word) != prompts.end();
    };
    if (has("none")) {
      return refuse("interaction_required", "a person is always asked here");
    }
    asked_.asks_again = has("consent");
    return {};
  }

  using Parameter = std::pair<std::string, std::string>;

  std::optional<AuthorizationParameters> read_;
  Bearer bearer_;
  domain::Issuer const& issuer_;
  AuthorizeRules const& rules_;
  FindClient find_client_;
  std::vector<Parameter> parameters_;
  domain::Client client_;
  std::optional<RedirectUri> redirect_uri_;
  AuthorizationAsked asked_;
};

json::array list_of(std::vector<std::string> const& texts) {
  return json::array(texts.begin(), texts.end());
}

std::vector<std::string> texts_of(json::value const& list) {
  std::vector<std::string> texts;
  for (auto const& item : list.as_array()) texts.emplace_back(item.as_string());
  return texts;
}

std::string answer_to(
    RedirectUri const& redirect_uri,
    std::vector<std::pair<std::string_view, std::string>> answer,
    std::string_view state,
    std::string_view issuer
) {
  if (!state.empty()) answer.emplace_back("state", state);
  answer.emplace_back("iss", issuer);
  return redirect_uri.with(answer);
}

}  // namespace

std::string AuthorizationAsked::to_text() const {
  return codec::to_text(
      json::object{
          {"client_id", client.text()},
          {"redirect_uri", redirect_uri},
          {"state", state},
          {"code_challenge", code_challenge},
          {"scopes", list_of(scopes)},
          {"resources", list_of(resources)},
          {"asks_again", asks_again},
          {"dpop_jkt", key_thumbprint},
      }
  );
}

AuthorizationAsked AuthorizationAsked::from_text(std::string_view text) {
  auto members = codec::parse_json(text).value();
  auto text_of = [&](char const* name) { return std::string(members.at(name).as_string()); };
  AuthorizationAsked asked;
  asked.client = domain::ClientId(text_of("client_id"));
  asked.redirect_uri = text_of("redirect_uri");
  asked.state = text_of("state");
  asked.code_challenge = text_of("code_challenge");
  asked.scopes = texts_of(members.at("scopes"));
  asked.resources = texts_of(members.at("resources"));
  asked.asks_again = members.at("asks_again").as_bool();
  // What waited during an upgrade has none.
  if (members.as_object().contains("dpop_jkt")) asked.key_thumbprint = text_of("dpop_jkt");
  return asked;
}

std::expected<AuthorizationAsked, AuthorizeRefusal> check_authorization(
    std::string_view query,
    domain::Issuer const& issuer,
    AuthorizeRules const& rules,
    std::function<Result<domain::Client>(domain::ClientId const&)> const& find_client
) {
  return Check(codec::parse_pairs(query), Bearer::browser, issuer, rules, find_client).run();
}

std::expected<AuthorizationAsked, AuthorizeRefusal> check_pushed_authorization(
    AuthorizationParameters parameters,
    domain::Issuer const& issuer,
    AuthorizeRules const& rules,
    domain::Client const& client
) {
  auto find_client = [&](domain::ClientId const& id) -> Result<domain::Client> {
    if (id == client.id) return client;
    return fail(Code::invalid_request, "The request is another client's.");
  };
  Check check(std::move(parameters), Bearer::client, issuer, rules, find_client);
  return check.run();
}

std::string with_error(
    RedirectUri const& redirect_uri,
    std::string_view error,
    std::string_view text,
    std::string_view state,
    std::string_view issuer
) {
  return answer_to(
      redirect_uri,
      {{"error", std::string(error)}, {"error_description", std::string(text)}},
      state,
      issuer
  );
}

std::string with_error(AuthorizeRefusal const& refusal, std::string_view issuer) {
  // NOLINTNEXTLINE(bugprone-unchecked-optional-access): required
  return with_error(*refusal.redirect_uri, refusal.error, refusal.text, refusal.state, issuer);
}

std::string with_code(
    RedirectUri const& redirect_uri,
    std::string_view code,
    std::string_view state,
    std::string_view issuer
) {
  return answer_to(redirect_uri, {{"code", std::string(code)}}, state, issuer);
}

}  // namespace keystead::oauth
