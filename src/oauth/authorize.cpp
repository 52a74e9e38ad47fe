#include "oauth/authorize.hpp"

#include <algorithm>
#include <array>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "codec/base64url.hpp"
#include "codec/json.hpp"
#include "codec/percent.hpp"
#include "http/request.hpp"

namespace keystead::oauth {
namespace {

namespace json = boost::json;

constexpr std::size_t kStateMax = 2048;  // bytes

bool has(auto const& items, auto const& wanted) {
  return std::ranges::find(items, wanted) != items.end();
}

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    auto word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    if (!word.empty()) words.emplace_back(word);
  }
  return words;
}

// Scheme and host compare without case (RFC 3986 §6.2.2.1), and clients put a slash at the end, or
// leave it out.
bool is_same_resource(std::string_view ours, std::string_view asked) {
  if (asked.ends_with('/')) asked.remove_suffix(1);
  auto host_end = std::min(ours.find('/', ours.find("://") + 3), ours.size());
  return asked.size() == ours.size() &&
         http::equals_ignoring_case(ours.substr(0, host_end), asked.substr(0, host_end)) &&
         ours.substr(host_end) == asked.substr(host_end);
}

// One request on its way through the checks, which are called in the order of kChecks.
class Check {
 public:
  using Step = std::expected<void, AuthorizeRefusal>;
  using FindClient = std::function<Result<domain::Client>(domain::ClientId const&)>;

  Check(std::string_view query, AuthorizeRules const& rules, FindClient const& find_client)
      : query_(query), rules_(rules), find_client_(find_client) {}

  std::expected<AuthorizationAsked, AuthorizeRefusal> run() {
    // Up to redirect_uri a refusal is shown to the person, from there on it is sent to the client.
    static constexpr std::array kChecks{
        &Check::parameters,
        &Check::client,
        &Check::redirect_uri,
        &Check::state,
        &Check::no_request_object,
        &Check::response_type,
        &Check::response_mode,
        &Check::code_challenge,
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

  // §3.1: a parameter comes once; a resource may come several times (RFC 8707 §2).
  Step parameters() {
    auto pairs = codec::parse_pairs(query_);
    if (!pairs) return refuse("invalid_request", "The request cannot be read.");
    parameters_ = std::move(*pairs);
    for (auto const& [name, value] : parameters_) {
      if (name != "resource" && std::ranges::count(parameters_, name, &Parameter::first) > 1) {
        return refuse("invalid_request", "A parameter of the request comes twice.");
      }
    }
    return {};
  }

  Step client() {
    asked_.client = domain::ClientId(std::string(find("client_id")));
    auto size = asked_.client.text().size();
    if (size == 0) return refuse("invalid_request", "client_id is missing.");
    if (size > domain::ClientId::kBytesMax) {
      return refuse("invalid_request", "client_id is too long.");
    }
    auto found = find_client_(asked_.client);
    if (!found) return refuse("invalid_client", found.error().public_text);
    client_ = std::move(*found);
    if (!client_.may(domain::GrantType::authorization_code)) {
      return refuse("unauthorized_client", "This client acts for nobody but itself.");
    }
    return {};
  }

  // Attacks 40 and 41.
  Step redirect_uri() {
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
    auto state = find("state");
    if (state.size() > kStateMax) return refuse("invalid_request", "state is too long");
    asked_.state = state;
    return {};
  }

  // What would have to be fetched or could say something else than the parameters (attack 68).
  Step no_request_object() {
    if (!find("request").empty()) return refuse("request_not_supported", "request is not read");
    if (!find("request_uri").empty()) {
      return refuse("request_uri_not_supported", "request_uri is not read");
    }
    return {};
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
    constexpr std::size_t kLetters = 43;  // of SHA-256 in base64url
    asked_.code_challenge = find("code_challenge");
    if (asked_.code_challenge.empty()) {
      return refuse("invalid_request", "code_challenge is missing");
    }
    if (find("code_challenge_method") != "S256") {
      return refuse("invalid_request", "code_challenge_method must be S256");
    }
    if (asked_.code_challenge.size() != kLetters ||
        !codec::base64url_decode(asked_.code_challenge)) {
      return refuse("invalid_request", "code_challenge is not a SHA-256 in base64url");
    }
    return {};
  }

  // RFC 8707 §2.
  Step resource() {
    for (auto const& [name, value] : parameters_) {
      if (name != "resource" || value.empty()) continue;
      auto ours = std::ranges::find_if(rules_.resources, [&](auto const& each) {
        return is_same_resource(each, value);
      });
      if (ours == rules_.resources.end()) {
        return refuse("invalid_target", "resource is not one of this server");
      }
      if (!has(asked_.resources, *ours)) asked_.resources.push_back(*ours);
    }
    if (asked_.resources.empty()) asked_.resources.push_back(rules_.resources.front());
    return {};
  }

  // RFC 6749 §3.3: clients ask for scopes of other servers, too; those are left out.
  Step scope() {
    auto wanted = split(find("scope"));
    if (wanted.empty()) wanted = rules_.default_scopes;
    auto keep = [&](std::vector<std::string> const& names) {
      for (auto const& each : rules_.scopes.all()) {
        bool is_open = client_.scopes.empty() || has(client_.scopes, each.name);
        if (is_open && has(names, each.name)) asked_.scopes.push_back(each.name);
      }
    };
    keep(wanted);
    if (asked_.scopes.empty()) keep(rules_.default_scopes);
    if (asked_.scopes.empty() && !rules_.scopes.all().empty()) {
      return refuse("invalid_scope", "this client may ask for no scope of this server");
    }
    return {};
  }

  Step prompt() {
    auto prompts = split(find("prompt"));
    if (has(prompts, "none")) {
      return refuse("interaction_required", "a person is always asked here");
    }
    asked_.asks_again = has(prompts, "consent");
    return {};
  }

  using Parameter = std::pair<std::string, std::string>;

  std::string_view query_;
  AuthorizeRules const& rules_;
  FindClient const& find_client_;
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
  return asked;
}

std::expected<AuthorizationAsked, AuthorizeRefusal> check_authorization(
    std::string_view query,
    AuthorizeRules const& rules,
    std::function<Result<domain::Client>(domain::ClientId const&)> const& find_client
) {
  return Check(query, rules, find_client).run();
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

std::string with_code(
    RedirectUri const& redirect_uri,
    std::string_view code,
    std::string_view state,
    std::string_view issuer
) {
  return answer_to(redirect_uri, {{"code", std::string(code)}}, state, issuer);
}

}  // namespace keystead::oauth
