// The values that configuration writes as one piece of text: sizes, lengths of time, addresses,
// URLs, choices. TextForm<T> says how such a T is read, how it is written back, and what JSON
// Schema says about the text.
#pragma once

#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "app/log.hpp"
#include "authn/oidc_metadata.hpp"
#include "authz/rate_limit.hpp"
#include "base/result.hpp"
#include "domain/address_range.hpp"
#include "domain/key_format.hpp"
#include "jose/algorithm.hpp"
#include "oauth/authorize.hpp"

namespace keystead::app {

namespace json = boost::json;

struct ByteSize {
  std::size_t bytes = 0;
  friend auto operator<=>(ByteSize const&, ByteSize const&) = default;
};

// Where a listener binds. Port 0 takes a free one.
struct ListenAddress {
  std::string host = "127.0.0.1";  // an IP address, IPv6 without brackets
  std::uint16_t port = 8080;
  friend bool operator==(ListenAddress const&, ListenAddress const&) = default;
};

// scheme://host[:port] as browsers write it in Origin: lower case, no default port, no path.
struct Origin {
  std::string text;
  friend bool operator==(Origin const&, Origin const&) = default;
};

// An absolute http or https URL without user, query and fragment, and without a slash at its end.
struct Url {
  std::string text;
  Origin origin() const;
  friend bool operator==(Url const&, Url const&) = default;
};

enum class RequestLog { none, denied, all };

// Whether clients may bind their tokens to a key of theirs, or have to (RFC 9449).
enum class DpopUse { optional, required };

// A Failure's public text says what was expected, and never repeats the text that was read: that
// may have come from the environment.
template <class T>
struct TextForm;

template <>
struct TextForm<ByteSize> {
  static Result<ByteSize> parse(std::string_view text);
  static std::string write(ByteSize const& size);
  static json::object schema();
};

template <>
struct TextForm<std::chrono::seconds> {
  static Result<std::chrono::seconds> parse(std::string_view text);
  static std::string write(std::chrono::seconds const& length);
  static json::object schema();
};

template <>
struct TextForm<ListenAddress> {
  static Result<ListenAddress> parse(std::string_view text);
  static std::string write(ListenAddress const& address);
  static json::object schema();
};

template <>
struct TextForm<Origin> {
  static Result<Origin> parse(std::string_view text);
  static std::string write(Origin const& origin);
  static json::object schema();
};

template <>
struct TextForm<Url> {
  static Result<Url> parse(std::string_view text);
  static std::string write(Url const& url);
  static json::object schema();
};

template <>
struct TextForm<std::filesystem::path> {
  static Result<std::filesystem::path> parse(std::string_view text);
  static std::string write(std::filesystem::path const& path);
  static json::object schema();
};

template <>
struct TextForm<domain::KeyFormat> {
  static Result<domain::KeyFormat> parse(std::string_view text);
  static std::string write(domain::KeyFormat const& format);
  static json::object schema();
};

template <>
struct TextForm<authz::RateLimit> {
  static Result<authz::RateLimit> parse(std::string_view text);
  static std::string write(authz::RateLimit const& limit);
  static json::object schema();
};

template <>
struct TextForm<domain::AddressRange> {
  static Result<domain::AddressRange> parse(std::string_view text);
  static std::string write(domain::AddressRange const& range);
  static json::object schema();
};

template <>
struct TextForm<jose::Algorithm> {
  static Result<jose::Algorithm> parse(std::string_view text);
  static std::string write(jose::Algorithm const& algorithm);
  static json::object schema();
};

template <>
struct TextForm<authn::ClientAuth> {
  static Result<authn::ClientAuth> parse(std::string_view text);
  static std::string write(authn::ClientAuth const& auth);
  static json::object schema();
};

template <>
struct TextForm<log::Level> {
  static Result<log::Level> parse(std::string_view text);
  static std::string write(log::Level const& level);
  static json::object schema();
};

template <>
struct TextForm<RequestLog> {
  static Result<RequestLog> parse(std::string_view text);
  static std::string write(RequestLog const& requests);
  static json::object schema();
};

template <>
struct TextForm<DpopUse> {
  static Result<DpopUse> parse(std::string_view text);
  static std::string write(DpopUse const& use);
  static json::object schema();
};

template <>
struct TextForm<oauth::Pushing> {
  static Result<oauth::Pushing> parse(std::string_view text);
  static std::string write(oauth::Pushing const& pushing);
  static json::object schema();
};

template <class T>
concept HasTextForm = requires(std::string_view text) { TextForm<T>::parse(text); };

}  // namespace keystead::app
