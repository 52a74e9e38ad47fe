// Answers of other servers: whatever arrives, in whatever portions, is read in one way and within
// the limit.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "http/answer_reader.hpp"

namespace {

constexpr std::size_t kBodyMax = 64;

std::string read(std::string_view input, std::size_t portion) {
  keystead::http::AnswerReader reader(kBodyMax);
  keystead::Result<bool> complete = false;
  while (complete && !*complete && !input.empty()) {
    complete = reader.read(input.substr(0, portion));
    input.remove_prefix(std::min(portion, input.size()));
  }
  if (!complete || (!*complete && !reader.end())) return "refused";
  auto answer = reader.take();
  if (answer.body.size() > kBodyMax) std::abort();
  std::string text = std::to_string(answer.status) + "\n";
  for (auto const& [name, value] : answer.headers) text += name + ":" + value + "\n";
  return text + answer.body;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string_view input(reinterpret_cast<char const*>(data), size);
  auto whole = read(input, size + 1);
  if (read(input, 1) != whole || read(input, 5) != whole) std::abort();
  return 0;
}
