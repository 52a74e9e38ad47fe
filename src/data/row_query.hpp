// Which rows a caller asks for: the arguments of a list tool or the query string of a REST list, as
// the store understands them.
#pragma once

#include <string_view>

#include <boost/json/object.hpp>

#include "store/tenant_store.hpp"

namespace keystead::data {

namespace json = boost::json;

inline constexpr std::size_t kLimitDefault = 50;
inline constexpr std::size_t kLimitMax = 200;
inline constexpr std::size_t kConditionsMax = 32;
inline constexpr std::size_t kContainsBytesMax = 1024;

// {"filter": {"status": "open", "due": {"gte": "2026-01-01"}}, "sort": "-due", "limit": 20,
// "cursor": "…"}, with the fields that `tool` requires or allows as arguments of their own. What
// the tool sets holds whatever the arguments say.
Result<store::RowQuery> decode_query(
    domain::Collection const& collection,
    json::object const& arguments,
    domain::CollectionTool const& tool = {}
);

// status=open&due.gte=2026-01-01&sort=-due&limit=20&cursor=…; a field that is called sort, limit or
// cursor is filtered with sort.eq= and the like. No parameter may be unknown or come twice.
Result<store::RowQuery> parse_query(
    domain::Collection const& collection, std::string_view query_string
);

// For what takes no parameters: fails if there is one.
Result<void> refuse_parameters(std::string_view query_string);

}  // namespace keystead::data
