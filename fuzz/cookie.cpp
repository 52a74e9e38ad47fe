// Cookies: one that is found stands in the request as it was sent, whole and once; and one that we
// set is read as what was set, whatever stands around it.
#include "http/cookie.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

namespace {

using namespace keystead;

constexpr std::string_view kName = "__Host-keystead";
constexpr std::string_view kPair = "__Host-keystead=good";

void require(bool holds) {
  if (!holds) std::abort();
}

std::size_t count(std::string_view text, std::string_view what) {
  std::size_t found = 0;
  for (auto at = text.find(what); at != std::string_view::npos; at = text.find(what, at + 1)) {
    ++found;
  }
  return found;
}

std::optional<std::string_view> find(std::string_view first, std::string_view second) {
  std::array<http::Header, 2> headers{{{"Cookie", first}, {"cookie", second}}};
  http::Request request;
  request.headers = headers;
  return http::find_cookie(request, kName);
}

}  // namespace

// Each line is a header.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string_view input(reinterpret_cast<char const*>(data), size);
  auto first = input.substr(0, input.find('\n'));
  auto second = input.substr(std::min(input.size(), first.size() + 1));

  auto found = find(first, second);
  auto named = std::string(kName) + "=";
  std::size_t mentioned = count(first, named) + count(second, named);
  if (found) {
    require(mentioned >= 1 && found->find(';') == std::string_view::npos);
    auto holds = [&](std::string_view header) {
      return found->data() >= header.data() &&
             found->data() + found->size() <= header.data() + header.size();
    };
    require(holds(first) || holds(second));
    std::string_view before(found->data() - named.size(), named.size());
    require(before == named);
  }

  // In front of, behind and beside any other cookies ours is found, unless they hold one of its
  // name.
  std::string around = std::string(first) + ";" + std::string(kPair) + "; " + std::string(second);
  auto ours = find(around, "");
  require(mentioned > 0 || ours == "good");
  if (ours) require(*ours == "good");
  // It is never taken from a request that has it twice.
  require(!find(around, kPair));
  return 0;
}
