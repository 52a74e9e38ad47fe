#include "app/post_office.hpp"

#include <array>

#include "app/log.hpp"
#include "codec/internet_message.hpp"

namespace keystead::app {
namespace {

using Outcome = authn::MailQueue::Options::Outcome;

void report(authn::Mail const& mail, Failure const& failure, Outcome outcome) {
  std::string const& why =
      failure.private_detail.empty() ? failure.public_text : failure.private_detail;
  if (outcome == Outcome::tried_again)
    log::warn("mail.delayed", {{"to", mail.to}, {"detail", why}});
  else
    log::error("mail.not_sent", {{"to", mail.to}, {"detail", why}});
}

// The demo's mailbox is its log.
Result<void> log_instead(authn::Mail const& mail) {
  log::info(
      "mail.not_sent", {{"to", mail.to}, {"subject", mail.subject}, {"link", mail.link.reveal()}}
  );
  return {};
}

std::string unique_id(Random& random) {
  constexpr char kHex[] = "0123456789abcdef";
  std::array<unsigned char, 16> bytes{};
  random.fill(bytes);
  std::string text;
  for (auto byte : bytes) text.append({kHex[byte >> 4], kHex[byte & 15]});
  return text;
}

}  // namespace

PostOffice::PostOffice(Config const& config, Clock const& clock, Random& random)
    : from_(config.mail.from),
      from_name_(config.service.shown_name()),
      clock_(clock),
      random_(random) {}

Result<std::unique_ptr<PostOffice>> PostOffice::open(
    Config const& config, UnsentMail unsent, Clock const& clock, Random& random
) {
  std::unique_ptr<PostOffice> office(new PostOffice(config, clock, random));
  authn::MailQueue::Options options{.report = report};
  if (!config.mail.url.empty()) {
    auto server = TRY(net::MailServer::parse(config.mail.url));
    office->client_ =
        TRY(net::SmtpClient::open({
            .server = std::move(server),
            .user = config.mail.user,
            .password = config.mail.password.value_or(Secret()),
        }));
    options.deliver = [&office = *office](authn::Mail const& mail) { return office.deliver(mail); };
  } else if (unsent == UnsentMail::logged) {
    options.deliver = log_instead;
  }
  office->queue_ = std::make_unique<authn::MailQueue>(std::move(options));
  return office;
}

Result<void> PostOffice::deliver(authn::Mail const& mail) {
  auto message =
      TRY(codec::write_message({
          .from = from_,
          .from_name = from_name_,
          .to = mail.to,
          .subject = mail.subject,
          .text = mail.text,
          .date = clock_.now(),
          .id = unique_id(random_),
      }));
  TRY(client_->send({from_, mail.to}, message));
  log::info("mail.sent", {{"to", mail.to}});
  return {};
}

}  // namespace keystead::app
