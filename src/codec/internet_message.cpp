#include "codec/internet_message.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <string_view>

#include "codec/base64url.hpp"

namespace keystead::codec {
namespace {

bool is_printable(char c) {
  return c >= ' ' && c < '\x7f';
}

// RFC 5322 §3.2.3: what has a meaning outside of quotes.
Result<std::string_view> address_domain(std::string_view address) {
  auto is_plain = [](char c) {
    return is_printable(c) && !std::string_view(" ()<>[]:;,\\\"").contains(c);
  };
  auto at = address.find('@');
  bool is_one = at != 0 && at < address.size() - 1 && at == address.rfind('@');
  if (is_one && std::ranges::all_of(address, is_plain)) return address.substr(at + 1);
  return fail(Code::invalid_request, "that is not an e-mail address");
}

// RFC 2047 §2: encoded words of 75 characters at most, none of which ends within a character.
std::string encoded_words(std::string_view text) {
  constexpr std::size_t kBytesMax = 45;
  std::string out;
  while (!text.empty()) {
    auto size = std::min(text.size(), kBytesMax);
    while (size < text.size() && size > 1 && (static_cast<unsigned char>(text[size]) >> 6) == 2) {
      --size;
    }
    out += (out.empty() ? "=?UTF-8?B?" : "\r\n =?UTF-8?B?") + base64_encode(text.substr(0, size)) +
           "?=";
    text.remove_prefix(size);
  }
  return out;
}

// Plain where it can be read in one way only.
std::string unstructured(std::string_view text) {
  constexpr std::size_t kPlainMax = 60;
  bool is_plain = text.size() <= kPlainMax && std::ranges::all_of(text, is_printable) &&
                  !text.contains("=?") && !text.starts_with(' ') && !text.ends_with(' ');
  return is_plain ? std::string(text) : encoded_words(text);
}

// RFC 2045 §6.7.
std::string quoted_printable(std::string_view text) {
  constexpr std::size_t kLineMax = 76;
  constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  std::size_t line = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '\n') {
      out += "\r\n";
      line = 0;
      continue;
    }
    bool is_last = i + 1 == text.size() || text[i + 1] == '\n';
    bool is_plain = is_printable(c) && c != '=' && !(c == ' ' && is_last);
    if (line + (is_plain ? 1 : 3) >= kLineMax) {  // one is for the = that breaks the line
      out += "=\r\n";
      line = 0;
    }
    if (is_plain) {
      out += c;
      line += 1;
    } else {
      auto byte = static_cast<unsigned char>(c);
      out.append({'=', kHex[byte >> 4], kHex[byte & 15]});
      line += 3;
    }
  }
  return out + "\r\n";
}

std::string date_text(Time time) {
  constexpr std::array<char const*, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<char const*, 12> kMonths{
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
  };
  auto day = std::chrono::floor<std::chrono::days>(time);
  std::chrono::year_month_day date(day);
  std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - day));
  std::array<char, 40> text{};
  int size = std::snprintf(
      text.data(),
      text.size(),
      "%s, %02u %s %04d %02d:%02d:%02d +0000",
      kDays[std::chrono::weekday(day).c_encoding()],
      static_cast<unsigned>(date.day()),
      kMonths[static_cast<unsigned>(date.month()) - 1],
      static_cast<int>(date.year()),
      static_cast<int>(clock.hours().count()),
      static_cast<int>(clock.minutes().count()),
      static_cast<int>(clock.seconds().count())
  );
  return {text.data(), static_cast<std::size_t>(size)};
}

}  // namespace

Result<std::string> write_message(InternetMessage const& message) {
  auto domain = TRY(address_domain(message.from));
  TRY(address_domain(message.to));
  std::string from = "<" + message.from + ">";
  if (!message.from_name.empty()) from = encoded_words(message.from_name) + " " + from;
  // RFC 3834 §5: so that no vacation notice comes back.
  return "From: " + from + "\r\nTo: <" + message.to +
         ">\r\nSubject: " + unstructured(message.subject) + "\r\nDate: " + date_text(message.date) +
         "\r\nMessage-ID: <" + message.id + "@" + std::string(domain) +
         ">\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0"
         "\r\nContent-Type: text/plain; charset=utf-8"
         "\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" +
         quoted_printable(message.text);
}

}  // namespace keystead::codec
