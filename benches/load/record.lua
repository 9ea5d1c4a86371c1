-- For wrk: reads one address again and again. The environment has the KEY, if any.
dofile("benches/load/report.lua")

function init()
  authorize()
end
