#include "data/row_query.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "codec/percent.hpp"
#include "data/complaints.hpp"
#include "data/field_value.hpp"
#include "data/filter.hpp"

namespace keystead::data {
namespace {

using domain::Collection;
using domain::Field;
using domain::FieldValue;
using store::Comparison;
using store::RowQuery;

std::string_view view(json::string const& text) {
  return {text.data(), text.size()};
}

Field typed(domain::FieldType type) {
  Field field;
  field.type = type;
  return field;
}

Field const& whole_number() {
  static Field const kField = typed(domain::FieldType::integer);
  return kField;
}

Field const& truth() {
  static Field const kField = typed(domain::FieldType::boolean);
  return kField;
}

std::vector<std::string_view> filterable_names(Collection const& collection) {
  std::vector<std::string_view> names;
  for (Field const* field : filterable_fields(collection)) names.push_back(field->name);
  return names;
}

// Puts the parts of a query together, from whichever notation they come, and collects what is wrong
// with them.
class QueryBuilder {
 public:
  explicit QueryBuilder(Collection const& collection) : collection_(collection) {
    query_.limit = kLimitDefault;
  }

  void compare(
      Field const& field, Comparison comparison, std::string_view path, DecodedValue value
  ) {
    if (!value) return complaints.add(path, value.error());
    if (comparison == Comparison::contains &&
        std::get<std::string>(*value).size() > kContainsBytesMax) {
      std::string limit = std::to_string(kContainsBytesMax);
      return complaints.add(path, "longer than " + limit + " bytes");
    }
    query_.conditions.push_back({field.name, comparison, *std::move(value)});
  }

  void set(domain::FixedValue const& fixed) {
    query_.conditions.push_back({fixed.field, Comparison::equal, fixed.value});
  }

  void compare_null(Field const& field, std::string_view path, DecodedValue const& is_null) {
    if (!is_null) return complaints.add(path, is_null.error());
    auto comparison = std::get<bool>(*is_null) ? Comparison::equal : Comparison::not_equal;
    query_.conditions.push_back({field.name, comparison, FieldValue()});
  }

  void sort(std::string_view text) {
    query_.descending = text.starts_with('-');
    if (query_.descending) text.remove_prefix(1);
    auto names = sortable_names(collection_);
    if (std::ranges::find(names, text) == names.end()) {
      return complaints.add(
          "sort", "must be a field, id, created_at or updated_at, with or without -"
      );
    }
    query_.sort = text;
  }

  void limit(DecodedValue const& value) {
    if (!value) return complaints.add("limit", value.error());
    auto count = std::get<std::int64_t>(*value);
    if (count < 1 || count > static_cast<std::int64_t>(kLimitMax)) {
      return complaints.add("limit", "must be 1 to " + std::to_string(kLimitMax));
    }
    query_.limit = static_cast<std::size_t>(count);
  }

  void cursor(std::string_view text) { query_.cursor = text; }

  bool has_is_null(Field const& field) const {
    return collection_.find(field.name) < collection_.fields.size();
  }

  void complain_of_operator(Field const& field, std::string_view path) {
    std::string what = "no such operator; " + field.name + " has ";
    for (auto const& known : operators_of(field.type)) {
      if (&known != &operators_of(field.type).front()) what += ", ";
      what += known.name;
    }
    if (has_is_null(field)) what += ", is_null";
    complaints.add(path, what);
  }

  Result<RowQuery> finish() && {
    if (query_.conditions.size() > kConditionsMax) {
      complaints.add("filter", "more than " + std::to_string(kConditionsMax) + " conditions");
    }
    if (!complaints.empty()) return complaints.failure();
    return std::move(query_);
  }

  Complaints complaints;

 private:
  Collection const& collection_;
  RowQuery query_;
};

FilterOperator const* find_operator(Field const& field, std::string_view name) {
  for (auto const& known : operators_of(field.type)) {
    if (known.name == name) return &known;
  }
  return nullptr;
}

DecodedValue decode_operand(Field const& field, json::value const& value) {
  if (value.is_null()) return std::unexpected("null is compared with is_null");
  return decode_value(field, value);
}

void decode_operators(Field const& field, json::object const& operators, QueryBuilder& builder) {
  std::string path = "filter." + field.name;
  if (operators.empty()) return builder.complaints.add(path, "no operator");
  for (auto const& member : operators) {
    std::string_view name(member.key().data(), member.key().size());
    std::string deeper = path + "." + std::string(name);
    if (auto const* known = find_operator(field, name)) {
      builder.compare(field, known->comparison, deeper, decode_operand(field, member.value()));
    } else if (name == kIsNull && builder.has_is_null(field)) {
      builder.compare_null(field, deeper, decode_value(truth(), member.value()));
    } else {
      builder.complain_of_operator(field, deeper);
    }
  }
}

// A list tool of a collection.
struct ListTool {
  Collection const& collection;
  domain::CollectionTool const& tool;

