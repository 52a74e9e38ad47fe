#include "oauth/redirect_uri.hpp"

#include <gtest/gtest.h>

namespace keystead::oauth {
namespace {

std::vector<std::string> const kSchemes{"cursor"};

std::string render(std::string_view text) {
  auto uri = RedirectUri::parse(text, kSchemes);
  if (!uri) return "refused";
  EXPECT_EQ(uri->text(), text);
  std::string kind = uri->kind() == RedirectUri::Kind::web        ? "web "
                     : uri->kind() == RedirectUri::Kind::loopback ? "loopback "
                                                                  : "app ";
  return kind + std::string(uri->place());
}

TEST(RedirectUri, TakesWhatClientsRegister) {
  struct Row {
    std::string_view text;
    std::string_view parts;
  };
  for (auto const& [text, parts] : {
           Row{"https://claude.ai/api/mcp/auth_callback", "web claude.ai"},
           Row{"https://vscode.dev/redirect", "web vscode.dev"},
           Row{"https://a.example:8443/cb?x=1", "web a.example:8443"},
           Row{"https://a.example", "web a.example"},
           Row{"http://localhost/callback", "loopback localhost"},
           Row{"http://localhost:8787/callback", "loopback localhost:8787"},
           Row{"http://127.0.0.1/", "loopback 127.0.0.1"},
           Row{"http://127.0.0.1:33418/", "loopback 127.0.0.1:33418"},
           Row{"http://127.0.0.1:6276/oauth/callback", "loopback 127.0.0.1:6276"},
           Row{"http://[::1]:1/cb", "loopback [::1]:1"},
           Row{"https://localhost:8443/cb", "web localhost:8443"},
           Row{"cursor://anysphere.cursor-mcp/oauth/callback", "app cursor"},
           Row{"com.example.app:/callback", "app com.example.app"},
           Row{"com.example.app:/cb?from=mcp", "app com.example.app"},
       }) {
    EXPECT_EQ(render(text), parts) << text;
  }
}

// Attack 40, and 42 for the schemes.
TEST(RedirectUri, Attack40And42RefusesWhatIsNoSafePlaceToReturnTo) {
  for (std::string_view text : {
           "",
           "https:",
           "https://",
           "//a.example/cb",
           "/cb",
           "a.example/cb",
           "https:/a.example/cb",
           "HTTPS://a.example/cb",
           "https://A.example/cb",
           "https://a.example/cb#fragment",
           "https://a.example/cb#",
           "https://user@a.example/cb",
           "https://user:password@a.example/cb",
           "https://a.example\\@evil.example/cb",
           "https://a.example/../cb",
           "https://a.example/%2e%2e/cb",
           "https://a.example/cb\r\nSet-Cookie: a=b",
           "https://a.example/c b",
           "https://*.a.example/cb",
           "https://a.example:0/cb",
           "https://a.example:99999/cb",
           "https://0x7f.1/cb",
           "http://a.example/cb",
           "http://127.0.0.2/cb",
           "http://127.1/cb",
           "http://2130706433/cb",
           "http://localhost.evil.example/cb",
           "http://127.0.0.1.evil.example/cb",
           "http://127.0.0.1@evil.example/cb",
           "http://localhost:80@evil.example/cb",
           "http://[::ffff:127.0.0.1]/cb",
           "http://[::2]/cb",
           "http://localhost/cb#x",
           "javascript:alert(1)",
           "javascript://a.example/%0aalert(1)",
           "JavaScript:alert(1)",
           "java\tscript:alert(1)",
           " javascript:alert(1)",
           "data:text/html,x",
           "vbscript:x",
           "file:///etc/passwd",
           "blob:https://a.example/1",
           "about:blank",
           "ftp://a.example/cb",
           "urn:ietf:wg:oauth:2.0:oob",
           "myapp://callback",
           "cursor2://callback",
           "Cursor://callback",
           "cursor:",
           "cursor",
           "cursor://a#b",
           "cursor://user@host/cb",
           "cursor://a\"onclick=1",
           "cursor://<script>",
           "cursor://a b",
           "com.example.app:/cb#fragment",
           "com.example.app:",
           ".com.example:/cb",
           "1com.example:/cb",
       }) {
    EXPECT_EQ(render(text), "refused") << text;
  }
  EXPECT_EQ(render("https://a.example/" + std::string(3'000, 'a')), "refused");
}

bool admits(std::string_view registered, std::string_view asked) {
  return RedirectUri::parse(registered, kSchemes)
      .value()
      .admits(RedirectUri::parse(asked, kSchemes).value());
}

// RFC 8252 §7.3; the rows are what Claude Code, VS Code and Cursor register and then use.
TEST(RedirectUri, TheSystemChoosesThePortOnLoopback) {
  EXPECT_TRUE(admits("http://localhost/callback", "http://localhost:53117/callback"));
  EXPECT_TRUE(admits("http://127.0.0.1/callback", "http://127.0.0.1:53117/callback"));
  EXPECT_TRUE(admits("http://127.0.0.1:33418/", "http://127.0.0.1:51000/"));
  EXPECT_TRUE(admits("http://127.0.0.1:33418/", "http://127.0.0.1/"));
  EXPECT_TRUE(admits("http://[::1]/cb", "http://[::1]:9/cb"));
  EXPECT_TRUE(admits("http://localhost/cb?a=1", "http://localhost:9/cb?a=1"));
}

// Attack 41.
TEST(RedirectUri, Attack41ThePortIsAllThatIsFreeOnLoopback) {
  EXPECT_FALSE(admits("http://localhost/cb", "http://127.0.0.1/cb"));
  EXPECT_FALSE(admits("http://127.0.0.1/cb", "http://localhost/cb"));
  EXPECT_FALSE(admits("http://127.0.0.1/cb", "http://[::1]/cb"));
  EXPECT_FALSE(admits("http://localhost/cb", "http://localhost/cb/"));
  EXPECT_FALSE(admits("http://localhost/cb", "http://localhost/CB"));
  EXPECT_FALSE(admits("http://localhost/cb", "http://localhost/cb?a=1"));
  EXPECT_FALSE(admits("http://localhost/cb", "http://localhost"));
  EXPECT_FALSE(admits("http://localhost/cb", "https://localhost/cb"));
  EXPECT_FALSE(admits("https://localhost:1/cb", "https://localhost:2/cb"));
}

// Attack 40.
TEST(RedirectUri, Attack40EverythingElseIsTheSameBytes) {
  EXPECT_TRUE(admits("https://a.example/cb", "https://a.example/cb"));
  EXPECT_TRUE(admits("cursor://a/cb", "cursor://a/cb"));
  EXPECT_FALSE(admits("https://a.example/cb", "https://a.example:443/cb"));
  EXPECT_FALSE(admits("https://a.example/cb", "https://a.example/cb/"));
  EXPECT_FALSE(admits("https://a.example/cb", "https://a.example/cB"));
  EXPECT_FALSE(admits("https://a.example/cb", "https://a.example/c%62"));
  EXPECT_FALSE(admits("https://a.example/cb", "https://a.example/cb;x"));
  EXPECT_FALSE(admits("https://a.example/cb", "https://a.example/cb?"));
  EXPECT_FALSE(admits("https://a.example/cb", "https://a.example/cb?x=1"));
  EXPECT_FALSE(admits("https://a.example/cb", "https://b.a.example/cb"));
  EXPECT_FALSE(admits("https://a.example/", "https://a.example"));
  EXPECT_FALSE(admits("cursor://a/cb", "cursor://b/cb"));
  EXPECT_FALSE(admits("com.example:/cb", "com.example:/cb2"));
}

TEST(RedirectUri, TheAnswerStandsBehindWhatIsThere) {
  std::vector<std::pair<std::string_view, std::string>> answer{{"code", "a+b"}, {"state", "&=#"}};
  auto with = [&](std::string_view text) {
    return RedirectUri::parse(text, kSchemes).value().with(answer);
  };
  EXPECT_EQ(with("https://a.example/cb"), "https://a.example/cb?code=a%2Bb&state=%26%3D%23");
  EXPECT_EQ(
      with("https://a.example/cb?x=1"), "https://a.example/cb?x=1&code=a%2Bb&state=%26%3D%23"
  );
  EXPECT_EQ(with("com.example:/cb"), "com.example:/cb?code=a%2Bb&state=%26%3D%23");
}

// Attack 42: not even the configuration opens what a browser would run.
TEST(RedirectUri, Attack42TheConfigurationOpensNoSchemeOfBrowsers) {
  EXPECT_TRUE(is_app_scheme("cursor"));
  EXPECT_TRUE(is_app_scheme("com.example.app"));
  for (auto scheme : {"javascript", "data", "http", "https", "file", "Cursor", "a b", "", "1a"}) {
    EXPECT_FALSE(is_app_scheme(scheme)) << scheme;
  }
}

}  // namespace
}  // namespace keystead::oauth
