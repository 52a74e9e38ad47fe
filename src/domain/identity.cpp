#include "domain/identity.hpp"

#include <algorithm>
#include <string_view>

#include "codec/utf8.hpp"

namespace keystead::domain {
namespace {

Result<void> check(std::string_view text, std::size_t bytes_max, std::string const& what) {
  if (text.empty()) return fail(Code::invalid_request, what + " is empty");
  if (text.size() > bytes_max) {
    return fail(
        Code::invalid_request, what + " is longer than " + std::to_string(bytes_max) + " bytes"
    );
  }
  bool has_control =
      std::ranges::any_of(text, [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; });
  if (!has_control && codec::is_utf8(text)) return {};
  return fail(Code::invalid_request, what + " holds what is no text");
}

}  // namespace

Result<Identity> Identity::make(std::string issuer, std::string subject) {
  TRY(check(issuer, kIssuerBytesMax, "the issuer"));
  TRY(check(subject, kSubjectBytesMax, "the subject"));
  return Identity(std::move(issuer), std::move(subject));
}

Result<ExternalTenant> ExternalTenant::make(std::string issuer, std::string external_id) {
  TRY(check(issuer, Identity::kIssuerBytesMax, "the issuer"));
  TRY(check(external_id, Identity::kSubjectBytesMax, "the tenant's id at the issuer"));
  return ExternalTenant(std::move(issuer), std::move(external_id));
}

}  // namespace keystead::domain
