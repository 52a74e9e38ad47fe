// The table of device codes in either database.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "domain/grant.hpp"
#include "store/broken.hpp"
#include "store/code_table.hpp"
#include "store/grant_table.hpp"

namespace keystead::store {

namespace device_row {

#define KEYSTEAD_DEVICE_COLUMNS                                                              \
  "digest, user_code, pepper_version, client, scopes, resources, state, grant_id, address, " \
  "created_at, expires_at, polled_at"

inline constexpr char kInsert[] = "INSERT INTO device_code (" KEYSTEAD_DEVICE_COLUMNS
                                  ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
inline constexpr char kSelect[] =
    "SELECT " KEYSTEAD_DEVICE_COLUMNS " FROM device_code WHERE digest = ? AND client = ?";
inline constexpr char kSelectPending[] =
    "SELECT " KEYSTEAD_DEVICE_COLUMNS
    " FROM device_code WHERE user_code = ? AND state = 'pending' AND expires_at > ?";

#undef KEYSTEAD_DEVICE_COLUMNS

inline constexpr char kDecide[] =
    "UPDATE device_code SET state = ?2, grant_id = ?3 WHERE user_code = ?1 AND state = 'pending'"
    " AND expires_at > ?4 RETURNING 1";

inline std::string_view name_of(domain::DeviceCode::State state) {
  switch (state) {
    case domain::DeviceCode::State::approved: return "approved";
    case domain::DeviceCode::State::denied: return "denied";
    case domain::DeviceCode::State::pending: break;
  }
  return "pending";
}

inline domain::DeviceCode::State read_state(std::string_view name) {
  using State = domain::DeviceCode::State;
  for (State state : {State::pending, State::approved, State::denied}) {
    if (name == name_of(state)) return state;
  }
  throw Broken("a stored device code is in no state");
}

template <class Statement>
std::optional<domain::DeviceCode> read_one(Statement& row) {
  if (!row.next()) return std::nullopt;
  domain::DeviceCode device;
  row.copy_blob(0, device.digest);
  row.copy_blob(1, device.user_code);
  device.pepper_version = static_cast<int>(row.integer(2));
  device.client = domain::ClientId(std::string(row.text(3)));
  split_scopes(row.text(4), device.scopes);
  split_scopes(row.text(5), device.resources);
  device.state = read_state(row.text(6));
  if (!row.is_null(7)) device.grant = row.template id<domain::GrantId>(7);
  device.address = row.text(8);
  device.created_at = row.time(9);
  device.expires_at = row.time(10);
  device.polled_at = row.time_or_null(11);
  return device;
}

}  // namespace device_row

template <class Database>
Result<void> insert_device(Database& database, domain::DeviceCode const& device) {
  TRY(check_stored(device.client.text(), domain::ClientId::kBytesMax, "the client's id"));
  TRY(check_stored(device.address, 64, "the address"));
  auto scopes = TRY(join_scopes(device.scopes)), resources = TRY(join_scopes(device.resources));
  TRY(check_stored(scopes, grant_row::kListBytesMax, "the list of scopes"));
  TRY(check_stored(resources, grant_row::kListBytesMax, "the list of resources"));
  auto insert = database.prepare(device_row::kInsert);
  insert.bind(device.digest, device.user_code, device.pepper_version, device.client.text());
  insert.bind(scopes, resources, device_row::name_of(device.state), device.grant, device.address);
  insert.bind(device.created_at, device.expires_at, device.polled_at);
  if (insert.try_run()) return fail(Code::conflict, "the device code exists already");
  return {};
}

template <class Database>
std::optional<domain::DeviceCode> select_device(
    Database& database, domain::GrantSecretDigest const& digest, domain::ClientId const& client
) {
  auto statement = database.prepare(device_row::kSelect);
  return device_row::read_one(statement.bind(digest, client.text()));
}

}  // namespace keystead::store
