#include "oauth/checks/dpop.hpp"

namespace keystead::oauth {
namespace {

std::unexpected<TokenRefusal> refuse_proof() {
  return refuse(TokenError::invalid_dpop_proof, "The proof of the key is not valid.");
}

}  // namespace

TokenResult<std::string> prove_key(
    authn::Dpop const* dpop, TokenCall const& call, ProvenClient const& client
) {
  if (!dpop) return std::string();
  if (!call.proof) {
    bool is_needed = dpop->is_required() || (client.is_ours && client.client.is_key_bound);
    if (!is_needed) return std::string();
    return refuse(TokenError::invalid_dpop_proof, "A proof of the key is needed: DPoP.");
  }
  auto proof = dpop->examine(*call.proof, {});
  if (!proof && proof.error() == authn::DpopFault::use_nonce) {
    return refuse(TokenError::use_dpop_nonce, "The proof needs the nonce of DPoP-Nonce.");
  }
  if (!proof || !dpop->spend(*proof)) return refuse_proof();
  return std::move(proof->key);
}

}  // namespace keystead::oauth
