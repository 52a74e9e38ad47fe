// Secrets as the file names them: always by a reference to the environment.
#include <optional>
#include <utility>

#include "app/config/reader.hpp"
#include "store/pepper.hpp"

namespace keystead::app {
namespace {

std::optional<std::string> secret_text(
    Reading& in, YamlNode const& node, std::string const& path, std::string_view advice
) {
  auto text = in.scalar(node, path, "${NAME}");
  if (!text) return std::nullopt;
  if (text->from_environment && !text->holds_default) return std::move(text->text);
  in.complain(node.line, path, "a secret does not belong in this file: " + std::string(advice));
  return std::nullopt;
}

}  // namespace

void read_value(
    Reading& in, YamlNode const& node, std::string const& path, Pepper out, Rule const&
) {
  auto text = secret_text(in, node, path, "write ${NAME}, or use pepper_file");
  if (!text) return;
  Secret pepper(std::move(*text));
  if (auto parsed = store::parse_pepper(pepper); !parsed) {
    in.complain(node.line, path, parsed.error().public_text);
  } else {
    out.secret = std::move(pepper);
  }
}

// RFC 7518 §3.2: a key of HS256 is as long as its hash at least.
void read_value(
    Reading& in, YamlNode const& node, std::string const& path, SigningSecret out, Rule const&
) {
  constexpr std::size_t kBytesMin = 32;
  auto text = secret_text(in, node, path, "write ${NAME}");
  if (!text || text->empty()) return;
  if (text->size() < kBytesMin) in.complain(node.line, path, "the secret is shorter than 32 bytes");
  out.secret = Secret(std::move(*text));
}

void read_value(
    Reading& in, YamlNode const& node, std::string const& path, ClientSecret out, Rule const&
) {
  auto text = secret_text(in, node, path, "write ${NAME}");
  if (text && !text->empty()) out.secret = Secret(std::move(*text));
}

}  // namespace keystead::app
