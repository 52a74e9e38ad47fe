// A member of a key in REST answers, and the name of its source; see KeyJson::sources.
#pragma once

#include <string>

namespace keystead::api {

struct KeyMember {
  std::string name;
  std::string source;
};

}  // namespace keystead::api
