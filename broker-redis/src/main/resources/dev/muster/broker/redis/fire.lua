-- Serves an instant of a schedule that was booked for this queue. ARGV: the schedule, the instant in ms since 1970, the
-- seven values of `accept`. Returns 0 if it or a later one was served.
if unnamed() then
  return 'UNNAMED'
end
local served = redis.call('HGET', SCHEDULES, ARGV[1])
if served and tonumber(served) >= tonumber(ARGV[2]) then
  return 0
end
forget_taken()
accept(unpack(ARGV, 3, 9))
redis.call('HSET', SCHEDULES, ARGV[1], ARGV[2])
return 1
