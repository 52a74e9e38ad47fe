// Keys from making to ending, on the real store.
#include "authn/authenticator.hpp"

#include <atomic>
#include <filesystem>
#include <set>
#include <thread>

#include <gtest/gtest.h>

#include "authn/key_authority.hpp"
#include "store/sqlite/sqlite_control_store.hpp"

namespace keystead::authn {
namespace {

using namespace std::chrono_literals;

class SteeredClock final : public Clock {
 public:
  Time now() const override { return Time{std::chrono::milliseconds{milliseconds_.load()}}; }
  void advance(std::chrono::milliseconds by) { milliseconds_ += by.count(); }

 private:
  std::atomic<std::int64_t> milliseconds_{1'800'000'000'000};
};

// A control store in a folder of its own, removed at the end.
class Keys : public testing::Test {
 protected:
  Keys() {
    store_->add_tenant({tenant_, "Harbor", {}, clock_.now()}).value();
    authority_.emplace(format_, digester_, scopes_, *store_, *ring_, clock_, random_);
    authenticator_.emplace(format_, digester_, scopes_, *store_, *ring_, clock_);
  }
  ~Keys() override {
    store_.reset();
    std::filesystem::remove_all(folder_);
  }

  static std::filesystem::path make_folder() {
    std::string name = testing::TempDir() + "keystead-authn-XXXXXX";
    return ::mkdtemp(name.data());
  }

  CreatedKey create(std::optional<Time> expires_at = {}) {
    return authority_
        ->create(
            {.tenant = tenant_,
             .name = "k",
             .scopes = {"write"},
             .expires_at = expires_at,
             .environment = {}}
        )
        .value();
  }
  bool accepts(Secret const& key) {
    return authenticator_->authenticate(PresentedKey{key.reveal()}).has_value();
  }
  // As after a restart: nothing in memory.
  void empty_the_ring() {
    ring_ = std::make_unique<Ring>(Ring::Options{});
    authority_.emplace(format_, digester_, scopes_, *store_, *ring_, clock_, random_);
    authenticator_.emplace(format_, digester_, scopes_, *store_, *ring_, clock_);
  }

