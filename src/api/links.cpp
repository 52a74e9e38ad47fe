#include "api/links.hpp"

#include "api/link_mail.hpp"

namespace keystead::api {

Result<void> Links::ask_for_reset(
    std::string_view email, RouteCall const& call, http::Response& response
) const {
  auto account = domain::parse_email(email).value_or("");
  TRY(parts_.sign_in.count_try(account, call, response));
  // It proves nothing about who asks: many of them from one address are too many.
  parts_.sign_in.note_failure(call);
  auto write = [&links = parts_.links,
                url = parts_.url,
                service = parts_.service,
                account,
                request = std::string(call.request_id.text())]() -> std::optional<authn::Mail> {
    auto issued = links.reset(account, {"visitor", request, {}});
    if (!issued) return std::nullopt;
    return reset_mail(*issued, url, service);
  };
  parts_.mail.post(write);
  return {};
}

Result<domain::OneTimeLink> Links::look_at(
    domain::LinkPurpose purpose,
    std::string_view value,
    RouteCall const& call,
    http::Response& response
) const {
  TRY(parts_.sign_in.count_try(value, call, response));
  auto link = parts_.links.find(purpose, value);
  if (link) return std::move(*link);
  parts_.sign_in.note_failure(call);
  return fail(Code::not_found, "This link is not valid, or not any more.");
}

Result<void> Links::reset_password(
    std::string_view value, Secret const& password, RouteCall const& call, http::Response& response
) const {
  auto link = TRY(look_at(domain::LinkPurpose::reset, value, call, response));
  TRY(authn::check_new_password(password, link.email));
  auto phc = TRY(parts_.sign_in.parts().desk.hash(password));
  TRY(parts_.links.reset_password(value, phc, std::string(call.request_id.text())));
  return {};
}

bool Links::is_for_a_user(domain::OneTimeLink const& invitation) const {
  return parts_.sign_in.parts().users.find_user_by_email(invitation.email).has_value();
}

Result<authn::Accepted> Links::accept(
    std::string_view value,
    std::string name,
    Secret const& password,
    RouteCall const& call,
    http::Response& response
) const {
  auto const& sign_in = parts_.sign_in;
  auto link = TRY(look_at(domain::LinkPurpose::invitation, value, call, response));
  std::string request(call.request_id.text());
  if (auto session = sign_in.session_of(call)) {
    auto accepted = TRY(parts_.links.accept(value, session->user, {}, request));
    TRY(sign_in.move_to(accepted.membership.tenant, call, response));
    return accepted;
  }
  std::optional<authn::Newcomer> newcomer;
  if (!is_for_a_user(link)) {
    TRY(authn::check_new_password(password, link.email));
    newcomer = {std::move(name), TRY(sign_in.parts().desk.hash(password))};
  }
  auto accepted = TRY(parts_.links.accept(value, {}, newcomer, request));
  TRY(sign_in.finish(accepted.user.id, "password", call, response));
  return accepted;
}

}  // namespace keystead::api
