// Sign-in of devices without a browser (RFC 8628): /device, where a person types in the code that
// one shows.
#pragma once

#include <vector>

#include "api/consent_form.hpp"
#include "api/route.hpp"
#include "authz/address_guard.hpp"
#include "oauth/devices.hpp"

namespace keystead::api {

// All outlive the routes.
struct DeviceParts {
  ConsentForm const& form;
  oauth::Devices const& devices;
  authz::AddressGuard& strangers;
};

void add_device_pages(std::vector<Route>& routes, DeviceParts const& parts);

}  // namespace keystead::api
