#include "api/html.hpp"

#include <gtest/gtest.h>

namespace keystead::api {
namespace {

TEST(Html, Attack108TextNeverBecomesMarkup) {
  Html html;
  html.markup("<p title=\"")
      .text("\"><script>alert('1')</script>&amp;")
      .markup("\">")
      .text("a\0b\x1b[2J\x7f");
  EXPECT_EQ(
      html.str(),
      "<p title=\"&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;amp;\">a"
  );
  EXPECT_EQ(Html().text(std::string_view("a\0b\x1b[2J\x7f", 8)).str(), "a b [2J ");
  EXPECT_EQ(
      Html().hidden("next", "/a?b=\"c\"").str(),
      "<input type=\"hidden\" name=\"next\" value=\"/a?b=&quot;c&quot;\">\n"
  );
}

}  // namespace
}  // namespace keystead::api
