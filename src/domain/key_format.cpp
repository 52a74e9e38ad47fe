#include "domain/key_format.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "codec/crc32.hpp"

namespace keystead::domain {
namespace {

constexpr std::string_view kBase62 =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kHex = "0123456789abcdef";
constexpr std::size_t kChecksumLength = 6;  // base62 digits that hold 32 bits
constexpr std::size_t kPartLengthMax = 128;
constexpr double kSecretBitsMin = 128;
constexpr std::size_t kShownOfSecret = 4;

// A table, because a key is checked against its alphabet in every request.
constexpr auto table_of(std::string_view alphabet) {
  std::array<bool, 256> table{};
  for (char c : alphabet) table[static_cast<unsigned char>(c)] = true;
  return table;
}
constexpr auto kIsBase62 = table_of(kBase62);
constexpr auto kIsHex = table_of(kHex);

// Looks at every character, whatever it finds: a branch less for each of them.
bool all_in(std::string_view text, std::array<bool, 256> const& alphabet) {
  bool inside = true;
  for (char c : text) inside &= alphabet[static_cast<unsigned char>(c)];
  return inside;
}

// The CRC-32 of what stands before it as six base62 digits, most significant first.
std::string checksum(std::string_view text) {
  std::uint32_t value = codec::crc32(text);
  std::string digits(kChecksumLength, '0');
  for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit, value /= 62) {
    *digit = kBase62[value % 62];
  }
  return digits;
}

// Uniform characters: a byte beyond the largest multiple of the alphabet's size is thrown away, not
// folded.
std::string draw(Random& random, std::string_view alphabet, std::size_t length) {
  std::string text;
  text.reserve(length);
  unsigned limit = 256 - 256 % static_cast<unsigned>(alphabet.size());
  std::array<unsigned char, 64> bytes;
  while (text.size() < length) {
    random.fill(bytes);
    for (unsigned char byte : bytes) {
      if (byte < limit && text.size() < length) text += alphabet[byte % alphabet.size()];
    }
  }
  ::explicit_bzero(bytes.data(), bytes.size());
  return text;
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> pieces;
  while (true) {
    auto at = text.find(separator);
    pieces.emplace_back(text.substr(0, at));
    if (at == std::string_view::npos) return pieces;
    text.remove_prefix(at + 1);
  }
}

Result<std::size_t> read_length(std::string_view name, std::string_view text) {
  std::size_t length = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), length);
  if (error != std::errc{} || end != text.data() + text.size() || length == 0 ||
      length > kPartLengthMax) {
    return fail(
        Code::invalid_request,
        "key format: {" + std::string(name) + ":N} needs a length from 1 to " +
            std::to_string(kPartLengthMax)
    );
  }
  return length;
}

}  // namespace

Result<KeyFormat> KeyFormat::parse(std::string_view grammar) {
  KeyFormat format;
  format.grammar_ = grammar;
  double secret_bits = 0;
  int secrets = 0;
  std::string_view rest = grammar;
  while (!rest.empty()) {
    if (!format.parts_.empty() && format.parts_.back().kind == Kind::crc) {
      return fail(Code::invalid_request, "key format: {crc} must come last");
    }
    if (rest.front() != '{') {
      auto literal = rest.substr(0, rest.find('{'));
      rest.remove_prefix(literal.size());
      if (!std::ranges::all_of(literal, [](char c) {
            return kBase62.contains(c) || c == '_' || c == '-';
          })) {
        return fail(
            Code::invalid_request, "key format: literal text may hold letters, digits, _ and - only"
        );
      }
      format.parts_.push_back({Kind::literal, std::string(literal), literal.size()});
      continue;
    }
    auto close = rest.find('}');
    if (close == std::string_view::npos)
      return fail(Code::invalid_request, "key format: a { is never closed");
    auto inside = rest.substr(1, close - 1);
    rest.remove_prefix(close + 1);
    auto colon = inside.find(':');
    auto name = inside.substr(0, colon);
    auto argument = colon == std::string_view::npos ? std::string_view() : inside.substr(colon + 1);
    if (name == "secret" || name == "hex") {
      auto length = TRY(read_length(name, argument));
      secret_bits += static_cast<double>(length) * (name == "hex" ? 4.0 : std::log2(62.0));
      ++secrets;
      format.parts_.push_back({name == "hex" ? Kind::hex : Kind::secret, {}, length});
    } else if (name == "id") {
      auto length = TRY(read_length(name, argument));
      format.parts_.push_back({Kind::id, {}, length});
    } else if (name == "env") {
      if (!format.environments_.empty())
        return fail(Code::invalid_request, "key format: {env:…} comes twice");
      format.environments_ = split(argument, '|');
      for (auto const& environment : format.environments_) {
        if (environment.empty() || !all_in(environment, kIsBase62)) {
          return fail(
              Code::invalid_request, "key format: {env:a|b} needs names of letters and digits"
          );
        }
        for (auto const& other : format.environments_) {
          if (&other != &environment && other.starts_with(environment)) {
            return fail(
                Code::invalid_request,
                "key format: environment \"" + environment + "\" begins \"" + other +
                    "\", so a key could be read in two ways"
            );
          }
        }
      }
      format.parts_.push_back({Kind::environment, {}, 0});
    } else if (name == "crc") {
      format.parts_.push_back({Kind::crc, {}, kChecksumLength});
    } else {
      return fail(
          Code::invalid_request,
          "key format: {" + std::string(inside) +
              "} is unknown; there are {secret:N}, {hex:N}, {id:N}, {env:a|b} and {crc}"
      );
    }
  }
  if (secrets != 1)
    return fail(Code::invalid_request, "key format: exactly one {secret:N} or {hex:N} is needed");
  if (secret_bits < kSecretBitsMin) {
    return fail(
        Code::invalid_request,
        "key format: the secret has less than 128 bits; use {secret:22} or {hex:32} at least"
    );
  }
  if (format.parts_.front().kind != Kind::literal || format.parts_.front().text.size() < 2) {
    return fail(
        Code::invalid_request,
        "key format: it must begin with literal text such as \"abc_\", by which a leaked key is "
        "known"
    );
  }
  format.literal_prefix_ = format.parts_.front().text;
  return format;
}

