// The table of clients in either database.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "domain/client.hpp"
#include "store/broken.hpp"
#include "store/scope_list.hpp"
#include "store/stored_text.hpp"
#include "store/violation.hpp"

namespace keystead::store {

namespace client_row {

#define KEYSTEAD_CLIENT_COLUMNS                                                          \
  "id, name, origin, auth, secret, pepper_version, redirect_uris, grant_types, scopes, " \
  "jwks, metadata, tenant, address, created_at, last_used_at, fresh_until, is_key_bound"

inline constexpr char kInsert[] = "INSERT INTO oauth_client (" KEYSTEAD_CLIENT_COLUMNS
                                  ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
inline constexpr char kPut[] =
    "INSERT INTO oauth_client (" KEYSTEAD_CLIENT_COLUMNS
    ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
    " name = excluded.name, origin = excluded.origin, auth = excluded.auth,"
    " secret = excluded.secret, pepper_version = excluded.pepper_version,"
    " redirect_uris = excluded.redirect_uris, grant_types = excluded.grant_types,"
    " scopes = excluded.scopes, jwks = excluded.jwks, metadata = excluded.metadata,"
    " tenant = excluded.tenant, address = excluded.address, fresh_until = excluded.fresh_until,"
    " is_key_bound = excluded.is_key_bound";
inline constexpr char kSelect[] =
    "SELECT " KEYSTEAD_CLIENT_COLUMNS " FROM oauth_client WHERE id = ?";
inline constexpr char kSelectAll[] =
    "SELECT " KEYSTEAD_CLIENT_COLUMNS " FROM oauth_client ORDER BY id";
inline constexpr char kCountRegistered[] =
    "SELECT count(*) FROM oauth_client WHERE origin = 'registered' AND created_at > ?";
inline constexpr char kCountRegisteredFrom[] =
    "SELECT count(*) FROM oauth_client WHERE origin = 'registered' AND created_at > ? AND"
    " address = ?";
inline constexpr char kCountDocuments[] =
    "SELECT count(*) FROM oauth_client WHERE origin = 'metadata_document' AND created_at > ?";
inline constexpr char kTouch[] =
    "UPDATE oauth_client SET last_used_at = ?2 WHERE id = ?1 AND coalesce(last_used_at, 0) < ?2";
inline constexpr char kReap[] =
    "DELETE FROM oauth_client WHERE origin <> 'configured' AND"
    " ((last_used_at IS NULL AND created_at < ?) OR last_used_at < ?) AND NOT EXISTS (SELECT 1"
    " FROM oauth_grant WHERE client = oauth_client.id AND ended_at IS NULL) RETURNING 1";

#undef KEYSTEAD_CLIENT_COLUMNS

template <class Name>
Name need(std::optional<Name> const& name) {
  if (!name) throw Broken("a stored client says what none says");
  return *name;
}

template <class Statement>
domain::Client read(Statement const& row) {
  domain::Client client;
  client.id = domain::ClientId(std::string(row.text(0)));
  client.name = row.text(1);
  client.origin = need(domain::parse_client_origin(row.text(2)));
  client.auth = need(domain::parse_client_auth(row.text(3)));
  if (!row.is_null(4)) row.copy_blob(4, client.secret.emplace());
  client.pepper_version = static_cast<int>(row.integer(5));
  split_scopes(row.text(6), client.redirect_uris);
  std::vector<std::string> types;
  split_scopes(row.text(7), types);
  for (auto const& type : types) client.grant_types.push_back(need(domain::parse_grant_type(type)));
  split_scopes(row.text(8), client.scopes);
  client.jwks = row.text(9);
  client.metadata = row.text(10);
  if (!row.is_null(11)) client.tenant = row.template id<domain::TenantId>(11);
  client.address = row.text(12);
  client.created_at = row.time(13);
  client.last_used_at = row.time_or_null(14);
  client.fresh_until = row.time_or_null(15);
  client.is_key_bound = row.integer(16) != 0;
  return client;
}

inline constexpr std::size_t kNameBytesMax = 200;
inline constexpr std::size_t kListBytesMax = 16'384;
inline constexpr std::size_t kDocumentBytesMax = 65'536;

inline Result<std::string> joined(std::vector<std::string> const& list, std::string_view what) {
  std::string text = TRY(join_scopes(list));
  TRY(check_stored(text, kListBytesMax, what));
  return text;
}

inline Result<void> check(domain::Client const& client) {
  if (client.id.text().empty()) return fail(Code::invalid_request, "the client has no id");
  TRY(check_stored(client.id.text(), domain::ClientId::kBytesMax, "the client's id"));
  TRY(check_stored(client.name, kNameBytesMax, "the client's name"));
  TRY(check_stored(client.jwks, kDocumentBytesMax, "the client's key set"));
  TRY(check_stored(client.metadata, kDocumentBytesMax, "the client's metadata"));
  return check_stored(client.address, 64, "the address");
}

inline std::string names_of(std::vector<domain::GrantType> const& types) {
  std::string text;
  for (auto type : types) {
    if (!text.empty()) text += ' ';
    text += domain::name_of(type);
  }
  return text;
}

}  // namespace client_row

template <class Database>
Result<void> insert_client(Database& database, char const* sql, domain::Client const& client) {
  TRY(client_row::check(client));
  auto insert = database.prepare(sql);
  insert.bind(client.id.text(), client.name, name_of(client.origin), name_of(client.auth));
  insert.bind(client.secret, client.pepper_version);
  insert.bind(TRY(client_row::joined(client.redirect_uris, "the list of redirect URIs")));
  insert.bind(client_row::names_of(client.grant_types));
  insert.bind(TRY(client_row::joined(client.scopes, "the list of scopes")));
  insert.bind(client.jwks, client.metadata, client.tenant, client.address);
  insert.bind(client.created_at, client.last_used_at, client.fresh_until, client.is_key_bound);
  switch (insert.try_run().kind) {
    case Violation::Kind::none: return {};
    case Violation::Kind::unique: return fail(Code::conflict, "the client exists already");
    case Violation::Kind::foreign_key: break;
  }
  return fail(Code::not_found, "no such tenant");
}

template <class Database>
std::optional<domain::Client> select_client(Database& database, domain::ClientId const& id) {
  auto statement = database.prepare(client_row::kSelect);
  if (!statement.bind(id.text()).next()) return std::nullopt;
  return client_row::read(statement);
}

}  // namespace keystead::store
