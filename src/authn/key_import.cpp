// Keys that were made elsewhere.
#include <algorithm>

#include "authn/key_authority.hpp"

namespace keystead::authn {
namespace {

// Leaves every format that we take enough of its secret.
constexpr std::size_t kPrefixBytesMax = 24;

Result<std::string> read_prefix(std::string const& prefix, domain::KeyFormat const& format) {
  if (prefix.empty()) return format.literal_prefix();
  bool printable = std::ranges::all_of(prefix, [](char c) { return c > 0x20 && c < 0x7f; });
  if (printable && prefix.size() <= kPrefixBytesMax) return prefix;
  return fail(Code::invalid_request, "a prefix has at most 24 printable characters");
}

}  // namespace

Result<domain::ApiKey> KeyAuthority::record_of(ImportedKey const& key) const {
  auto record = TRY(on_terms(key.terms, rules_, clock_.now()));
  auto const& kind = rules_.kinds.all()[rules_.kinds.find(record.kind)];
  record.prefix = TRY(read_prefix(key.prefix, kind.format));
  record.id = domain::KeyId::mint(random_);
  record.created_by = "import";
  record.digest_form = key.form;
  if (key.form == domain::DigestForm::of_sha256) {
    record.pepper_version = digester_.current_version();
    record.digest = digester_.digest_of_sha256(key.hash, record.pepper_version);
    return record;
  }
  if (std::ranges::find(digester_.versions(), key.pepper_version) == digester_.versions().end()) {
    return fail(
        Code::invalid_request, "there is no pepper of version " + std::to_string(key.pepper_version)
    );
  }
  record.pepper_version = key.pepper_version;
  record.digest = key.hash;
  return record;
}

// What the store would say.
Result<void> KeyAuthority::check_addable(domain::ApiKey const& key) const {
  if (!key.tenant) return {};
  TRY(check_level(key.tenant));
  if (!store_.find_tenant(*key.tenant)) return fail(Code::not_found, "no such tenant");
  auto quota = quota_of(key);
  if (!quota.active_max) return {};
  auto keys = store_.list_keys(key.tenant);
  auto active = std::ranges::count_if(keys, [&](domain::ApiKey const& other) {
    return other.restriction.ancestors.empty() && !other.revoked_at &&
           other.expires_at.value_or(Time::max()) > key.created_at;
  });
  if (static_cast<std::size_t>(active) < *quota.active_max) return {};
  return fail(Code::too_many_requests, "the tenant has as many keys as it may");
}

Result<domain::ApiKey> KeyAuthority::import(
    ImportedKey const& key, Import how, Actor const& actor
) {
  auto record = TRY(record_of(key));
  bool known = key.form == domain::DigestForm::of_sha256 ? find_imported(key.hash).has_value()
                                                         : store_.find_key(key.hash).has_value();
  if (known) return fail(Code::conflict, "the key is there already");
  if (how == Import::dry_run) {
    TRY(check_addable(record));
    return record;
  }
  TRY(add(record, "key.import", actor));
  ring_.forget_unknown();
  return record;
}

}  // namespace keystead::authn
