#include "codec/json.hpp"

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/value_stack.hpp>
#include <charconv>
#include <cmath>
#include <unordered_set>
#include <vector>

namespace keystead::codec {
namespace {

// The member names of the objects that are open while a document is read, to see a name that comes twice.
class OpenNames {
 public:
  void open() { objects_.push_back({names_.size(), {}}); }
  void close() {
    names_.resize(objects_.back().first_name);
    objects_.pop_back();
  }

  // False if the innermost object has this name already.
  bool add(std::string_view name) {
    Object& object = objects_.back();
    std::size_t count = names_.size() - object.first_name;
    if (count < kLinearMax) {
      auto begin = names_.begin() + static_cast<std::ptrdiff_t>(object.first_name);
      if (std::find(begin, names_.end(), name) != names_.end()) return false;
    } else {
      // A long object would make the linear search quadratic, which a caller could abuse.
      if (object.seen.empty()) {
        object.seen.insert(
            names_.begin() + static_cast<std::ptrdiff_t>(object.first_name), names_.end()
        );
      }
      if (!object.seen.emplace(name).second) return false;
    }
    names_.emplace_back(name);
    return true;
  }

 private:
  static constexpr std::size_t kLinearMax = 16;
  struct Object {
    std::size_t first_name;
    std::unordered_set<std::string> seen;
  };
  std::vector<Object> objects_;
  std::vector<std::string> names_;
};

struct StrictHandler {
  using error_code = json::error_code;
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);

  explicit StrictHandler(json::storage_ptr storage) { values.reset(std::move(storage)); }

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }
  bool on_object_begin(error_code&) {
    names.open();
    return true;
  }
  bool on_object_end(std::size_t count, error_code&) {
    names.close();
    values.push_object(count);
    return true;
  }
  bool on_array_begin(error_code&) { return true; }
  bool on_array_end(std::size_t count, error_code&) {
    values.push_array(count);
    return true;
  }
  bool on_key_part(std::string_view part, std::size_t, error_code&) {
    name.append(part);
    values.push_chars({part.data(), part.size()});
    return true;
  }
  bool on_key(std::string_view part, std::size_t, error_code& ec) {
    name.append(part);
    bool is_new = names.add(name);
    name.clear();
    if (!is_new) {
      duplicate = true;
      ec = json::error::syntax;
      return false;
    }
    values.push_key({part.data(), part.size()});
    return true;
  }
  bool on_string_part(std::string_view part, std::size_t, error_code&) {
    values.push_chars({part.data(), part.size()});
    return true;
  }
  bool on_string(std::string_view part, std::size_t, error_code&) {
    values.push_string({part.data(), part.size()});
    return true;
  }
  bool on_number_part(std::string_view, error_code&) { return true; }
  bool on_int64(std::int64_t number, std::string_view, error_code&) {
    values.push_int64(number);
    return true;
  }
  bool on_uint64(std::uint64_t number, std::string_view, error_code&) {
    values.push_uint64(number);
    return true;
  }
  bool on_double(double number, std::string_view, error_code& ec) {
    // 1e400 has no double; infinity would not survive being written again.
    if (!std::isfinite(number)) {
      ec = json::error::exponent_overflow;
      return false;
    }
    values.push_double(number);
    return true;
  }
  bool on_bool(bool truth, error_code&) {
    values.push_bool(truth);
    return true;
  }
  bool on_null(error_code&) {
    values.push_null();
    return true;
  }
  bool on_comment_part(std::string_view, error_code&) { return true; }
  bool on_comment(std::string_view, error_code&) { return true; }

  json::value_stack values;
  OpenNames names;
  std::string name;
  bool duplicate = false;
};

// Boost writes 1.5 as 1.5E0; people read what we answer.
void append_number(std::string& out, auto number) {
  char digits[32];
  auto [end, error] = std::to_chars(digits, digits + sizeof digits, number);
  out.append(digits, end);
}

void append_object(std::string& out, json::object const& object) {
  char separator = '{';
  for (auto const& [name, value] : object) {
    out += separator;
    append_quoted(out, name);
    out += ':';
    append_text(out, value);
    separator = ',';
  }
  out += object.empty() ? "{}" : "}";
}

void append_array(std::string& out, json::array const& array) {
  char separator = '[';
  for (auto const& value : array) {
    out += separator;
    append_text(out, value);
    separator = ',';
  }
  out += array.empty() ? "[]" : "]";
}

std::string say(std::string_view what, std::size_t offset) {
  return std::string(what) + " at byte " + std::to_string(offset);
}

}  // namespace

Result<json::value> parse_json(
    std::string_view text, json::storage_ptr storage, JsonLimits limits
) {
  json::parse_options options;
  options.max_depth = limits.depth_max;
  json::basic_parser<StrictHandler> parser(options, std::move(storage));
  json::error_code ec;
  std::size_t used = parser.write_some(false, text.data(), text.size(), ec);
  if (ec) {
    if (parser.handler().duplicate) {
      return fail(Code::invalid_request, say("duplicate member name", used));
    }
    if (ec == json::error::too_deep) {
      return fail(Code::invalid_request, say("nesting too deep", used));
    }
    return fail(Code::invalid_request, say("not valid JSON", used), ec.message());
  }
  if (text.find_first_not_of(" \t\r\n", used) != std::string_view::npos) {
    return fail(Code::invalid_request, say("text after the JSON value", used));
  }
  return parser.handler().values.release();
}

void append_text(std::string& out, json::value const& value) {
  switch (value.kind()) {
    case json::kind::object: return append_object(out, value.get_object());
    case json::kind::array: return append_array(out, value.get_array());
    case json::kind::string: return append_quoted(out, value.get_string());
    case json::kind::int64: return append_number(out, value.get_int64());
    case json::kind::uint64: return append_number(out, value.get_uint64());
    case json::kind::double_: return append_number(out, value.get_double());
    case json::kind::bool_: out += value.get_bool() ? "true" : "false"; return;
    case json::kind::null: out += "null"; return;
  }
}

std::string to_text(json::value const& value) {
  std::string out;
  append_text(out, value);
  return out;
}

void append_quoted(std::string& out, std::string_view text) {
  constexpr char kHex[] = "0123456789abcdef";
  out += '"';
  for (char c : text) {
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          out += "\\u00";
          out += kHex[(c >> 4) & 15];
          out += kHex[c & 15];
        } else {
          out += c;
        }
    }
  }
  out += '"';
}

}  // namespace keystead::codec
