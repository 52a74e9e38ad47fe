// What a person shows beside the password: a one-time code of an app, or a recovery code.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "authn/factor_change.hpp"
#include "authn/key_digester.hpp"
#include "authn/ring.hpp"
#include "authn/totp.hpp"
#include "store/second_factor_store.hpp"

namespace keystead::authn {

// Shown once.
struct NewTotp {
  Secret secret;  // in base32, to be typed
  Secret uri;     // the same, to be scanned
};

// Safe from any thread. Functions may wait for the disk and throw store::Broken; what they return
// has been made durable, together with its row in the audit log.
class SecondFactor {
 public:
  // `service` is what apps show beside the code. All references outlive it.
  SecondFactor(
      std::string service,
      KeyDigester const& digester,
      store::SecondFactorStore& store,
      Ring& ring,
      Clock const& clock,
      Random& random
  )
      : service_(std::move(service)),
        digester_(digester),
        store_(store),
        ring_(ring),
        clock_(clock),
        random_(random) {}

  bool is_on(domain::UserId const& user) const;
  std::size_t recovery_codes_left(domain::UserId const& user) const {
    return store_.count_recovery_codes(user);
  }

  // Nothing is asked for before a code has been confirmed. `account` is what apps show.
  // Code::conflict if it is on.
  Result<NewTotp> begin(FactorChange const& change, std::string_view account);
  // Returns the recovery codes, which are shown once. Code::invalid_request for a wrong code;
  // otherwise fails as SecondFactorStore::confirm_totp does.
  Result<std::vector<Secret>> confirm(FactorChange const& change, std::string_view code);
  // Code::not_found if it is off.
  Result<void> remove(FactorChange const& change);

  // Whether `code` is good, which it is once. False for a user that has none.
  bool accept(FactorChange const& change, std::string_view code);

 private:
  std::optional<Secret> secret_of(domain::Totp const& totp) const;

  std::string service_;
  KeyDigester const& digester_;
  store::SecondFactorStore& store_;
  Ring& ring_;
  Clock const& clock_;
  Random& random_;
};

}  // namespace keystead::authn
