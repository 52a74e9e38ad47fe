#include "net/response_writer.hpp"

#include <gtest/gtest.h>

namespace keystead::net {
namespace {

std::string written(http::Response const& response, Body body, Persistence persistence) {
  StandingHeaders standing("keystead");
  standing.set_time(std::chrono::sys_seconds(std::chrono::seconds(784111777)));
  std::string out;
  append_response(out, response, standing, body, persistence);
  return out;
}

TEST(ResponseWriter, WritesAnAnswer) {
  http::Response response;
  response.content_type = "text/plain";
  response.body = "hello";
  response.add("X-One", "1");
  EXPECT_EQ(
      written(response, Body::sent, Persistence::implied),
      "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nServer: keystead\r\n"
      "Content-Type: text/plain\r\nContent-Length: 5\r\nX-One: 1\r\n\r\nhello"
  );
}

TEST(ResponseWriter, NotModifiedHasNoContent) {
  http::Response response;
  response.status = 304;
  response.body = "never sent";
  EXPECT_EQ(
      written(response, Body::sent, Persistence::close),
      "HTTP/1.1 304 Not Modified\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nServer: keystead\r\n"
      "Connection: close\r\n\r\n"
  );
}

}  // namespace
}  // namespace keystead::net
