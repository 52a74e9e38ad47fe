#include "api/factor_sections.hpp"

#include "api/browser.hpp"

namespace keystead::api {
namespace {

constexpr Markup kScript = "<script src=\"/assets/passkeys.js\" defer></script>\n";

// What to show again of who it is; nothing while the session is fresh.
void write_proof(Html& page, SignIn const& sign_in, domain::Session const& session) {
  if (sign_in.is_fresh(session)) return;
  page.markup(
      "<label>Your password, since you signed in a while ago\n"
      "<input name=\"password\" type=\"password\" autocomplete=\"current-password\" "
      "maxlength=\"1024\" required></label>\n"
  );
}

void write_passkeys(
    Html& page,
    authn::Passkeys const& passkeys,
    SignIn const& sign_in,
    domain::Session const& session,
    std::string_view csrf_token
) {
  page.markup("<h2>Passkeys</h2>\n").markup(kScript).markup("<table>\n");
  for (auto const& passkey : passkeys.list(session.user)) {
    auto id = passkey.id.text();
    page.markup("<tr><td><form method=\"post\" action=\"/account/passkeys/rename\">");
    page.hidden("csrf_token", csrf_token).hidden("passkey", id);
    page.markup("<input name=\"name\" aria-label=\"Name\" maxlength=\"100\" required value=\"");
    page.text(passkey.name).markup("\"> <button>Rename</button></form></td><td>");
    page.text(passkey.last_used_at ? "used " + shown_time(*passkey.last_used_at) : "not used yet");
    page.markup("</td><td><form method=\"post\" action=\"/account/passkeys/remove\">");
    page.hidden("csrf_token", csrf_token).hidden("passkey", id);
    write_proof(page, sign_in, session);
    page.markup("<button>Remove</button></form></td></tr>\n");
  }
  page.markup("</table>\n<form id=\"passkey-add\" data-csrf=\"")
      .text(csrf_token)
      .markup(
          "\" hidden>\n<label for=\"passkey-name\">A name for a new one</label>\n"
          "<input id=\"passkey-name\" name=\"name\" maxlength=\"100\" required>\n"
      );
  write_proof(page, sign_in, session);
  page.markup("<button>Add a passkey</button>\n</form>\n<p id=\"passkey-alert\" hidden></p>\n");
}

void write_totp(
    Html& page, SignIn const& sign_in, domain::Session const& session, std::string_view csrf_token
) {
  auto const& codes = sign_in.parts().codes;
  page.markup("<h2>One-time codes</h2>\n");
  if (!codes.is_on(session.user)) {
    page.markup(
        "<p>An app on your phone shows a code that is asked for after the password.</p>\n"
        "<form method=\"post\" action=\"/account/totp/begin\">\n"
    );
    page.hidden("csrf_token", csrf_token);
    write_proof(page, sign_in, session);
    page.markup("<button>Turn on</button>\n</form>\n");
    return;
  }
  page.markup("<p>They are on. Recovery codes left: ");
  page.text(std::to_string(codes.recovery_codes_left(session.user)));
  page.markup("</p>\n<form method=\"post\" action=\"/account/totp/remove\">\n");
  page.hidden("csrf_token", csrf_token);
  write_code_field(page);
  page.markup("<button>Turn off</button>\n</form>\n");
}

}  // namespace

void write_code_field(Html& page) {
  page.markup(
      "<label for=\"code\">Code of the app, or a recovery code</label>\n"
      "<input id=\"code\" name=\"code\" autocomplete=\"one-time-code\" maxlength=\"40\" "
      "autocapitalize=\"off\" spellcheck=\"false\" required autofocus>\n"
  );
}

void write_passkey_button(Html& page, SignIn const& sign_in, std::string_view next) {
  if (!sign_in.parts().passkeys) return;
  page.markup(kScript).markup("<button id=\"passkey-sign-in\" data-next=\"").text(next);
  page.markup("\" hidden>Sign in with a passkey</button>\n<p id=\"passkey-alert\" hidden></p>\n");
}

void write_factors(
    Html& page, SignIn const& sign_in, domain::Session const& session, std::string_view csrf_token
) {
  auto const& parts = sign_in.parts();
  auto user = parts.users.find_user(session.user);
  if (!user || !user->is_local) return;
  if (parts.passkeys) write_passkeys(page, *parts.passkeys, sign_in, session, csrf_token);
  if (user->password) write_totp(page, sign_in, session, csrf_token);
}

}  // namespace keystead::api
