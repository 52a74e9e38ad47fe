// Which revision of MCP a request speaks. It is chosen for every request anew: nothing is
// remembered between two of them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "mcp/json_rpc.hpp"
#include "mcp/request_headers.hpp"

namespace keystead::mcp {

// In order of time, so that they can be compared. 2024-11-05 had another transport; clients that
// speak it over this one exist and get along with what it shares with its successor.
enum class Revision { r2024_11_05, r2025_03_26, r2025_06_18, r2025_11_25, r2026_07_28 };

constexpr Revision kNewestLegacy = Revision::r2025_11_25;

// A modern revision has no handshake and says everything in params._meta; a legacy one begins with
// initialize.
constexpr bool is_modern(Revision revision) {
  return revision >= Revision::r2026_07_28;
}

std::string_view name_of(Revision revision);  // "2026-07-28"
std::optional<Revision> find_revision(std::string_view name);

// ["2026-07-28",…], the newest first; without 2024-11-05, which is tolerated rather than offered.
std::string const& supported_versions_json();

// Modern is who says so in params._meta or by a modern MCP-Protocol-Version; everybody else is
// legacy. The error is the whole answer: what a modern request must carry in _meta is missing,
// header and _meta disagree (attack 89), or the revision is unknown.
RpcResult<Revision> choose_revision(Message const& message, RequestHeaders const& headers);

// A batch exists in 2025-03-26 only, the revision of a request without the header (attack 83).
RpcResult<Revision> choose_batch_revision(RequestHeaders const& headers);

// Whether params._meta names a revision.
bool claims_revision(Message const& message);

}  // namespace keystead::mcp
