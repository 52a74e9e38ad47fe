#include "data/collection_tools.hpp"

#include "data/collection_rows.hpp"
#include "data/row_query.hpp"
#include "data/row_schema.hpp"

namespace keystead::data {
namespace {

using domain::Collection;
using domain::Field;
using domain::FieldType;
using domain::Permit;
using mcp::Tool;
using store::TenantStore;

std::string_view type_name(FieldType type) {
  switch (type) {
    case FieldType::text: return "text";
    case FieldType::integer: return "integer";
    case FieldType::number: return "number";
    case FieldType::boolean: return "true or false";
    case FieldType::date: return "date";
    case FieldType::datetime: return "date and time";
    case FieldType::choice: break;
  }
  return "choice";
}

// "title (text, required), status (open | done)"
std::string name_fields(Collection const& collection) {
  std::string text;
  for (Field const& field : collection.fields) {
    if (!text.empty()) text += ", ";
    text += field.name + " (";
    if (field.type == FieldType::choice) {
      for (auto const& choice : field.choices) {
        if (&choice != &field.choices.front()) text += " | ";
        text += choice;
      }
    } else {
      text += type_name(field.type);
    }
    text += field.required && !field.default_value ? ", required)" : ")";
  }
  return text;
}

std::string describe(Collection const& collection, std::string_view what_it_does) {
  std::string text(what_it_does);
  if (!collection.description.empty())
    text += " " + collection.name + ": " + collection.description;
  return text + " Fields: " + name_fields(collection) + ".";
}

Tool list_tool(Collection const& collection, domain::Action const* action) {
  Tool tool;
  tool.name = collection.name + "_list";
  tool.title = "List " + collection.name;
  tool.description = describe(
      collection,
      "Lists rows of " + collection.name +
          ", filtered and sorted, page by page: while there is a next_cursor, pass it as cursor "
          "for more."
  );
  tool.input_schema = list_arguments_schema(collection);
  tool.output_schema = page_schema(collection);
  tool.action = action;
  tool.idempotent = true;
  tool.on_tenant = [&collection](
                       Permit const&, TenantStore& store, json::object const& arguments
                   ) -> Result<json::object> {
    return list_rows(store, collection, TRY(decode_query(collection, arguments)));
  };
  return tool;
}

Tool get_tool(Collection const& collection, domain::Action const* action) {
  Tool tool;
  tool.name = collection.name + "_get";
  tool.title = "Get from " + collection.name;
  tool.description = describe(collection, "Gets one row of " + collection.name + " by its id.");
  tool.input_schema = id_arguments_schema();
  tool.output_schema = row_schema(collection);
  tool.action = action;
  tool.idempotent = true;
  tool.on_tenant = [&collection](Permit const&, TenantStore& store, json::object const& arguments)
      -> Result<json::object> { return get_row(store, collection, TRY(decode_row_id(arguments))); };
  return tool;
}

Tool create_tool(Collection const& collection, domain::Action const* action) {
  Tool tool;
  tool.name = collection.name + "_create";
  tool.title = "Create in " + collection.name;
  tool.description =
      describe(collection, "Creates a row in " + collection.name + " and returns it with its id.");
  tool.input_schema = create_arguments_schema(collection);
  tool.output_schema = row_schema(collection);
  tool.action = action;
  tool.on_tenant = [&collection](
                       Permit const&, TenantStore& store, json::object const& arguments
                   ) -> Result<json::object> { return create_row(store, collection, arguments); };
  return tool;
}

Tool update_tool(Collection const& collection, domain::Action const* action) {
  Tool tool;
  tool.name = collection.name + "_update";
  tool.title = "Update in " + collection.name;
  tool.description = describe(
      collection,
      "Changes the given fields of one row of " + collection.name +
          " and returns it; other fields stay, null empties an optional one."
  );
  tool.input_schema = update_arguments_schema(collection);
  tool.output_schema = row_schema(collection);
  tool.action = action;
  tool.idempotent = true;
  tool.on_tenant = [&collection](
                       Permit const&, TenantStore& store, json::object const& arguments
                   ) -> Result<json::object> {
    RowChange change = TRY(decode_row_change(collection, arguments));
    return update_row(store, collection, change.id, change.changes);
  };
  return tool;
}

Tool delete_tool(Collection const& collection, domain::Action const* action) {
  Tool tool;
  tool.name = collection.name + "_delete";
  tool.title = "Delete from " + collection.name;
  tool.description = "Deletes one row of " + collection.name + " by its id. It cannot be undone.";
  tool.input_schema = id_arguments_schema();
  tool.output_schema = deletion_schema();
  tool.action = action;
  tool.idempotent = true;
  tool.on_tenant = [&collection](
                       Permit const&, TenantStore& store, json::object const& arguments
                   ) -> Result<json::object> {
    std::string id = TRY(decode_row_id(arguments));
    TRY(remove_row(store, collection, id));
    return json::object{{"deleted", true}, {"id", id}};
  };
  return tool;
}

}  // namespace

Result<void> add_collection_tools(
    mcp::Toolbox& tools, Collection const& collection, CollectionActions const& actions
) {
  for (Field const& field : collection.fields) {
    if (is_set_by_server(field.name)) {
      return fail(
          Code::invalid_request,
          "collection " + collection.name + ": the field " + field.name + " is set by the server"
      );
    }
  }
  TRY(tools.add(list_tool(collection, actions.list)));
  TRY(tools.add(get_tool(collection, actions.get)));
  TRY(tools.add(create_tool(collection, actions.create)));
  TRY(tools.add(update_tool(collection, actions.update)));
  TRY(tools.add(delete_tool(collection, actions.remove)));
  return {};
}

}  // namespace keystead::data
