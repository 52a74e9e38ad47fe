// A row between JSON and the store. What comes in is validated against the collection, and a
// failure names every path that is wrong; what goes out is one flat object.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/json/object.hpp>

#include "base/result.hpp"
#include "domain/collection.hpp"

namespace keystead::data {

namespace json = boost::json;

// Indexes into Collection::fields, in the order in which they were sent.
using FieldChanges = std::vector<std::pair<std::size_t, domain::FieldValue>>;

struct RowChange {
  std::string id;
  FieldChanges changes;
};

// All fields of a new row, in the order of the collection; defaults are filled in.
Result<std::vector<domain::FieldValue>> decode_new_row(
    domain::Collection const& collection, json::object const& members
);

// The fields that are to change, as the body of a PATCH has them; null empties an optional field.
Result<FieldChanges> decode_changes(
    domain::Collection const& collection, json::object const& members
);

// The same with the row's id among them, as the arguments of a tool have it.
Result<RowChange> decode_row_change(
    domain::Collection const& collection, json::object const& arguments
);

// The arguments of a tool that needs the id and nothing else, and what they call it.
Result<std::string> decode_row_id(json::object const& arguments, std::string_view argument = "id");

// The same for a tool that needs the value of one field.
Result<domain::FieldValue> decode_key(
    domain::Field const& field, json::object const& arguments, std::string_view argument
);

// {"id", every field, "created_at", "updated_at"}
json::object encode_row(domain::Collection const& collection, domain::Row const& row);

// The fields alone, of a row that is not stored.
json::object encode_fields(
    domain::Collection const& collection, std::vector<domain::FieldValue> const& values
);

// Whether the server itself sets a member of this name, so that no field can have it.
bool is_set_by_server(std::string_view name);

}  // namespace keystead::data
