// The texts of a DenialForm, filled in.
#pragma once

#include <string>
#include <string_view>

#include <boost/json/value.hpp>

namespace keystead::api {

// What the placeholders of a form stand for; see DenialForm.
struct DenialWords {
  std::string_view error;
  std::string_view title;
  int status = 0;
  std::string_view detail;
  std::string_view scope;
  std::string_view tool;
  std::string_view argument;
  std::string_view rule;
  long retry_after = 0;
  std::string_view request_id;
};

std::string fill_text(std::string_view text, DenialWords const& words);

// Every text in `form`, at any depth, filled in.
boost::json::value fill(boost::json::value const& form, DenialWords const& words);

}  // namespace keystead::api
