// What every ControlStore must do. Each kind of store runs this suite with INSTANTIATE_TEST_SUITE_P
// and a StoreKind.
#pragma once

#include "store/audit_contract.hpp"
#include "store/authorization_contract.hpp"
#include "store/client_contract.hpp"
#include "store/code_contract.hpp"
#include "store/control_store_fixture.hpp"
#include "store/grant_contract.hpp"
#include "store/key_contract.hpp"
#include "store/key_end_contract.hpp"
#include "store/key_line_contract.hpp"
#include "store/membership_contract.hpp"
#include "store/once_contract.hpp"
#include "store/second_factor_contract.hpp"
#include "store/session_contract.hpp"
#include "store/signing_key_contract.hpp"
#include "store/tenant_contract.hpp"
#include "store/user_contract.hpp"
#include "store/user_end_contract.hpp"
