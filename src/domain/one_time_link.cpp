#include "domain/one_time_link.hpp"

namespace keystead::domain {

std::string_view name_of(LinkPurpose purpose) {
  switch (purpose) {
    case LinkPurpose::reset: return "reset";
    case LinkPurpose::verify_email: return "verify_email";
    case LinkPurpose::invitation: break;
  }
  return "invitation";
}

}  // namespace keystead::domain
