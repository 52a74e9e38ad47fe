// What `keystead demo` puts into an installation, so that the first call works when it is pasted: a
// tenant, a user, a key and the sample rows of the configuration.
#pragma once

#include <string>

#include "app/installation.hpp"
#include "base/secret.hpp"
#include "http/handler.hpp"

namespace keystead::app {

struct Demo {
  std::string tenant;
  Secret key;
  std::string email;
  Secret password;
};

// A second demo on the same data takes the tenant that is there, with a new key and a new user.
Result<Demo> make_demo(Installation& installation);

// Creates the sample rows through the front door with the demo's key, in collections that are still
// empty.
Result<void> add_samples(Installation& installation, Demo const& demo, http::Handler& handler);

}  // namespace keystead::app
