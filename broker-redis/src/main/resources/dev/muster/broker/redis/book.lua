-- Says which queue serves an instant of a schedule: the one that asked first. KEYS: the bookings. ARGV: the schedule, the
-- instant in ms since 1970, the queue. Returns '' if a later instant is booked.
local booked = redis.call('HGET', KEYS[1], ARGV[1])
if booked then
  local instant, queue = string.match(booked, '^(%S+) (.*)$')
  if tonumber(instant) > tonumber(ARGV[2]) then
    return ''
  elseif tonumber(instant) == tonumber(ARGV[2]) then
    return queue
  end
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2] .. ' ' .. ARGV[3])
return ARGV[3]
