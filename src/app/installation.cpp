#include "app/installation.hpp"

#include "oauth/registration.hpp"
#include "store/authorization_store.hpp"
#include "store/grant_store.hpp"
#include "store/pepper.hpp"
#include "store/postgres/postgres_control_store.hpp"
#include "store/postgres/postgres_row_store.hpp"
#include "store/sqlite/sqlite_control_store.hpp"
#include "store/sqlite/sqlite_row_store.hpp"

namespace keystead::app {
namespace {

Result<std::vector<store::Pepper>> find_pepper(
    Config const& config,
    std::filesystem::path const& data,
    store::ControlStore& control,
    Random& random
) {
  if (config.keys.pepper) return store::parse_pepper(*config.keys.pepper);
  // The store is asked only where the answer matters: a missing pepper beside stored keys is a
  // loss, not a first start.
  bool stored = std::filesystem::exists(data / "pepper") || control.has_keys();
  return store::load_pepper(
      data, stored ? store::StoredKeys::some : store::StoredKeys::none, random
  );
}

Result<std::unique_ptr<store::ControlStore>> open_control(Place const& place) {
  if (place.database) return store::open_postgres(*place.database);
  return store::open_sqlite(place.folder);
}

std::unique_ptr<store::RowStores> open_rows(
    Place const& place, Config const& config, std::span<domain::Collection const> collections
) {
  if (place.database) {
    return store::open_postgres_rows(
        *place.database, {.connections_max = config.limits.workers}, collections
    );
  }
  return store::open_sqlite_rows(
      {.folder = place.folder / "tenants", .open_files_max = config.limits.tenant_files},
      collections
  );
}

std::string url_of(Config const& config) {
  if (config.service.url) return config.service.url->text;
  auto const& address = config.listen.address;
  bool is_v6 = address.host.contains(':');
  return std::string(config.listen.tls ? "https://" : "http://") +
         (is_v6 ? "[" + address.host + "]" : address.host) + ":" + std::to_string(address.port);
}

}  // namespace

std::vector<domain::Collection> collections_of(Config const& config) {
  std::vector<domain::Collection> collections;
  collections.reserve(config.collections.size());
  for (auto const& each : config.collections) collections.push_back(each.collection);
  return collections;
}

Result<std::unique_ptr<Installation>> Installation::open(Config config, Place const& place) {
  auto folder = TRY(store::DataFolder::open(place.folder));
  auto control = TRY(open_control(place));
  SystemRandom random;
  auto peppers = TRY(find_pepper(config, place.folder, *control, random));
  return std::unique_ptr<Installation>(
      new Installation(std::move(config), place, std::move(folder), std::move(control), peppers)
  );
}

Installation::Installation(
    Config config,
    Place place,
    store::DataFolder folder,
    std::unique_ptr<store::ControlStore> control,
    std::vector<store::Pepper> const& peppers
)
    : config_(std::move(config)),
      place_(std::move(place)),
      url_(url_of(config_)),
      folder_(std::move(folder)),
      control_(std::move(control)),
      collections_(collections_of(config_)),
      tenants_(open_rows(place_, config_, collections_), clock_, random_),
      seal_(peppers),
      digester_(peppers),
      key_rules_{
          config_.key_kinds,
          config_.scope_catalog,
          config_.keys.scopeless_is_full,
          config_.keys.max_active,
          config_.tenant.nouns.size() == 2
      },
      ring_({
          .keys_max = config_.limits.ring.keys_max,
          .unknown_max = config_.limits.ring.negative_max,
          .unknown_for = config_.limits.ring.negative_ttl,
      }),
      authority_(key_rules_, digester_, *control_, ring_, clock_, random_),
      links_({control_->once(), control_->users(), ring_, digester_, clock_, random_}),
      audit_({}, *control_, clock_) {
  control_->seal_with(seal_);
  auto const& oauth = config_.oauth;
  if (!oauth) return;
  token_keys_.emplace(
      authn::TokenKeys::Parts{
          .options = {.algorithm = oauth->algorithm, .token_lifetime = oauth->access_token},
          .store = control_->signing_keys(),
          .digester = digester_,
          .clock = clock_,
          .random = random_,
      }
  );
}

void Installation::note_key_uses() {
  auto uses = ring_.take_uses();
  if (!uses.empty()) control_->note_key_uses(uses);
}

void Installation::reap() {
  // Senders of webhooks try for days, each time with a fresh signature.
  constexpr std::chrono::hours kEventsKept{24 * 7};
  // Of clients that registered, without a grant that lives: one that comes back must not be unknown
  // for no reason.
  constexpr std::chrono::hours kClientsKept{24 * 180};
  Time now = clock_.now();
  control_->sessions().reap_sessions(now);
  control_->once().reap_once(now, now - kEventsKept);
  if (!config_.oauth || !token_keys_) return;
  control_->authorizations().reap_authorizations(now);
  // Nothing of a grant lives longer than its refresh token, which each use makes anew.
  control_->grants().reap_grants(now, now - config_.oauth->refresh_token - kEventsKept);
  control_->clients().reap_clients(now - oauth::Registration::kUnusedFor, now - kClientsKept);
  token_keys_->turn_by_age();
}

}  // namespace keystead::app
