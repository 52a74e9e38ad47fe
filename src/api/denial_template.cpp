#include "api/denial_template.hpp"

#include <optional>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

namespace keystead::api {
namespace {

namespace json = boost::json;

std::optional<std::string> word(std::string_view name, DenialWords const& words) {
  if (name == "error") return std::string(words.error);
  if (name == "title") return std::string(words.title);
  if (name == "status") return std::to_string(words.status);
  if (name == "detail") return std::string(words.detail);
  if (name == "scope") return std::string(words.scope);
  if (name == "tool") return std::string(words.tool);
  if (name == "argument") return std::string(words.argument);
  if (name == "rule") return std::string(words.rule);
  if (name == "retry_after") return std::to_string(words.retry_after);
  if (name == "request_id") return std::string(words.request_id);
  return std::nullopt;
}

json::value fill_value(json::string const& text, DenialWords const& words) {
  if (text == "{status}") return words.status;
  if (text == "{retry_after}") return words.retry_after;
  return json::value(fill_text({text.data(), text.size()}, words));
}

}  // namespace

std::string fill_text(std::string_view text, DenialWords const& words) {
  std::string out;
  while (!text.empty()) {
    std::size_t brace = text.find('{');
    out += text.substr(0, brace);
    if (brace == std::string_view::npos) break;
    text.remove_prefix(brace + 1);
    if (text.starts_with('{')) {
      out += '{';
      text.remove_prefix(1);
      continue;
    }
    std::size_t end = std::min(text.find('}'), text.size());
    if (auto filled = word(text.substr(0, end), words)) out += *filled;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

json::value fill(json::value const& form, DenialWords const& words) {
  if (auto const* text = form.if_string()) return fill_value(*text, words);
  if (auto const* list = form.if_array()) {
    json::array out;
    for (auto const& each : *list) out.push_back(fill(each, words));
    return out;
  }
  if (auto const* object = form.if_object()) {
    json::object out;
    for (auto const& member : *object) out.emplace(member.key(), fill(member.value(), words));
    return out;
  }
  return form;
}

}  // namespace keystead::api
