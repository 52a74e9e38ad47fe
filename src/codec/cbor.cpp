#include "codec/cbor.hpp"

#include <limits>

#include "codec/utf8.hpp"

namespace keystead::codec {
namespace {

std::unexpected<Failure> refuse(char const* why) {
  return fail(Code::invalid_request, std::string("the CBOR ") + why);
}

}  // namespace

class CborReader {
 public:
  CborReader(std::string_view bytes, CborLimits limits) : rest_(bytes), limits_(limits) {}

  std::string_view rest() const { return rest_; }

  Result<Cbor> read(std::size_t depth = 0) {
    if (depth >= limits_.depth_max) return refuse("is nested too deeply");
    if (++items_ > limits_.items_max) return refuse("has too many items");
    auto head = TRY(read_head());
    Cbor item;
    switch (head.kind) {
      case Kind::number: item.value_ = TRY(number_of(head.argument)); break;
      case Kind::negative: item.value_ = -1 - TRY(number_of(head.argument)); break;
      case Kind::bytes: item.value_ = Cbor::Bytes{TRY(take(head.argument))}; break;
      case Kind::text: item.value_ = TRY(read_text(head.argument)); break;
      case Kind::array: item.value_ = TRY(read_array(head.argument, depth)); break;
      case Kind::map: item.value_ = TRY(read_map(head.argument, depth)); break;
      case Kind::tag: return refuse("has a tag");
      case Kind::simple: TRY(set_simple(item, head.argument)); break;
    }
    return item;
  }

 private:
  enum class Kind { number, negative, bytes, text, array, map, tag, simple };  // RFC 8949 §3.1
  struct Head {
    Kind kind;
    std::uint64_t argument;
  };

  Result<Head> read_head() {
    auto first = static_cast<unsigned char>(TRY(take(1)).front());
    auto kind = static_cast<Kind>(first >> 5);
    unsigned low = first & 31;
    if (low < 24) return Head{kind, low};
    if (low > 27) return refuse("has an indefinite length");
    // The simple values that are known here have one byte.
    if (kind == Kind::simple) return refuse("has a fraction or an unknown value");
    std::uint64_t argument = 0;
    for (char c : TRY(take(1u << (low - 24)))) {
      argument = argument << 8 | static_cast<unsigned char>(c);
    }
    static constexpr std::uint64_t kLeast[] = {24, 1u << 8, 1u << 16, 1ull << 32};
    if (argument < kLeast[low - 24]) return refuse("has a number that is longer than it must be");
    return Head{kind, argument};
  }

  Result<std::string_view> take(std::uint64_t size) {
    if (size > rest_.size()) return refuse("ends too early");
    auto taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }

  static Result<std::int64_t> number_of(std::uint64_t argument) {
    if (argument > std::numeric_limits<std::int64_t>::max())
      return refuse("has too large a number");
    return static_cast<std::int64_t>(argument);
  }

  Result<Cbor::Text> read_text(std::uint64_t size) {
    auto text = TRY(take(size));
    if (!is_utf8(text)) return refuse("has text that is not UTF-8");
    return Cbor::Text{text};
  }

  // The counts are not believed: memory is taken for what is there.
  Result<Cbor::Array> read_array(std::uint64_t count, std::size_t depth) {
    Cbor::Array array;
    for (; count > 0; --count) array.push_back(TRY(read(depth + 1)));
    return array;
  }

  Result<Cbor::Map> read_map(std::uint64_t count, std::size_t depth) {
    Cbor::Map map;
    for (; count > 0; --count) {
      auto key = TRY(read(depth + 1));
      if (!key.integer() && !key.text()) return refuse("has a key that is no number and no text");
      for (auto const& entry : map) {
        if (entry.key.integer() == key.integer() && entry.key.text() == key.text()) {
          return refuse("has a key twice");
        }
      }
      map.push_back({std::move(key), TRY(read(depth + 1))});
    }
    return map;
  }

  static Result<void> set_simple(Cbor& item, std::uint64_t argument) {
    constexpr std::uint64_t kFalse = 20, kTrue = 21, kNull = 22;
    switch (argument) {
      case kFalse: item.value_ = false; return {};
      case kTrue: item.value_ = true; return {};
      case kNull: item.value_ = nullptr; return {};
      default: return refuse("has an unknown value");
    }
  }

  std::string_view rest_;
  CborLimits limits_;
  std::size_t items_ = 0;
};

Result<Cbor> Cbor::take(std::string_view& bytes, CborLimits limits) {
  CborReader reader(bytes, limits);
  auto item = TRY(reader.read());
  bytes = reader.rest();
  return item;
}

Result<Cbor> Cbor::parse(std::string_view bytes, CborLimits limits) {
  auto item = TRY(take(bytes, limits));
  if (!bytes.empty()) return refuse("has something behind it");
  return item;
}

std::optional<std::int64_t> Cbor::integer() const {
  auto const* number = std::get_if<std::int64_t>(&value_);
  if (!number) return std::nullopt;
  return *number;
}

std::optional<std::string_view> Cbor::text() const {
  auto const* text = std::get_if<Text>(&value_);
  if (!text) return std::nullopt;
  return text->view;
}

std::optional<std::string_view> Cbor::bytes() const {
  auto const* bytes = std::get_if<Bytes>(&value_);
  if (!bytes) return std::nullopt;
  return bytes->view;
}

bool Cbor::is_map() const {
  return std::holds_alternative<Map>(value_);
}

Cbor const* Cbor::find(std::int64_t key) const {
  auto const* map = std::get_if<Map>(&value_);
  if (!map) return nullptr;
  for (auto const& entry : *map) {
    if (entry.key.integer() == key) return &entry.value;
  }
  return nullptr;
}

Cbor const* Cbor::find(std::string_view key) const {
  auto const* map = std::get_if<Map>(&value_);
  if (!map) return nullptr;
  for (auto const& entry : *map) {
    if (entry.key.text() == key) return &entry.value;
  }
  return nullptr;
}

}  // namespace keystead::codec
