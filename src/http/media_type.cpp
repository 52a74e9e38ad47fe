#include "http/media_type.hpp"

#include "http/request.hpp"

namespace keystead::http {

bool is_media_type(std::string_view content_type, std::string_view type) {
  auto bare = content_type.substr(0, content_type.find(';'));
  return equals_ignoring_case(bare.substr(0, bare.find_last_not_of(" \t") + 1), type);
}

}  // namespace keystead::http
