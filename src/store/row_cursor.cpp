#include "store/row_cursor.hpp"

#include <bit>
#include <cmath>

#include <boost/json/array.hpp>

#include "base/id.hpp"
#include "codec/base64url.hpp"
#include "codec/json.hpp"

namespace keystead::store {
namespace {

namespace json = codec::json;
using domain::FieldValue;

constexpr std::size_t kCursorBytesMax = 262'144;

std::unexpected<Failure> refuse() {
  return fail(Code::invalid_request, "cursor: not a cursor");
}

// A double goes as its bits in an array of one, because its decimal text might come back as a
// neighbour, which would repeat or skip a row.
json::value to_json(FieldValue const& value) {
  if (auto const* text = std::get_if<std::string>(&value)) return json::value(*text);
  if (auto const* whole = std::get_if<std::int64_t>(&value)) return json::value(*whole);
  if (auto const* real = std::get_if<double>(&value)) {
    return json::array{std::bit_cast<std::int64_t>(*real)};
  }
  return nullptr;
}

std::optional<FieldValue> from_json(json::value const& value) {
  if (value.is_null()) return std::monostate{};
  if (value.is_int64()) return value.get_int64();
  if (value.is_string()) {
    std::string text(value.get_string());
    // No stored text holds a NUL, and PostgreSQL fails on one.
    if (text.contains('\0')) return std::nullopt;
    return text;
  }
  if (!value.is_array() || value.get_array().size() != 1) return std::nullopt;
  auto const& bits = value.get_array()[0];
  if (!bits.is_int64()) return std::nullopt;
  double real = std::bit_cast<double>(bits.get_int64());
  if (!std::isfinite(real)) return std::nullopt;
  return real;
}

}  // namespace

std::string write_cursor(std::string_view sort, bool descending, RowCursor const& cursor) {
  json::array parts{json::value(sort), descending, to_json(cursor.value), json::value(cursor.id)};
  return codec::base64url_encode(codec::to_text(parts));
}

Result<RowCursor> read_cursor(std::string_view text, std::string_view sort, bool descending) {
  if (text.size() > kCursorBytesMax) return refuse();
  auto decoded = codec::base64url_decode(text);
  if (!decoded) return refuse();
  auto parsed = codec::parse_json(*decoded, {}, {.depth_max = 2});
  if (!parsed || !parsed->is_array() || parsed->get_array().size() != 4) return refuse();
  auto const& parts = parsed->get_array();
  if (!parts[0].is_string() || !parts[1].is_bool() || !parts[3].is_string()) return refuse();
  if (parts[0].get_string() != sort || parts[1].get_bool() != descending) {
    return fail(Code::invalid_request, "cursor: it belongs to another sort order");
  }
  auto value = from_json(parts[2]);
  std::string id(parts[3].get_string());
  if (!value || !parse_uuid(id)) return refuse();
  return RowCursor{std::move(*value), std::move(id)};
}

}  // namespace keystead::store
