// What rows may be filtered by: the fields of a collection and the times of a row, each with the
// comparisons that make sense for its type. The schema of a list tool and the reader of a query say
// the same because both ask here.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "store/tenant_store.hpp"

namespace keystead::data {

struct FilterOperator {
  std::string_view name;  // as in {"due": {"gte": …}} and ?due.gte=
  store::Comparison comparison;
};

// The operators of a type, without is_null, which every field of a collection has.
std::span<FilterOperator const> operators_of(domain::FieldType type);
inline constexpr std::string_view kIsNull = "is_null";

// The field called `name`, or the time created_at or updated_at as a field; nullptr if there is
// none. The collection outlives it.
domain::Field const* find_filterable(domain::Collection const& collection, std::string_view name);
// All of them, those of the collection first.
std::vector<domain::Field const*> filterable_fields(domain::Collection const& collection);

// The field that a list tool takes out of its filter, because its value is fixed or is an argument
// of its own; in words that say which, or empty if it is filtered like any other.
std::string_view why_not_filterable(domain::CollectionTool const& tool, std::string_view field);

// What rows may be sorted by: id first, then the fields, then created_at and updated_at. A minus
// before it turns the order round.
std::vector<std::string_view> sortable_names(domain::Collection const& collection);

}  // namespace keystead::data
