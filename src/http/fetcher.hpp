// Asking another server over HTTP, as the rooms without sockets see it: values in, values out.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "http/url.hpp"

namespace keystead::http {

// Who chose the URL, and so what it may reach.
enum class Reach {
  // A caller had a say in it, be it through a document that was fetched: https, and a host all of
  // whose addresses are open to the whole internet. Any port.
  public_only,
  // The operator wrote it down: https to any address, or http to a loopback host.
  configured,
};

struct FetchHeader {
  std::string name;
  std::string value;
};

struct FetchLimits {
  std::size_t body_bytes_max = 256 * 1024;
  // From the call to the last byte of the answer, with everything between: waiting for a place,
  // names, connections, TLS.
  std::chrono::milliseconds timeout{5'000};
};

enum class FetchMethod { get, post };

struct FetchRequest {
  FetchMethod method = FetchMethod::get;
  Url url;
  // Never those that belong to the connection or to the framing (Host, Content-Length, …), and no
  // cookies: such a request fails.
  std::vector<FetchHeader> headers{};
  std::string body{};  // of a POST
  FetchLimits limits{};
  Reach reach = Reach::public_only;
};

// Whatever the other server said, with any final status: a redirect is an answer, too, and is not
// followed.
struct FetchAnswer {
  int status = 0;
  std::vector<FetchHeader> headers{};
  std::string body{};

  // The value of the first header of that name, whatever its case; empty if there is none.
  std::string_view find(std::string_view name) const;
};

class Fetcher {
 public:
  // The public text of every failure, whatever happened, so that nobody learns from it which hosts
  // and ports there are behind us. What happened is in the private detail, which names the host
  // and port and no other part of the request.
  static constexpr std::string_view kFailed = "The other server gave no usable answer.";

  virtual ~Fetcher() = default;

  // Code::unavailable for every failure. Waits: only for worker threads, never for an io thread.
  // From many threads at once.
  virtual Result<FetchAnswer> fetch(FetchRequest const& request) = 0;
};

// The one failure of a fetch, and why it came to it. The reason is for the log.
std::unexpected<Failure> fetch_failed(std::string reason);

}  // namespace keystead::http
