// The verifier by itself, for the differential test: each line of input is a JSON object with the
// token, the keys and the profile it is to be held against, each line of output is "ok" or the
// fault.
#include <iostream>
#include <string>
#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include "codec/json.hpp"
#include "jose/jwt_verifier.hpp"

namespace keystead::jose {
namespace {

std::string text_at(json::object const& object, std::string_view name) {
  return std::string(object.at(name).as_string());
}

std::string judge(json::object const& question) {
  JwtProfile profile;
  profile.issuer = text_at(question, "iss");
  profile.audiences = {text_at(question, "aud")};
  for (auto const& name : question.at("algs").as_array()) {
    auto algorithm = find_algorithm(name.as_string());
    if (algorithm) profile.algorithms.push_back(*algorithm);
  }
  profile.clock_skew = std::chrono::seconds(question.at("skew").as_int64());
  auto keys = JwkSet::parse(json::serialize(question.at("jwks")), SecretKeys::accepted);
  auto verifier = JwtVerifier::make(std::move(profile));
  if (!keys) return "jwks: " + keys.error().public_text;
  if (!verifier) return "profile: " + verifier.error().public_text;
  Time const now{std::chrono::seconds(question.at("now").as_int64())};
  auto jwt = verifier->verify(text_at(question, "token"), *keys, now);
  return std::string(jwt ? "ok" : name_of(jwt.error().fault));
}

}  // namespace
}  // namespace keystead::jose

int main() {
  std::string line;
  while (std::getline(std::cin, line)) {
    auto question = keystead::codec::parse_json(line);
    std::cout << (question ? keystead::jose::judge(question->as_object())
                           : question.error().public_text)
              << '\n';
  }
}
