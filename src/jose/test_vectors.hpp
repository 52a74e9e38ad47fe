// Public test vectors, read at run time: from KEYSTEAD_TESTDATA, or from beside the checkout.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

namespace keystead::jose {

inline std::filesystem::path vectors_folder() {
  char const* named = std::getenv("KEYSTEAD_TESTDATA");
  if (named) return named;
  return std::filesystem::path(KEYSTEAD_SOURCE_DIR) / "../shared/testdata";
}

// Nothing if the file is not there. The reader is a lenient one, of its own: the vectors hold JSON
// that ours refuses.
inline std::optional<boost::json::object> read_vectors(std::string_view name) {
  std::ifstream file(vectors_folder() / name);
  if (!file) return std::nullopt;
  std::string text{std::istreambuf_iterator<char>(file), {}};
  return boost::json::parse(text).as_object();
}

inline std::string text_at(boost::json::object const& object, std::string_view name) {
  auto const* value = object.if_contains(name);
  return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

}  // namespace keystead::jose
