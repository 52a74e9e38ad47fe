#include "mcp/builtin_tools.hpp"

#include <gtest/gtest.h>

#include "authz/authorizer.hpp"
#include "codec/json.hpp"
#include "mcp/test_principal.hpp"

namespace keystead::mcp {
namespace {

class FixedClock final : public Clock {
 public:
  Time now() const override { return *parse_time("2026-11-22T16:50:00Z"); }
};

class BuiltinTools : public testing::Test {
 protected:
  BuiltinTools()
      : catalog_(*domain::ScopeCatalog::make({{"read", "Read", {}}, {"write", "Write", {}}})),
        actions_(catalog_) {}

  // The answer of a tool to a caller with the scope "read".
  std::string answer_of(std::string const& name) {
    std::vector<std::string> names{name};
    auto added = add_builtin_tools(tools_, actions_, names, {catalog_, clock_});
    if (!added) return added.error().public_text;
    std::vector<std::string> held{"read"};
    auto principal = authn::Authenticator::principal({}, {}, catalog_.resolve_known(held));
    auto permit = authz::Authorizer::decide(principal, *tools_.find(name)->action);
    return codec::to_text(*tools_.find(name)->in_memory(*permit, {}));
  }

  domain::ScopeCatalog catalog_;
  FixedClock clock_;
  authz::ActionTable actions_;
  Toolbox tools_;
};

TEST_F(BuiltinTools, WhoamiNamesTheKeyAndItsScopesAndNoTenant) {
  EXPECT_EQ(
      answer_of("whoami"), R"({"key_id":"00000000-0000-0000-0000-000000000000","scopes":["read"]})"
  );
}

TEST_F(BuiltinTools, CurrentTimeIsTheServersClock) {
  EXPECT_EQ(answer_of("current_time"), R"({"time":"2026-11-22T16:50:00Z"})");
}

TEST_F(BuiltinTools, AnUnknownNameIsRefusedWithTheKnownOnes) {
  EXPECT_EQ(
      answer_of("whoam"), "there is no built-in tool \"whoam\"; there are current_time, whoami"
  );
}

}  // namespace
}  // namespace keystead::mcp
