#include "store/sqlite/sqlite_control_store.hpp"

#include <algorithm>

#include "store/restore.hpp"
#include "store/sqlite/migration.hpp"
#include "store/tenant_table.hpp"

namespace keystead::store {
namespace {

constexpr int kCacheKib = 16384;

// acme, acme-2, acme-3.
std::string numbered_slug(std::string slug, int number) {
  if (number == 1) return slug;
  std::string suffix = "-" + std::to_string(number);
  slug.resize(std::min(slug.size(), kSlugBytesMax - suffix.size()));
  while (slug.ends_with('-')) slug.pop_back();
  return slug + suffix;
}

// Tenants from before there were slugs get theirs here, since SQL cannot make them. The older one
// of two with the same name has it bare.
void fill_slugs(Database& database) {
  auto tenants = read_tenants(database.prepare(kSelectTenantsWithoutSlug));
  if (tenants.empty()) return;
  Transaction transaction(database);
  {
    Statement update = database.prepare("UPDATE tenant SET slug = ? WHERE id = ?");
    for (auto const& tenant : tenants) {
      auto slug = domain::slug_of(tenant.name);
      int number = 1;
      while (update.again().bind(numbered_slug(slug, number), tenant.id).try_run()) ++number;
    }
  }
  transaction.commit();
}

}  // namespace

std::unique_ptr<ControlStore> open_sqlite(std::filesystem::path const& data_folder) {
  if (auto done = finish_restore(data_folder); !done) throw Broken(done.error().public_text);
  return std::make_unique<SqliteControlStore>(data_folder / "keystead.db");
}

SqliteControlStore::SqliteControlStore(std::filesystem::path file)
    : file_(std::move(file)),
      journal_(journal_of(file_.parent_path())),
      writer_(file_, {.cache_kib = kCacheKib}),
      reader_(file_, {.access = Database::Access::read_only, .cache_kib = kCacheKib}) {
  migrate(writer_.database, kControlMigrations);
  fill_slugs(writer_.database);
  make_user_stores();
  make_oauth_stores();
}

Result<void> SqliteControlStore::add_tenant(
    domain::Tenant const& tenant, domain::AuditEntry const& entry
) {
  if (tenant.name.contains('\0')) return fail(Code::invalid_request, "the name holds a NUL");
  if (!is_slug(tenant.slug)) return fail(Code::invalid_request, "the slug is malformed");
  std::scoped_lock lock(writer_.mutex);
  Transaction transaction(writer_.database);
  TRY(check_parent(writer_.database, tenant));
  Statement insert = writer_.database.prepare(kInsertTenant);
  insert.bind(tenant.id, tenant.name, tenant.parent, tenant.created_at, tenant.slug);
  if (auto violation = insert.try_run()) {
    bool is_slug_taken = violation.text.contains("tenant_by_slug");
    return fail(
        Code::conflict,
        is_slug_taken ? "the slug " + tenant.slug + " is taken" : "the tenant exists already"
    );
  }
  append(entry);
  transaction.commit();
  return {};
}

std::vector<domain::Tenant> SqliteControlStore::list_tenants() {
  std::scoped_lock lock(reader_.mutex);
  return read_tenants(reader_.database.prepare(kSelectTenants));
}

std::optional<domain::Tenant> SqliteControlStore::find_tenant(domain::TenantId const& id) {
  std::scoped_lock lock(reader_.mutex);
  return select_tenant(reader_.database, id);
}

Result<std::vector<domain::TenantId>> SqliteControlStore::remove_tenant(
    domain::TenantId const& id, domain::AuditEntry const& entry
) {
  std::scoped_lock lock(writer_.mutex);
  Transaction transaction(writer_.database);
  if (!select_tenant(writer_.database, id)) return fail(Code::not_found, "no such tenant");
  std::vector<domain::TenantId> removed{id};
  {
    Statement children = writer_.database.prepare("SELECT id FROM tenant WHERE parent = ?");
    children.bind(id);
    while (children.next()) removed.push_back(children.id<domain::TenantId>(0));
  }
  std::vector<KeyEnd> ends;
  KeyTable keys = keys_to_write();
  for (auto const& tenant : removed) {
    for (auto const& key : keys.find_roots(tenant, entry.at)) {
      ends.push_back({key, entry.at, KeyEnd::Counts::after_restore});
    }
  }
  // Children, memberships and keys go by the foreign keys' cascade.
  writer_.database.prepare("DELETE FROM tenant WHERE id = ?").bind(id).run();
  append(entry);
  note(ends);
  transaction.commit();
  return removed;
}

}  // namespace keystead::store
