// HTTP requests: whatever arrives, in whatever portions, is read in one way.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "http/request_parser.hpp"

namespace {

using namespace keystead::http;

// What the parser made of the first message, when the bytes come in portions of this size.
std::string read(std::string_view input, std::size_t portion) {
  RequestParser parser(
      {.request_line = 512, .header_bytes = 1024, .header_count = 8, .body = 1024}
  );
  std::string buffer;
  auto progress = RequestParser::Progress::need_more;
  while (progress == RequestParser::Progress::need_more && !input.empty()) {
    buffer += input.substr(0, portion);
    input.remove_prefix(std::min(portion, input.size()));
    std::span<char> message(buffer);
    progress = parser.read(message);
    buffer.resize(message.size());
  }
  if (progress == RequestParser::Progress::need_more) return "more";
  if (progress == RequestParser::Progress::refused) return std::to_string(parser.refusal().status);
  Request const& request = parser.request();
  std::string text(request.method_text);
  text.append(" ")
      .append(request.path)
      .append("?")
      .append(request.query)
      .append(" ")
      .append(request.host)
      .append("\n");
  for (Header const& header : request.headers)
    text.append(header.name).append(":").append(header.value).append("\n");
  return text.append(request.body);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string_view input(reinterpret_cast<char const*>(data), size);
  auto whole = read(input, size ? size : 1);
  if (read(input, 1) != whole || read(input, 5) != whole) std::abort();
  return 0;
}
