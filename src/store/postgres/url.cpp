#include "store/postgres/url.hpp"

#include <map>
#include <memory>

#include <libpq-fe.h>

namespace keystead::store::postgres {
namespace {

using Parts = std::map<std::string_view, std::string>;

std::string show(Parts parts) {
  // A host that begins with a slash is the folder of a Unix socket.
  std::string host = parts["host"].empty() ? parts["hostaddr"] : parts["host"];
  std::string shown = "postgresql://";
  if (!parts["user"].empty()) shown += parts["user"] + "@";
  shown += host;
  if (!parts["port"].empty()) shown += ":" + parts["port"];
  return shown + "/" + parts["dbname"];
}

}  // namespace

Result<Url> Url::parse(Secret text) {
  std::string copy(text.reveal());
  // libpq's own words about what is wrong repeat the URL, and with it the password.
  char* complaint = nullptr;
  std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(
      is_meant_by(copy) && !copy.contains('\0') ? PQconninfoParse(copy.c_str(), &complaint)
                                                : nullptr,
      PQconninfoFree
  );
  PQfreemem(complaint);
  ::explicit_bzero(copy.data(), copy.size());
  if (!options) {
    return fail(
        Code::invalid_request,
        "the URL of the database cannot be read; expected "
        "postgresql://user:password@host:port/database"
    );
  }
  Parts parts;
  for (auto* option = options.get(); option->keyword != nullptr; ++option) {
    std::string_view name = option->keyword;
    if (name == "user" || name == "host" || name == "hostaddr" || name == "port" ||
        name == "dbname") {
      parts[name] = option->val == nullptr ? "" : option->val;
    }
  }
  return Url(std::move(text), show(std::move(parts)));
}

}  // namespace keystead::store::postgres
