#include "domain/key_kind.hpp"

#include <algorithm>

namespace keystead::domain {
namespace {

Result<void> check_apart(KeyKind const& one, KeyKind const& other) {
  if (one.name == other.name) {
    return fail(Code::invalid_request, "two kinds of keys are called \"" + one.name + "\"");
  }
  std::string const& prefix = one.format.literal_prefix();
  if (other.format.literal_prefix().starts_with(prefix)) {
    return fail(
        Code::invalid_request,
        "keys of kind \"" + one.name + "\" begin with \"" + prefix +
            "\", and so do those of kind \"" + other.name + "\": a key could be of either"
    );
  }
  return {};
}

}  // namespace

Result<KeyKinds> KeyKinds::make(std::vector<KeyKind> kinds) {
  if (kinds.empty()) return fail(Code::invalid_request, "there must be a kind of keys");
  if (kinds.size() > kCountMax) return fail(Code::invalid_request, "more than 64 kinds of keys");
  for (KeyKind const& one : kinds) {
    for (KeyKind const& other : kinds) {
      if (&one != &other) TRY(check_apart(one, other));
    }
  }
  return KeyKinds(std::move(kinds));
}

std::size_t KeyKinds::find(std::string_view name) const {
  return static_cast<std::size_t>(std::ranges::find(kinds_, name, &KeyKind::name) - kinds_.begin());
}

std::optional<std::size_t> KeyKinds::fits(std::string_view text) const {
  for (std::size_t kind = 0; kind < kinds_.size(); ++kind) {
    if (kinds_[kind].format.fits(text)) return kind;
  }
  return std::nullopt;
}

std::optional<KnownKey> KeyKinds::match(std::string_view text) const {
  for (std::size_t kind = 0; kind < kinds_.size(); ++kind) {
    if (auto parts = kinds_[kind].format.match(text)) return KnownKey{kind, *parts};
  }
  return std::nullopt;
}

}  // namespace keystead::domain
