// An endpoint with a few tools, for the tests of this room.
#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>

#include "authz/action_table.hpp"
#include "mcp/endpoint.hpp"
#include "mcp/test_principal.hpp"
#include "store/test_folder.hpp"

namespace keystead::mcp {

struct Answer {
  http::Outcome outcome = http::Outcome::answered;
  int status = 0;
  std::string content_type;
  std::string allow;
  std::string body;

  // "200 {…}", to compare with one literal.
  std::string text() const {
    if (outcome == http::Outcome::needs_worker) return "needs worker" + body;
    return std::to_string(status) + (body.empty() ? "" : " " + body);
  }
  json::value value() const { return json::parse(body); }
  int error_code() const {
    auto document = value();
    auto const* error = document.as_object().if_contains("error");
    return error ? static_cast<int>(error->at("code").as_int64()) : 0;
  }
};

class TestEndpoint {
 public:
  using Headers = std::vector<http::Header>;

  explicit TestEndpoint(
      std::size_t page_size = 100, std::vector<domain::Rule> rules = {}, CallHooks hooks = {}
  )
      : hooks_(std::move(hooks)) {
    add_tools();
    actions_.apply(std::move(rules), {}, {}).value();
    Endpoint::Options options{"keystead", "Keystead", "1.2.3", "Be kind.", page_size, hooks_};
    endpoint_ =
        std::make_unique<Endpoint>(options, tools_, stores_, render_denial, denial_in_batch);
  }

  // Scopes of the caller from now on.
  void grant(std::vector<std::string> const& scopes) { scopes_ = catalog_.resolve(scopes).value(); }
  // What the caller is held to from now on.
  void restrict(domain::Restriction restriction) {
    restriction_ = std::make_shared<domain::Restriction const>(std::move(restriction));
  }
  void take_tenant() { has_tenant_ = false; }
  // From now on the tool "rows" cannot reach its data.
  void break_rows() { broken_ = true; }

  Answer send(http::Request request, http::Where where = http::Where::io_thread) const {
    http::Response response;
    using authn::Authenticator;
    auto principal = has_tenant_ ? Authenticator::principal({}, {}, scopes_, restriction_)
                                 : Authenticator::of_no_tenant(scopes_);
    Answer answer;
    answer.outcome = endpoint_->serve(principal, request, response, where);
    answer.status = response.status;
    answer.content_type = response.content_type;
    answer.allow = response.find("Allow");
    answer.body = response.body;
    return answer;
  }

  // A POST with the headers that every client sends, and these.
  Answer post(
      std::string_view body, Headers headers = {}, http::Where where = http::Where::io_thread
  ) const {
    headers.push_back({"content-type", "application/json"});
    headers.push_back({"accept", "application/json, text/event-stream"});
    http::Request request;
    request.method = http::Method::post;
    request.method_text = "POST";
    request.path = "/mcp";
    request.headers = headers;
    request.body = body;
    return send(request, where);
  }

  // A request of 2026-07-28 with all that it must carry. `params` are the members besides _meta.
  Answer modern(std::string_view method, std::string params = "", Headers more = {}) const {
    std::string name;
    json::value parsed = json::parse("{" + params + "}");
    if (auto const* found = parsed.as_object().if_contains("name"); found && found->is_string()) {
      name = std::string(found->as_string());
    }
    more.push_back({"MCP-Protocol-Version", "2026-07-28"});
    more.push_back({"Mcp-Method", method});
    if (!name.empty()) more.push_back({"Mcp-Name", name});
    return post(modern_body(method, std::move(params)), more);
  }

  static std::string modern_body(std::string_view method, std::string params = "") {
    if (!params.empty()) params += ',';
    return R"({"jsonrpc":"2.0","id":1,"method":")" + std::string(method) + R"(","params":{)" +
           params +
           R"("_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",)"
           R"("io.modelcontextprotocol/clientCapabilities":{}}}})";
  }

  Toolbox const& tools() const { return tools_; }

