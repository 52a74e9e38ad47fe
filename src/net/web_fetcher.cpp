#include "net/web_fetcher.hpp"

#include <algorithm>
#include <array>
#include <future>
#include <thread>

#include "http/answer_reader.hpp"
#include "http/fetcher.hpp"
#include "http/grammar.hpp"
#include "net/outgoing_connection.hpp"
#include "net/public_address.hpp"

namespace keystead::net {
namespace {

using http::FetchMethod;
using http::FetchRequest;
using http::Reach;
using http::Url;

constexpr std::size_t kAddressesMax = 8;  // as many are tried; all are judged

// Ours to say, or not to be said at all.
constexpr std::array<std::string_view, 12> kOurHeaders{
    "Accept-Encoding",
    "Connection",
    "Content-Length",
    "Cookie",
    "Expect",
    "Host",
    "Keep-Alive",
    "TE",
    "Trailer",
    "Transfer-Encoding",
    "Upgrade",
    "User-Agent"
};

bool is_ours(std::string_view name) {
  return std::ranges::any_of(kOurHeaders, [&](auto ours) {
    return http::equals_ignoring_case(name, ours);
  });
}

Result<std::string> write_request(FetchRequest const& request) {
  bool post = request.method == FetchMethod::post;
  std::string text = post ? "POST " : "GET ";
  text += request.url.target() + " HTTP/1.1\r\nHost: " + std::string(request.url.authority()) +
          "\r\nUser-Agent: Keystead\r\nAccept-Encoding: identity\r\nConnection: close\r\n";
  for (auto const& [name, value] : request.headers) {
    if (is_ours(name)) return http::fetch_failed("the request: sets the header " + name);
    std::string line = name + ": " + value;
    auto read = http::read_header_line(line);
    if (!read || read->name != name || read->value != value) {
      return http::fetch_failed("the request: has an ill-formed header");
    }
    text += line + "\r\n";
  }
  if (!post && !request.body.empty()) return http::fetch_failed("the request: a GET has no body");
  if (post) text += "Content-Length: " + std::to_string(request.body.size()) + "\r\n";
  return text + "\r\n" + request.body;
}

Result<> judge_scheme(FetchRequest const& request) {
  if (request.url.scheme() == Url::Scheme::https) return {};
  if (request.reach == Reach::configured && request.url.is_loopback()) return {};
  return http::fetch_failed("the URL: is not https");
}

// One address that may not be reached condemns all of them: that name is not what it seems.
Result<> judge_addresses(FetchRequest const& request, Addresses const& addresses) {
  bool plain = request.url.scheme() == Url::Scheme::http;
  for (auto const& address : addresses) {
    if (plain && !address.is_loopback()) {
      return http::fetch_failed(address.to_string() + " is not loopback");
    }
    if (request.reach == Reach::configured) continue;
    if (auto why = why_not_public(address); !why.empty()) {
      return http::fetch_failed(address.to_string() + " is not public: " + std::string(why));
    }
  }
  if (addresses.empty()) return http::fetch_failed("the name: has no address");
  return {};
}

Result<http::FetchAnswer> read_answer(OutgoingConnection& connection, std::size_t body_bytes_max) {
  http::AnswerReader reader(body_bytes_max);
  while (true) {
    auto bytes = TRY(connection.receive());
    if (bytes.empty()) {
      TRY(reader.end());
      return reader.take();
    }
    if (TRY(reader.read(bytes))) return reader.take();
  }
}

}  // namespace

Result<std::unique_ptr<WebFetcher>> WebFetcher::open(
    FetcherOptions const& options, std::unique_ptr<Network> network
) {
  auto trust = TRY(Trust::open(options.ca_file));
  return std::unique_ptr<WebFetcher>(
      new WebFetcher(std::move(trust), std::move(network), options.at_once)
  );
}

Result<http::FetchAnswer> WebFetcher::fetch(FetchRequest const& request) {
  auto answer = ask(request, std::chrono::steady_clock::now() + request.limits.timeout);
  if (!answer) {
    answer.error().private_detail.insert(0, std::string(request.url.authority()) + ": ");
  }
  return answer;
}

Result<http::FetchAnswer> WebFetcher::ask(FetchRequest const& request, Deadline deadline) {
  Url const& url = request.url;
  TRY(judge_scheme(request));
  auto text = TRY(write_request(request));

  auto place =
      (request.reach == Reach::configured ? configured_places_ : public_places_).take(deadline);
  if (!place) return http::fetch_failed("too many fetches at once");
  auto addresses = TRY(find(url, place, deadline));
  TRY(judge_addresses(request, addresses));

  addresses.resize(std::min(addresses.size(), kAddressesMax));
  std::vector<asio::ip::tcp::endpoint> endpoints;
  endpoints.reserve(addresses.size());
  for (auto const& address : addresses) endpoints.push_back(network_->route({address, url.port()}));
  OutgoingConnection connection(deadline);
  TRY(connection.connect(endpoints));
  if (url.scheme() == Url::Scheme::https) TRY(connection.secure(trust_, url));
  TRY(connection.send(text));
  return read_answer(connection, request.limits.body_bytes_max);
}

// The question is asked on a thread of its own, which keeps the place until it is answered. So
// there are never more such threads than places, however slow the names are.
Result<Addresses> WebFetcher::find(Url const& url, FetchPlaces::Place place, Deadline deadline) {
  std::string host(url.host());
  if (url.host_kind() != Url::HostKind::name) return Addresses{asio::ip::make_address(host)};
  std::packaged_task<Result<Addresses>()> question([network = network_.get(), host] {
    return network->resolve(host);
  });
  auto answer = question.get_future();
  std::thread([question = std::move(question), held = std::move(place)]() mutable {
    question();
  }).detach();
  if (answer.wait_until(deadline) != std::future_status::ready) {
    return http::fetch_failed("the name: took too long");
  }
  return answer.get();
}

}  // namespace keystead::net
