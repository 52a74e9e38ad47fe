#include "authn/dpop.hpp"

#include <gmock/gmock.h>

#include "authn/test_installation.hpp"
#include "authn/test_proof.hpp"

namespace keystead::authn {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::Not;

class DpopTest : public testing::Test {
 protected:
  Dpop made(bool asks_nonce, KeyDigester const& digester) {
    return Dpop({
        .url = "https://ops.example",
        .asks_nonce = asks_nonce,
        .digester = digester,
        .once = here_.store->once(),
        .clock = here_.clock,
    });
  }
  TestProof proof_now(std::string const& nonce = {}) {
    TestProof proof(key_, "POST", "https://ops.example/mcp", here_.clock.now(), "a.b.c");
    if (!nonce.empty()) proof.claims["nonce"] = nonce;
    return proof;
  }
  static bool takes(Dpop const& dpop, TestProof const& proof, std::string_view path = "/mcp") {
    auto text = proof.text();
    return dpop.examine({text, "POST", path}, "a.b.c").has_value();
  }

  TestInstallation here_;
  jose::SigningKey key_ = jose::make_key(jose::Algorithm::es256);
  Dpop dpop_ = made(false, here_.digester);
};

TEST_F(DpopTest, TheUriIsOursWhateverTheRequestSaysOfItsHost) {
  EXPECT_TRUE(takes(dpop_, proof_now()));
  EXPECT_FALSE(takes(dpop_, proof_now(), "/other"));
  auto elsewhere = proof_now();
  elsewhere.claims["htu"] = "https://evil.example/mcp";
  EXPECT_FALSE(takes(dpop_, elsewhere));
}

TEST_F(DpopTest, AServiceBelowAPathIsCalledByIt) {
  Dpop below({
      .url = "https://example.com/ops",
      .digester = here_.digester,
      .once = here_.store->once(),
      .clock = here_.clock,
  });
  auto proof = proof_now();
  EXPECT_FALSE(takes(below, proof));
  proof.claims["htu"] = "https://example.com/ops/mcp";
  EXPECT_TRUE(takes(below, proof));
}

TEST_F(DpopTest, AProofIsSpentOnceAlsoAfterARestartAndForgottenWhenNobodyCanShowIt) {
  auto text = proof_now().text();
  auto proof = dpop_.examine({text, "POST", "/mcp"}, "a.b.c").value();
  EXPECT_TRUE(dpop_.spend(proof));
  EXPECT_FALSE(dpop_.spend(proof));
  EXPECT_FALSE(made(false, here_.digester).spend(proof)) << "nothing is kept in memory";
  here_.clock.advance(2 * kProofAgeMax);
  dpop_.reap();
  EXPECT_FALSE(dpop_.spend(proof)) << "it may have been made for five minutes later";
  here_.clock.advance(2min);
  dpop_.reap();
  EXPECT_TRUE(dpop_.spend(proof));
}

TEST_F(DpopTest, NobodyIsAskedForANonceUnlessItIsWanted) {
  EXPECT_EQ(dpop_.nonce(), "");
  EXPECT_TRUE(takes(dpop_, proof_now("whatever")));
}

TEST_F(DpopTest, ANonceIsGoodForAWhile) {
  auto asking = made(true, here_.digester);
  auto nonce = asking.nonce();
  auto fault = [&](std::string const& shown) {
    auto text = proof_now(shown).text();
    auto examined = asking.examine({text, "POST", "/mcp"}, "a.b.c");
    return examined ? "none" : examined.error() == DpopFault::use_nonce ? "nonce" : "proof";
  };
  EXPECT_EQ(fault({}), std::string("nonce"));
  EXPECT_EQ(fault(nonce), std::string("none"));
  here_.clock.advance(150s);
  EXPECT_NE(asking.nonce(), nonce) << "the next answers name another";
  EXPECT_EQ(fault(nonce), std::string("none"));
  EXPECT_EQ(fault(asking.nonce()), std::string("none"));
  here_.clock.advance(150s);
  EXPECT_EQ(fault(nonce), std::string("nonce"));
}

// One has turned its pepper, the other has not yet; and one's clock is a little ahead.
TEST_F(DpopTest, AllNodesKnowANonceThatOneHasGiven) {
  std::vector<store::Pepper> const turned{
      {3, Secret(std::string(32, 'c'))}, {2, Secret(std::string(32, 'b'))}
  };
  KeyDigester const other_digester(turned);
  auto one = made(true, here_.digester), other = made(true, other_digester);
  EXPECT_TRUE(takes(other, proof_now(one.nonce())));
  std::vector<store::Pepper> const foreign{{1, Secret(std::string(32, 'x'))}};
  KeyDigester const foreign_digester(foreign);
  EXPECT_FALSE(takes(made(true, foreign_digester), proof_now(one.nonce())));
  here_.clock.advance(150s);
  auto ahead = one.nonce();
  here_.clock.advance(-150s);
  EXPECT_TRUE(takes(one, proof_now(ahead)));
}

TEST_F(DpopTest, ProofsAreSignedWithKeyPairsOnly) {
  EXPECT_THAT(Dpop::algorithms(), Contains("ES256"));
  EXPECT_THAT(Dpop::algorithms(), Contains("EdDSA"));
  EXPECT_THAT(Dpop::algorithms(), Not(Contains("HS256")));
}

}  // namespace
}  // namespace keystead::authn
