// JSON: what is accepted means the same after it has been written and read again.
#include "codec/json.hpp"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  using namespace keystead::codec;
  auto value = parse_json({reinterpret_cast<char const*>(data), size});
  if (!value) return 0;
  auto text = to_text(*value);
  auto again = parse_json(text);
  if (!again || to_text(*again) != text) std::abort();
  return 0;
}
