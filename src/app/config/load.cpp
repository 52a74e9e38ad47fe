#include <algorithm>
#include <fstream>
#include <iterator>
#include <utility>

#include "app/config/checks.hpp"
#include "app/config/config.hpp"
#include "app/config/reader.hpp"
#include "app/config/yaml.hpp"

namespace keystead::app {
namespace {

std::unexpected<Failure> refuse(std::string_view file_name, std::vector<Mistake> const& mistakes) {
  std::string text;
  for (Mistake const& mistake : mistakes) {
    if (!text.empty()) text += '\n';
    text += std::string(file_name) + ":" + std::to_string(mistake.line) + ": " + mistake.text;
  }
  return fail(Code::invalid_request, std::move(text));
}

}  // namespace

Result<Config> parse_config(
    std::string_view text, std::string_view file_name, Environment const& environment
) {
  auto root = read_yaml(text);
  if (!root) return refuse(file_name, {root.error()});
  if (root->kind == YamlNode::Kind::null) return refuse(file_name, {{1, "the file is empty"}});

  Config config;
  Reading in(environment);
  read_value(in, *root, "", config, Rule{});
  finish_config(in, config, std::filesystem::path(file_name).parent_path());
  if (!in.mistakes().empty()) return refuse(file_name, in.mistakes());
  return config;
}

Result<Config> load_config(std::filesystem::path const& file) {
  std::ifstream stream(file, std::ios::binary);
  // One byte more than may be there, so that a larger file is seen to be too large without being
  // read.
  std::string text(YamlLimits{}.bytes + 1, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(std::max<std::streamsize>(stream.gcount(), 0)));
  if (!stream.is_open() || stream.bad()) {
    return fail(Code::not_found, file.string() + ": the file cannot be read");
  }
  return parse_config(text, file.string(), process_environment());
}

}  // namespace keystead::app
