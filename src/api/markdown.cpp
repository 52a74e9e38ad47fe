#include "api/markdown.hpp"

#include <algorithm>
#include <cctype>

namespace keystead::api {

std::string one_line(std::string_view text) {
  std::string out;
  bool is_between = false;
  for (char c : text) {
    if (std::isspace(static_cast<unsigned char>(c)) != 0) {
      is_between = !out.empty();
      continue;
    }
    if (is_between) out += ' ';
    is_between = false;
    out += c;
  }
  return out;
}

// CommonMark §6.1: the fence is longer than any run of backticks inside, and one space at each end
// does not count.
std::string code(std::string_view text) {
  std::size_t longest = 0;
  for (std::size_t i = 0, run = 0; i < text.size(); ++i) {
    run = text[i] == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  std::string fence(longest + 1, '`');
  std::string space = longest > 0 ? " " : "";
  return fence + space + std::string(text) + space + fence;
}

MarkdownTable::MarkdownTable(std::vector<std::string> const& head) {
  add(head);
  for (std::size_t i = 0; i < head.size(); ++i) text_ += i == 0 ? "|---|" : "---|";
  text_ += '\n';
}

void MarkdownTable::add(std::vector<std::string> const& cells) {
  text_ += '|';
  for (auto const& cell : cells) {
    text_ += ' ';
    for (char c : one_line(cell)) {
      if (c == '|') text_ += '\\';
      text_ += c;
    }
    text_ += " |";
  }
  text_ += '\n';
}

std::string code_block(std::string_view language, std::string_view text) {
  std::string out = "```";
  out.append(language).append("\n").append(text);
  if (!text.ends_with('\n')) out += '\n';
  return out + "```\n\n";
}

}  // namespace keystead::api
