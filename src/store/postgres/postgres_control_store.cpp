#include "store/postgres/postgres_control_store.hpp"

#include <stdexcept>
#include <thread>

#include "store/postgres/migration.hpp"
#include "store/postgres/row_schema.hpp"
#include "store/postgres/server_check.hpp"
#include "store/postgres/writing.hpp"
#include "store/tenant_table.hpp"

namespace keystead::store {
namespace {

using postgres::Connection;
using postgres::Statement;
using postgres::Url;

constexpr std::int64_t kNodeLock = 0x6b65797374656164;  // "keystead"
constexpr std::chrono::minutes kAlterTimeMax{30};

// Waits a little: the server may not have seen yet that the node before us is gone.
bool take_node_lock(Connection& connection) {
  for (int attempt = 0; attempt < 20; ++attempt) {
    Statement lock = connection.prepare("SELECT pg_try_advisory_lock($1)");
    if (lock.bind(kNodeLock).next() && lock.boolean(0)) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  return false;
}

std::string another_node(Url const& url) {
  return "another Keystead uses the database " + url.shown();
}

void bring_up_to_date(Url const& url) {
  Connection connection(url, {.statement_time_max = kAlterTimeMax});
  postgres::make_schema(connection);
  postgres::migrate(connection, kPostgresMigrations);
}

Result<void> check_text(std::string_view text, std::string_view what) {
  if (!text.contains('\0')) return {};
  return fail(Code::invalid_request, std::string(what) + " holds a NUL");
}

}  // namespace

Result<std::unique_ptr<ControlStore>> open_postgres(
    Url const& url, PostgresOptions const& options
) {
  auto writer = std::make_unique<Connection>(url);
  postgres::refuse_unsafe(*writer);
  if (!take_node_lock(*writer)) return fail(Code::conflict, another_node(url));
  bring_up_to_date(url);
  return std::make_unique<PostgresControlStore>(url, options, std::move(writer));
}

PostgresControlStore::PostgresControlStore(
    Url url, PostgresOptions const& options, std::unique_ptr<Connection> writer
)
    : url_(std::move(url)),
      writer_(std::move(writer)),
      readers_(url_, {.connections_max = options.readers_max}) {
  make_user_stores();
  make_oauth_stores();
}

Connection& PostgresControlStore::writer() {
  if (writer_ && writer_->is_usable()) return *writer_;
  writer_.reset();
  auto fresh = std::make_unique<Connection>(url_);
  postgres::refuse_unsafe(*fresh);
  if (!take_node_lock(*fresh)) throw Broken(another_node(url_));
  writer_ = std::move(fresh);
  return *writer_;
}

bool PostgresControlStore::has_keys() {
  return readers_.take()->prepare("SELECT 1 FROM api_key LIMIT 1").next();
}

void PostgresControlStore::seal_with(Seal seal) {
  if (seal_) throw std::logic_error("a store is sealed once");
  seal_.emplace(std::move(seal));
  Writing writing(*this);
  // The log begins with the database: there are no keys from before it.
  AuditTable audit(*writing);
  if (audit.is_new() && KeyTable(*writing, *seal_).find_unsealed().empty()) audit.begin(*seal_);
  writing.commit();
}

Seal const& PostgresControlStore::seal() const {
  if (!seal_) throw std::logic_error("the store is used before seal_with");
  return *seal_;
}

Result<void> PostgresControlStore::add_tenant(
    domain::Tenant const& tenant, domain::AuditEntry const& entry
) {
  TRY(check_text(tenant.name, "the name"));
  if (!is_slug(tenant.slug)) return fail(Code::invalid_request, "the slug is malformed");
  Writing writing(*this);
  TRY(check_parent(*writing, tenant));
  Statement insert = writing->prepare(kInsertTenant);
  insert.bind(tenant.id, tenant.name, tenant.parent, tenant.created_at, tenant.slug);
  if (auto violation = insert.try_run()) {
    bool is_slug_taken = violation.text == "tenant_by_slug";
    return fail(
        Code::conflict,
        is_slug_taken ? "the slug " + tenant.slug + " is taken" : "the tenant exists already"
    );
  }
  writing.commit_with(entry);
  return {};
}

std::vector<domain::Tenant> PostgresControlStore::list_tenants() {
  return read_tenants(readers_.take()->prepare(kSelectTenants));
}

std::optional<domain::Tenant> PostgresControlStore::find_tenant(domain::TenantId const& id) {
  auto reader = readers_.take();
  return select_tenant(*reader, id);
}

Result<std::vector<domain::TenantId>> PostgresControlStore::remove_tenant(
    domain::TenantId const& id, domain::AuditEntry const& entry
) {
  Writing writing(*this);
  if (!select_tenant(*writing, id)) return fail(Code::not_found, "no such tenant");
  std::vector<domain::TenantId> removed{id};
  Statement children = writing->prepare("SELECT id FROM tenant WHERE parent = $1");
  children.bind(id);
  while (children.next()) removed.push_back(children.id<domain::TenantId>(0));
  // Children, memberships and keys go by the foreign keys' cascade.
  writing->prepare("DELETE FROM tenant WHERE id = $1").bind(id).run();
  writing.commit_with(entry);
  return removed;
}

void PostgresControlStore::append_audit(std::span<domain::AuditEntry const> entries) {
  if (entries.empty()) return;
  Writing writing(*this);
  AuditTable(*writing).append(entries, seal());
  writing.commit();
}

std::vector<domain::AuditRecord> PostgresControlStore::read_audit(
    std::uint64_t after, std::size_t limit
) {
  auto reader = readers_.take();
  return AuditTable(*reader).read(after, limit);
}

std::optional<domain::AuditRecord> PostgresControlStore::find_denial(std::string_view request) {
  auto reader = readers_.take();
  return AuditTable(*reader).find_denial(request);
}

std::optional<AuditHead> PostgresControlStore::audit_head() {
  auto reader = readers_.take();
  return AuditTable(*reader).head();
}

}  // namespace keystead::store
