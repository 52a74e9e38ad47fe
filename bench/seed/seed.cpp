// Fills a data folder with many API keys at once and writes the keys themselves to a file, for
// measuring. They are real keys: of the real format, under the folder's own pepper, in the schema
// that the server migrates to.
//
//   keystead_seed DATA FORMAT SCOPE TENANTS KEYS FILE
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>

#include "authn/key_digester.hpp"
#include "base/clock.hpp"
#include "domain/key_format.hpp"
#include "domain/tenant.hpp"
#include "store/data_folder.hpp"
#include "store/pepper.hpp"
#include "store/sqlite/database.hpp"
#include "store/sqlite/key_table.hpp"
#include "store/sqlite/sqlite_control_store.hpp"

namespace keystead {
namespace {

struct Wanted {
  std::filesystem::path data;
  std::string format;
  std::string scope;
  std::size_t tenants;
  std::size_t keys;
  std::filesystem::path file;
};

// The system's randomness, fetched in large pieces: a key takes two hundred bytes.
class BufferedRandom final : public Random {
 public:
  void fill(std::span<unsigned char> out) override {
    for (unsigned char& byte : out) {
      if (at_ == bytes_.size()) refill();
      byte = bytes_[at_++];
    }
  }

 private:
  void refill() {
    system_.fill(bytes_);
    at_ = 0;
  }

  SystemRandom system_;
  std::array<unsigned char, 65'536> bytes_;
  std::size_t at_ = bytes_.size();
};

std::vector<domain::TenantId> add_tenants(
    store::Database& database, Wanted const& wanted, Random& random, Time now
) {
  std::vector<domain::TenantId> tenants;
  auto insert =
      database.prepare("INSERT INTO tenant (id, name, created_at, slug) VALUES (?, ?, ?, ?)");
  for (std::size_t i = 0; i < wanted.tenants; ++i) {
    tenants.push_back(domain::TenantId::mint(random, now + std::chrono::milliseconds(i)));
    auto number = std::to_string(i);
    insert.again().bind(tenants.back(), "tenant " + number, now, "tenant-" + number).run();
  }
  return tenants;
}

Result<void> add_keys(
    store::Database& database,
    Wanted const& wanted,
    std::vector<domain::TenantId> const& tenants,
    std::vector<store::Pepper> const& peppers,
    Random& random,
    Time now
) {
  auto format = TRY(domain::KeyFormat::parse(wanted.format));
  authn::KeyDigester digester(peppers);
  std::ofstream file(wanted.file);
  store::Seal seal(peppers);
  store::KeyTable table(database, seal);
  domain::ApiKey key;
  key.name = "bench";
  key.scopes = {wanted.scope};
  key.pepper_version = digester.current_version();
  key.created_by = "operator";
  key.created_at = now;
  key.expires_at = now + std::chrono::days(90);
  // Ids in order, so that only the digests, which cannot be, go to random places of an index.
  for (std::size_t i = 0; i < wanted.keys; ++i) {
    auto minted = TRY(format.mint(random));
    key.id = domain::KeyId::mint(random, now + std::chrono::milliseconds(i));
    key.tenant = tenants[i * tenants.size() / wanted.keys];
    key.prefix = minted.prefix;
    key.digest = digester.digest(minted.key.reveal(), key.pepper_version);
    TRY(table.insert(key));
    file << minted.key.reveal() << '\n';
  }
  if (!file.flush()) return fail(Code::unavailable, "cannot write " + wanted.file.string());
  return {};
}

Result<void> seed(Wanted const& wanted) {
  BufferedRandom random;
  auto folder = TRY(store::DataFolder::open(wanted.data));
  auto peppers = TRY(store::load_pepper(wanted.data, store::StoredKeys::none, random));
  store::open_sqlite(wanted.data)->seal_with(store::Seal(peppers));  // brings the schema up to date
  store::Database database(wanted.data / "keystead.db", {.cache_kib = 1024 * 1024});
  // Nobody relies on these keys: what is lost in a crash is seeded again.
  database.execute("PRAGMA synchronous = OFF; PRAGMA wal_autocheckpoint = 0");
  {
    store::Transaction transaction(database);
    Time now = SystemClock().now();
    auto tenants = add_tenants(database, wanted, random, now);
    TRY(add_keys(database, wanted, tenants, peppers, random, now));
    transaction.commit();
  }
  database.execute("PRAGMA wal_checkpoint(TRUNCATE)");
  return {};
}

}  // namespace
}  // namespace keystead

int main(int argc, char** argv) {
  using namespace keystead;
  if (argc != 7) {
    std::cerr << "usage: keystead_seed DATA FORMAT SCOPE TENANTS KEYS FILE\n";
    return 2;
  }
  Wanted wanted{argv[1], argv[2], argv[3], std::stoul(argv[4]), std::stoul(argv[5]), argv[6]};
  try {
    auto seeded = seed(wanted);
    if (seeded) return 0;
    std::cerr << "keystead_seed: " << seeded.error().public_text << '\n';
  } catch (std::exception const& error) {
    std::cerr << "keystead_seed: " << error.what() << '\n';
  }
  return 1;
}
