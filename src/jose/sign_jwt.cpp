#include "jose/sign_jwt.hpp"

#include "codec/base64url.hpp"
#include "codec/json.hpp"

namespace keystead::jose {

std::string sign_jwt(json::object header, json::object const& claims, SigningKey const& key) {
  header["alg"] = name_of(key.algorithm());
  header["kid"] = key.kid();
  std::string token = codec::base64url_encode(codec::to_text(header));
  token += '.';
  token += codec::base64url_encode(codec::to_text(claims));
  std::string signature = codec::base64url_encode(key.sign(token));
  token += '.';
  token += signature;
  return token;
}

}  // namespace keystead::jose
