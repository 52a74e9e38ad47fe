// What listens on DATA/admin.sock: administration for whoever may open that file (mode 0600: the
// user who runs the server).
#pragma once

#include "app/installation.hpp"
#include "http/handler.hpp"

namespace keystead::app {

// Takes POST / with {"command":"key.create","arguments":{…}} and answers {"result":…} with 200, or
// {"error":"…"} with the status of the failure.
class AdminEndpoint final : public http::Handler {
 public:
  // `installation` outlives the endpoint.
  explicit AdminEndpoint(Installation& installation) : installation_(installation) {}

  http::Outcome handle(
      http::Request const& request, http::Response& response, http::Where where
  ) override;

 private:
  Result<json::value> run(http::Request const& request);

  Installation& installation_;
};

}  // namespace keystead::app
