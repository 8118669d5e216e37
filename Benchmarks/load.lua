-- wrk's script for every benchmark over HTTP. Arguments after `--`:
--   FILE COOKIE-OR-TOKEN post     a line of FILE is a body for POST, each sent once
--   FILE COOKIE-OR-TOKEN get      a line of FILE is a path for GET, taken in turn
-- `none` instead of a cookie: a stranger; `none no-cache`: one who asks for the page rendered afresh.
-- Prints one JSON object at the end.
local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

function init(args)
  requests, wrong, ran_out, at = {}, 0, 0, 0
  local credential = args[2]
  local headers = { ["Accept"] = "text/html", ["Accept-Encoding"] = "gzip" }
  if credential:sub(1, 7) == "Bearer " then headers["Authorization"] = credential
  elseif credential:sub(1, 4) ~= "none" then headers["Cookie"] = credential end
  if credential == "none no-cache" then headers["Cache-Control"] = "no-cache" end
  posting = args[3] == "post"
  if posting then headers["Content-Type"] = "application/json" end
  for line in io.lines(args[1]) do
    requests[#requests + 1] = posting and wrk.format("POST", wrk.path, headers, line) or wrk.format("GET", line, headers)
  end
end

function request()
  at = at + 1
  if at > #requests then
    if posting then ran_out = ran_out + 1 end
    at = 1
  end
  return requests[at]
end

function response(status)
  if status ~= 200 then wrong = wrong + 1 end
end

function done(summary, latency)
  local wrong, ran_out = 0, 0
  for _, thread in ipairs(threads) do
    wrong = wrong + thread:get("wrong")
    ran_out = ran_out + thread:get("ran_out")
  end
  local errors = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  io.write(string.format(
    '{"requests":%d,"seconds":%.6f,"wrong":%d,"errors":%d,"ran_out":%d,"p50_ms":%.3f,"p95_ms":%.3f,"p99_ms":%.3f}\n',
    summary.requests, summary.duration / 1e6, wrong, errors, ran_out,
    latency:percentile(50) / 1000, latency:percentile(95) / 1000, latency:percentile(99) / 1000))
end
