#include "authn/password_desk.hpp"

#include <algorithm>
#include <array>

#include "codec/utf8.hpp"
#include "crypto/password.hpp"

namespace keystead::authn {
namespace {

// Those of twelve letters and more that lead every list of passwords that came out.
constexpr std::array<std::string_view, 24> kCommon{
    "123456789012", "1234567890123", "1234567890qwerty", "111111111111",
    "qwertyuiop[]", "qwertyuiop123", "qwerty123456",     "qwertyqwerty",
    "password1234", "password12345", "password123456",   "passwordpassword",
    "iloveyou1234", "administrator", "administrator1",   "1q2w3e4r5t6y",
    "1qaz2wsx3edc", "zaq12wsxcde3",  "letmeinletmein",   "welcome12345",
    "abcdefghijkl", "abcd12345678",  "changemeplease",   "correcthorsebatterystaple",
};

std::string in_lower_case(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return lower;
}

}  // namespace

// A stay at the desk; not inside if there was no place to wait in.
class PasswordDesk::Turn {
 public:
  explicit Turn(PasswordDesk& desk) : desk_(desk) {
    std::unique_lock lock(desk_.mutex_);
    if (desk_.inside_ >= desk_.options_.at_once) {
      if (desk_.waiting_ >= desk_.options_.waiting_max) return;
      ++desk_.waiting_;
      desk_.left_.wait(lock, [&] { return desk_.inside_ < desk_.options_.at_once; });
      --desk_.waiting_;
    }
    ++desk_.inside_;
    is_inside_ = true;
  }
  ~Turn() {
    if (!is_inside_) return;
    {
      std::lock_guard lock(desk_.mutex_);
      --desk_.inside_;
    }
    desk_.left_.notify_one();
  }
  Turn(Turn const&) = delete;
  Turn& operator=(Turn const&) = delete;

  Result<void> result() const {
    if (is_inside_) return {};
    return fail(Code::unavailable, "Too many are signing in at this moment; try again.");
  }

 private:
  PasswordDesk& desk_;
  bool is_inside_ = false;
};

PasswordDesk::PasswordDesk(Options options, Random& random)
    : options_(options),
      random_(random),
      nobodys_(crypto::hash_password(Secret("nobody has this password"), random)) {}

Result<bool> PasswordDesk::verify(Secret const& password, std::optional<Secret> const& phc) {
  Turn const turn(*this);
  TRY(turn.result());
  bool is_right =
      crypto::verify_password(password, phc ? phc->reveal() : std::string_view(nobodys_));
  return is_right && phc;
}

Result<Secret> PasswordDesk::hash(Secret const& password) {
  Turn const turn(*this);
  TRY(turn.result());
  return Secret(crypto::hash_password(password, random_));
}

Result<void> check_new_password(Secret const& password, std::string_view email) {
  constexpr std::size_t kMin = 12, kMax = 1024;
  auto text = password.reveal();
  if (text.size() < kMin)
    return fail(Code::invalid_request, "The password is too short: 12 letters at least.");
  if (text.size() > kMax) return fail(Code::invalid_request, "The password is too long.");
  if (!codec::is_utf8(text) || text.contains('\0')) {
    return fail(Code::invalid_request, "The password holds something that is no text.");
  }
  auto lower = in_lower_case(text);
  bool is_one_letter = text.find_first_not_of(text.front()) == std::string_view::npos;
  if (is_one_letter || lower == in_lower_case(email) ||
      std::ranges::find(kCommon, lower) != kCommon.end()) {
    return fail(Code::invalid_request, "Others would guess this password soon; choose another.");
  }
  return {};
}

}  // namespace keystead::authn
