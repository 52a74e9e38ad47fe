#include "http/cookie.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace keystead::http {
namespace {

std::optional<std::string_view> find(std::vector<Header> const& headers) {
  Request request;
  request.headers = headers;
  return find_cookie(request, "__Host-keystead");
}

TEST(Cookie, IsFoundAmongOthers) {
  EXPECT_EQ(find({{"Cookie", "__Host-keystead=abc"}}), "abc");
  EXPECT_EQ(find({{"cookie", "a=1; __Host-keystead=abc; b=2"}}), "abc");
  EXPECT_EQ(find({{"Cookie", "a=1"}, {"Cookie", "__Host-keystead=abc"}}), "abc");
  EXPECT_EQ(find({{"Cookie", "\t__Host-keystead=a=b \t;x"}}), "a=b");
  EXPECT_EQ(find({{"Cookie", "__Host-keystead="}}), "");
}

TEST(Cookie, IsAbsentUnderAnyOtherName) {
  EXPECT_FALSE(find({}));
  EXPECT_FALSE(find({{"Cookie", ""}}));
  EXPECT_FALSE(find({{"Cookie", ";;; ;"}}));
  EXPECT_FALSE(find({{"Cookie", "__Host-keystead"}}));
  EXPECT_FALSE(find({{"Cookie", "__host-keystead=abc; x__Host-keystead=abc"}}));
  EXPECT_FALSE(find({{"X-Cookie", "__Host-keystead=abc"}}));
}

TEST(Cookie, Attack110OneThatComesTwiceIsNone) {
  EXPECT_FALSE(find({{"Cookie", "__Host-keystead=abc; __Host-keystead=abc"}}));
  EXPECT_FALSE(find({{"Cookie", "__Host-keystead=abc"}, {"Cookie", "__Host-keystead=def"}}));
}

TEST(Cookie, Attack110IsOutOfReachOfScriptsAndOtherSites) {
  Response response;
  set_cookie(response, "__Host-keystead", "abc", std::chrono::hours(1));
  EXPECT_EQ(
      response.find("Set-Cookie"),
      "__Host-keystead=abc; Path=/; Max-Age=3600; Secure; HttpOnly; SameSite=Lax"
  );
}

}  // namespace
}  // namespace keystead::http
