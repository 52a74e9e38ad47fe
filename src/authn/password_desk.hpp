// Where passwords are hashed and compared. Each takes 19 MiB and 25 ms of a core (Argon2id), so
// only a few are let in at a time, and who would have to wait behind those is sent away: passwords
// must not keep requests with keys waiting.
#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/random.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"

namespace keystead::authn {

// Safe from any thread; waits. Both fail with Code::unavailable while too many are waiting.
class PasswordDesk {
 public:
  struct Options {
    int at_once = 2;
    int waiting_max = 2;  // beside those: each holds a worker of the server
  };

  // `random` outlives it.
  PasswordDesk(Options options, Random& random);

  // Takes the same time where there is no hash to compare with (attack 12).
  Result<bool> verify(Secret const& password, std::optional<Secret> const& phc);
  Result<Secret> hash(Secret const& password);

 private:
  class Turn;

  Options options_;
  Random& random_;
  std::string nobodys_;  // what a password is compared with where there is none
  std::mutex mutex_;
  std::condition_variable left_;
  int inside_ = 0;
  int waiting_ = 0;
};

// Whether a password may be set: 12 to 1024 bytes of UTF-8 that are neither the e-mail address nor
// among the commonest. Code::invalid_request says what is wrong, and not what it was.
Result<void> check_new_password(Secret const& password, std::string_view email);

}  // namespace keystead::authn
