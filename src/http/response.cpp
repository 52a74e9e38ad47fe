#include "http/response.hpp"

#include "http/request.hpp"

namespace keystead::http {

void Response::add(std::string_view name, std::string_view value) {
  headers_.append(name);
  headers_.append(": ");
  for (char c : value) headers_ += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
  headers_.append("\r\n");
}

std::string_view Response::find(std::string_view name) const {
  std::string_view rest = headers_;
  while (!rest.empty()) {
    auto line = rest.substr(0, rest.find("\r\n"));
    rest.remove_prefix(line.size() + 2);
    auto colon = line.find(':');
    if (equals_ignoring_case(line.substr(0, colon), name)) return line.substr(colon + 2);
  }
  return {};
}

void Response::drop_body() {
  content_type = {};
  body.clear();
}

void Response::reset() {
  status = 200;
  drop_body();
  close = false;
  headers_.clear();
}

std::string_view reason_phrase(int status) {
  switch (status) {
    case 100: return "Continue";
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 304: return "Not Modified";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 406: return "Not Acceptable";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 417: return "Expectation Failed";
    case 422: return "Unprocessable Content";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 503: return "Service Unavailable";
    case 505: return "HTTP Version Not Supported";
    default: return "Unknown";
  }
}

}  // namespace keystead::http
