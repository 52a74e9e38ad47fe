// The keys' part of the configuration file; see describe.hpp.
#pragma once

#include "app/config/field_kinds.hpp"

namespace keystead::app {

template <class V>
void describe(V& v, domain::KeyKind& c) {
  v.field(
      "format",
      c.format,
      "Grammar of its keys, which must not begin as those of another kind.",
      Rule{.required = true}
  );
  v.field(
      "tenant",
      c.tenant_bound,
      "Whether its keys belong to a tenant; else they reach no tenant's data."
  );
}

template <class V>
void describe(V& v, KeysConfig& c) {
  v.field(
      "format",
      c.format,
      "Grammar of API keys: literal text with {secret:N} or {hex:N}, and optionally {id:N}, "
      "{env:a|b} and {crc}."
  );
  v.field(
      "headers",
      c.headers,
      "Header fields that may carry a key, in lower case; in authorization it follows \"Bearer\".",
      Rule{.min = 1, .max = 64}
  );
  v.field("scopes", Scopes{c.scopes}, "Scopes by name, each with a label for people to read.");
  v.field(
      "implies",
      ImpliedScopes{c.scopes},
      "Scopes that come with a scope, and what comes with those."
  );
  v.field(
      "default_scopes",
      c.default_scopes,
      "Scopes of a key that is made without any; all if absent.",
      Rule{.min = 1, .max = 128}
  );
  v.field(
      "kinds",
      ByName<domain::KeyKind>{c.kinds},
      "Further kinds of keys by name, beyond tenant, whose format is the one above."
  );
  v.field(
      "scopeless",
      Scopeless{c.scopeless_is_full},
      "Whether a key without scopes has all of them (full) or is not made (refused). Where no "
      "scopes are declared, a key needs none."
  );
  v.field(
      "max_active",
      c.max_active,
      "Keys that a tenant may have at a time, neither revoked nor expired; any number if absent.",
      Rule{.min = 1, .max = 1'000'000}
  );
  v.field("path", c.path, "REST resource of the keys, under /api/v1/.", Rule{.min = 1, .max = 64});
  v.field(
      "read",
      c.read,
      "Scope that looking at keys over REST needs; that of manage if absent.",
      Rule{.min = 1, .max = 128}
  );
  v.field(
      "manage",
      c.manage,
      "Scope that managing keys over REST needs; all that are declared if absent.",
      Rule{.min = 1, .max = 128}
  );
  v.field(
      "members",
      KeyMembers{c.members},
      "Members of a key in REST answers, each with what it shows; the usual ones if absent."
  );
  v.field(
      "pepper",
      Pepper{c.pepper},
      "Secret under which keys are kept, as ${NAME} from the environment; one is made in the data "
      "folder if there is neither this nor pepper_file."
  );
  v.field("pepper_file", c.pepper_file, "File that holds the pepper instead.");
}

}  // namespace keystead::app
