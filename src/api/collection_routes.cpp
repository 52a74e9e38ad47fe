#include "api/collection_routes.hpp"

#include "data/collection_rest.hpp"
#include "data/row_schema.hpp"

namespace keystead::api {
namespace {

namespace json = boost::json;

using RestFunction = Result<void> (*)(
    domain::Permit const&, store::TenantStore&, data::RestCall const&, http::Response&
);

ForTenant on_rows(
    domain::Action const* action,
    domain::Collection const& collection,
    RestFunction function,
    std::vector<std::string> arguments
) {
  return {
      action,
      std::move(arguments),
      [&collection,
       function](auto const& permit, auto& store, RouteCall const& call, auto& response) {
        return function(permit, store, {collection, call.request, call.parameters[0]}, response);
      }
  };
}

std::vector<std::string> arguments_of(domain::Collection const& collection, bool with_id) {
  std::vector<std::string> names;
  if (with_id) names.emplace_back("id");
  for (auto const& field : collection.fields) names.push_back(field.name);
  return names;
}

// The body of a create with nothing required: RFC 7396 says what a missing member means.
json::object patch_schema(domain::Collection const& collection) {
  json::object schema = data::create_arguments_schema(collection);
  schema.erase("required");
  return schema;
}

json::object query_parameters(domain::Collection const& collection) {
  auto text = [](std::string_view description) {
    return json::object{{"description", description}, {"schema", {{"type", "string"}}}};
  };
  json::object parameters{
      {"sort", text("A field, or -field for the other way round.")},
      {"limit",
       {{"description", "Rows on one page."},
        {"schema", {{"type", "integer"}, {"minimum", 1}, {"maximum", 200}}}}},
      {"cursor", text("next_cursor of the page before.")},
  };
  for (auto const& field : collection.fields) {
    parameters[field.name] =
        text("Rows with this value; also " + field.name + ".ne, .lt, .lte, .gt, .gte, .contains.");
  }
  return parameters;
}

}  // namespace

void add_collection_routes(std::vector<Route>& routes, ServedCollection const& served) {
  using enum http::Method;
  auto const& rows = *served.collection;
  auto const& actions = served.actions;
  std::string const& name = rows.name;
  std::string all = "/api/v1/" + name;
  std::string one = all + "/{id}";
  json::object row = data::row_schema(rows);
  auto fields = arguments_of(rows, false);
  auto id_and_fields = arguments_of(rows, true);
  routes.push_back(
      {get,
       all,
       on_rows(actions.list, rows, data::list_rows, fields),
       {"List " + name, 200, query_parameters(rows), {}, data::page_schema(rows)}}
  );
  routes.push_back(
      {post,
       all,
       on_rows(actions.create, rows, data::create_row, fields),
       {"Create in " + name, 201, {}, data::create_arguments_schema(rows), row}}
  );
  routes.push_back(
      {get,
       one,
       on_rows(actions.get, rows, data::get_row, {"id"}),
       {"Get from " + name, 200, {}, {}, row}}
  );
  routes.push_back(
      {patch,
       one,
       on_rows(actions.update, rows, data::update_row, id_and_fields),
       {"Change in " + name, 200, {}, patch_schema(rows), row}}
  );
  routes.push_back(
      {del,
       one,
       on_rows(actions.remove, rows, data::delete_row, {"id"}),
       {"Delete from " + name, 204, {}, {}, {}}}
  );
}

}  // namespace keystead::api
