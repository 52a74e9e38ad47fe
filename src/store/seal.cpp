#include "store/seal.hpp"

#include <cstring>
#include <string>
#include <string_view>

#include "store/broken.hpp"

namespace keystead::store {
namespace {

// What a MAC is made of: every field has a fixed size or its length before it, so that no two rows
// read alike.
class Transcript {
 public:
  Transcript() { bytes_.reserve(kUsualSize); }

  void number(std::uint64_t value) {
    char bytes[8];
    for (char& byte : bytes) {
      byte = static_cast<char>(value);
      value >>= 8;
    }
    bytes_.append(bytes, sizeof bytes);
  }
  void bytes(std::span<unsigned char const> bytes) {
    bytes_.append(reinterpret_cast<char const*>(bytes.data()), bytes.size());
  }
  void text(std::string_view text) {
    number(text.size());
    bytes_.append(text);
  }
  void time(Time time) { number(static_cast<std::uint64_t>(time.time_since_epoch().count())); }
  void time(std::optional<Time> const& value) {
    number(value ? 1 : 0);
    if (value) time(*value);
  }
  template <class Tag>
  void id(Id<Tag> const& id) {
    bytes(id.bytes());
  }
  template <class Tag>
  void id(std::optional<Id<Tag>> const& value) {
    number(value ? 1 : 0);
    if (value) id(*value);
  }
  void texts(std::vector<std::string> const& list) {
    number(list.size());
    for (auto const& each : list) text(each);
  }

  std::string_view view() const { return bytes_; }

 private:
  static constexpr std::size_t kUsualSize = 512;
  std::string bytes_;
};

void put_restriction(Transcript& out, domain::Restriction const& restriction) {
  out.texts(restriction.tools);
  out.number(restriction.arguments.size());
  for (auto const& limit : restriction.arguments) {
    out.text(limit.name);
    out.texts(limit.values);
  }
  out.number(restriction.addresses.size());
  for (auto const& range : restriction.addresses) out.text(range.text());
  out.number(restriction.ancestors.size());
  for (auto const& ancestor : restriction.ancestors) out.id(ancestor);
}

crypto::HmacSha256 derive(crypto::HmacSha256 const& pepper, std::string_view purpose) {
  crypto::Digest key = pepper(purpose);
  crypto::HmacSha256 mac(std::string_view(reinterpret_cast<char const*>(key.data()), key.size()));
  ::explicit_bzero(key.data(), key.size());
  return mac;
}

crypto::Digest mac_of_head(
    crypto::HmacSha256 const& mac, std::uint64_t sequence, domain::AuditHash const& hash
) {
  Transcript out;
  out.text("head");
  out.number(sequence);
  out.bytes(hash);
  return mac(out.view());
}

bool equal(std::span<unsigned char const> a, std::span<unsigned char const> b) {
  auto view = [](auto bytes) {
    return std::string_view(reinterpret_cast<char const*>(bytes.data()), bytes.size());
  };
  return crypto::equal_constant_time(view(a), view(b));
}

}  // namespace

Seal::Seal(std::vector<Pepper> const& peppers) {
  for (auto const& pepper : peppers) {
    crypto::HmacSha256 mac(pepper.bytes.reveal());
    versions_.push_back(
        {pepper.version,
         derive(mac, "keystead key row v1"),
         derive(mac, "keystead audit v1"),
         derive(mac, "keystead grant row v1")}
    );
  }
}

Seal::Version const* Seal::find(int version) const {
  for (auto const& each : versions_) {
    if (each.number == version) return &each;
  }
  return nullptr;
}

Seal::Version const& Seal::need(int version) const {
  if (auto const* found = find(version)) return *found;
  throw Broken("there is no version " + std::to_string(version) + " of the pepper to seal with");
}

crypto::Digest Seal::of(domain::ApiKey const& key, int version) const {
  Transcript out;
  out.id(key.id);
  out.id(key.tenant);
  out.text(key.kind);
  out.text(key.prefix);
  out.text(key.environment);
  out.texts(key.scopes);
  put_restriction(out, key.restriction);
  out.bytes(key.digest);
  out.number(static_cast<std::uint64_t>(key.digest_form));
  out.number(static_cast<std::uint64_t>(key.pepper_version));
  out.text(key.created_by);
  out.time(key.created_at);
  out.time(key.expires_at);
  out.time(key.revoked_at);
  // Behind everything, and nothing for a key without one: so were keys sealed before they had any.
  if (key.owner) out.id(*key.owner);
  return need(version).keys(out.view());
}

crypto::Digest Seal::of(domain::Grant const& grant, int version) const {
  Transcript out;
  out.id(grant.id);
  out.text(grant.client.text());
  out.id(grant.user);
  out.id(grant.key);
  out.id(grant.tenant);
  out.id(grant.parent);
  out.texts(grant.scopes);
  out.texts(grant.resources);
  out.time(grant.created_at);
  return need(version).grants(out.view());
}

domain::AuditHash Seal::of(
    domain::AuditHash const& before,
    std::uint64_t sequence,
    domain::AuditEntry const& entry,
    int version
) const {
  Transcript out;
  out.text("record");
  out.bytes(before);
  out.number(sequence);
  out.time(entry.at);
  out.number(static_cast<std::uint64_t>(entry.kind));
  out.text(entry.event);
  out.text(entry.actor);
  out.id(entry.tenant);
  out.text(entry.subject);
  out.text(entry.request);
  out.text(entry.detail);
  return need(version).audit(out.view());
}

AuditHead Seal::head(std::uint64_t sequence, domain::AuditHash const& hash) const {
  auto const& current = versions_.front();
  return {sequence, hash, current.number, mac_of_head(current.audit, sequence, hash)};
}

bool Seal::fits(domain::ApiKey const& key, int version, std::span<unsigned char const> mac) const {
  return knows(version) && equal(of(key, version), mac);
}

bool Seal::fits(domain::Grant const& grant, int version, std::span<unsigned char const> mac) const {
  return knows(version) && equal(of(grant, version), mac);
}

bool Seal::fits(domain::AuditHash const& before, domain::AuditRecord const& record) const {
  return knows(record.seal_version) &&
         equal(of(before, record.sequence, record.entry, record.seal_version), record.hash);
}

bool Seal::fits(AuditHead const& head) const {
  auto const* version = find(head.seal_version);
  return version != nullptr &&
         equal(mac_of_head(version->audit, head.sequence, head.hash), head.mac);
}

}  // namespace keystead::store
