#include "store/sqlite/sqlite_control_store.hpp"

#include "store/sqlite/migration.hpp"

namespace keystead::store {
namespace {

domain::Tenant read_tenant(Statement const& row) {
  domain::Tenant tenant{
      .id = row.id<domain::TenantId>(0),
      .name = std::string(row.text(1)),
      .parent = std::nullopt,
      .created_at = row.time(3),
  };
  if (!row.is_null(2)) tenant.parent = row.id<domain::TenantId>(2);
  return tenant;
}

std::optional<domain::Tenant> select_tenant(Database& database, domain::TenantId const& id) {
  Statement statement =
      database.prepare("SELECT id, name, parent, created_at FROM tenant WHERE id = ?");
  if (!statement.bind(id).next()) return std::nullopt;
  return read_tenant(statement);
}

// Two levels at most: a parent must not have a parent.
Result<void> check_parent(Database& database, domain::Tenant const& tenant) {
  if (!tenant.parent) return {};
  auto parent = select_tenant(database, *tenant.parent);
  if (!parent) return fail(Code::not_found, "the parent does not exist");
  if (parent->parent) return fail(Code::invalid_request, "the parent has a parent itself");
  return {};
}

constexpr int kCacheKib = 16384;

}  // namespace

std::unique_ptr<ControlStore> open_sqlite(std::filesystem::path const& data_folder) {
  return std::make_unique<SqliteControlStore>(data_folder / "keystead.db");
}

SqliteControlStore::SqliteControlStore(std::filesystem::path file)
    : file_(std::move(file)),
      writer_(file_, {.cache_kib = kCacheKib}),
      reader_(file_, {.access = Database::Access::read_only, .cache_kib = kCacheKib}) {
  migrate(writer_.database, kControlMigrations);
}

Result<void> SqliteControlStore::add_tenant(domain::Tenant const& tenant) {
  if (tenant.name.contains('\0')) return fail(Code::invalid_request, "the name holds a NUL");
  std::scoped_lock lock(writer_.mutex);
  Transaction transaction(writer_.database);
  TRY(check_parent(writer_.database, tenant));
  Statement insert = writer_.database.prepare(
      "INSERT INTO tenant (id, name, parent, created_at) VALUES (?, ?, ?, ?)"
  );
  insert.bind(tenant.id, tenant.name, tenant.parent, tenant.created_at);
  if (insert.try_run()) return fail(Code::conflict, "the tenant exists already");
  transaction.commit();
  return {};
}

std::vector<domain::Tenant> SqliteControlStore::list_tenants() {
  std::scoped_lock lock(reader_.mutex);
  Statement statement = reader_.database.prepare(
      "SELECT id, name, parent, created_at FROM tenant ORDER BY created_at, id"
  );
  std::vector<domain::Tenant> tenants;
  while (statement.next()) tenants.push_back(read_tenant(statement));
  return tenants;
}

std::optional<domain::Tenant> SqliteControlStore::find_tenant(domain::TenantId const& id) {
  std::scoped_lock lock(reader_.mutex);
  return select_tenant(reader_.database, id);
}

Result<std::vector<domain::TenantId>> SqliteControlStore::remove_tenant(
    domain::TenantId const& id
) {
  std::scoped_lock lock(writer_.mutex);
  Transaction transaction(writer_.database);
  if (!select_tenant(writer_.database, id)) return fail(Code::not_found, "no such tenant");
  std::vector<domain::TenantId> removed{id};
  Statement children = writer_.database.prepare("SELECT id FROM tenant WHERE parent = ?");
  children.bind(id);
  while (children.next()) removed.push_back(children.id<domain::TenantId>(0));
  // Children, users and keys go by the foreign keys' cascade.
  writer_.database.prepare("DELETE FROM tenant WHERE id = ?").bind(id).run();
  transaction.commit();
  return removed;
}

Result<void> SqliteControlStore::add_user(domain::User const& user) {
  if (user.email.contains('\0')) return fail(Code::invalid_request, "the address holds a NUL");
  std::scoped_lock lock(writer_.mutex);
  Statement insert = writer_.database.prepare(
      "INSERT INTO user (id, tenant, email, password_hash, created_at) VALUES (?, ?, ?, ?, ?)"
  );
  insert.bind(user.id, user.tenant, user.email, user.password_hash, user.created_at);
  switch (insert.try_run().kind) {
    case Violation::Kind::none: return {};
    case Violation::Kind::unique: return fail(Code::conflict, "the e-mail address is taken");
    case Violation::Kind::foreign_key: break;
  }
  return fail(Code::not_found, "no such tenant");
}

}  // namespace keystead::store
