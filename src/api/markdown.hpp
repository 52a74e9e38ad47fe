// The few forms of Markdown that the documentation pages are made of.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace keystead::api {

// The text with each run of white space as one space.
std::string one_line(std::string_view text);

// `text`, also where the text has backticks of its own.
std::string code(std::string_view text);

// Rows of cells below a head. Bars in cells are escaped; line breaks become spaces.
class MarkdownTable {
 public:
  explicit MarkdownTable(std::vector<std::string> const& head);

  void add(std::vector<std::string> const& cells);
  // With an empty line behind it.
  std::string text() const { return text_ + "\n"; }

 private:
  std::string text_;
};

// A block of `language`, with an empty line behind it.
std::string code_block(std::string_view language, std::string_view text);

}  // namespace keystead::api
