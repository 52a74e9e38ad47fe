#include "codec/duplicate_name.hpp"

#include <limits>
#include <string>
#include <unordered_set>
#include <vector>

#include <boost/json/basic_parser_impl.hpp>

namespace keystead::codec {
namespace {

namespace json = boost::json;

// Keeps the names of the objects that are open, and stops at one that is there already.
struct NameHandler {
  using error_code = json::error_code;
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }
  bool on_object_begin(error_code&) {
    open.emplace_back();
    return true;
  }
  bool on_object_end(std::size_t, error_code&) {
    open.pop_back();
    return true;
  }
  bool on_array_begin(error_code&) { return true; }
  bool on_array_end(std::size_t, error_code&) { return true; }
  bool on_key_part(std::string_view part, std::size_t, error_code&) {
    name.append(part);
    return true;
  }
  bool on_key(std::string_view part, std::size_t, error_code& ec) {
    name.append(part);
    bool is_new = open.back().insert(std::move(name)).second;
    name.clear();
    if (!is_new) ec = json::error::syntax;
    return is_new;
  }
  bool on_string_part(std::string_view, std::size_t, error_code&) { return true; }
  bool on_string(std::string_view, std::size_t, error_code&) { return true; }
  bool on_number_part(std::string_view, error_code&) { return true; }
  bool on_int64(std::int64_t, std::string_view, error_code&) { return true; }
  bool on_uint64(std::uint64_t, std::string_view, error_code&) { return true; }
  bool on_double(double, std::string_view, error_code&) { return true; }
  bool on_bool(bool, error_code&) { return true; }
  bool on_null(error_code&) { return true; }
  bool on_comment_part(std::string_view, error_code&) { return true; }
  bool on_comment(std::string_view, error_code&) { return true; }

  std::vector<std::unordered_set<std::string>> open;
  std::string name;
};

}  // namespace

std::size_t find_duplicate_name(std::string_view document) {
  json::parse_options options;
  options.max_depth = std::numeric_limits<std::size_t>::max();
  json::basic_parser<NameHandler> parser(options);
  json::error_code ec;
  std::size_t used = parser.write_some(false, document.data(), document.size(), ec);
  return ec ? used : document.size();
}

}  // namespace keystead::codec
