#include "store/revocation_journal.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <map>
#include <string>

#include "codec/crc32.hpp"
#include "store/control_store.hpp"
#include "store/private_file.hpp"

namespace keystead::store {
namespace {

using Counts = KeyEnd::Counts;

constexpr std::string_view kAlways = "revoked";
constexpr std::string_view kAfterRestore = "ended";
constexpr std::size_t kCrcDigits = 8;

std::string crc_text(std::string_view line) {
  std::string digits(kCrcDigits, '0');
  char text[kCrcDigits];
  auto end = std::to_chars(std::begin(text), std::end(text), codec::crc32(line), 16).ptr;
  std::ranges::copy_backward(std::span(text, end), digits.end());
  return digits;
}

void append_line(std::string& text, KeyEnd const& end) {
  std::string line(end.counts == Counts::always ? kAlways : kAfterRestore);
  line += ' ' + end.key.text() + ' ' + format_time(end.at);
  text += line + ' ' + crc_text(line) + '\n';
}

// Takes the first word off the line, with the space behind it.
std::string_view take_word(std::string_view& line) {
  std::string_view word = line.substr(0, line.find(' '));
  line.remove_prefix(std::min(word.size() + 1, line.size()));
  return word;
}

// Nothing for a line that note_ends did not write.
std::optional<KeyEnd> parse_line(std::string_view line) {
  std::size_t space = line.rfind(' ');
  if (space == std::string_view::npos) return std::nullopt;
  std::string_view rest = line.substr(0, space);
  if (line.substr(space + 1) != crc_text(rest)) return std::nullopt;
  std::string_view word = take_word(rest);
  if (word != kAlways && word != kAfterRestore) return std::nullopt;
  auto key = domain::KeyId::parse(take_word(rest));
  auto at = parse_time(rest);
  if (!key || !at) return std::nullopt;
  return KeyEnd{*key, *at, word == kAlways ? Counts::always : Counts::after_restore};
}

Failure damaged(std::filesystem::path const& journal, std::size_t line) {
  return {
      Code::invalid_request,
      "line " + std::to_string(line) + " of " + journal.string() +
          " is damaged: it names a key that must stay revoked",
      {}
  };
}

// By key, the earliest end.
std::map<domain::KeyId, Time> earliest(std::span<KeyEnd const> ends) {
  std::map<domain::KeyId, Time> found;
  for (auto const& end : ends) {
    auto [place, is_new] = found.try_emplace(end.key, end.at);
    if (!is_new) place->second = std::min(place->second, end.at);
  }
  return found;
}

domain::AuditEntry entry_of(domain::ApiKey const& key, Time ended_at, Time now) {
  domain::AuditEntry entry;
  entry.at = now;
  entry.event = "key.revoke";
  entry.actor = "revocation journal";
  entry.tenant = key.tenant;
  entry.subject = "key:" + key.id.text();
  entry.detail = R"({"ended_at":")" + format_time(ended_at) + R"("})";
  return entry;
}

}  // namespace

std::filesystem::path journal_of(std::filesystem::path const& data_folder) {
  return data_folder / "revocations";
}

Result<void> note_ends(std::filesystem::path const& journal, std::span<KeyEnd const> ends) {
  if (ends.empty()) return {};
  std::string lines;
  for (auto const& end : ends) append_line(lines, end);
  return append_private(journal, lines);
}

Result<std::vector<KeyEnd>> read_ends(std::filesystem::path const& journal) {
  std::vector<KeyEnd> ends;
  if (!std::filesystem::exists(journal)) return ends;
  std::ifstream in(journal, std::ios::binary);
  std::size_t number = 0;
  for (std::string line; std::getline(in, line) && !in.eof();) {
    auto end = parse_line(line);
    if (!end) return std::unexpected(damaged(journal, number + 1));
    ends.push_back(*end);
    ++number;
  }
  if (!in.eof()) return fail(Code::unavailable, "cannot read " + journal.string());
  return ends;
}

Result<void> write_merged_journal(
    std::filesystem::path const& journal, std::span<KeyEnd const> a, std::span<KeyEnd const> b
) {
  std::vector<KeyEnd> all(a.begin(), a.end());
  all.insert(all.end(), b.begin(), b.end());
  std::string lines;
  for (auto const& [key, at] : earliest(all)) append_line(lines, {key, at, Counts::always});
  return write_private(journal, Secret(std::move(lines)));
}

Result<std::size_t> replay_revocations(
    ControlStore& store, std::filesystem::path const& journal, Time now
) {
  auto ends = TRY(read_ends(journal));
  std::erase_if(ends, [](KeyEnd const& end) { return end.counts == Counts::after_restore; });
  std::size_t count = 0;
  for (auto const& [id, at] : earliest(ends)) {
    auto key = store.find_key(id);
    if (!key || key->revoked_at || (key->expires_at && *key->expires_at <= at)) continue;
    TRY(store.revoke_key(id, std::min(at, now), entry_of(*key, at, now)));
    ++count;
  }
  return count;
}

}  // namespace keystead::store
