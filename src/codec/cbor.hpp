// CBOR as authenticators write it (RFC 8949, CTAP 2.1 §8), read strictly: definite lengths, the
// shortest form of every number, keys that are numbers or text and occur once, no tags, no
// fractions. So no two readers of one item can disagree about it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.hpp"

namespace keystead::codec {

struct CborLimits {
  std::size_t depth_max = 8;
  std::size_t items_max = 256;  // all together
};

// One item. Text and bytes are views of what was read, which outlives it.
class Cbor {
 public:
  // The item that the bytes are, and nothing behind it. Failure is Code::invalid_request.
  static Result<Cbor> parse(std::string_view bytes, CborLimits limits = {});
  // The item that the bytes begin with, which is taken from them.
  static Result<Cbor> take(std::string_view& bytes, CborLimits limits = {});

  // Nothing, or null, for an item of another kind.
  std::optional<std::int64_t> integer() const;
  std::optional<std::string_view> text() const;
  std::optional<std::string_view> bytes() const;
  bool is_map() const;
  // The value of a key in a map; null if there is none.
  Cbor const* find(std::int64_t key) const;
  Cbor const* find(std::string_view key) const;

 private:
  friend class CborReader;
  struct Entry;
  struct Text {
    std::string_view view;
  };
  struct Bytes {
    std::string_view view;
  };
  using Array = std::vector<Cbor>;
  using Map = std::vector<Entry>;

  std::variant<std::nullptr_t, bool, std::int64_t, Text, Bytes, Array, Map> value_;
};

struct Cbor::Entry {
  Cbor key;
  Cbor value;
};

}  // namespace keystead::codec
