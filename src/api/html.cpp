#include "api/html.hpp"

namespace keystead::api {

Html& Html::text(std::string_view text) {
  for (char c : text) {
    switch (c) {
      case '&': out_ += "&amp;"; break;
      case '<': out_ += "&lt;"; break;
      case '>': out_ += "&gt;"; break;
      case '"': out_ += "&quot;"; break;
      case '\'': out_ += "&#39;"; break;
      default: out_ += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
    }
  }
  return *this;
}

Html& Html::hidden(std::string_view name, std::string_view value) {
  return markup("<input type=\"hidden\" name=\"")
      .text(name)
      .markup("\" value=\"")
      .text(value)
      .markup("\">\n");
}

}  // namespace keystead::api
