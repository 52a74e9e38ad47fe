#include "http/fetcher.hpp"

#include <utility>

#include "http/request.hpp"

namespace keystead::http {

std::string_view FetchAnswer::find(std::string_view name) const {
  for (FetchHeader const& header : headers) {
    if (equals_ignoring_case(header.name, name)) return header.value;
  }
  return {};
}

std::unexpected<Failure> fetch_failed(std::string reason) {
  return fail(Code::unavailable, std::string(Fetcher::kFailed), std::move(reason));
}

}  // namespace keystead::http
