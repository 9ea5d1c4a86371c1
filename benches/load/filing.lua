-- For wrk: the seed filing, each time under another number, so that no cache has seen it.
-- What is asked of it comes from the environment: ROUTE and FRESH.
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
  if os.getenv("KEY") then wrk.headers["Authorization"] = "Bearer " .. os.getenv("KEY") end
end

function request()
  count = count + 1
  local serial = fresh and (tonumber(os.getenv("FIRST")) + id * 50000 + count) or 38
  return wrk.format(nil, nil, nil, before .. serial .. after)
end

function done(summary, latency)
  local errors = summary.errors
  local wrong = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.stderr:write(string.format("%.1f %.1f %.1f %d\n", summary.requests / (summary.duration / 1e6),
    latency:percentile(50) / 1000, latency:percentile(99) / 1000, wrong))
end
