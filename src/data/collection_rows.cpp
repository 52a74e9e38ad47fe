#include "data/collection_rows.hpp"

#include <utility>

#include <boost/json/array.hpp>

#include "base/id.hpp"

namespace keystead::data {
namespace {

// A path can hold anything; the store is only asked for what can be an id.
Result<void> check_id(std::string_view id) {
  if (!parse_uuid(id)) return fail(Code::not_found, "no such row");
  return {};
}

// The conflict that the store would find.
Result<void> check_unique(
    store::TenantStore& store,
    domain::Collection const& collection,
    std::vector<domain::FieldValue> const& values
) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    auto const& field = collection.fields[i];
    if (!field.unique || std::holds_alternative<std::monostate>(values[i])) continue;
    store::RowQuery same{
        .conditions = {{field.name, store::Comparison::equal, values[i]}}, .limit = 1
    };
    auto page = TRY(store.list(collection, same));
    if (!page.rows.empty()) {
      return fail(Code::conflict, field.name + ": the value is taken");
    }
  }
  return {};
}

}  // namespace

Result<json::object> list_rows(
    store::TenantStore& store, domain::Collection const& collection, store::RowQuery const& query
) {
  store::RowPage page = TRY(store.list(collection, query));
  json::array items;
  items.reserve(page.rows.size());
  for (auto const& row : page.rows) items.emplace_back(encode_row(collection, row));
  json::object out;
  out["items"] = std::move(items);
  if (!page.next_cursor.empty()) out["next_cursor"] = page.next_cursor;
  return out;
}

Result<json::object> get_row(
    store::TenantStore& store, domain::Collection const& collection, std::string_view id
) {
  TRY(check_id(id));
  return encode_row(collection, TRY(store.get(collection, id)));
}

Result<json::object> find_row(
    store::TenantStore& store,
    domain::Collection const& collection,
    std::vector<store::Condition> conditions
) {
  store::RowQuery query{.conditions = std::move(conditions), .limit = 1};
  auto page = TRY(store.list(collection, query));
  if (page.rows.empty()) return fail(Code::not_found, "no such row");
  return encode_row(collection, page.rows.front());
}

Result<json::object> propose_row(
    store::TenantStore& store, domain::Collection const& collection, json::object const& members
) {
  auto values = TRY(decode_new_row(collection, members));
  TRY(check_unique(store, collection, values));
  return json::object{{"row", encode_fields(collection, values)}, {"written", false}};
}

Result<json::object> create_row(
    store::TenantStore& store, domain::Collection const& collection, json::object const& members
) {
  auto values = TRY(decode_new_row(collection, members));
  return encode_row(collection, TRY(store.insert(collection, std::move(values))));
}

Result<json::object> update_row(
    store::TenantStore& store,
    domain::Collection const& collection,
    std::string_view id,
    FieldChanges const& changes
) {
  TRY(check_id(id));
  if (changes.empty()) return get_row(store, collection, id);
  return encode_row(collection, TRY(store.update(collection, id, changes)));
}

Result<void> remove_row(
    store::TenantStore& store, domain::Collection const& collection, std::string_view id
) {
  TRY(check_id(id));
  return store.remove(collection, id);
}

}  // namespace keystead::data
