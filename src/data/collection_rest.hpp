// The same collection as REST under /api/v1/<collection>. Each function writes its response, or
// fails and leaves it alone; a Failure with Code::invalid_request names the path of what is wrong.
#pragma once

#include "domain/collection.hpp"
#include "domain/permit.hpp"
#include "http/request.hpp"
#include "http/response.hpp"
#include "store/tenant_store.hpp"

namespace keystead::data {

struct RestCall {
  domain::Collection const& collection;
  http::Request const& request;
  std::string_view id;  // from the path; empty for list and create
};

// GET: ?field=value, ?field.gte=value …, ?sort=-field, ?limit=, ?cursor= → 200
// {"items":[…],"next_cursor":…}
Result<void> list_rows(
    domain::Permit const&, store::TenantStore&, RestCall const&, http::Response&
);
Result<void> get_row(domain::Permit const&, store::TenantStore&, RestCall const&, http::Response&);
// POST: 201 with Location and the row.
Result<void> create_row(
    domain::Permit const&, store::TenantStore&, RestCall const&, http::Response&
);
// PATCH, RFC 7396: only the members that are sent change; null empties a field that is not
// required.
Result<void> update_row(
    domain::Permit const&, store::TenantStore&, RestCall const&, http::Response&
);
// DELETE: 204.
Result<void> delete_row(
    domain::Permit const&, store::TenantStore&, RestCall const&, http::Response&
);

}  // namespace keystead::data
