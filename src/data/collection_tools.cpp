#include "data/collection_tools.hpp"

#include "codec/json.hpp"
#include "data/collection_rows.hpp"
#include "data/field_value.hpp"
#include "data/row_query.hpp"
#include "data/row_schema.hpp"

namespace keystead::data {
namespace {

using domain::Collection;
using domain::CollectionTool;
using domain::Field;
using domain::FieldType;
using domain::Operation;
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

// " where low is true and closed_at is empty", or nothing.
std::string name_conditions(CollectionTool const& tool) {
  std::string text;
  for (auto const& [field, value] : tool.where) {
    bool is_empty = std::holds_alternative<std::monostate>(value);
    text += (text.empty() ? " where " : " and ") + field + " is ";
    text += is_empty ? "empty" : codec::to_text(encode_value(value));
  }
  return text;
}

// "supply_list_stocks" as a title: "Supply list stocks".
std::string readable(std::string_view name) {
  std::string text(name);
  for (char& c : text) {
    if (c == '_' || c == '.' || c == '/' || c == '-') c = ' ';
  }
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z')
    text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

Tool list_tool(Collection const& collection, CollectionTool const& declared) {
  Tool tool;
  tool.description = describe(
      collection,
      "Lists rows of " + collection.name + name_conditions(declared) +
          ", filtered and sorted, page by page: while there is a next_cursor, pass it as cursor "
          "for more."
  );
  tool.input_schema = list_arguments_schema(collection, declared);
  tool.output_schema = page_schema(collection);
  tool.idempotent = true;
  tool.on_tenant = [&collection, declared](
                       Permit const&, TenantStore& store, json::object const& arguments
                   ) -> Result<json::object> {
    return list_rows(store, collection, TRY(decode_query(collection, arguments, declared)));
  };
  return tool;
}

std::string argument_of(CollectionTool const& get) {
  if (!get.argument.empty()) return get.argument;
  return get.by.empty() ? "id" : get.by;
}

// The row that a get tool is asked for: by its id or by a unique field, and meeting the conditions
// that the tool sets. A row that does not meet them is as if it were not there.
Result<json::object> get_as_declared(
    TenantStore& store,
    Collection const& collection,
    CollectionTool const& get,
    json::object const& arguments
) {
  std::vector<store::Condition> conditions;
  conditions.reserve(get.where.size() + 1);
  for (auto const& [field, value] : get.where) {
    conditions.push_back({field, store::Comparison::equal, value});
  }
  std::string argument = argument_of(get);
  if (get.by.empty()) {
    std::string id = TRY(decode_row_id(arguments, argument));
    if (conditions.empty()) return get_row(store, collection, id);
    conditions.push_back({"id", store::Comparison::equal, std::move(id)});
  } else {
    auto const& field = collection.fields.at(collection.find(get.by));
    auto key = TRY(decode_key(field, arguments, argument));
    conditions.push_back({get.by, store::Comparison::equal, std::move(key)});
  }
  return find_row(store, collection, std::move(conditions));
}

Tool get_tool(Collection const& collection, CollectionTool const& declared) {
  Tool tool;
  std::string key = declared.by.empty() ? "id" : declared.by;
  tool.description = describe(
      collection,
      "Gets one row of " + collection.name + name_conditions(declared) + " by its " + key + "."
  );
  tool.input_schema =
      declared.by.empty()
          ? id_arguments_schema(argument_of(declared))
          : key_arguments_schema(collection.fields.at(collection.find(key)), argument_of(declared));
  tool.output_schema = row_schema(collection);
  tool.idempotent = true;
  tool.on_tenant = [&collection, declared](
                       Permit const&, TenantStore& store, json::object const& arguments
                   ) { return get_as_declared(store, collection, declared, arguments); };
  return tool;
}

Tool create_tool(Collection const& collection) {
  Tool tool;
  tool.description =
      describe(collection, "Creates a row in " + collection.name + " and returns it with its id.");
  tool.input_schema = create_arguments_schema(collection);
  tool.output_schema = row_schema(collection);
  tool.on_tenant = [&collection](Permit const&, TenantStore& store, json::object const& arguments) {
    return create_row(store, collection, arguments);
  };
  return tool;
}

Tool propose_tool(Collection const& collection) {
  Tool tool;
  tool.description = describe(
      collection,
      "Shows the row that would be created in " + collection.name +
          ", checked as its creation would check it. Nothing is written."
  );
  tool.input_schema = create_arguments_schema(collection);
  tool.output_schema = proposal_schema(collection);
  tool.idempotent = true;
  tool.on_tenant = [&collection](Permit const&, TenantStore& store, json::object const& arguments) {
    return propose_row(store, collection, arguments);
  };
  return tool;
}

Tool update_tool(Collection const& collection) {
  Tool tool;
  tool.description = describe(
      collection,
      "Changes the given fields of one row of " + collection.name +
          " and returns it; other fields stay, null empties an optional one."
  );
  tool.input_schema = update_arguments_schema(collection);
  tool.output_schema = row_schema(collection);
  tool.idempotent = true;
  tool.on_tenant = [&collection](
                       Permit const&, TenantStore& store, json::object const& arguments
                   ) -> Result<json::object> {
    RowChange change = TRY(decode_row_change(collection, arguments));
    return update_row(store, collection, change.id, change.changes);
  };
  return tool;
}

Tool delete_tool(Collection const& collection) {
  Tool tool;
  tool.description = "Deletes one row of " + collection.name + " by its id. It cannot be undone.";
  tool.input_schema = id_arguments_schema();
  tool.output_schema = deletion_schema();
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

Tool tool_for(Collection const& collection, CollectionTool const& declared) {
  switch (declared.operation) {
    case Operation::list: return list_tool(collection, declared);
    case Operation::get: return get_tool(collection, declared);
    case Operation::create: return create_tool(collection);
    case Operation::update: return update_tool(collection);
    case Operation::remove: return delete_tool(collection);
    case Operation::propose: break;
  }
  return propose_tool(collection);
}

}  // namespace

domain::Effect effect_of(CollectionTool const& tool) {
  switch (tool.operation) {
    case Operation::list:
    case Operation::get:
    case Operation::propose: break;
    case Operation::create:
    case Operation::update: return domain::Effect::write;
    case Operation::remove: return domain::Effect::destroy;
  }
  return domain::Effect::read;
}

std::string const& scope_of(Collection const& collection, CollectionTool const& tool) {
  if (tool.scope) return *tool.scope;
  bool reads = effect_of(tool) == domain::Effect::read;
  return reads ? collection.read_scope : collection.write_scope;
}

Result<void> add_collection_tool(
    mcp::Toolbox& tools,
    Collection const& collection,
    CollectionTool const& declared,
    domain::Action const* action
) {
  for (Field const& field : collection.fields) {
    if (is_set_by_server(field.name)) {
      return fail(
          Code::invalid_request,
          "collection " + collection.name + ": the field " + field.name + " is set by the server"
      );
    }
  }
  Tool tool = tool_for(collection, declared);
  tool.name = declared.name;
  tool.title = declared.title.empty() ? readable(declared.name) : declared.title;
  if (!declared.description.empty()) tool.description = declared.description;
  tool.action = action;
  return tools.add(std::move(tool));
}

Result<void> add_collection_tools(
    mcp::Toolbox& tools, Collection const& collection, CollectionActions const& actions
) {
  auto add = [&](char const* ending, Operation operation, char const* does, auto const* action) {
    CollectionTool tool{
        .name = collection.name + ending, .operation = operation, .title = does + collection.name
    };
    return add_collection_tool(tools, collection, tool, action);
  };
  TRY(add("_list", Operation::list, "List ", actions.list));
  TRY(add("_get", Operation::get, "Get from ", actions.get));
  TRY(add("_create", Operation::create, "Create in ", actions.create));
  TRY(add("_update", Operation::update, "Update in ", actions.update));
  TRY(add("_delete", Operation::remove, "Delete from ", actions.remove));
  return {};
}

}  // namespace keystead::data
