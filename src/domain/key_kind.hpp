// The kinds of keys that a configuration declares. The first is "tenant", unless it says otherwise.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/key_format.hpp"

namespace keystead::domain {

struct KeyKind {
  std::string name = "tenant";
  KeyFormat format;
  bool tenant_bound = true;  // else its keys belong to the installation and reach no tenant's data
};

struct KnownKey {
  std::size_t kind;  // index into KeyKinds::all()
  KeyParts parts;
};

// Immutable; shared by all threads.
class KeyKinds {
 public:
  static constexpr std::size_t kCountMax = 64;

  KeyKinds() = default;  // none, before there is a configuration
  // Code::invalid_request if there is none or more than kCountMax, a name comes twice, or the
  // literal prefix of one is the beginning of another's, so that a key could be of two kinds.
  static Result<KeyKinds> make(std::vector<KeyKind> kinds);

  std::vector<KeyKind> const& all() const { return kinds_; }
  // The index of a kind; all().size() if there is none.
  std::size_t find(std::string_view name) const;

  // As KeyFormat::fits and KeyFormat::match, over all kinds.
  std::optional<std::size_t> fits(std::string_view text) const;
  std::optional<KnownKey> match(std::string_view text) const;

 private:
  explicit KeyKinds(std::vector<KeyKind> kinds) : kinds_(std::move(kinds)) {}
  std::vector<KeyKind> kinds_;
};

}  // namespace keystead::domain
