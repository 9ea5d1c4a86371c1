-- For wrk: posts the seed filing to ROUTE. If FRESH is 1, every filing has a document number of its own,
-- counted from FIRST, so that no cache has it. The environment has these settings and the KEY, if any.
dofile("benches/load/report.lua")

local seed = io.open("fixtures/valid/bazhong-2021-38.json"):read("*a")
local fresh = os.getenv("FRESH") == "1"
local before, after = seed:match('^(.-"serial": )%d+(.*)$')
local threads = 0

function setup(thread)
  thread:set("id", threads)
  threads = threads + 1
end

function init()
  count = 0
  wrk.method = "POST"
  wrk.path = os.getenv("ROUTE")
  wrk.headers["Content-Type"] = "application/json"
  authorize()
end

function request()
  count = count + 1
  local serial = fresh and (tonumber(os.getenv("FIRST")) + id * 50000 + count) or 38
  return wrk.format(nil, nil, nil, before .. serial .. after)
end
