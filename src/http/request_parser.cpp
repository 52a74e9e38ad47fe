#include "http/request_parser.hpp"

#include <charconv>

namespace keystead::http {
namespace {

constexpr std::size_t kMethodSizeMax = 32;
constexpr std::size_t kLengthDigitsMax = 18;

Method method_of(std::string_view text) {
  switch (text.size()) {
    case 3: return text == "GET" ? Method::get : text == "PUT" ? Method::put : Method::other;
    case 4: return text == "POST" ? Method::post : text == "HEAD" ? Method::head : Method::other;
    case 5: return text == "PATCH" ? Method::patch : Method::other;
    case 6: return text == "DELETE" ? Method::del : Method::other;
    case 7: return text == "OPTIONS" ? Method::options : Method::other;
    default: return Method::other;
  }
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

}  // namespace

RequestParser::Progress RequestParser::read(std::span<char>& message) {
  if (stage_ == Stage::refused) return Progress::refused;
  if (!in_body()) {
    auto head = read_head({message.data(), message.size()});
    if (head != Progress::complete) return head;
  }
  return read_body(message);
}

RequestParser::Progress RequestParser::read_head(std::string_view text) {
  if (text.empty()) return Progress::need_more;
  base_ = text.data();
  // Another protocol (a TLS hello, say) is told so at once; it may never send a line feed.
  if (!is_token_char(text[0]))
    return refuse({400, "The request line does not begin with a method."});
  while (true) {
    bool first = stage_ == Stage::request_line;
    std::size_t room =
        first ? limits_.request_line : limits_.header_bytes - (lines_.at() - headers_begin_);
    std::string_view line;
    switch (lines_.next(text, room, line)) {
      case LineScanner::Found::nothing_yet: return Progress::need_more;
      case LineScanner::Found::bare_line_feed: return refuse({400, "A line does not end in CRLF."});
      case LineScanner::Found::too_long:
        return refuse(
            first ? Refusal{414, "The request line is too long."}
                  : Refusal{431, "The header fields are too large."}
        );
      case LineScanner::Found::line: break;
    }
    bool last = !first && line.empty();
    auto fault = first ? read_request_line(line) : last ? finish_head(text) : read_header(line);
    if (fault) return refuse(*fault);
    if (last) return Progress::complete;
  }
}

RequestParser::Fault RequestParser::read_request_line(std::string_view line) {
  auto method_end = line.find(' ');
  if (method_end == line.npos) return Refusal{400, "The request line has no target."};
  auto target_end = line.find(' ', method_end + 1);
  if (target_end == line.npos) return Refusal{400, "The request line has no version."};
  if (auto fault = read_version(line.substr(target_end + 1))) return fault;
  if (auto fault = read_method(line.substr(0, method_end))) return fault;

  auto target =
      read_request_target(line.substr(method_end + 1, target_end - method_end - 1), method_);
  if (!target) return target.error();
  path_ = slice(target->path);
  query_ = slice(target->query);
  authority_ = slice(target->authority);
  stage_ = Stage::headers;
  headers_begin_ = lines_.at();
  return {};
}

RequestParser::Fault RequestParser::read_method(std::string_view method) {
  if (!is_token(method) || method.size() > kMethodSizeMax) {
    return Refusal{400, "The method is not a token of at most 32 characters."};
  }
  // Neither means anything to a server that is no proxy, and both have been used to get past one.
  if (method == "CONNECT" || method == "TRACE") return Refusal{405, "The method is not served."};
  method_ = method_of(method);
  method_text_ = slice(method);
  return {};
}

RequestParser::Fault RequestParser::read_version(std::string_view version) {
  http11_ = version == "HTTP/1.1";
  if (http11_ || version == "HTTP/1.0") return {};
  bool other = version.size() == 8 && version.starts_with("HTTP/") && is_digit(version[5]) &&
               version[6] == '.' && is_digit(version[7]);
  if (other) return Refusal{505, "Only HTTP/1.1 and HTTP/1.0 are served here."};
  return Refusal{400, "The request line is malformed."};
}

RequestParser::Fault RequestParser::read_header(std::string_view line) {
  if (fields_.size() == limits_.header_count) {
    return Refusal{431, "There are too many header fields."};
  }
  auto header = read_header_line(line);
  if (!header) return header.error();
  fields_.push_back({slice(header->name), slice(header->value)});
  return note_header(*header);
}

// Most headers mean nothing here; their length alone tells most of them.
RequestParser::Fault RequestParser::note_header(Header const& header) {
  auto is = [&](std::string_view name) { return equals_ignoring_case(header.name, name); };
  switch (header.name.size()) {
    case 4: return is("host") ? note_host(header.value) : Fault();
    case 6: return is("expect") ? note_expectation(header.value) : Fault();
    case 10:
      if (!is("connection")) return {};
      close_asked_ |= list_contains(header.value, "close");
      keep_alive_asked_ |= list_contains(header.value, "keep-alive");
      return {};
    case 14: return is("content-length") ? note_content_length(header.value) : Fault();
    case 17: return is("transfer-encoding") ? note_transfer_encoding(header.value) : Fault();
    default: return {};
  }
}

RequestParser::Fault RequestParser::note_host(std::string_view value) {
  if (host_seen_) return Refusal{400, "There is more than one Host header."};
  if (!is_host(value)) return Refusal{400, "The Host header is not a host."};
  host_seen_ = true;
  host_ = slice(value);
  return {};
}

RequestParser::Fault RequestParser::note_content_length(std::string_view value) {
  if (content_length_) return Refusal{400, "There is more than one Content-Length header."};
  std::size_t length = 0;
  auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), length);
  if (value.empty() || value.size() > kLengthDigitsMax || error != std::errc{} ||
      end != value.data() + value.size()) {
    return Refusal{400, "The Content-Length is not a number."};
  }
  content_length_ = length;
  return {};
}

