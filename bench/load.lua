-- The load: one request for each key of a file, in turn, over and over.
--   wrk -s load.lua URL -- KIND DEPTH FILE     KIND is get, verify, bearer or post, DEPTH how many requests are sent at once

local requests = {}
local at = 0

-- 117 bytes, as the official client for Node sends it, with its headers.
local call = '{"method":"tools/call","params":{"name":"whoami","arguments":{},"_meta":{"progressToken":1}},"jsonrpc":"2.0","id":100}'

local function getter(path)
  return function(host, key)
    return "GET " .. path .. " HTTP/1.1\r\nHost: " .. host .. "\r\nX-API-Key: " .. key .. "\r\n\r\n"
  end
end

local function bearer(host, token)
  return "GET /api/v1/whoami HTTP/1.1\r\nHost: " .. host .. "\r\nAuthorization: Bearer " .. token .. "\r\n\r\n"
end

local function post(host, key)
  return table.concat({
    "POST /mcp HTTP/1.1",
    "host: " .. host,
    "connection: keep-alive",
    "authorization: Bearer " .. key,
    "content-type: application/json",
    "accept: application/json, text/event-stream",
    "mcp-protocol-version: 2025-11-25",
    "mcp-session-id: 5f0c3a52-9b7e-4d43-8f0a-2f6f0c1f7d11",
    "accept-language: *",
    "sec-fetch-mode: cors",
    "user-agent: node",
    "accept-encoding: gzip, deflate",
    "content-length: " .. #call,
    "",
    call,
  }, "\r\n")
end

local kinds = { get = getter("/api/v1/whoami"), verify = getter("/api/v1/keys/verify"), bearer = bearer, post = post }

function init(args)
  local make = kinds[args[1]]
  local depth = tonumber(args[2])
  local host = wrk.host .. ":" .. wrk.port
  local batch = {}
  for key in io.lines(args[3]) do
    batch[#batch + 1] = make(host, key)
    if #batch == depth then
      requests[#requests + 1] = table.concat(batch)
      batch = {}
    end
  end
end

function request()
  at = at % #requests + 1
  return requests[at]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    'bench {"requests":%d,"seconds":%.3f,"refused":%d,"broken":%d,"p50":%d,"p99":%d}\n',
    summary.requests, summary.duration / 1e6, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50), latency:percentile(99)))
end
