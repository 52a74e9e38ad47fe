#include "http/normal_uri.hpp"

#include <gtest/gtest.h>

namespace keystead::http {
namespace {

TEST(NormalUri, OneResourceHasOneSpelling) {
  for (auto const* text :
       {"https://ops.example/mcp",
        "HTTPS://Ops.Example/mcp",
        "https://ops.example:443/mcp",
        "https://ops.example:/mcp",
        "https://ops.example/%6dcp",
        "https://ops.example/mcp?a=b",
        "https://ops.example/mcp#f",
        "https://ops.example/mcp?a b#%zz"}) {
    EXPECT_EQ(normal_uri(text), "https://ops.example/mcp") << text;
  }
  EXPECT_EQ(normal_uri("http://127.0.0.1:80"), "http://127.0.0.1/");
  EXPECT_EQ(normal_uri("http://[::1]:8080/a%2fb"), "http://[::1]:8080/a%2Fb");
}

TEST(NormalUri, WhatIsAnotherResourceStaysAnother) {
  for (auto const* text :
       {"http://ops.example/mcp",
        "https://ops.example:80/mcp",
        "https://ops.example:8443/mcp",
        "https://ops.example.evil.example/mcp",
        "https://ops.example/mcp/",
        "https://ops.example/MCP",
        "https://ops.example/a%2Fmcp",
        "https://ops.example"}) {
    EXPECT_NE(normal_uri(text), "https://ops.example/mcp") << text;
    EXPECT_TRUE(normal_uri(text)) << text;
  }
}

TEST(NormalUri, WhatIsNoUrlHasNone) {
  for (auto const* text :
       {"",
        "/mcp",
        "ops.example/mcp",
        "ftp://ops.example/mcp",
        "https://",
        "https://user@ops.example/mcp",
        "https://ops.example/../mcp",
        "https://ops.example/%2e%2e/mcp",
        "https://ops.example/%zz",
        "https://ops.example/a b"}) {
    EXPECT_FALSE(normal_uri(text)) << text;
  }
  EXPECT_FALSE(normal_uri("https://ops.example/" + std::string(3000, 'a')));
}

}  // namespace
}  // namespace keystead::http
