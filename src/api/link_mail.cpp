#include "api/link_mail.hpp"

namespace keystead::api {
namespace {

// A tenant's name is chosen by people whom the reader does not know: it must not become a line, or
// a link, of our mail.
std::string in_quotes(std::string_view name) {
  std::string text = "\"";
  for (char c : name) {
    bool is_plain =
        static_cast<unsigned char>(c) >= ' ' && c != '\x7f' && c != '"' && c != ':' && c != '/';
    text += is_plain ? c : ' ';
  }
  return text + "\"";
}

}  // namespace

std::string invitation_link(std::string_view url, Secret const& value) {
  return std::string(url) + "/invitation/" + std::string(value.reveal());
}

std::string reset_link(std::string_view url, Secret const& value) {
  return std::string(url) + "/reset/" + std::string(value.reveal());
}

authn::Mail invitation_mail(
    authn::IssuedLink const& issued,
    std::string_view url,
    std::string_view service,
    std::string_view tenant
) {
  std::string link = invitation_link(url, issued.value);
  std::string role(name_of(issued.record.role.value_or(domain::Role::read_only)));
  return {
      .to = issued.record.email,
      .subject = "Your invitation to " + std::string(service),
      .text = "You are invited to join " + in_quotes(tenant) + " on " + std::string(service) +
              " (" + role + ").\n\nTo accept, open this link:\n\n" + link +
              "\n\nIt works once, until " + format_time(issued.record.expires_at) +
              ". If you do not know what this is about, ignore this mail.\n",
      .link = Secret(std::move(link)),
  };
}

authn::Mail reset_mail(
    authn::IssuedLink const& issued, std::string_view url, std::string_view service
) {
  std::string link = reset_link(url, issued.value);
  return {
      .to = issued.record.email,
      .subject = "A new password for " + std::string(service),
      .text = "Somebody, probably you, asked for a new password for " + std::string(service) +
              ".\n\nTo choose one, open this link:\n\n" + link + "\n\nIt works once, until " +
              format_time(issued.record.expires_at) +
              ". If it was not you, ignore this mail: nothing has changed.\n",
      .link = Secret(std::move(link)),
  };
}

}  // namespace keystead::api