  // The field that is an argument of its own by this name; nullptr if none is.
  Field const* find_argument(std::string_view name) const {
    bool is_one = std::ranges::find(tool.require, name) != tool.require.end() ||
                  std::ranges::find(tool.optional, name) != tool.optional.end();
    return is_one ? find_filterable(collection, name) : nullptr;
  }
};

void decode_filter(ListTool const& list, json::value const& filter, QueryBuilder& builder) {
  if (!filter.is_object()) return builder.complaints.add("filter", "not an object");
  for (auto const& member : filter.get_object()) {
    std::string_view name(member.key().data(), member.key().size());
    Field const* field = find_filterable(list.collection, name);
    if (!field) {
      builder.complaints.add_unknown("filter.", name, "field", filterable_names(list.collection));
    } else if (auto why = why_not_filterable(list.tool, name); !why.empty()) {
      builder.complaints.add("filter." + field->name, why);
    } else if (member.value().is_object()) {
      decode_operators(*field, member.value().get_object(), builder);
    } else {
      builder.compare(
          *field, Comparison::equal, "filter." + field->name, decode_operand(*field, member.value())
      );
    }
  }
}

constexpr std::array<std::string_view, 4> kArguments = {"filter", "sort", "limit", "cursor"};

void decode_argument(
    ListTool const& list, std::string_view name, json::value const& value, QueryBuilder& builder
) {
  if (Field const* field = list.find_argument(name)) {
    return builder.compare(*field, Comparison::equal, name, decode_value(*field, value));
  }
  if (name == "filter") return decode_filter(list, value, builder);
  if (name == "limit") return builder.limit(decode_value(whole_number(), value));
  if (name == "sort" || name == "cursor") {
    if (!value.is_string()) return builder.complaints.add(name, "not text");
    return name == "sort" ? builder.sort(view(value.get_string()))
                          : builder.cursor(view(value.get_string()));
  }
  // The slip that a model makes most often.
  if (find_filterable(list.collection, name) && why_not_filterable(list.tool, name).empty()) {
    return builder.complaints.add(name, "no such argument; fields go into filter");
  }
  builder.complaints.add_unknown("", name, "argument", kArguments);
}

void parse_condition(
    Collection const& collection,
    std::string_view name,
    std::string_view value,
    QueryBuilder& builder
) {
  auto dot = name.find('.');
  Field const* field = find_filterable(collection, name.substr(0, dot));
  if (!field) {
    auto known = filterable_names(collection);
    known.insert(known.end(), kArguments.begin() + 1, kArguments.end());
    return builder.complaints.add_unknown("", name, "parameter", known);
  }
  std::string_view wanted = dot == std::string_view::npos ? "eq" : name.substr(dot + 1);
  if (auto const* known = find_operator(*field, wanted)) {
    builder.compare(*field, known->comparison, name, parse_value(*field, value));
  } else if (wanted == kIsNull && builder.has_is_null(*field)) {
    builder.compare_null(*field, name, parse_value(truth(), value));
  } else {
    builder.complain_of_operator(*field, name);
  }
}

Result<std::vector<std::pair<std::string, std::string>>> parse_parameters(std::string_view text) {
  auto pairs = codec::parse_pairs(text);
  if (!pairs) {
    return fail(
        Code::invalid_request, "the query string is not well-formed or has more than 64 parameters"
    );
  }
  return *std::move(pairs);
}

}  // namespace

Result<RowQuery> decode_query(
    Collection const& collection, json::object const& arguments, domain::CollectionTool const& tool
) {
  QueryBuilder builder(collection);
  for (auto const& fixed : tool.where) builder.set(fixed);
  for (auto const& name : tool.require) {
    if (!arguments.contains(name)) builder.complaints.add(name, "required");
  }
  for (auto const& member : arguments) {
    std::string_view name(member.key().data(), member.key().size());
    decode_argument({collection, tool}, name, member.value(), builder);
  }
  return std::move(builder).finish();
}

Result<RowQuery> parse_query(Collection const& collection, std::string_view query_string) {
  auto parameters = TRY(parse_parameters(query_string));
  QueryBuilder builder(collection);
  std::set<std::string_view> seen;
  for (auto const& [name, value] : parameters) {
    if (!seen.insert(name).second) {
      builder.complaints.add(name, "given twice");
    } else if (name == "sort") {
      builder.sort(value);
    } else if (name == "limit") {
      builder.limit(parse_value(whole_number(), value));
    } else if (name == "cursor") {
      builder.cursor(value);
    } else {
      parse_condition(collection, name, value, builder);
    }
  }
  return std::move(builder).finish();
}

Result<void> refuse_parameters(std::string_view query_string) {
  auto parameters = TRY(parse_parameters(query_string));
  Complaints complaints;
  for (auto const& [name, value] : parameters) complaints.add_unknown("", name, "parameter", {});
  if (!complaints.empty()) return complaints.failure();
  return {};
}

}  // namespace keystead::data
