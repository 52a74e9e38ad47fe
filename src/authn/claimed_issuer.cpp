#include "authn/claimed_issuer.hpp"

#include "codec/base64url.hpp"
#include "codec/json.hpp"
#include "jose/verified_jws.hpp"

namespace keystead::authn {

std::string claimed_issuer(std::string_view token) {
  if (token.size() > jose::kTokenMax) return {};
  auto first = token.find('.');
  auto second = first == std::string_view::npos ? first : token.find('.', first + 1);
  if (second == std::string_view::npos) return {};
  auto payload = codec::base64url_decode(token.substr(first + 1, second - first - 1));
  auto claims = payload ? codec::parse_json(*payload) : fail(Code::invalid_request, "");
  auto const* members = claims ? claims->if_object() : nullptr;
  auto const* issuer = members ? members->if_contains("iss") : nullptr;
  return issuer && issuer->is_string() ? std::string(issuer->get_string()) : std::string();
}

}  // namespace keystead::authn
