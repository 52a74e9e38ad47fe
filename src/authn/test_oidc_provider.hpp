// An OpenID Provider that is reached through a Fetcher alone, for the tests of this room: it gives
// codes, and redeems each once for whoever shows the verifier of its challenge.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "codec/base64url.hpp"
#include "codec/percent.hpp"
#include "crypto/digest.hpp"
#include "http/fetcher.hpp"
#include "jose/test_token.hpp"

namespace keystead::authn {

using Form = std::map<std::string, std::string, std::less<>>;

inline Form read_form(std::string_view text) {
  auto pairs = codec::parse_pairs(text).value();
  return Form(pairs.begin(), pairs.end());
}

class TestOidcProvider final : public http::Fetcher {
 public:
  explicit TestOidcProvider(std::string name = "https://issuer.example")
      : issuer(std::move(name)),
        discovery{
            {"issuer", issuer},
            {"authorization_endpoint", issuer + "/authorize"},
            {"token_endpoint", issuer + "/token"},
            {"jwks_uri", issuer + "/keys"},
        } {}

  // What the browser comes back with when the person has signed in.
  std::string authorize(std::string_view location) {
    asked = read_form(location.substr(location.find('?') + 1));
    std::string code = "code-" + std::to_string(codes_.size());
    codes_[code] = asked;
    return "code=" + code + "&state=" + asked["state"];
  }

  Result<http::FetchAnswer> fetch(http::FetchRequest const& request) override {
    auto path = request.url.path();
    if (is_down) return http::fetch_failed("down");
    if (path == "/.well-known/openid-configuration") return answer(200, discovery);
    if (path == "/keys") return answer(200, jose::set_of(jose::es256_key()).to_json());
    last_token_request = request;
    return redeem(read_form(request.body));
  }

  std::string issuer;
  jose::json::object discovery;
  jose::json::object claims;  // that the ID token has in the place of, or beside, those it should
  bool is_down = false;
  Form asked;  // by the last authorization request
  http::FetchRequest last_token_request{.url = http::Url::parse("https://unasked.example").value()};

 private:
  static http::FetchAnswer answer(int status, jose::json::value const& body) {
    return {.status = status, .body = codec::to_text(body)};
  }

  Result<http::FetchAnswer> redeem(Form form) {
    auto issued = codes_.extract(form["code"]);
    if (issued.empty()) return answer(400, {{"error", "invalid_grant"}});
    Form& authorization = issued.mapped();
    auto hash = crypto::sha256(form["code_verifier"]);
    auto challenge =
        codec::base64url_encode({reinterpret_cast<char const*>(hash.data()), hash.size()});
    if (challenge != authorization["code_challenge"] ||
        form["redirect_uri"] != authorization["redirect_uri"]) {
      return answer(400, {{"error", "invalid_grant"}});
    }
    auto told = jose::good_claims();
    told["iss"] = issuer;
    told["aud"] = authorization["client_id"];
    told["nonce"] = authorization["nonce"];
    for (auto const& [name, value] : claims) told[name] = value;
    return answer(200, {{"id_token", jose::token_of(jose::good_header(), told)}});
  }

  std::map<std::string, Form> codes_;
};

}  // namespace keystead::authn
