#include "store/pepper.hpp"

#include <algorithm>
#include <array>
#include <bitset>
#include <charconv>
#include <functional>
#include <string>

#include "codec/base64url.hpp"
#include "store/private_file.hpp"

namespace keystead::store {
namespace {

constexpr std::size_t kBytesMin = 32;
constexpr std::size_t kFileBytesMax = 65536;
constexpr int kVersionMax = 1'000'000;
// Thirty-two random bytes have fewer distinct values than this once in 10^36 draws.
constexpr std::size_t kDistinctMin = 8;

std::unexpected<Failure> refuse(std::string text) {
  return fail(Code::invalid_request, "the pepper " + std::move(text));
}

bool is_monotonous(std::string_view bytes) {
  std::bitset<256> seen;
  for (char c : bytes) seen.set(static_cast<unsigned char>(c));
  return seen.count() < kDistinctMin;
}

Result<Pepper> parse_value(std::string_view value, int version) {
  if (is_placeholder(value)) return refuse("is a placeholder: generate 32 random bytes instead");
  auto decoded = codec::base64url_decode(value);
  if (!decoded) return refuse("is malformed: expected base64url without padding");
  Pepper pepper{version, Secret(std::move(*decoded))};
  if (pepper.bytes.reveal().size() < kBytesMin) return refuse("is shorter than 32 bytes");
  if (is_monotonous(pepper.bytes.reveal())) return refuse("is not random: it repeats a few bytes");
  return pepper;
}

Result<int> parse_version(std::string_view text) {
  int version = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), version);
  bool is_whole = error == std::errc{} && end == text.data() + text.size();
  if (!is_whole || text.front() == '0' || version < 1 || version > kVersionMax) {
    return refuse("is malformed: a version is a number from 1");
  }
  return version;
}

Result<Pepper> parse_line(std::string_view line) {
  std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || colon == 0) {
    return refuse("is malformed: a line is N:base64url");
  }
  int version = TRY(parse_version(line.substr(0, colon)));
  return parse_value(line.substr(colon + 1), version);
}

Result<std::vector<Pepper>> parse_lines(std::string_view text) {
  std::vector<Pepper> peppers;
  while (!text.empty()) {
    std::size_t end = std::min(text.find('\n'), text.size());
    if (end > 0) peppers.push_back(TRY(parse_line(text.substr(0, end))));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  if (peppers.empty()) return refuse("is empty");
  std::ranges::sort(peppers, std::greater{}, &Pepper::version);
  if (std::ranges::adjacent_find(peppers, {}, &Pepper::version) != peppers.end()) {
    return refuse("names a version twice");
  }
  return peppers;
}

Secret fresh_line(Random& random) {
  std::array<unsigned char, kBytesMin> bytes{};
  random.fill(bytes);
  Secret raw(std::string(reinterpret_cast<char const*>(bytes.data()), bytes.size()));
  ::explicit_bzero(bytes.data(), bytes.size());
  Secret value(codec::base64url_encode(raw.reveal()));
  std::string line = "1:";
  line.reserve(2 + value.reveal().size() + 1);
  line += value.reveal();
  line += '\n';
  return Secret(std::move(line));
}

}  // namespace

// The words are long enough not to turn up in random text.
bool is_placeholder(std::string_view text) {
  std::string letters;
  for (char c : text) {
    if (c >= 'A' && c <= 'Z')
      letters += static_cast<char>(c - 'A' + 'a');
    else if (c >= 'a' && c <= 'z')
      letters += c;
  }
  constexpr std::string_view kWords[] = {
      "changeme",
      "changethis",
      "replaceme",
      "placeholder",
      "yourpepper",
      "yoursecret",
      "password",
      "supersecret",
      "examplepepper"
  };
  constexpr std::string_view kWhole[] = {"secret", "pepper", "default", "example", "test", "todo"};
  return std::ranges::any_of(kWords, [&](auto word) { return letters.contains(word); }) ||
         std::ranges::find(kWhole, letters) != std::end(kWhole);
}

Result<std::vector<Pepper>> parse_pepper(Secret const& secret) {
  std::string_view text = secret.reveal();
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.remove_suffix(1);
  if (text.empty()) return refuse("is empty");
  if (text.contains(':')) return parse_lines(text);
  std::vector<Pepper> peppers;
  peppers.push_back(TRY(parse_value(text, 1)));
  return peppers;
}

Result<std::vector<Pepper>> load_pepper(
    std::filesystem::path const& data_folder, StoredKeys stored_keys, Random& random
) {
  auto file = data_folder / "pepper";
  auto text = TRY(read_private(file, kFileBytesMax));
  if (!text && stored_keys == StoredKeys::some) {
    return fail(
        Code::not_found,
        "the pepper is missing: " + file.string() +
            " belongs to the keys in the database; restore it from the backup"
    );
  }
  if (!text) {
    text = fresh_line(random);
    TRY(write_private(file, *text));
  }
  auto peppers = parse_lines(text->reveal());
  if (!peppers) peppers.error().public_text += " (" + file.string() + ")";
  return peppers;
}

}  // namespace keystead::store
