// For tests: a collection with a field of every type.
#pragma once

#include <stdexcept>

#include "domain/collection.hpp"

namespace keystead::data {

inline domain::Field test_field(std::string name, domain::FieldType type) {
  domain::Field field;
  field.name = std::move(name);
  field.type = type;
  return field;
}

inline Time test_time(std::string_view text) {
  auto time = parse_time(text);
  if (!time) throw std::invalid_argument(std::string(text));
  return *time;
}

inline domain::Collection test_collection() {
  using domain::FieldType;
  domain::Collection tasks;
  tasks.name = "tasks";
  tasks.description = "What the team has to do.";
  auto title = test_field("title", FieldType::text);
  title.required = true;
  title.length_max = 20;
  title.description = "What is to be done.";
  auto status = test_field("status", FieldType::choice);
  status.required = true;
  status.choices = {"open", "done"};
  status.default_value = domain::FieldValue(std::string("open"));
  auto color = test_field("color", FieldType::text);
  auto slug = test_field("slug", FieldType::text);
  slug.unique = true;
  tasks.fields = {
      title,
      status,
      test_field("due", FieldType::date),
      test_field("at", FieldType::datetime),
      test_field("count", FieldType::integer),
      test_field("price", FieldType::number),
      test_field("urgent", FieldType::boolean),
      color,
      slug,
  };
  return tasks;
}

}  // namespace keystead::data
