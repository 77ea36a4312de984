-- The numbers of the queue: accepted, ready, scheduled, running, done, dead, deleted, retried. What others have put into
-- the list, or taken out of it, without telling anybody, is counted as it is seen: put there, it is accepted; gone, it
-- is done.
local function number(name)
  return tonumber(redis.call('HGET', COUNTS, name) or '0')
end
-- Somebody may have put something else under this key since: that must not hide the other queues.
local length = redis.pcall('LLEN', LIST)
length = type(length) == 'number' and length or 0
local strange = length - number('indexed')
return {number('accepted') + math.max(0, strange), length + redis.call('ZCARD', RANKED), redis.call('ZCARD', SCHEDULED),
  redis.call('ZCARD', RUNNING), number('done') + math.max(0, -strange), redis.call('ZCARD', DEAD), number('deleted'),
  number('retried')}
