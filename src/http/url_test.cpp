#include "http/url.hpp"

#include <gtest/gtest.h>

namespace keystead::http {
namespace {

using namespace std::string_view_literals;

std::string render(std::string_view text) {
  auto url = Url::parse(text);
  if (!url) return "refused";
  EXPECT_EQ(url->text(), text);
  std::string kind = url->host_kind() == Url::HostKind::name   ? "name"
                     : url->host_kind() == Url::HostKind::ipv4 ? "ipv4"
                                                               : "ipv6";
  return (url->scheme() == Url::Scheme::https ? "https " : "http ") + kind + " " +
         std::string(url->host()) + " " + std::to_string(url->port()) + " " + url->target();
}

TEST(Url, TakesApartWhatHasOneReading) {
  struct Row {
    std::string_view text;
    std::string_view parts;
  };
  for (auto const& [text, parts] : {
           Row{"https://a.example/x", "https name a.example 443 /x"},
           Row{"http://a.example", "http name a.example 80 /"},
           Row{"https://a.example?q=1", "https name a.example 443 /?q=1"},
           Row{"https://a.example/?", "https name a.example 443 /?"},
           Row{"https://a.example:8443/x?y=/?z", "https name a.example 8443 /x?y=/?z"},
           Row{"https://a.example:443/", "https name a.example 443 /"},
           Row{"https://localhost:1/", "https name localhost 1 /"},
           Row{"https://my_service:65535/", "https name my_service 65535 /"},
           Row{"https://xn--bcher-kva.example/", "https name xn--bcher-kva.example 443 /"},
           Row{"https://1.a/", "https name 1.a 443 /"},
           Row{"https://0x7f.example/", "https name 0x7f.example 443 /"},
           Row{"https://0xfg/", "https name 0xfg 443 /"},
           Row{"https://192.0.2.1/", "https ipv4 192.0.2.1 443 /"},
           Row{"http://127.0.0.1:8080/jwks", "http ipv4 127.0.0.1 8080 /jwks"},
           Row{"https://[2001:db8::1]/", "https ipv6 2001:db8::1 443 /"},
           Row{"https://[::1]:8443", "https ipv6 ::1 8443 /"},
           Row{"https://[::ffff:127.0.0.1]/", "https ipv6 ::ffff:127.0.0.1 443 /"},
           Row{"https://a.example//b;p=1/%2Fc/", "https name a.example 443 //b;p=1/%2Fc/"},
           Row{"https://a.example/...", "https name a.example 443 /..."},
           Row{"https://a.example/.well-known/openid-configuration",
               "https name a.example 443 /.well-known/openid-configuration"},
           Row{"https://a.example/~u/@v:1,2!$&'()*+=",
               "https name a.example 443 /~u/@v:1,2!$&'()*+="},
           Row{"https://a.example/b@c", "https name a.example 443 /b@c"},
       }) {
    EXPECT_EQ(render(text), parts);
  }
}

// Attack 66: spellings by which the host that is checked and the host that is asked may differ.
TEST(Url, Attack66RefusesWhatHasTwoReadings) {
  for (auto text : {
           // Not http, or not absolute.
           ""sv,
           "a.example"sv,
           "//a.example/"sv,
           "/x"sv,
           "https:"sv,
           "https:/a.example"sv,
           "https:a.example"sv,
           "https:///x"sv,
           "https://"sv,
           "https://?x"sv,
           "https://:443/"sv,
           "ftp://a.example/"sv,
           "file:///etc/passwd"sv,
           "gopher://a.example/"sv,
           "javascript:alert(1)"sv,
           "data:text/plain,x"sv,
           "HTTPS://a.example/"sv,
           " https://a.example/"sv,
           "\thttps://a.example/"sv,
           "https ://a.example/"sv,
           // A user, or what looks like one.
           "https://user@a.example/"sv,
           "https://user:pass@a.example/"sv,
           "https://@a.example/"sv,
           "https://a.example@127.0.0.1/"sv,
           "https://a.example:443@127.0.0.1/"sv,
           "https://a%40b.example/"sv,
           "https://127.0.0.1\\@a.example/"sv,
           // Fragments.
           "https://a.example/#"sv,
           "https://a.example#x"sv,
           "https://a.example/?#x"sv,
           "https://a.example#@127.0.0.1/"sv,
           // Characters.
           "https://a.example/ "sv,
           "https://a.example/a b"sv,
           "https://a.example/a\tb"sv,
           "https://a.example/\r\nHost: b"sv,
           "https://a.example/\0"sv,
           "https://a.example\0.b/"sv,
           "https://a.example/\x7f"sv,
           "https://a.example\\b"sv,
           "https:\\\\a.example/"sv,
           "https://a.example/a\\b"sv,
           "https://b\xc3\xbc"
           "cher.example/"sv,
           "https://a\xe3\x80\x82"
           "example/"sv,
           "https://\xe2\x91\xa0.example/"sv,
           "https://a.example/\xc3\xbc"sv,
           "https://a.example/<"sv,
           "https://a.example/?\""sv,
           "https://a.example/{x}"sv,
           "https://a.example/?^"sv,
           "https://a.example/[x]"sv,
           // Escapes.
           "https://a.example/%"sv,
           "https://a.example/%2"sv,
           "https://a.example/%zz"sv,
           "https://a.example/%00"sv,
           "https://a.example/%0d%0a"sv,
           "https://a.example/?%1f"sv,
           "https://a.example/%7F"sv,
           "https://%61.example/"sv,
           // Dot segments.
           "https://a.example/."sv,
           "https://a.example/.."sv,
           "https://a.example/a/../b"sv,
           "https://a.example/a/./b"sv,
           "https://a.example/%2e%2E/b"sv,
           "https://a.example/.%2e"sv,
           "https://a.example/%2e?x"sv,
           // Host names.
           "https://a.example./"sv,
           "https://.a.example/"sv,
           "https://a..example/"sv,
           "https://./"sv,
           "https://-a.example/"sv,
           "https://a-.example/"sv,
           "https://A.example/"sv,
           "https://a.exa*mple/"sv,
           "https://a,b.example/"sv,
           // IPv4 in the spellings that old resolvers know.
           "https://2130706433/"sv,
           "https://0x7f000001/"sv,
           "https://017700000001/"sv,
           "https://0177.0.0.1/"sv,
           "https://0x7f.0.0.1/"sv,
           "https://0x7f.1/"sv,
           "https://127.1/"sv,
           "https://127.0.1/"sv,
           "https://127.0.0.1./"sv,
           "https://127.0.0.01/"sv,
           "https://127.0.0.256/"sv,
           "https://1.2.3.4.5/"sv,
           "https://a.0x/"sv,
           "https://a.1/"sv,
           "https://0/"sv,
           "https://127.0.0.1.0x1/"sv,
           "https://4294967296/"sv,
           // IPv6.
           "https://[]/"sv,
           "https://[::1/"sv,
           "https://::1/"sv,
           "https://[::1]x/"sv,
           "https://[::1]443/"sv,
           "https://[fe80::1%25eth0]/"sv,
           "https://[fe80::1%eth0]/"sv,
           "https://[0:0:0:0:0:0:0:1]/"sv,
           "https://[::0001]/"sv,
           "https://[2001:DB8::1]/"sv,
           "https://[::ffff:7f00:1]/"sv,
           "https://[127.0.0.1]/"sv,
           "https://[a.example]/"sv,
           "https://[[::1]]/"sv,
           "https://[::1\0]/"sv,
           "https://[v1.x]/"sv,
           // Ports.
           "https://a.example:/"sv,
           "https://a.example:0/"sv,
           "https://a.example:00443/"sv,
           "https://a.example:65536/"sv,
           "https://a.example:4294967739/"sv,
           "https://a.example:-1/"sv,
           "https://a.example:+443/"sv,
           "https://a.example:443x/"sv,
           "https://a.example:443:443/"sv,
           "https://a.example: 443/"sv,
       }) {
    EXPECT_EQ(render(text), "refused") << text;
  }
}

TEST(Url, LengthsAreBounded) {
  std::string text = "https://a.example/";
  text.resize(Url::kTextMax, 'x');
  EXPECT_TRUE(Url::parse(text));
  EXPECT_FALSE(Url::parse(text + "x"));
  std::string label(63, 'a');
  EXPECT_TRUE(Url::parse("https://" + label + ".example/"));
  EXPECT_FALSE(Url::parse("https://a" + label + ".example/"));
  std::string three = label + "." + label + "." + label + ".";
  EXPECT_TRUE(Url::parse("https://" + three + label.substr(2) + "/"));
  EXPECT_FALSE(Url::parse("https://" + three + label.substr(1) + "/"));
}

TEST(Url, ARefusalRepeatsNothingOfTheText) {
  auto refused = Url::parse("https://a.example/?token=sesame#x");
  ASSERT_FALSE(refused);
  EXPECT_FALSE(refused.error().public_text.contains("sesame"));
  EXPECT_TRUE(refused.error().private_detail.empty());
}

TEST(Url, KnowsWhatItIsMadeOf) {
  auto url = Url::parse("https://[2001:db8::1]:8443/a?b=c").value();
  EXPECT_EQ(url.authority(), "[2001:db8::1]:8443");
  EXPECT_EQ(url.origin(), "https://[2001:db8::1]:8443");
  EXPECT_EQ(url.path(), "/a");
  EXPECT_EQ(url.query(), "b=c");
  EXPECT_EQ(Url::parse("https://a.example").value().path(), "");
  EXPECT_NE(Url::parse("https://a.example").value(), Url::parse("https://a.example/").value());
}

TEST(Url, ACopyStandsAlone) {
  auto url = Url::parse("https://a.example/x");
  Url copy = *url;
  url = Url::parse("https://another.example/yyyyyyyyyyyyyyyyyyyyyyyyyyyyyy");
  EXPECT_EQ(copy.host(), "a.example");
}

TEST(Url, SaysWhetherItMeansThisMachine) {
  for (auto text :
       {"http://localhost/", "http://127.0.0.1/", "http://127.9.9.9:1/", "http://[::1]/"})
    EXPECT_TRUE(Url::parse(text).value().is_loopback()) << text;
  for (auto text :
       {"http://localhost.example/",
        "http://127.example/",
        "http://128.0.0.1/",
        "http://0.0.0.0/",
        "http://[::ffff:127.0.0.1]/"})
    EXPECT_FALSE(Url::parse(text).value().is_loopback()) << text;
}

}  // namespace
}  // namespace keystead::http
