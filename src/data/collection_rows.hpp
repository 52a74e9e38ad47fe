// What can be done with the rows of a collection. A tool and a REST route both end here, so that
// there is no second path to the data (attack 150); the tenant is inside the store, and nothing
// that a caller sends can name another.
#pragma once

#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

#include "data/row_codec.hpp"
#include "store/tenant_store.hpp"

namespace keystead::data {

// {"items": […], "next_cursor": …}; the cursor is absent on the last page.
Result<json::object> list_rows(
    store::TenantStore& store, domain::Collection const& collection, store::RowQuery const& query
);

// The row. not_found is the same for an id that never was, was deleted, or is another tenant's.
Result<json::object> get_row(
    store::TenantStore& store, domain::Collection const& collection, std::string_view id
);

// The one row that meets all conditions, of which one is about the id or a unique field.
Result<json::object> find_row(
    store::TenantStore& store,
    domain::Collection const& collection,
    std::vector<store::Condition> conditions
);

// What create_row would store, {"row": {the fields}, "written": false}, or the failure that it
// would end with. Nothing is written, so another caller may take a unique value meanwhile.
Result<json::object> propose_row(
    store::TenantStore& store, domain::Collection const& collection, json::object const& members
);

// The row as it was stored.
Result<json::object> create_row(
    store::TenantStore& store, domain::Collection const& collection, json::object const& members
);

// The row as it is now. Without a change it is only read, and its updated_at stays.
Result<json::object> update_row(
    store::TenantStore& store,
    domain::Collection const& collection,
    std::string_view id,
    FieldChanges const& changes
);

Result<void> remove_row(
    store::TenantStore& store, domain::Collection const& collection, std::string_view id
);

}  // namespace keystead::data
