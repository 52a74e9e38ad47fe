// An installation: one configuration, one data folder, and who may be a caller in it. The server
// runs on one; a command that finds no server running opens one for itself.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "app/audit_writer.hpp"
#include "app/config/config.hpp"
#include "app/place.hpp"
#include "authn/key_authority.hpp"
#include "authn/link_authority.hpp"
#include "authn/token_keys.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"
#include "store/control_store.hpp"
#include "store/data_folder.hpp"
#include "store/tenant_store.hpp"

namespace keystead::app {

// The collections of a configuration, without their samples.
std::vector<domain::Collection> collections_of(Config const& config);

class Installation {
 public:
  // Locks the folder and opens what is in it, or in the database. The Failure is one line for the
  // operator: the place is in use, the pepper is missing or unsafe. Throws store::Broken for a
  // damaged database, or one that cannot be reached.
  static Result<std::unique_ptr<Installation>> open(Config config, Place const& place);

  Config const& config() const { return config_; }
  Place const& place() const { return place_; }
  store::ControlStore& control() { return *control_; }
  store::TenantStores& tenants() { return tenants_; }
  authn::KeyAuthority& keys() { return authority_; }
  authn::LinkAuthority& links() { return links_; }
  authn::KeyRules const& key_rules() const { return key_rules_; }
  store::Seal const& seal() const { return seal_; }
  // Null without `oauth` in the configuration.
  authn::TokenKeys* token_keys() { return token_keys_ ? &*token_keys_ : nullptr; }
  AuditWriter& audit() { return audit_; }
  authn::Ring& ring() { return ring_; }
  authn::Ring const& ring() const { return ring_; }
  authn::KeyDigester const& digester() const { return digester_; }
  Clock const& clock() const { return clock_; }
  Random& random() { return random_; }
  std::vector<domain::Collection> const& collections() const { return collections_; }

  // Where it is served, without a slash at the end: what links begin with. Until the server says
  // it, what the configuration does.
  std::string const& url() const { return url_; }
  void set_url(std::string url) { url_ = std::move(url); }

  // Writes when keys were last used; called every few seconds and before keys are listed.
  void note_key_uses();
  // Deletes sessions, links and grants that are over, and marks of events that are not sent again;
  // turns signing keys that are old.
  void reap();

 private:
  Installation(
      Config config,
      Place place,
      store::DataFolder folder,
      std::unique_ptr<store::ControlStore> control,
      std::vector<store::Pepper> const& peppers
  );

  SystemClock clock_;
  SystemRandom random_;
  Config config_;
  Place place_;
  std::string url_;
  store::DataFolder folder_;
  std::unique_ptr<store::ControlStore> control_;
  std::vector<domain::Collection> collections_;
  store::TenantStores tenants_;
  store::Seal seal_;
  authn::KeyDigester digester_;
  authn::KeyRules key_rules_;
  authn::Ring ring_;
  authn::KeyAuthority authority_;
  authn::LinkAuthority links_;
  std::optional<authn::TokenKeys> token_keys_;
  AuditWriter audit_;
};

}  // namespace keystead::app
