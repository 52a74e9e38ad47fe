-- The action lua.keystead: asks Keystead whether the request may pass (docs/gateways.md). If it may, the identity headers are set
-- and the variable txn.keystead_passed is true; if not, the client gets Keystead's refusal. What to ask beyond who is calling, such
-- as scope=data:write, is in the variable txn.keystead_ask. Needs HAProxy 2.6 for core.httpclient.

local verify = os.getenv("KEYSTEAD_VERIFY")
local timeout = 2000  -- milliseconds

local identity = {
  "x-keystead-subject", "x-keystead-tenant", "x-keystead-environment", "x-keystead-scopes", "x-keystead-identity",
}
local told = { "www-authenticate", "retry-after", "x-request-id" }
local refusals = { [400] = true, [401] = true, [403] = true, [429] = true }

-- Those of one connection, and those that are said anew.
local own = {
  ["connection"] = true, ["keep-alive"] = true, ["te"] = true, ["trailer"] = true, ["transfer-encoding"] = true,
  ["upgrade"] = true, ["proxy-connection"] = true, ["expect"] = true, ["content-length"] = true, ["host"] = true,
  ["x-forwarded-for"] = true, ["x-original-uri"] = true,
}

-- HAProxy counts the values of a header from 0, and its client takes them from 1.
local function headers_of(txn)
  local headers = {}
  for name, values in pairs(txn.http:req_get_headers()) do
    if not own[name] then
      local list = {}
      for i = 0, #values do list[i + 1] = values[i] end
      headers[name] = list
    end
  end
  local query = txn.sf:query()
  headers["x-original-uri"] = { txn.sf:path() .. (query ~= "" and "?" .. query or "") }
  headers["x-forwarded-for"] = { txn.sf:src() }
  return headers
end

local function first(response, name)
  local values = response.headers and response.headers[name]
  return values and values[0] or ""
end

local function ask(txn)
  local wanted = txn:get_var("txn.keystead_ask")
  local url = verify .. (wanted and "?" .. wanted or "")
  return core.httpclient():get{ url = url, headers = headers_of(txn), timeout = timeout }
end

local function refuse(txn, response)
  local is_answer = response and refusals[response.status]
  local reply = txn:reply{ status = is_answer and response.status or 503 }
  for _, name in ipairs(told) do
    local value = is_answer and first(response, name) or ""
    if value ~= "" then reply:add_header(name, value) end
  end
  txn:done(reply)
end

core.register_action("keystead", { "http-req" }, function(txn)
  local asked, response = pcall(ask, txn)
  if not asked or not response or response.status ~= 200 then
    return refuse(txn, asked and response or nil)
  end
  for _, name in ipairs(identity) do
    txn.http:req_del_header(name)
    local value = first(response, name)
    if value ~= "" then txn.http:req_add_header(name, value) end
  end
  txn:set_var("txn.keystead_passed", true)
end, 0)
