// JSON Schemas, draft 2020-12, of what the tools of a collection take and give. Each has an object
// at its root, no $schema, $ref or list of types, which some clients cannot read, and no argument
// for a tenant, because no caller chooses one.
#pragma once

#include <string_view>

#include <boost/json/object.hpp>

#include "domain/collection.hpp"

namespace keystead::data {

namespace json = boost::json;

// Everything that row_codec and row_query accept is valid; they check a little more (bytes, not
// characters; a day that exists).
json::object list_arguments_schema(
    domain::Collection const& collection, domain::CollectionTool const& tool = {}
);
json::object create_arguments_schema(domain::Collection const& collection);
json::object update_arguments_schema(domain::Collection const& collection);
json::object id_arguments_schema(std::string_view argument = "id");  // get and delete
// get by a unique field
json::object key_arguments_schema(domain::Field const& field, std::string_view argument);

json::object row_schema(domain::Collection const& collection);
json::object page_schema(domain::Collection const& collection);
json::object deletion_schema();
json::object proposal_schema(domain::Collection const& collection);

}  // namespace keystead::data
