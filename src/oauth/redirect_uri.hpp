// Where a client may be sent back to with a code: the one address of the whole protocol that a
// stranger chooses. It is read strictly and compared byte for byte; nothing is normalised, and
// there are no patterns (attack 40).
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace keystead::oauth {

class RedirectUri {
 public:
  enum class Kind {
    web,       // https
    loopback,  // http to 127.0.0.1, [::1] or localhost: a program on the user's own machine
    app,       // a scheme that an application has claimed: com.example.app:/callback
  };

  // A scheme of an application must hold a dot, as a reversed domain name does (RFC 8252 §7.1), or
  // be one of `app_schemes`. Code::invalid_request says what is wrong without the text.
  static Result<RedirectUri> parse(
      std::string_view text, std::span<std::string const> app_schemes = {}
  );

  std::string const& text() const { return text_; }
  Kind kind() const { return kind_; }
  // What a person is told of it: the host and a port that is not the scheme's, or the scheme.
  std::string_view place() const { return std::string_view(text_).substr(place_, place_size_); }

  // Whether a client that has registered this one may ask for `asked`: the same bytes. On loopback
  // the port is not compared, because the system chooses it when the program starts (RFC 8252
  // §7.3); localhost is not 127.0.0.1 (attack 41).
  bool admits(RedirectUri const& asked) const;

  // The address with these parameters at the end of its query.
  std::string with(std::span<std::pair<std::string_view, std::string> const> parameters) const;

 private:
  RedirectUri() = default;

  std::string text_;
  Kind kind_ = Kind::web;
  std::size_t place_ = 0;
  std::size_t place_size_ = 0;
  std::size_t host_size_ = 0;  // of the place, without its port; loopback only
};

// Whether the configuration may open this scheme to applications: not one that browsers know.
bool is_app_scheme(std::string_view scheme);

}  // namespace keystead::oauth
