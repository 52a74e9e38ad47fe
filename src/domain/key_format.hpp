// The grammar of API keys, from configuration: npk_{secret:40},
// nk_{env:live|test}_{id:8}_{secret:32}, nen_{hex:64}, with an optional {crc} at the end. Literal
// text stands for itself; every part has a fixed length, so a key is parsed in one way only.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"

namespace keystead::domain {

struct KeyParts {
  std::string_view environment;  // empty where the format has none
  std::string_view id;           // empty where the format has none
};

struct MintedKey {
  Secret key;
  std::string prefix;  // see ApiKey::prefix
};

class KeyFormat {
 public:
  // Code::invalid_request says what is wrong with the grammar: among others a secret of less than
  // 128 bits, or no literal prefix to recognise a leaked key by.
  static Result<KeyFormat> parse(std::string_view grammar);

  // Code::invalid_request if `environment` is not one of environments(), or is missing where there
  // are some.
  Result<void> check_environment(std::string_view environment) const;

  // A fresh key. Fails as check_environment does.
  Result<MintedKey> mint(Random& random, std::string_view environment = {}) const;

  // Whether `text` is well-formed but for its checksum, which is left out: enough to look for it
  // among keys that are known.
  bool fits(std::string_view text) const { return read(text, Checksum::passed_over).has_value(); }

  // The parts of a well-formed key, as views into `text`; nothing for any other text. The checksum
  // is checked. Takes no secret-dependent branches beyond the alphabet check.
  std::optional<KeyParts> match(std::string_view text) const {
    return read(text, Checksum::checked);
  }

  // The part of ApiKey::prefix that the format calls {id}: what a key may be called in public.
  // Nothing where the format has none before its secret, or the text is not a prefix of it.
  std::optional<std::string_view> id_of_prefix(std::string_view prefix) const;

  std::vector<std::string> const& environments() const { return environments_; }
  std::string const& literal_prefix() const { return literal_prefix_; }
  std::string const& grammar() const { return grammar_; }

 private:
  enum class Checksum { checked, passed_over };
  enum class Kind { literal, environment, id, secret, hex, crc };
  struct Part {
    Kind kind;
    std::string text;        // of a literal
    std::size_t length = 0;  // of id, secret, hex and crc
  };

  std::optional<KeyParts> read(std::string_view text, Checksum checksum) const;

  std::string grammar_;
  std::string literal_prefix_;
  std::vector<Part> parts_;
  std::vector<std::string> environments_;
};

}  // namespace keystead::domain
