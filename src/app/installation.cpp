#include "app/installation.hpp"

#include "store/pepper.hpp"
#include "store/sqlite/sqlite_control_store.hpp"

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
  bool stored = std::filesystem::exists(data / "pepper") || !control.list_keys({}).empty();
  return store::load_pepper(
      data, stored ? store::StoredKeys::some : store::StoredKeys::none, random
  );
}

}  // namespace

std::vector<domain::Collection> collections_of(Config const& config) {
  std::vector<domain::Collection> collections;
  collections.reserve(config.collections.size());
  for (auto const& each : config.collections) collections.push_back(each.collection);
  return collections;
}

Result<std::unique_ptr<Installation>> Installation::open(
    Config config, std::filesystem::path const& data
) {
  auto folder = TRY(store::DataFolder::open(data));
  auto control = store::open_sqlite(data);
  SystemRandom random;
  auto peppers = TRY(find_pepper(config, data, *control, random));
  return std::unique_ptr<Installation>(
      new Installation(std::move(config), std::move(folder), std::move(control), peppers)
  );
}

Installation::Installation(
    Config config,
    store::DataFolder folder,
    std::unique_ptr<store::ControlStore> control,
    std::vector<store::Pepper> const& peppers
)
    : config_(std::move(config)),
      folder_(std::move(folder)),
      control_(std::move(control)),
      collections_(collections_of(config_)),
      tenants_(
          {.folder = folder_.path() / "tenants", .open_files_max = config_.limits.tenant_files},
          collections_,
          clock_,
          random_
      ),
      digester_(peppers),
      ring_({
          .keys_max = config_.limits.ring.keys_max,
          .unknown_max = config_.limits.ring.negative_max,
          .unknown_for = config_.limits.ring.negative_ttl,
      }),
      authority_(
          config_.keys.format, digester_, config_.scope_catalog, *control_, ring_, clock_, random_
      ) {}

void Installation::note_key_uses() {
  auto uses = ring_.take_uses();
  if (!uses.empty()) control_->note_key_uses(uses);
}

}  // namespace keystead::app
