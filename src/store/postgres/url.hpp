// Where a PostgreSQL database is, as a connection URL of libpq:
// postgresql://user:password@host:port/database?sslmode=verify-full. It may hold a password, so it
// is never printed as it is.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace keystead::store::postgres {

class Url {
 public:
  // Whether the text is meant as a URL, and not as the name of a folder.
  static bool is_meant_by(std::string_view text) {
    return text.starts_with("postgres://") || text.starts_with("postgresql://");
  }

  // Code::invalid_request without any part of the text.
  static Result<Url> parse(Secret text);

  Secret const& text() const { return text_; }
  // For logs and error texts: user, host, port and database, and nothing else.
  std::string const& shown() const { return shown_; }

 private:
  Url(Secret text, std::string shown) : text_(std::move(text)), shown_(std::move(shown)) {}

  Secret text_;
  std::string shown_;
};

}  // namespace keystead::store::postgres
