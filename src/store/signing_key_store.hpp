// The keys that sign our tokens, at rest in the control plane's database, sealed. Safe from any
// thread; throws store::Broken if the database does not answer.
#pragma once

#include <vector>

#include "base/result.hpp"
#include "domain/audit_entry.hpp"
#include "domain/signing_key.hpp"
#include "store/broken.hpp"

namespace keystead::store {

class SigningKeyStore {
 public:
  virtual ~SigningKeyStore() = default;

  // In no order.
  virtual std::vector<domain::SigningKey> list_signing_keys() = 0;
  // Puts these in the place of all there are, if `seen` are still the ones there are: of many who
  // rotate at once one does, and the others get conflict.
  virtual Result<void> replace_signing_keys(
      std::vector<domain::SigningKey> const& seen,
      std::vector<domain::SigningKey> const& keys,
      domain::AuditEntry const& entry
  ) = 0;
};

}  // namespace keystead::store
