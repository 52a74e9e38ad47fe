#include "mcp/endpoint.hpp"

#include <algorithm>
#include <array>

#include <boost/json/array.hpp>
#include <boost/json/monotonic_resource.hpp>

#include "codec/json.hpp"
#include "mcp/call.hpp"
#include "mcp/header_rules.hpp"
#include "mcp/methods.hpp"

namespace keystead::mcp {

// What the parts of one answer share.
struct Exchange {
  domain::Principal const& principal;
  http::Request const& request;
  http::Response& response;
  http::Where where;
  RequestHeaders headers;
};

namespace {

constexpr std::size_t kBatchSizeMax = 50;
constexpr std::string_view kJson = "application/json";

// Most requests are read without touching the heap; a longer one continues there.
struct ParseBuffer {
  alignas(std::max_align_t) unsigned char bytes[16384];
};

http::Outcome answer_error(http::Response& response, json::value const& id, RpcError const& error) {
  response.status = error.status;
  response.content_type = kJson;
  append_error(response.body, id, error);
  return http::Outcome::answered;
}

http::Outcome refuse_http(http::Response& response, int status, std::string_view message) {
  response.status = status;
  response.content_type = kJson;
  append_error_without_id(response.body, {RpcCode::invalid_request, std::string(message), status});
  return http::Outcome::answered;
}

http::Outcome accept_silently(http::Response& response) {
  response.status = 202;
  return http::Outcome::answered;
}

RpcResult<> check_element(Message const& message) {
  if (message.method == "initialize") {
    return std::unexpected(RpcError{RpcCode::invalid_request, "initialize must not be in a batch"});
  }
  if (claims_revision(message)) {
    return std::unexpected(
        RpcError{
            RpcCode::invalid_request,
            "A message that names its protocol version must not be in a batch"
        }
    );
  }
  return {};
}

}  // namespace

Endpoint::Endpoint(
    Options const& options,
    Toolbox const& tools,
    store::TenantStores& stores,
    RenderDenial render_denial,
    DenialInBatch denial_in_batch
)
    : methods_(std::make_unique<Methods const>(options, tools, stores)),
      render_denial_(std::move(render_denial)),
      denial_in_batch_(std::move(denial_in_batch)) {}

Endpoint::~Endpoint() = default;

bool Endpoint::is_introduction(http::Request const& request) {
  constexpr std::array<std::string_view, 4> kOpen{
      "initialize", "notifications/initialized", "ping", "server/discover"
  };
  auto document = codec::parse_json(request.body);
  if (!document) return false;
  auto message = read_message(*document);
  return message && std::ranges::find(kOpen, message->method) != kOpen.end();
}

// Mcp-Session-Id is not read. We mint none, so a client that sends one got it elsewhere: from what
// stood at this address before, or from a proxy in front. The specification lets us answer 404 so
// that it starts anew, but clients in the field do not and stay broken, while every request here is
// complete without a session.
http::Outcome Endpoint::serve(
    domain::Principal const& principal,
    http::Request const& request,
    http::Response& response,
    http::Where where
) const {
  if (request.method != http::Method::post) {
    response.add("Allow", "POST");
    return refuse_http(response, 405, "The MCP endpoint answers POST only");
  }
  Exchange exchange{principal, request, response, where, RequestHeaders(request)};
  if (!exchange.headers.has_json_body()) {
    return refuse_http(response, 415, "Content-Type must be application/json");
  }
  if (!exchange.headers.accepts_json) {
    return refuse_http(response, 406, "Accept must include application/json");
  }
  static thread_local ParseBuffer buffer;
  json::monotonic_resource memory(buffer.bytes, sizeof buffer.bytes);
  auto document = codec::parse_json(request.body, &memory);
  if (!document) {
    RpcError error{RpcCode::parse_error, "Parse error: " + document.error().public_text, 400};
    return answer_error(response, nullptr, error);
  }
  if (auto const* elements = document->if_array()) return serve_batch(exchange, *elements);
  return serve_message(exchange, *document);
}

http::Outcome Endpoint::serve_message(Exchange const& exchange, json::value const& document) const {
  http::Response& response = exchange.response;
  auto message = read_message(document);
  if (!message) return answer_error(response, readable_id(document), message.error());
  auto revision = choose_revision(*message, exchange.headers);
  if (!revision) return answer_error(response, readable_id(document), revision.error());
  if (is_modern(*revision)) {
    if (message->kind == Message::Kind::response) {
      return refuse_http(response, 400, "A client must not send responses");
    }
    auto checked = check_standard_headers(exchange.headers, *message);
    if (!checked) return answer_error(response, readable_id(document), checked.error());
  }
  if (message->kind != Message::Kind::request) return accept_silently(response);

  Call call{exchange.principal, exchange.request, response, exchange.where, *revision, *message};
  Reply reply = methods_->answer(call, response.body);
  if (reply) {
    if (*reply == http::Outcome::answered) response.content_type = kJson;
    return *reply;
  }
  if (auto const* denial = std::get_if<domain::Denial>(&reply.error())) {
    render_denial_({exchange.principal, exchange.request}, *denial, *message->id, response);
    return http::Outcome::answered;
  }
  return answer_error(response, *message->id, std::get<RpcError>(reply.error()));
}

http::Outcome Endpoint::serve_batch(Exchange const& exchange, json::array const& elements) const {
  http::Response& response = exchange.response;
  auto revision = choose_batch_revision(exchange.headers);
  if (!revision) return answer_error(response, nullptr, revision.error());
  if (elements.empty() || elements.size() > kBatchSizeMax) {
    RpcError error{RpcCode::invalid_request, "A batch holds 1 to 50 messages", 400};
    return answer_error(response, nullptr, error);
  }
  // Up to fifty calls: too long for a thread that others wait on, whatever is called.
  if (exchange.where == http::Where::io_thread) return http::Outcome::needs_worker;
  for (json::value const& element : elements) answer_element(exchange, element, *revision);
  if (response.body.empty()) return accept_silently(response);
  response.body += ']';
  response.content_type = kJson;
  return http::Outcome::answered;
}

void Endpoint::answer_element(
    Exchange const& exchange, json::value const& element, Revision revision
) const {
  std::string& out = exchange.response.body;
  auto separate = [&] { out += out.empty() ? '[' : ','; };
  auto message = read_message(element);
  if (message && message->kind != Message::Kind::request) return;
  separate();
  if (!message) return append_error(out, readable_id(element), message.error());
  if (auto checked = check_element(*message); !checked) {
    return append_error(out, *message->id, checked.error());
  }
  Call call{
      exchange.principal, exchange.request, exchange.response, exchange.where, revision, *message
  };
  Reply reply = methods_->answer(call, out);
  if (reply) return;
  auto const* denial = std::get_if<domain::Denial>(&reply.error());
  append_error(
      out,
      *message->id,
      denial ? denial_in_batch_({exchange.principal, exchange.request}, *denial)
             : std::get<RpcError>(reply.error())
  );
}

}  // namespace keystead::mcp