RequestParser::Fault RequestParser::note_transfer_encoding(std::string_view value) {
  if (chunked_) return Refusal{400, "There is more than one Transfer-Encoding header."};
  if (!http11_) return Refusal{400, "HTTP/1.0 has no Transfer-Encoding."};
  if (value.empty()) return Refusal{400, "The Transfer-Encoding header is empty."};
  if (!equals_ignoring_case(value, "chunked")) {
    return Refusal{501, "The only transfer coding served here is chunked."};
  }
  chunked_ = true;
  return {};
}

RequestParser::Fault RequestParser::note_expectation(std::string_view value) {
  if (!equals_ignoring_case(value, "100-continue")) {
    return Refusal{417, "The only expectation met here is 100-continue."};
  }
  continue_asked_ = http11_;  // RFC 9110 §10.1.1: of an HTTP/1.0 client it is ignored.
  return {};
}

RequestParser::Fault RequestParser::finish_head(std::string_view text) {
  if (http11_ && !host_seen_) return Refusal{400, "There is no Host header."};
  if (chunked_ && content_length_) {
    return Refusal{400, "Content-Length and Transfer-Encoding exclude each other."};
  }
  auto authority = text.substr(authority_.at, authority_.size);
  if (!authority.empty() && !equals_ignoring_case(authority, text.substr(host_.at, host_.size))) {
    return Refusal{400, "The request target and the Host header name different hosts."};
  }
  if (content_length_.value_or(0) > limits_.body) return Refusal{413, "The body is too large."};
  head_end_ = lines_.at();
  stage_ = chunked_ ? Stage::chunked_body : Stage::sized_body;
  if (chunked_) {
    chunks_.begin(
        head_end_,
        {.body = limits_.body,
         .trailer_bytes = limits_.header_bytes - (head_end_ - headers_begin_),
         .trailer_count = limits_.header_count - fields_.size()}
    );
  }
  return {};
}

RequestParser::Progress RequestParser::read_body(std::span<char>& message) {
  std::size_t body_size = content_length_.value_or(0);
  end_ = head_end_ + body_size;
  if (stage_ == Stage::chunked_body) {
    auto progress = chunks_.read(message);
    if (progress == ChunkedBody::Progress::refused) return refuse(chunks_.refusal());
    if (progress == ChunkedBody::Progress::need_more) return Progress::need_more;
    body_size = chunks_.body_size();
    end_ = chunks_.end();
  }
  if (message.size() < end_) return Progress::need_more;
  assemble({message.data(), message.size()}, body_size);
  return Progress::complete;
}

void RequestParser::assemble(std::string_view message, std::size_t body_size) {
  auto view = [&](Slice part) { return std::string_view(message.data() + part.at, part.size); };
  headers_.clear();
  for (Field const& field : fields_) headers_.push_back({view(field.name), view(field.value)});
  request_.method = method_;
  request_.method_text = view(method_text_);
  request_.path = path_.size == 0 ? std::string_view("/") : view(path_);
  request_.query = view(query_);
  request_.host = view(host_);
  request_.headers = headers_;
  request_.body = message.substr(head_end_, body_size);
}

RequestParser::Progress RequestParser::refuse(Refusal refusal) {
  refusal_ = refusal;
  stage_ = Stage::refused;
  return Progress::refused;
}

RequestParser::Slice RequestParser::slice(std::string_view part) const {
  if (part.empty()) return {};
  return {static_cast<std::uint32_t>(part.data() - base_), static_cast<std::uint32_t>(part.size())};
}

void RequestParser::reset() {
  stage_ = Stage::request_line;
  lines_.begin(0);
  head_end_ = end_ = headers_begin_ = 0;
  authority_ = host_ = {};
  fields_.clear();
  content_length_.reset();
  chunked_ = host_seen_ = close_asked_ = keep_alive_asked_ = continue_asked_ = false;
  http11_ = true;
}

}  // namespace keystead::http
