-- Sends a prepared traffic: wrk … -s wrk.lua URL -- NUMBERS ETAGS START BEFORE AFTER
-- NUMBERS is a file of 32-bit integers, each becomes the path BEFORE number AFTER; ETAGS is a file of lines "number<tab>etag",
-- whose numbers are asked conditionally. Each thread begins START numbers further on than the one before it.
-- The result is printed as one line of JSON.

local ffi = require('ffi')
local threads = 0

function setup(thread)
  thread:set('index', threads)
  threads = threads + 1
end

local function read(path)
  local file = assert(io.open(path, 'rb'))
  local text = file:read('*a')
  file:close()
  return text
end

local numbers, count, place, before, after
local conditional = {}

function init(args)
  -- Memory outside of Lua's heap: a million Lua values would give the generator's collector long pauses.
  local bytes = read(args[1])
  count = #bytes / 4
  numbers = ffi.new('int32_t[?]', count)
  ffi.copy(numbers, bytes, #bytes)
  place = tonumber(args[3]) * (index + 1) % count
  local host = ' HTTP/1.1\r\nHost: ' .. wrk.host .. ':' .. wrk.port .. '\r\n'
  before, after = 'GET ' .. args[4], (args[5] or '') .. host .. '\r\n'
  for number, etag in read(args[2]):gmatch('(%d+)\t([^\n]+)\n') do
    conditional[tonumber(number)] =
      before .. number .. (args[5] or '') .. host .. 'If-None-Match: ' .. etag .. '\r\n\r\n'
  end
end

function request()
  local number = numbers[place]
  place = place + 1
  if place == count then place = 0 end
  return conditional[number] or before .. number .. after
end

function done(summary, latency)
  local errors = summary.errors
  print(string.format(
    '{"requests":%d,"seconds":%.6f,"bytes":%d,"p50Micros":%d,"p99Micros":%d,"badStatus":%d,"broken":%d}',
    summary.requests, summary.duration / 1e6, summary.bytes, latency:percentile(50), latency:percentile(99),
    errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
