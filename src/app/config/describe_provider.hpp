// The providers at which people sign in, as the configuration file says it; see describe.hpp.
#pragma once

#include "app/config/field_kinds.hpp"

namespace keystead::app {

template <class V>
void describe(V& v, ProviderConfig& c) {
  v.field("title", c.title, "Name for people to read; its key if absent.", Rule{.max = 100});
  v.field(
      "issuer",
      c.issuer,
      "What its tokens say in iss, an https URL below which its discovery document is; not "
      "configured if it is empty or begins with /, as ${NAME:-} makes it.",
      Rule{.max = 512, .required = true}
  );
  v.field("client_id", c.client_id, "What it calls this service.", Rule{.max = 1'000});
  v.field(
      "client_secret",
      ClientSecret{c.client_secret},
      "What this service shows it, as ${NAME} from the environment; a public client if absent."
  );
  v.field("scopes", c.scopes, "What is asked for, openid among it.", Rule{.min = 1, .max = 200});
  v.field(
      "client_auth",
      c.client_auth,
      "How the secret is shown; if absent, as the discovery document says."
  );
}

}  // namespace keystead::app
