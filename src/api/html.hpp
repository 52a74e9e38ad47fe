// HTML in which text cannot become markup (attack 108): markup is what the compiler has seen as a
// literal, everything else is escaped.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace keystead::api {

// Markup that stands in the source.
class Markup {
 public:
  template <std::size_t N>
  consteval Markup(char const (&literal)[N]) : text_(literal, N - 1) {}
  std::string_view view() const { return text_; }

 private:
  std::string_view text_;
};

class Html {
 public:
  Html& markup(Markup literal) {
    out_ += literal.view();
    return *this;
  }
  // Good between tags and in attributes within double quotes. Control characters are replaced.
  Html& text(std::string_view text);
  Html& add(Html const& other) {
    out_ += other.out_;
    return *this;
  }

  // <input type="hidden">, the most frequent element of all here.
  Html& hidden(std::string_view name, std::string_view value);

  std::string const& str() const { return out_; }

 private:
  std::string out_;
};

}  // namespace keystead::api
