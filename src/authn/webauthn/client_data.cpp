#include "authn/webauthn/client_data.hpp"

#include <boost/json/object.hpp>

#include "codec/json.hpp"

namespace keystead::authn::webauthn {
namespace {

namespace json = boost::json;

constexpr std::size_t kBytesMax = 8192;

std::unexpected<Failure> refuse(char const* why) {
  return fail(Code::invalid_request, why);
}

std::string_view text_at(json::object const& members, std::string_view name) {
  auto const* member = members.if_contains(name);
  auto const* text = member ? member->if_string() : nullptr;
  return text ? std::string_view(text->data(), text->size()) : std::string_view();
}

bool is_across_origins(json::object const& members) {
  auto const* flag = members.if_contains("crossOrigin");
  bool is_false = !flag || (flag->is_bool() && !flag->get_bool());
  return !is_false || members.contains("topOrigin");
}

}  // namespace

Result<std::string> read_challenge(
    std::string_view client_data, Ceremony ceremony, RelyingParty const& party
) {
  if (client_data.size() > kBytesMax) return refuse("the client data are too long");
  auto document = TRY(codec::parse_json(client_data));
  auto const* members = document.if_object();
  if (!members) return refuse("the client data are no object");
  std::string_view type = ceremony == Ceremony::create ? "webauthn.create" : "webauthn.get";
  if (text_at(*members, "type") != type) return refuse("the client data are of another ceremony");
  if (text_at(*members, "origin") != party.origin) {
    return refuse("the client data are of another origin");
  }
  if (is_across_origins(*members)) return refuse("the page was in a frame of another origin");
  return std::string(text_at(*members, "challenge"));
}

}  // namespace keystead::authn::webauthn