  SteeredClock clock_;
  SystemRandom random_;
  std::filesystem::path folder_ = make_folder();
  std::unique_ptr<store::ControlStore> store_ = store::open_sqlite(folder_);
  domain::KeyFormat format_ = domain::KeyFormat::parse("ks_{secret:40}{crc}").value();
  domain::ScopeCatalog scopes_ =
      domain::ScopeCatalog::make({{"read", "", {}}, {"write", "", {"read"}}}).value();
  KeyDigester digester_{std::vector<store::Pepper>{
      {2, Secret(std::string(32, 'b'))}, {1, Secret(std::string(32, 'a'))}
  }};
  domain::TenantId tenant_ = domain::TenantId::mint(random_);
  std::unique_ptr<Ring> ring_ = std::make_unique<Ring>(Ring::Options{});
  std::optional<KeyAuthority> authority_;
  std::optional<Authenticator> authenticator_;
};

TEST_F(Keys, AKeyProvesItsTenantAndItsScopes) {
  auto created = create();
  for (int round = 0; round < 2; ++round) {
    auto principal = authenticator_->authenticate(PresentedKey{created.key.reveal()});
    ASSERT_TRUE(principal);
    EXPECT_EQ(principal->tenant(), tenant_);
    EXPECT_EQ(principal->key(), created.record.id);
    EXPECT_EQ(scopes_.names(principal->scopes()), (std::vector<std::string>{"read", "write"}));
    empty_the_ring();
  }
}

TEST_F(Keys, Attack1UnknownExpiredRevokedAndMalformedAreOneAnswer) {
  auto expiring = create(clock_.now() + 1s);
  auto revoked = create();
  authority_->revoke(revoked.record.id).value();
  clock_.advance(1s);
  std::string unknown(format_.mint(random_)->key.reveal());
  std::set<std::string> answers;
  for (std::string_view text :
       {std::string_view(unknown),
        expiring.key.reveal(),
        revoked.key.reveal(),
        std::string_view("x"),
        std::string_view()}) {
    auto principal = authenticator_->authenticate(PresentedKey{text});
    ASSERT_FALSE(principal);
    EXPECT_EQ(principal.error().code, Code::unauthorized);
    answers.insert(principal.error().public_text + "|" + principal.error().private_detail);
  }
  EXPECT_EQ(answers.size(), 1u);
}

TEST_F(Keys, Attack14ExpiryIsHonouredToTheMillisecondInMemoryAndFromTheStore) {
  auto created = create(clock_.now() + 10s);
  clock_.advance(9'999ms);
  EXPECT_TRUE(accepts(created.key));
  clock_.advance(1ms);
  EXPECT_FALSE(accepts(created.key));
  empty_the_ring();
  EXPECT_FALSE(accepts(created.key));
}

TEST_F(Keys, Attack9ARevokedKeyIsRefusedAtOnceAndAfterARestart) {
  auto created = create();
  EXPECT_TRUE(accepts(created.key));
  authority_->revoke(created.record.id).value();
  EXPECT_FALSE(accepts(created.key));
  authority_->revoke(created.record.id).value();
  empty_the_ring();
  EXPECT_FALSE(accepts(created.key));
  EXPECT_EQ(authority_->fill_ring(), 0u);
}

TEST_F(Keys, Attack9NoAcceptanceAfterTheAcknowledgementUnder64Threads) {
  for (int round = 0; round < 5; ++round) {
    auto created = create();
    std::atomic<bool> acknowledged{false};
    std::atomic<bool> stop{false};
    std::atomic<int> late{0};
    std::atomic<int> accepted{0};
    std::vector<std::jthread> threads;
    for (int i = 0; i < 64; ++i) {
      threads.emplace_back([&] {
        while (!stop) {
          bool after = acknowledged;
          if (!accepts(created.key)) continue;
          ++accepted;
          if (after) ++late;
        }
      });
    }
    while (accepted < 100) std::this_thread::yield();
    ring_->forget(created.record.digest);  // so that loads are under way as well
    authority_->revoke(created.record.id).value();
    acknowledged = true;
    std::this_thread::sleep_for(10ms);
    stop = true;
    threads.clear();
    ASSERT_EQ(late, 0);
  }
}

TEST_F(Keys, RotationKeepsTheOldKeyForTheOverlapOnly) {
  auto old_key = create();
  auto successor = authority_->rotate(old_key.record.id, 60s);
  ASSERT_TRUE(successor);
  EXPECT_EQ(successor->record.scopes, old_key.record.scopes);
  EXPECT_TRUE(accepts(old_key.key));
  EXPECT_TRUE(accepts(successor->key));
  clock_.advance(60s);
  EXPECT_FALSE(accepts(old_key.key));
  EXPECT_TRUE(accepts(successor->key));
  EXPECT_EQ(authority_->rotate(old_key.record.id, 60s).error().code, Code::conflict);
}

TEST_F(Keys, AKeyOfAnOlderPepperGoesOn) {
  KeyDigester older{std::vector<store::Pepper>{{1, Secret(std::string(32, 'a'))}}};
  KeyAuthority before(format_, older, scopes_, *store_, *ring_, clock_, random_);
  auto created = before
                     .create(
                         {.tenant = tenant_,
                          .name = "k",
                          .scopes = {"read"},
                          .expires_at = {},
                          .environment = {}}
                     )
                     .value();
  EXPECT_TRUE(accepts(created.key));
  empty_the_ring();
  EXPECT_TRUE(accepts(created.key));
  EXPECT_EQ(create().record.pepper_version, 2);
}

TEST_F(Keys, ADeletedTenantTakesItsKeysAlong) {
  auto created = create();
  EXPECT_TRUE(accepts(created.key));
  ASSERT_TRUE(authority_->remove_tenant(tenant_));
  EXPECT_FALSE(accepts(created.key));
}

TEST_F(Keys, WrongWishesAreRefused) {
  auto refusal = [&](NewKey wanted) {
    auto created = authority_->create(wanted);
    return created ? "created" : created.error().public_text;
  };
  NewKey good{
      .tenant = tenant_, .name = "k", .scopes = {"read"}, .expires_at = {}, .environment = {}
  };
  EXPECT_EQ(refusal(good), "created");
  auto wish = [&](auto change) {
    NewKey wanted = good;
    change(wanted);
    return refusal(wanted);
  };
  EXPECT_EQ(wish([](NewKey& key) { key.scopes = {}; }), "a key needs at least one scope");
  EXPECT_EQ(wish([](NewKey& key) { key.scopes = {"root"}; }), "unknown scope \"root\"");
  EXPECT_EQ(
      wish([](NewKey& key) { key.name = ""; }), "a name has 1 to 200 bytes of printable text"
  );
  EXPECT_EQ(
      wish([](NewKey& key) { key.name = "a\r\nb"; }), "a name has 1 to 200 bytes of printable text"
  );
  EXPECT_EQ(
      wish([&](NewKey& key) { key.expires_at = clock_.now(); }), "the expiry lies in the past"
  );
  EXPECT_EQ(wish([](NewKey& key) { key.environment = "live"; }), "these keys have no environments");
  EXPECT_NE(wish([&](NewKey& key) { key.tenant = domain::TenantId::mint(random_); }), "created");
}

}  // namespace
}  // namespace keystead::authn
