// Refusals as components of an OpenAPI document: a response for each status, and the schemas of
// their bodies.
#pragma once

#include <span>

#include <boost/json/object.hpp>

#include "api/refusal_samples.hpp"

namespace keystead::api {

// By name: Error, and one more for each refusal whose body has other members.
json::object refusal_schemas(std::span<RefusalSample const> refusals);

// By name: Refusal403. Refusals of one status share a response.
json::object refusal_responses(std::span<RefusalSample const> refusals);

// {"$ref": …} to that of a status.
json::object refusal_reference(int status);

}  // namespace keystead::api