 private:
  static void render_denial(
      Caller const&, domain::Denial const& denial, json::value const& id, http::Response& response
  ) {
    response.status = 403;
    response.content_type = "text/plain";
    response.body = "denied " + denial.action->scope + " id " + json::serialize(id);
  }

  static RpcError denial_in_batch(Caller const&, domain::Denial const& denial) {
    return {static_cast<RpcCode>(403), "denied " + denial.action->scope, 200, R"({"why":"scope"})"};
  }

  // Named as a route would be, so that a rule can tell tool and action apart.
  domain::Action const* action(std::string const& tool, domain::Effect effect, std::string scope) {
    return actions_.add_tool("do." + tool, effect, std::move(scope), tool, "").value();
  }

  void add(
      std::string const& name,
      domain::Effect effect,
      std::string scope,
      std::function<Result<json::object>(json::object const&)> const& does,
      std::string_view schema = R"({"type":"object"})"
  ) {
    Tool tool;
    tool.name = name;
    tool.input_schema = json::parse({schema.data(), schema.size()}).as_object();
    tool.action = action(name, effect, std::move(scope));
    tool.in_memory = [does](domain::Permit const&, json::object const& arguments) {
      return does(arguments);
    };
    ASSERT_TRUE(tools_.add(std::move(tool)));
  }

  static domain::Collection notes() {
    domain::Collection collection;
    collection.name = "notes";
    collection.fields.emplace_back().name = "title";
    return collection;
  }

  void add_tools() {
    using enum domain::Effect;
    auto echo = [](json::object const& arguments) -> Result<json::object> { return arguments; };
    add("echo", read, "read", echo);
    add("wipe", destroy, "admin", echo);
    add("mend", write, "write", [](json::object const&) -> Result<json::object> {
      return fail(Code::invalid_request, "due: not a date", "private");
    });
    add("clash", write, "write", [](json::object const&) -> Result<json::object> {
      return fail(Code::conflict, "title is \"taken\"", "private");
    });
    constexpr std::string_view kLocateSchema = R"({"type":"object","properties":{
        "region":{"type":"string","x-mcp-header":"Region"},
        "floor":{"type":"integer","x-mcp-header":"Floor"},
        "where":{"type":"object","properties":{
            "exact":{"type":"boolean","x-mcp-header":"Exact"}}}}})";
    add("locate", read, "read", echo, kLocateSchema);
    Tool rows;
    rows.name = "rows";
    rows.title = "Rows";
    rows.description = "Reads the tenant's rows.";
    rows.input_schema = {{"type", "object"}};
    rows.output_schema = {{"type", "object"}, {"required", {"count"}}};
    rows.action = action("rows", read, "");
    rows.on_tenant = [this](
                         domain::Permit const&, store::TenantStore& store, json::object const&
                     ) -> Result<json::object> {
      if (broken_) throw std::runtime_error("disk");
      auto page = TRY(store.list(collections_[0], {}));
      return json::object{{"count", page.rows.size()}};
    };
    ASSERT_TRUE(tools_.add(std::move(rows)));
  }

  domain::ScopeCatalog catalog_ =
      domain::ScopeCatalog::make(
          {{"read", "", {}}, {"write", "", {"read"}}, {"admin", "", {"write"}}}
      ).value();
  authz::ActionTable actions_{catalog_};
  Toolbox tools_;
  SystemClock clock_;
  SystemRandom random_;
  store::TestFolder folder_;
  std::vector<domain::Collection> collections_ = {notes()};
  store::TenantStores stores_{{folder_.path()}, collections_, clock_, random_};
  CallHooks hooks_;
  std::shared_ptr<domain::Restriction const> restriction_;
  bool has_tenant_ = true;
  bool broken_ = false;
  domain::ScopeSet scopes_ = catalog_.resolve(std::vector<std::string>{"admin"}).value();
  std::unique_ptr<Endpoint> endpoint_;
};

}  // namespace keystead::mcp
