// What an installation serves: built top to bottom, once, from its configuration. Nothing in it
// changes while it runs.
#pragma once

#include <atomic>
#include <memory>
#include <vector>

#include "api/gate.hpp"
#include "api/routes.hpp"
#include "app/authorization_front.hpp"
#include "app/installation.hpp"
#include "app/served_tools.hpp"
#include "app/sign_in_front.hpp"
#include "app/token_front.hpp"
#include "authn/external_tokens.hpp"
#include "authz/action_table.hpp"
#include "authz/rate_limiter.hpp"
#include "mcp/endpoint.hpp"

namespace keystead::app {

// Where there is no network.
class NoFetcher final : public http::Fetcher {
 public:
  Result<http::FetchAnswer> fetch(http::FetchRequest const&) override {
    return http::fetch_failed("nothing is fetched here");
  }
};

class Service {
 public:
  struct Parts {
    std::string public_url;                // http://127.0.0.1:8080
    std::function<std::string()> metrics;  // Prometheus text
    authn::MailQueue* mail = nullptr;      // outlives the service; null: no mail is sent
    http::Fetcher* fetcher = nullptr;      // null: no other server can be reached
  };

  // `installation` outlives the service. A Failure is a mistake in the configuration that only
  // shows here, such as an unknown built-in tool.
  static Result<std::unique_ptr<Service>> build(Installation& installation, Parts parts);

  // The same mistakes, without an installation.
  static Result<void> check(Config const& config);

  http::Handler& handler() { return *gate_; }
  api::Gate const& gate() const { return *gate_; }

  // Writes when keys and grants were last used, and forgets proofs that are over; called every few
  // seconds.
  void note_uses();
  // What /readyz answers.
  void set_ready(bool ready) { ready_ = ready; }

 private:
  Service(Installation& installation, std::string const& public_url);
  Result<void> open_leak_reports();
  void open_authorization(Parts const& parts);
  void open_verifier(std::string const& public_url);
  void open_endpoint();
  void open_gate(Parts parts);
  api::KeyParts key_parts();
  api::PageParts page_parts(std::string const& public_url);
  void open_dpop(std::string const& public_url);
  Result<void> open_issuers(http::Fetcher* fetcher);

  bool takes_tokens() const { return tokens_ || own_tokens_; }
  authn::Dpop const* dpop() const { return dpop_ ? &*dpop_ : nullptr; }

  Installation& installation_;
  domain::Issuers issuers_;
  std::atomic<bool> ready_{false};
  api::Problems problems_;
  api::RequestIds request_ids_;
  api::Refusals refusals_;
  api::KeyJson key_json_;
  authz::ActionTable actions_;
  authz::RateLimiter limiter_;
  authz::AddressGuard guard_;
  authz::AddressGuard strangers_;
  NoFetcher no_fetcher_;
  ManagementActions management_{};
  mcp::Toolbox tools_;
  std::vector<api::ServedCollection> collections_;
  std::optional<authn::Dpop> dpop_;  // none: no token is bound to a key
  std::unique_ptr<authn::ExternalTokens> tokens_;
  std::unique_ptr<authn::OwnTokens> own_tokens_;
  std::unique_ptr<SignInFront> sign_in_;
  std::optional<AuthorizationFront> authorization_;
  std::optional<TokenFront> token_front_;
  std::unique_ptr<authn::Authenticator> authenticator_;
  std::optional<api::LeakReports> leaks_;
  std::optional<api::Webhooks> webhooks_;
  std::optional<api::Verifier> verifier_;
  std::unique_ptr<mcp::Endpoint> endpoint_;
  std::unique_ptr<api::Gate> gate_;
};

}  // namespace keystead::app
