#include "domain/issuer.hpp"

#include <gmock/gmock.h>

namespace keystead::domain {
namespace {

using testing::ElementsAre;

constexpr std::string_view kId = "0190f3a0-0000-7000-8000-000000000001";
constexpr std::string_view kOwn = "https://x.example/base/t/0190f3a0-0000-7000-8000-000000000001";

Issuer root() {
  return {"https://x.example/base", {"https://x.example/base/mcp", "https://x.example/base/v2"}};
}

std::string own(std::string_view path = {}) {
  return std::string(kOwn).append(path);
}

TEST(Issuers, ThatOfATenantLiesBelowTheService) {
  Issuers issuers(root(), Issuers::OfTenants::each);
  auto issuer = issuers.of_tenant(kId).value();
  EXPECT_EQ(issuer.url, own());
  EXPECT_THAT(issuer.resources, ElementsAre(own("/mcp"), own("/v2")));
  EXPECT_EQ(issuer.tenant->text(), kId);
  EXPECT_EQ(issuers.of_tenant("0190F3A0-0000-7000-8000-000000000001"), std::nullopt);
  EXPECT_EQ(issuers.of_tenant(""), std::nullopt);
}

TEST(Issuers, IsFoundByItsNameExactly) {
  Issuers issuers(root(), Issuers::OfTenants::each);
  EXPECT_EQ(issuers.find("https://x.example/base")->tenant, std::nullopt);
  EXPECT_EQ(issuers.find(own())->tenant->text(), kId);
  for (auto const& none :
       {std::string(),
        own("/"),
        own("/mcp"),
        std::string("https://x.example/base/"),
        std::string("https://x.example/base/t/"),
        std::string("https://x.example/base/t/acme"),
        std::string("https://x.example/t/").append(kId),
        std::string("https://y.example/base/t/").append(kId)}) {
    EXPECT_EQ(issuers.find(none), std::nullopt) << none;
  }
}

TEST(Issuers, IsKnownByItsResources) {
  Issuers issuers(root(), Issuers::OfTenants::each);
  EXPECT_EQ(issuers.of_resources({"https://x.example/base/v2"})->url, "https://x.example/base");
  EXPECT_EQ(issuers.of_resources({own("/v2"), own("/mcp")})->url, own());
  EXPECT_EQ(issuers.of_resources({own("/gone")}), std::nullopt);
  EXPECT_EQ(issuers.of_resources({}), std::nullopt);
}

TEST(Issuers, TenantsHaveNoneUnlessTheyAreGivenOne) {
  Issuers issuers(root());
  EXPECT_EQ(issuers.of_tenant(kId), std::nullopt);
  EXPECT_EQ(issuers.find(own()), std::nullopt);
  EXPECT_EQ(issuers.of_resources({own("/mcp")}), std::nullopt);
}

TEST(Issuers, ThatOfATenantIsForThatTenantAlone) {
  Issuers issuers(root(), Issuers::OfTenants::each);
  auto issuer = issuers.of_tenant(kId).value();
  EXPECT_TRUE(issuer.is_open_to(TenantId::parse(kId)));
  EXPECT_FALSE(issuer.is_open_to(TenantId()));
  EXPECT_FALSE(issuer.is_open_to(std::nullopt));
  EXPECT_TRUE(issuers.root().is_open_to(TenantId()));
}

}  // namespace
}  // namespace keystead::domain
