// Where the SQL of rows differs from one database to the other. What is not here is written so that
// both take it and mean the same by it.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace keystead::store {

struct Dialect {
  char mark;  // begins a parameter, before its number
  // The columns that say whose a row is. Every primary key begins with them, and they are the first
  // parameters of every statement.
  std::span<std::string_view const> owner;
  std::string_view like;  // matches a pattern, in which a-z and A-Z are the same
  std::size_t name_max;   // bytes of a table's, a column's or an index's name

  std::string parameter(std::size_t number) const { return mark + std::to_string(number); }
};

}  // namespace keystead::store
