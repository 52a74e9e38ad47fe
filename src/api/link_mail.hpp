// The links that people are sent, and the mails that they are sent in.
#pragma once

#include <string>
#include <string_view>

#include "authn/link_authority.hpp"
#include "authn/mail_queue.hpp"

namespace keystead::api {

// `url` is the service's, without a slash at the end. A link's value stands in its path: what logs
// a request here logs the route (attack 5), and no page of another origin is told it.
std::string invitation_link(std::string_view url, Secret const& value);
std::string reset_link(std::string_view url, Secret const& value);

// `service` and `tenant` as people call them; in a mail neither can be more than a word of it.
authn::Mail invitation_mail(
    authn::IssuedLink const& issued,
    std::string_view url,
    std::string_view service,
    std::string_view tenant
);
authn::Mail reset_mail(
    authn::IssuedLink const& issued, std::string_view url, std::string_view service
);

}  // namespace keystead::api
