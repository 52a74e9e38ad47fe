-- The load: one request for each key of a file, in turn, over and over.
--   wrk -s load.lua URL -- KIND DEPTH FILE     KIND is get, verify, bearer, post, token or introspect, DEPTH how many requests are
--                                              sent at once. Of the last two the URL has a path, and a line of the file is the
--                                              credentials of a client, in base64, and what it asks about.

local requests = {}
local at = 0
local threads = {}
wrong = 0  -- answers of status 200 that do not say what was asked for

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

local function form(host, client, body)
  return table.concat({
    "POST " .. wrk.path .. " HTTP/1.1",
    "Host: " .. host,
    "Authorization: Basic " .. client,
    "Content-Type: application/x-www-form-urlencoded",
    "Content-Length: " .. #body,
    "",
    body,
  }, "\r\n")
end

local function token(host, line)
  local client, scope = line:match("^(%S+) (%S+)$")
  return form(host, client, "grant_type=client_credentials&scope=" .. scope)
end

local function introspect(host, line)
  local client, text = line:match("^(%S+) (%S+)$")
  return form(host, client, "token=" .. text)
end

-- What the answer must hold, beside its status.
local wanted = { token = '"access_token":"eyJ', introspect = '"active":true' }

local kinds = { get = getter("/api/v1/whoami"), verify = getter("/api/v1/keys/verify"), bearer = bearer, post = post,
  token = token, introspect = introspect }

function setup(thread)
  threads[#threads + 1] = thread
end

function init(args)
  local text = wanted[args[1]]
  if text then
    response = function(status, headers, body)
      if not body:find(text, 1, true) then wrong = wrong + 1 end
    end
  end
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
  local wrong_answers = 0
  for _, thread in ipairs(threads) do wrong_answers = wrong_answers + thread:get("wrong") end
  io.write(string.format(
    'bench {"requests":%d,"seconds":%.3f,"refused":%d,"wrong":%d,"broken":%d,"p50":%d,"p99":%d}\n',
    summary.requests, summary.duration / 1e6, errors.status, wrong_answers,
    errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50), latency:percentile(99)))
end
