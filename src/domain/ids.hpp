// The identifiers of the control plane.
#pragma once

#include "base/id.hpp"

namespace keystead::domain {

using TenantId = Id<struct TenantTag>;
using UserId = Id<struct UserTag>;
using KeyId = Id<struct KeyTag>;
using SessionId = Id<struct SessionTag>;
using PasskeyId = Id<struct PasskeyTag>;
using GrantId = Id<struct GrantTag>;

}  // namespace keystead::domain
