#include "app/config/text_form.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include <arpa/inet.h>
#include <boost/json/array.hpp>

#include "base/clock.hpp"

namespace keystead::app {
namespace {

// In JSON Schema every text may also be, or hold, a reference to the environment.
constexpr char kReference[] = "\\$\\{";

json::object text_schema(std::string_view pattern, std::string_view example) {
  json::object schema;
  schema["type"] = "string";
  schema["pattern"] = "^(" + std::string(pattern) + ")$|" + kReference;
  schema["examples"] = json::array{json::string(example)};
  return schema;
}

std::optional<std::uint64_t> whole_number(std::string_view digits) {
  std::uint64_t value = 0;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (digits.empty() || error != std::errc{} || end != digits.data() + digits.size()) {
    return std::nullopt;
  }
  return value;
}

using Names = std::span<std::string_view const>;

Result<std::size_t> index_of(Names names, std::string_view text) {
  auto at = std::ranges::find(names, text);
  if (at != names.end()) return static_cast<std::size_t>(at - names.begin());
  std::string expected = "expected one of";
  for (auto name : names) expected += (name == names.front() ? " " : ", ") + std::string(name);
  return fail(Code::invalid_request, expected);
}

json::object names_schema(Names names) {
  json::array choices;
  for (auto name : names) choices.push_back(json::string(name));
  json::object reference{{"type", "string"}, {"pattern", kReference}};
  return {{"anyOf", json::array{json::object{{"enum", std::move(choices)}}, std::move(reference)}}};
}

std::vector<std::string_view> algorithm_names() {
  using enum jose::Algorithm;
  std::vector<jose::Algorithm> algorithms{hs256, hs384, hs512};
  algorithms.insert(
      algorithms.begin(), jose::kPublicKeyAlgorithms.begin(), jose::kPublicKeyAlgorithms.end()
  );
  std::vector<std::string_view> names(algorithms.size());
  std::ranges::transform(algorithms, names.begin(), [](auto each) { return jose::name_of(each); });
  return names;
}

constexpr std::array<std::string_view, 4> kLevels{"debug", "info", "warn", "error"};
// In the order of authn::ClientAuth.
constexpr std::array<std::string_view, 3> kClientAuths{
    "client_secret_basic", "client_secret_post", "none"
};
constexpr std::array<std::string_view, 3> kRequestLogs{"none", "denied", "all"};
constexpr std::array<std::string_view, 2> kDpopUses{"optional", "required"};
constexpr std::array<std::string_view, 3> kPushings{"none", "optional", "required"};

struct Unit {
  std::string_view name;
  std::uint64_t size;
};
constexpr std::array<Unit, 4> kSizeUnits{
    {{"GiB", 1U << 30}, {"MiB", 1U << 20}, {"KiB", 1U << 10}, {"B", 1}}
};
constexpr std::array<Unit, 5> kTimeUnits{
    {{"w", 604800}, {"d", 86400}, {"h", 3600}, {"m", 60}, {"s", 1}}
};

std::string write_in_largest_unit(std::uint64_t value, std::span<Unit const> units) {
  auto fits = [&](Unit const& unit) { return value != 0 && value % unit.size == 0; };
  auto at = std::ranges::find_if(units, fits);
  Unit const& unit = at == units.end() ? units.back() : *at;
  return std::to_string(value / unit.size) + std::string(unit.name);
}

bool is_ip_address(std::string const& host) {
  std::array<unsigned char, 16> address;
  return inet_pton(AF_INET, host.c_str(), address.data()) == 1 ||
         inet_pton(AF_INET6, host.c_str(), address.data()) == 1;
}

struct UrlParts {
  std::string scheme;
  std::string host;  // IPv6 with brackets
  std::optional<std::uint16_t> port;
  std::string path;
};

std::string lower_case(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

bool is_host(std::string const& host) {
  if (host.starts_with('[')) {
    return host.ends_with(']') && host.contains(':') &&
           is_ip_address(host.substr(1, host.size() - 2));
  }
  return !host.empty() && host.size() <= 253 && std::ranges::all_of(host, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  });
}

bool is_path(std::string_view path) {
  constexpr std::string_view kRefused = "?#\\<>\"{}|^`";
  return std::ranges::all_of(path, [&](char c) {
    return c > 0x20 && c < 0x7f && !kRefused.contains(c);
  });
}

std::optional<UrlParts> split_url(std::string_view text) {
  UrlParts parts;
  std::size_t scheme_end = text.find("://");
  if (scheme_end == std::string_view::npos) return std::nullopt;
  parts.scheme = lower_case(text.substr(0, scheme_end));
  if (parts.scheme != "http" && parts.scheme != "https") return std::nullopt;
  text.remove_prefix(scheme_end + 3);

  std::size_t path_begin = std::min(text.find('/'), text.size());
  parts.path = text.substr(path_begin);
  std::string authority = lower_case(text.substr(0, path_begin));
  std::size_t bracket = authority.rfind(']');
  std::size_t colon = authority.rfind(':');
  if (colon != std::string::npos && (bracket == std::string::npos || colon > bracket)) {
    auto port = whole_number(std::string_view(authority).substr(colon + 1));
    if (!port || *port == 0 || *port > 65535) return std::nullopt;
    parts.port = static_cast<std::uint16_t>(*port);
    authority.resize(colon);
  }
  parts.host = std::move(authority);
  if (!is_host(parts.host) || !is_path(parts.path)) return std::nullopt;
  return parts;
}

std::string write_origin(UrlParts const& parts) {
  std::string out = parts.scheme + "://" + parts.host;
  std::uint16_t usual = parts.scheme == "https" ? 443 : 80;
  if (parts.port && *parts.port != usual) out += ":" + std::to_string(*parts.port);
  return out;
}

// The same complaint about "this" instead of the text that was read.
template <class T>
Result<T> unquoted(Result<T> read, std::string_view text) {
  if (read) return read;
  std::string quoted = "\"" + std::string(text) + "\"";
  std::string_view what = read.error().public_text;
  if (what.starts_with(quoted))
    return fail(read.error().code, "this" + std::string(what.substr(quoted.size())));
  return read;
}

}  // namespace

Origin Url::origin() const {
  auto parts = split_url(text);
  return {parts ? write_origin(*parts) : std::string()};
}

Result<ByteSize> TextForm<ByteSize>::parse(std::string_view text) {
  constexpr std::string_view kExpected = "expected a size such as 512, 64KiB or 1MiB";
  std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  auto count = whole_number(text.substr(0, digits));
  std::string_view unit_name = text.substr(digits);
  if (unit_name.empty()) unit_name = "B";
  auto unit = std::ranges::find(kSizeUnits, unit_name, &Unit::name);
  constexpr std::uint64_t kBytesMax = std::uint64_t{1} << 46;
  if (!count || unit == kSizeUnits.end() || *count > kBytesMax / unit->size) {
    return fail(Code::invalid_request, std::string(kExpected));
  }
  return ByteSize{static_cast<std::size_t>(*count * unit->size)};
}

std::string TextForm<ByteSize>::write(ByteSize const& size) {
  return write_in_largest_unit(size.bytes, kSizeUnits);
}

json::object TextForm<ByteSize>::schema() {
  json::object schema = text_schema("[0-9]+(B|KiB|MiB|GiB)?", "1MiB");
  schema["type"] = json::array{"string", "integer"};
  return schema;
}

Result<std::chrono::seconds> TextForm<std::chrono::seconds>::parse(std::string_view text) {
  if (auto length = parse_duration(text)) return *length;
  return fail(Code::invalid_request, "expected a length of time such as 30s, 15m, 12h or 30d");
}

std::string TextForm<std::chrono::seconds>::write(std::chrono::seconds const& length) {
  return write_in_largest_unit(static_cast<std::uint64_t>(length.count()), kTimeUnits);
}

json::object TextForm<std::chrono::seconds>::schema() {
  return text_schema("[0-9]+[smhdw]", "30s");
}

Result<ListenAddress> TextForm<ListenAddress>::parse(std::string_view text) {
  constexpr std::string_view kExpected =
      "expected IP:PORT such as 127.0.0.1:8080, 0.0.0.0:8080 or [::]:8080";
  std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return fail(Code::invalid_request, std::string(kExpected));
  std::string host(text.substr(0, colon));
  auto port = whole_number(text.substr(colon + 1));
  bool bracketed = host.size() > 2 && host.starts_with('[') && host.ends_with(']');
  if (bracketed) host = host.substr(1, host.size() - 2);
  if (!port || *port > 65535 || !is_ip_address(host) || bracketed != host.contains(':')) {
    return fail(Code::invalid_request, std::string(kExpected));
  }
  return ListenAddress{host, static_cast<std::uint16_t>(*port)};
}

std::string TextForm<ListenAddress>::write(ListenAddress const& address) {
  std::string host = address.host.contains(':') ? "[" + address.host + "]" : address.host;
  return host + ":" + std::to_string(address.port);
}

json::object TextForm<ListenAddress>::schema() {
  return text_schema("[0-9.]+:[0-9]+|\\[[0-9A-Fa-f:.]+\\]:[0-9]+", "127.0.0.1:8080");
}

Result<Origin> TextForm<Origin>::parse(std::string_view text) {
  auto parts = split_url(text);
  if (!parts || !parts->path.empty()) {
    return fail(Code::invalid_request, "expected an origin such as https://app.example.com");
  }
  return Origin{write_origin(*parts)};
}

std::string TextForm<Origin>::write(Origin const& origin) {
  return origin.text;
}

json::object TextForm<Origin>::schema() {
  return text_schema("[Hh][Tt][Tt][Pp][Ss]?://[^/?#@]+", "https://app.example.com");
}

Result<Url> TextForm<Url>::parse(std::string_view text) {
  auto parts = split_url(text);
  if (!parts) {
    return fail(
        Code::invalid_request,
        "expected an absolute http or https URL such as https://mcp.example.com"
    );
  }
  while (parts->path.ends_with('/')) parts->path.pop_back();
  return Url{write_origin(*parts) + parts->path};
}

std::string TextForm<Url>::write(Url const& url) {
  return url.text;
}

json::object TextForm<Url>::schema() {
  return text_schema("[Hh][Tt][Tt][Pp][Ss]?://[^/?#@]+(/[^?#]*)?", "https://mcp.example.com");
}

Result<std::filesystem::path> TextForm<std::filesystem::path>::parse(std::string_view text) {
  if (text.empty() || text.contains('\0'))
    return fail(Code::invalid_request, "expected a file path");
  return std::filesystem::path(text);
}

std::string TextForm<std::filesystem::path>::write(std::filesystem::path const& path) {
  return path.string();
}

json::object TextForm<std::filesystem::path>::schema() {
  return {{"type", "string"}, {"minLength", 1}};
}

Result<domain::KeyFormat> TextForm<domain::KeyFormat>::parse(std::string_view text) {
  return domain::KeyFormat::parse(text);
}

std::string TextForm<domain::KeyFormat>::write(domain::KeyFormat const& format) {
  return format.grammar();
}

json::object TextForm<domain::KeyFormat>::schema() {
  return {
      {"type", "string"},
      {"minLength", 1},
      {"examples", json::array{"ks_{secret:40}{crc}", "nk_{env:live|test}_{id:8}_{secret:32}"}}
  };
}

Result<authz::RateLimit> TextForm<authz::RateLimit>::parse(std::string_view text) {
  return unquoted(authz::RateLimit::parse(text), text);
}

std::string TextForm<authz::RateLimit>::write(authz::RateLimit const& limit) {
  return limit.text();
}

json::object TextForm<authz::RateLimit>::schema() {
  return text_schema("[0-9]+/[0-9]*[smhdw]", "600/1m");
}

Result<domain::AddressRange> TextForm<domain::AddressRange>::parse(std::string_view text) {
  return unquoted(domain::AddressRange::parse(text), text);
}

std::string TextForm<domain::AddressRange>::write(domain::AddressRange const& range) {
  return range.text();
}

json::object TextForm<domain::AddressRange>::schema() {
  return text_schema("[0-9A-Fa-f:.]+(/[0-9]+)?", "10.0.0.0/8");
}

Result<jose::Algorithm> TextForm<jose::Algorithm>::parse(std::string_view text) {
  auto algorithm = jose::find_algorithm(text);
  if (!algorithm) return std::unexpected(index_of(algorithm_names(), text).error());
  return *algorithm;
}

std::string TextForm<jose::Algorithm>::write(jose::Algorithm const& algorithm) {
  return std::string(jose::name_of(algorithm));
}

json::object TextForm<jose::Algorithm>::schema() {
  return names_schema(algorithm_names());
}

Result<authn::ClientAuth> TextForm<authn::ClientAuth>::parse(std::string_view text) {
  return static_cast<authn::ClientAuth>(TRY(index_of(kClientAuths, text)));
}

std::string TextForm<authn::ClientAuth>::write(authn::ClientAuth const& auth) {
  return std::string(kClientAuths[static_cast<std::size_t>(auth)]);
}

json::object TextForm<authn::ClientAuth>::schema() {
  return names_schema(kClientAuths);
}

Result<log::Level> TextForm<log::Level>::parse(std::string_view text) {
  return static_cast<log::Level>(TRY(index_of(kLevels, text)));
}

std::string TextForm<log::Level>::write(log::Level const& level) {
  return std::string(kLevels[static_cast<std::size_t>(level)]);
}

json::object TextForm<log::Level>::schema() {
  return names_schema(kLevels);
}

Result<RequestLog> TextForm<RequestLog>::parse(std::string_view text) {
  return static_cast<RequestLog>(TRY(index_of(kRequestLogs, text)));
}

std::string TextForm<RequestLog>::write(RequestLog const& requests) {
  return std::string(kRequestLogs[static_cast<std::size_t>(requests)]);
}

json::object TextForm<RequestLog>::schema() {
  return names_schema(kRequestLogs);
}

Result<DpopUse> TextForm<DpopUse>::parse(std::string_view text) {
  return static_cast<DpopUse>(TRY(index_of(kDpopUses, text)));
}

std::string TextForm<DpopUse>::write(DpopUse const& use) {
  return std::string(kDpopUses[static_cast<std::size_t>(use)]);
}

json::object TextForm<DpopUse>::schema() {
  return names_schema(kDpopUses);
}

Result<oauth::Pushing> TextForm<oauth::Pushing>::parse(std::string_view text) {
  return static_cast<oauth::Pushing>(TRY(index_of(kPushings, text)));
}

std::string TextForm<oauth::Pushing>::write(oauth::Pushing const& pushing) {
  return std::string(kPushings[static_cast<std::size_t>(pushing)]);
}

json::object TextForm<oauth::Pushing>::schema() {
  return names_schema(kPushings);
}

}  // namespace keystead::app