Result<void> KeyFormat::check_environment(std::string_view environment) const {
  if (environments_.empty()) {
    if (environment.empty()) return {};
    return fail(Code::invalid_request, "these keys have no environments");
  }
  if (std::ranges::find(environments_, environment) != environments_.end()) return {};
  std::string names;
  for (auto const& name : environments_) names += (names.empty() ? "" : ", ") + name;
  return fail(Code::invalid_request, "environment must be one of: " + names);
}

Result<MintedKey> KeyFormat::mint(Random& random, std::string_view environment) const {
  TRY(check_environment(environment));
  std::string key;
  std::string prefix;
  bool has_id = false;
  for (Part const& part : parts_) {
    switch (part.kind) {
      case Kind::literal: key += part.text; break;
      case Kind::environment: key += environment; break;
      case Kind::id:
        key += draw(random, kBase62, part.length);
        has_id = true;
        break;
      case Kind::secret:
      case Kind::hex: {
        std::string secret = draw(random, part.kind == Kind::hex ? kHex : kBase62, part.length);
        prefix = has_id ? key : key + secret.substr(0, kShownOfSecret);
        key += secret;
        ::explicit_bzero(secret.data(), secret.size());
        break;
      }
      case Kind::crc: key += checksum(key); break;
    }
  }
  return MintedKey{Secret(std::move(key)), std::move(prefix)};
}

std::optional<KeyParts> KeyFormat::read(std::string_view text, Checksum wanted) const {
  KeyParts found;
  std::string_view rest = text;
  for (Part const& part : parts_) {
    if (part.kind == Kind::environment) {
      for (auto const& environment : environments_) {
        if (rest.starts_with(environment)) found.environment = rest.substr(0, environment.size());
      }
      if (found.environment.empty()) return std::nullopt;
      rest.remove_prefix(found.environment.size());
      continue;
    }
    if (rest.size() < part.length) return std::nullopt;
    auto piece = rest.substr(0, part.length);
    rest.remove_prefix(part.length);
    bool well_formed = false;
    switch (part.kind) {
      case Kind::literal: well_formed = piece == part.text; break;
      case Kind::hex: well_formed = all_in(piece, kIsHex); break;
      case Kind::crc:
        if (wanted == Checksum::passed_over) {
          well_formed = all_in(piece, kIsBase62);
          break;
        }
        well_formed =
            piece == checksum(text.substr(0, text.size() - rest.size() - kChecksumLength));
        break;
      default: well_formed = all_in(piece, kIsBase62);
    }
    if (!well_formed) return std::nullopt;
    if (part.kind == Kind::id) found.id = piece;
  }
  if (!rest.empty()) return std::nullopt;
  return found;
}

std::optional<std::string_view> KeyFormat::id_of_prefix(std::string_view prefix) const {
  for (Part const& part : parts_) {
    std::size_t length = part.length;
    if (part.kind == Kind::environment) {
      for (auto const& environment : environments_) {
        if (prefix.starts_with(environment)) length = environment.size();
      }
      if (length == 0) return std::nullopt;
    }
    if (prefix.size() < length) return std::nullopt;
    auto piece = prefix.substr(0, length);
    if (part.kind == Kind::literal && piece != part.text) return std::nullopt;
    if (part.kind == Kind::secret || part.kind == Kind::hex) return std::nullopt;
    if (part.kind == Kind::id)
      return all_in(piece, kIsBase62) ? std::optional(piece) : std::nullopt;
    prefix.remove_prefix(length);
  }
  return std::nullopt;
}

}  // namespace keystead::domain
