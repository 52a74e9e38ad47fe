#include "authn/dpop_proof.hpp"

#include <algorithm>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "codec/json.hpp"
#include "http/normal_uri.hpp"
#include "jose/hash_text.hpp"
#include "jose/numeric_date.hpp"
#include "jose/verified_jws.hpp"

namespace keystead::authn {
namespace {

namespace json = boost::json;

constexpr std::string_view kHeader = "DPoP";
constexpr std::string_view kType = "dpop+jwt";
constexpr std::size_t kIdMax = 256;  // bytes

std::string_view text_of(json::object const& members, std::string_view name) {
  auto const* value = members.if_contains(name);
  return value && value->is_string() ? std::string_view(value->get_string()) : std::string_view();
}

bool is_recent(json::object const& claims, Time now) {
  auto const* value = claims.if_contains("iat");
  auto issued_at = value ? jose::read_numeric_date(*value) : std::nullopt;
  return issued_at && *issued_at >= now - kProofAgeMax && *issued_at <= now + kProofAgeMax;
}

bool is_for(json::object const& claims, DpopTarget const& target) {
  if (text_of(claims, "htm") != target.method) return false;
  if (http::normal_uri(text_of(claims, "htu")) != target.uri) return false;
  return target.access_token.empty() ||
         text_of(claims, "ath") == jose::sha256_text(target.access_token);
}

}  // namespace

std::optional<ShownProof> shown_proof(http::Request const& request) {
  auto count = http::count_headers(request, kHeader);
  if (count == 0) return std::nullopt;
  ShownProof shown{{}, request.method_text, request.path};
  if (count == 1) shown.text = http::find_header(request, kHeader).value_or("");
  return shown;
}

std::expected<DpopProof, DpopFault> read_dpop_proof(
    std::string_view text, DpopTarget const& target, Time now
) {
  auto const invalid = std::unexpected(DpopFault::invalid_proof);
  auto read = jose::VerifiedJws::verify_by_own_key(text, jose::kPublicKeyAlgorithms);
  if (!read) return invalid;
  auto const& [jws, key] = *read;
  if (text_of(jws.header(), "typ") != kType) return invalid;
  auto payload = codec::parse_json(jws.payload());
  auto const* claims = payload ? payload->if_object() : nullptr;
  if (!claims || !is_for(*claims, target) || !is_recent(*claims, now)) return invalid;
  auto id = text_of(*claims, "jti");
  auto thumbprint = key.thumbprint();
  if (id.empty() || id.size() > kIdMax || !thumbprint) return invalid;
  bool has_nonce =
      target.nonces.empty() ||
      std::ranges::find(target.nonces, text_of(*claims, "nonce")) != target.nonces.end();
  if (!has_nonce) return std::unexpected(DpopFault::use_nonce);
  // Of the key: whoever shows another one cannot use up what this one says.
  auto known_by = jose::sha256_text(*thumbprint + "\n" + std::string(id));
  return DpopProof{*std::move(thumbprint), std::move(known_by)};
}

}  // namespace keystead::authn
