// The way out for mail: what waits, and the server that takes it.
#pragma once

#include <memory>

#include "app/config/config.hpp"
#include "authn/mail_queue.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"
#include "net/smtp_client.hpp"

namespace keystead::app {

// What becomes of mail where no server is configured. Its links are secrets, which belong in no log
// but that of a demo.
enum class UnsentMail { not_taken, logged };

class PostOffice {
 public:
  // `clock` and `random` outlive it. The Failure is one line for the operator.
  static Result<std::unique_ptr<PostOffice>> open(
      Config const& config, UnsentMail unsent, Clock const& clock, Random& random
  );

  authn::MailQueue& queue() { return *queue_; }

 private:
  PostOffice(Config const& config, Clock const& clock, Random& random);

  Result<void> deliver(authn::Mail const& mail);

  std::string from_;
  std::string from_name_;
  Clock const& clock_;
  Random& random_;
  std::unique_ptr<net::SmtpClient> client_;
  std::unique_ptr<authn::MailQueue> queue_;  // ends first
};

}  // namespace keystead::app
