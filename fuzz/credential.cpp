// Credentials: two lines of input are the values of two headers, the third is the query; then each
// is tried as a key.
#include "authn/credential.hpp"

#include <cstdint>
#include <cstdlib>

#include "domain/key_format.hpp"

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  using namespace keystead;
  static auto const kFormat =
      domain::KeyFormat::parse("nk_{env:live|test}_{id:8}_{secret:32}{crc}").value();
  std::string_view input(reinterpret_cast<char const*>(data), size);
  auto take_line = [&] {
    auto line = input.substr(0, input.find('\n'));
    input.remove_prefix(std::min(input.size(), line.size() + 1));
    return line;
  };
  std::array<http::Header, 2> headers{{{"Authorization", take_line()}, {"X-API-Key", take_line()}}};
  http::Request request;
  request.headers = headers;
  request.query = input;
  auto credential = authn::read_credential(request, {});
  if (!credential) return 0;
  if (auto const* key = std::get_if<authn::PresentedKey>(&*credential)) {
    // Both headers were sent, so they must have agreed.
    if (key->text != headers[1].value) std::abort();
    auto parts = kFormat.match(key->text);
    if (parts && parts->id.size() != 8) std::abort();
  }
  return 0;
}
