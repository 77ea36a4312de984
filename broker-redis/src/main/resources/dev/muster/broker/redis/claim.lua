-- Reserves tasks, the oldest first. ARGV: the owner, how many at most, how many bytes of a message are handed out at
-- most, then as many fresh ids. Returns for each task id, token, message, attempts, crashes, 1 if it runs alone, and
-- when the first attempt that it has spent was claimed, or 0.
local owner, most, cut = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local fresh = 4

for _, id in ipairs(redis.call('ZRANGEBYSCORE', SCHEDULED, '-inf', NOW, 'LIMIT', 0, 1000)) do
  local task = load(id)
  redis.call('ZREM', SCHEDULED, id)
  ready(id, task, task.payload, false)
end

-- A message that somebody else has put there: it becomes a task now, under its own id if that is legal and free.
local function adopt(text)
  local ok, message = pcall(cjson.decode, text)
  local id = ok and type(message) == 'table' and message.id
  if type(id) ~= 'string' or #id > 64 or not string.match(id, '^[%w._:-]+$')
      or redis.call('HEXISTS', TASKS, id) == 1 then
    id = ARGV[fresh]
    fresh = fresh + 1
  end
  count('accepted', 1)
  return id, {attempts = 0, crashes = 0, token = 0, accepted = NOW}
end

local claims = {}
local claimed = 0
while claimed < most do
  local text = redis.call('RPOP', LIST)
  if not text then
    break
  end
  local id = take(indexed(text))
  local task = id and load(id)
  if not task then
    id, task = adopt(text)
  end
  local single = task.alone or #text >= LARGE_FROM
  if single and claimed > 0 then
    ready(id, task, text, true)
    break
  end
  task.state = 'RUNNING'
  task.owner = owner
  task.token = task.token + 1
  task.payload = text
  save(id, task)
  redis.call('ZADD', RUNNING, redis.call('HINCRBY', COUNTS, 'claims', 1), id)
  redis.call('HINCRBY', OWNERS, owner, 1)
  local handed = #text > cut and string.sub(text, 1, cut + 1) or text
  for _, value in ipairs({id, task.token, handed, task.attempts, task.crashes, task.alone and 1 or 0,
      task.first or 0}) do
    claims[#claims + 1] = value
  end
  claimed = claimed + 1
  if single then
    break
  end
end

-- What the index still names when the list is empty has been taken by others, who share the list and tell nobody.
if redis.call('LLEN', LIST) == 0 and redis.call('EXISTS', INDEX) == 1 then
  for _, ids in ipairs(redis.call('HVALS', INDEX)) do
    for id in string.gmatch(ids, '[^,]+') do
      redis.call('HDEL', TASKS, id)
      count('done', 1)
    end
  end
  redis.call('DEL', INDEX)
  redis.call('HSET', COUNTS, 'indexed', 0)
end
return claims
