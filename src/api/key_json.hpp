// A key as REST shows it. Which members it has, and what they are called, is configuration.
#pragma once

#include <string>
#include <vector>

#include <boost/json/object.hpp>

#include "api/key_member.hpp"
#include "authn/key_authority.hpp"
#include "domain/key_kind.hpp"
#include "store/control_store.hpp"

namespace keystead::api {

class KeyJson {
 public:
  // The names of all sources, for the configuration.
  static std::vector<std::string> sources();

  // References outlive it. Without members it has the default ones, which do not name the tenant.
  KeyJson(
      std::vector<KeyMember> members,
      domain::KeyKinds const& kinds,
      store::ControlStore& store,
      Clock const& clock
  );

  // Without the key. Asks the store for the tenants that a member names.
  boost::json::object describe(domain::ApiKey const& key) const;
  // With the key, first: the one time that it is shown.
  boost::json::object describe(authn::CreatedKey const& created) const;

  // JSON Schema of what describe() gives.
  boost::json::object schema(bool with_key) const;

 private:
  boost::json::value value_of(std::string_view source, domain::ApiKey const& key) const;

  std::vector<KeyMember> members_;
  domain::KeyKinds const& kinds_;
  store::ControlStore& store_;
  Clock const& clock_;
};

// active, expired or revoked.
std::string_view state_of(domain::ApiKey const& key, Time now);

}  // namespace keystead::api
