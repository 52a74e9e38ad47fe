#include "app/demo.hpp"

#include "app/administration.hpp"
#include "codec/base64url.hpp"
#include "codec/json.hpp"

namespace keystead::app {
namespace {

constexpr std::string_view kTenantName = "Demo";

std::string random_text(Random& random, std::size_t bytes) {
  std::string text(bytes, '\0');
  random.fill({reinterpret_cast<unsigned char*>(text.data()), text.size()});
  return codec::base64url_encode(text);
}

std::string text_member(json::value const& object, std::string_view name) {
  return std::string(object.at(name).get_string());
}

// The innermost tenant of the demo: with two levels, a project inside an organisation.
Result<std::string> find_or_create_tenant(Installation& installation) {
  auto const& nouns = installation.config().tenant.nouns;
  for (auto const& tenant : installation.control().list_tenants()) {
    if (tenant.name == kTenantName && tenant.parent.has_value() == (nouns.size() == 2))
      return tenant.id.text();
  }
  json::object arguments{{"name", kTenantName}};
  std::string id = text_member(TRY(administer(installation, "tenant.create", arguments)), "id");
  if (nouns.size() < 2) return id;
  arguments["parent"] = id;
  return text_member(TRY(administer(installation, "tenant.create", arguments)), "id");
}

// A call from inside the process, checked like any other.
void call(
    http::Handler& handler,
    Demo const& demo,
    http::Method method,
    std::string const& path,
    std::string_view body,
    http::Response& response
) {
  std::string bearer = "Bearer " + std::string(demo.key.reveal());
  std::array<http::Header, 2> headers{
      {{"Authorization", bearer}, {"Content-Type", "application/json"}}
  };
  http::Request request;
  request.method = method;
  request.method_text = method == http::Method::get ? "GET" : "POST";
  request.path = path;
  request.headers = headers;
  request.body = body;
  request.peer = "local";
  response.reset();
  handler.handle(request, response, http::Where::worker);
}

struct ToJson {
  json::value operator()(std::monostate) const { return nullptr; }
  json::value operator()(auto const& value) const { return json::value(value); }
};

}  // namespace

Result<Demo> make_demo(Installation& installation) {
  Demo demo;
  demo.tenant = TRY(find_or_create_tenant(installation));

  std::string password = random_text(installation.random(), 12);
  json::object user{
      {"tenant", demo.tenant},
      {"email", "demo@example.com"},
      {"password", password},
      {"role", "owner"}
  };
  auto created = administer(installation, "user.create", user);
  if (!created && created.error().code == Code::conflict) {
    std::string suffix = random_text(installation.random(), 4);
    user["email"] = "demo-" + suffix + "@example.com";
    created = administer(installation, "user.create", user);
  }
  demo.email = text_member(TRY(std::move(created)), "email");
  demo.password = Secret(std::move(password));

  json::object key{{"tenant", demo.tenant}, {"name", "Demo key"}};
  auto const& environments = installation.config().keys.format.environments();
  if (!environments.empty()) key["env"] = environments.front();
  demo.key = Secret(text_member(TRY(administer(installation, "key.create", key)), "key"));
  return demo;
}

Result<void> add_samples(Installation& installation, Demo const& demo, http::Handler& handler) {
  http::Response response;
  for (auto const& [collection, samples] : installation.config().collections) {
    std::string path = "/api/v1/" + collection.name;
    call(handler, demo, http::Method::get, path, {}, response);
    auto page = codec::parse_json(response.body);
    if (response.status != 200 || !page || !page->at("items").get_array().empty()) continue;
    for (auto const& sample : samples) {
      json::object row;
      for (std::size_t i = 0; i < sample.size(); ++i) {
        auto value = std::visit(ToJson{}, sample[i]);
        if (!value.is_null()) row[collection.fields[i].name] = std::move(value);
      }
      call(handler, demo, http::Method::post, path, codec::to_text(row), response);
      if (response.status != 201) {
        return fail(
            Code::internal, "a sample of " + collection.name + " was refused: " + response.body
        );
      }
    }
  }
  return {};
}

}  // namespace keystead::app
