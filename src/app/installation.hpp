// An installation: one configuration, one data folder, and who may be a caller in it. The server
// runs on one; a command that finds no server running opens one for itself.
#pragma once

#include <filesystem>
#include <memory>

#include "app/config/config.hpp"
#include "authn/key_authority.hpp"
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
  // Locks the folder and opens what is in it. The Failure is one line for the operator: the folder
  // is in use, the pepper is missing or unsafe. Throws store::Broken for a damaged database.
  static Result<std::unique_ptr<Installation>> open(
      Config config, std::filesystem::path const& data
  );

  Config const& config() const { return config_; }
  std::filesystem::path const& data() const { return folder_.path(); }
  store::ControlStore& control() { return *control_; }
  store::TenantStores& tenants() { return tenants_; }
  authn::KeyAuthority& keys() { return authority_; }
  authn::Ring& ring() { return ring_; }
  authn::Ring const& ring() const { return ring_; }
  authn::KeyDigester const& digester() const { return digester_; }
  Clock const& clock() const { return clock_; }
  Random& random() { return random_; }
  std::vector<domain::Collection> const& collections() const { return collections_; }

  // Writes when keys were last used; called every few seconds and before keys are listed.
  void note_key_uses();

 private:
  Installation(
      Config config,
      store::DataFolder folder,
      std::unique_ptr<store::ControlStore> control,
      std::vector<store::Pepper> const& peppers
  );

  SystemClock clock_;
  SystemRandom random_;
  Config config_;
  store::DataFolder folder_;
  std::unique_ptr<store::ControlStore> control_;
  std::vector<domain::Collection> collections_;
  store::TenantStores tenants_;
  authn::KeyDigester digester_;
  authn::Ring ring_;
  authn::KeyAuthority authority_;
};

}  // namespace keystead::app
