// What a TenantStore stands on: a database that runs the statements of row_sql inside one tenant.
// One is SQLite, with a file for each tenant; the other is PostgreSQL, with row-level security.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "domain/collection.hpp"
#include "domain/ids.hpp"
#include "store/dialect.hpp"
#include "store/violation.hpp"

namespace keystead::store {

struct RowAnswer {
  std::vector<std::vector<domain::FieldValue>> rows;  // in their stored forms
  Violation violation;
};

// The rows of one tenant in one environment. Used by one thread at a time.
class RowStore {
 public:
  virtual ~RowStore() = default;

  virtual Dialect const& dialect() const = 0;

  // Runs one statement to its end, alone in its transaction, with the owner's parameters bound
  // before `values`. What it changed is durable when it returns. not_found once the tenant is
  // removed; throws store::Broken.
  virtual Result<RowAnswer> run(
      std::string const& sql, std::span<domain::FieldValue const> values
  ) = 0;

  // Whether the violation is of the uniqueness of this field.
  virtual bool is_about(
      Violation const& violation, domain::Collection const& collection, domain::Field const& field
  ) const = 0;
};

// All tenants' rows. Safe from any thread. Only TenantStores, which asks for a Permit, can open
// one.
class RowStores {
 public:
  virtual ~RowStores() = default;

 private:
  friend class TenantStores;

  // `environment` as domain::Principal counts them. Throws store::Broken if the tenant's rows
  // cannot be reached, or are not its own.
  virtual std::unique_ptr<RowStore> open(
      domain::TenantId const& tenant, std::uint8_t environment
  ) = 0;

  // Deletes the rows of a tenant in all environments, and keeps a request that is still under way
  // from making new ones.
  virtual void remove(domain::TenantId const& tenant) = 0;
};

}  // namespace keystead::store
