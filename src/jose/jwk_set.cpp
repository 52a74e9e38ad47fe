#include "jose/jwk_set.hpp"

#include <algorithm>
#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include "codec/json.hpp"
#include "jose/jwk_import.hpp"

namespace keystead::jose {
namespace {

// A key for encryption, or for an algorithm that is not done here, is not one that a signature
// could mean; any other that is no good may be.
bool is_meant_to_verify(json::object const& members) {
  return check_purpose(members) && read_algorithm(members);
}

std::optional<std::string> kid_of(json::object const& members) {
  return read_kid(members).value_or(std::nullopt);
}

}  // namespace

JwkSet::JwkSet(std::vector<Jwk> keys) {
  std::vector<Candidate> candidates;
  candidates.reserve(keys.size());
  for (auto& key : keys) candidates.push_back({candidates.size(), std::move(key)});
  take(candidates, {});
}

Result<JwkSet> JwkSet::parse(std::string_view document, SecretKeys secret_keys) {
  if (document.size() > kJwkSetBytesMax) {
    return fail(Code::payload_too_large, "the key set has more than 256 KB");
  }
  auto value = TRY(codec::parse_json(document));
  auto const* object = value.if_object();
  auto const* member = object ? object->if_contains("keys") : nullptr;
  auto const* list = member ? member->if_array() : nullptr;
  if (!list) return fail(Code::invalid_request, "not a key set: there is no list named keys");
  if (list->size() > kJwkSetKeysMax) {
    return fail(Code::payload_too_large, "the key set has more than 64 keys");
  }

  JwkSet set;
  std::vector<Candidate> candidates;
  Kids spoiled;
  for (std::size_t i = 0; i < list->size(); ++i) {
    auto const* members = (*list)[i].if_object();
    if (!members) {
      set.skipped_.push_back({i, "the key is not an object"});
      continue;
    }
    auto key = Jwk::import(*members, secret_keys);
    if (key) {
      candidates.push_back({i, *std::move(key)});
      continue;
    }
    set.skipped_.push_back({i, std::move(key.error().public_text)});
    if (is_meant_to_verify(*members)) spoiled.insert(kid_of(*members));
  }
  auto is_secret = [](Candidate const& candidate) { return candidate.key.is_secret(); };
  if (std::ranges::any_of(candidates, is_secret) && !std::ranges::all_of(candidates, is_secret)) {
    return fail(Code::invalid_request, "the key set mixes secret and public keys");
  }
  set.take(candidates, spoiled);
  return set;
}

void JwkSet::take(std::vector<Candidate> const& candidates, Kids const& spoiled) {
  for (auto const& [index, key] : candidates) {
    bool is_repeated = false;
    bool is_ambiguous = key.kid() && spoiled.contains(key.kid());
    for (auto const& [other_index, other] : candidates) {
      if (other_index == index || !key.kid() || other.kid() != key.kid()) continue;
      bool is_same = key.is_same_key(other);
      is_ambiguous |= !is_same;
      is_repeated |= is_same && other_index < index;
    }
    if (is_ambiguous)
      skipped_.push_back({index, "its kid is also that of another key"});
    else if (is_repeated)
      skipped_.push_back({index, "the key is given twice"});
    else
      keys_.push_back(key);
  }
  std::ranges::sort(skipped_, {}, &SkippedKey::index);
}

json::object JwkSet::to_json() const {
  json::array list;
  for (auto const& key : keys_) {
    if (!key.is_secret()) list.push_back(key.to_json());
  }
  return {{"keys", std::move(list)}};
}

}  // namespace keystead::jose
