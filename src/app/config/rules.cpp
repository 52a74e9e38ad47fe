// Rules as the file writes them: which tools, whose calls, and what is decided about them.
#include <algorithm>
#include <utility>

#include "app/config/checks.hpp"
#include "app/config/reader.hpp"
#include "codec/json.hpp"

namespace keystead::app {
namespace {

using Verdict = domain::Rule::Verdict;

void read_argument(
    Reading& in, YamlNode const& node, std::string const& path, domain::ArgumentLimit& out
) {
  if (!in.is_list(node, path)) return;
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    auto value = read_json_scalar(in, node.items[i], join(path, i));
    if (value) out.values.push_back(codec::to_text(*value));
  }
  if (node.items.empty()) in.complain(node.line, path, "expected at least one value");
}

void set_verdict(
    Reading& in,
    YamlNode const& node,
    std::string const& path,
    RuleForm const& form,
    domain::Rule& out
) {
  bool limits = in.has(join(path, "arguments"));
  if (form.allow + form.deny + limits != 1) {
    in.complain(
        node.line, path, "expected one of \"deny: true\", \"allow: true\" and \"arguments\""
    );
  }
  out.verdict = form.allow ? Verdict::allow : form.deny ? Verdict::deny : Verdict::limit;
}

void read_rule(Reading& in, YamlNode const& node, std::string const& path, domain::Rule& out) {
  RuleForm form;
  read_value(in, node, path, form, Rule{});
  if (node.kind != YamlNode::Kind::map) return;
  form.rule.name = out.name;
  out = std::move(form.rule);
  set_verdict(in, node, path, form, out);
  std::string tools = join(path, "tools");
  if (in.has(tools) && out.patterns.empty()) {
    in.complain_at(tools, "expected at least one tool");
  }
  for (std::size_t i = 0; i < out.patterns.size(); ++i) {
    if (!out.patterns[i].empty() && !is_tool_pattern(out.patterns[i])) {
      in.complain_at(join(tools, i), kToolPatternForm);
    }
  }
}

}  // namespace

bool is_tool_pattern(std::string_view text) {
  constexpr std::size_t kPatternMax = 128;
  return !text.empty() && text.size() <= kPatternMax && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("_./-*").contains(c);
  });
}

void read_value(
    Reading& in, YamlNode const& node, std::string const& path, ArgumentLimits out, Rule const&
) {
  if (!in.is_map(node, path)) return;
  for (Entry const& entry : entries_of(in, node, path)) {
    domain::ArgumentLimit& limit = out.limits.emplace_back();
    limit.name = entry.key->text;
    read_argument(in, *entry.value, join(path, limit.name), limit);
  }
  if (node.items.empty()) in.complain(node.line, path, "expected at least one argument");
}

void read_value(
    Reading& in, YamlNode const& node, std::string const& path, Rules out, Rule const&
) {
  if (!in.is_map(node, path)) return;
  for (Entry const& entry : entries_of(in, node, path)) {
    domain::Rule& rule = out.rules.emplace_back();
    rule.name = entry.key->text;
    std::string rule_path = join(path, rule.name);
    in.note_line(rule_path, entry.key->line);
    read_rule(in, *entry.value, rule_path, rule);
  }
}

}  // namespace keystead::app
