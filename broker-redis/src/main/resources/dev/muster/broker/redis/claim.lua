-- Reserves tasks: those with a positive priority, then those in the list, then those with a negative one. ARGV: the owner,
-- how many at most, how many bytes of a message are handed out at most, a fresh id. Returns for each task id, token,
-- message, attempts, crashes, 1 if it runs alone, and when the first attempt that it has spent was claimed, or 0.
local owner, most, cut = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local fresh = 0

if redis.call('EXISTS', PAUSED) == 1 then
  return {}
end
-- Others may have filled the list, who do not know that there are names to keep.
if redis.call('LLEN', LIST) > 0 and unnamed() then
  return 'UNNAMED'
end
sweep()
for _, id in ipairs(redis.call('ZRANGEBYSCORE', SCHEDULED, '-inf', NOW, 'LIMIT', 0, 1000)) do
  local task = load(id)
  redis.call('ZREM', SCHEDULED, id)
  ready(id, task, task.payload, false)
end

-- A message that somebody else has put there: it becomes a task now, under its own id if that is legal and free. One that
-- is too large, and will be a dead letter, is not read: it could hold up the server for seconds and fill its memory.
local function adopt(text)
  local id = nil
  if #text <= cut then
    local ok, message = pcall(cjson.decode, text)
    id = ok and type(message) == 'table' and message.id
  end
  if type(id) ~= 'string' or #id > 64 or not string.match(id, '^[%w._:-]+$') or load(id) then
    id = string.format('%s.%d', ARGV[4], fresh)
    fresh = fresh + 1
  end
  count('accepted', 1)
  return id, {attempts = 0, crashes = 0, token = 0, accepted = NOW}
end

local ranked = redis.call('ZCARD', RANKED) > 0

-- The first of the ranked tasks from one rank to another; it stays where it is.
local function first(low, high)
  local id = ranked and redis.call('ZRANGEBYSCORE', RANKED, low, high, 'LIMIT', 0, 1)[1]
  if id then
    return id, load(id)
  end
end

-- The messages at the front of the list, taken out several at once: of many small ones soon as many as may be claimed, of
-- large ones, each claimed by itself, hardly one in vain. The next of them is at `next`; `keys` are theirs in the index.
local front, next, keys = {}, 1, {}
local claimed = 0

local function pop()
  if next > #front then
    front, next = redis.call('RPOP', LIST, math.min(most - claimed, claimed + 1)) or {}, 1
    keys = read_ahead(front)
  end
  next = next + 1
  return front[next - 1], keys[next - 1]
end

local function put_back()
  for i = #front, next, -1 do
    redis.call('RPUSH', LIST, front[i])
  end
  next = #front + 1
end

local token = tonumber(redis.call('HGET', COUNTS, 'claims') or '0')
local claims, running = {}, {}
while claimed < most do
  local text, key = nil, nil
  local id, task = first('-inf', 0)
  if not task then
    text, key = pop()
    if text and not key then
      -- No task of ours. To keep all of it would take seconds, in which nobody is served.
      text = string.sub(text, 1, cut + 1)
      id, task = adopt(text)
    elseif text then
      id = take(key)
      task = id and load(id)
      if not task then
        id, task = adopt(text)
      end
    else
      id, task = first(0, '+inf')
    end
  end
  if not task then
    break
  end
  local message = text or task.payload
  local single = task.alone or #message >= LARGE_FROM
  if single and claimed > 0 then
    if text then
      put_back()
      ready(id, task, text, true)
    end
    break
  end
  if not text then
    redis.call('ZREM', RANKED, id)
  end
  -- Higher than any before in this queue: a task whose id was there once must not take a claim of its predecessor.
  token = token + 1
  task.token = token
  task.state = 'RUNNING'
  task.owner = owner
  task.claimed = NOW
  task.payload = message
  save(id, task)
  running[#running + 1] = token
  running[#running + 1] = id
  local handed = #message > cut and string.sub(message, 1, cut + 1) or message
  for _, value in ipairs({id, task.token, handed, task.attempts, task.crashes, task.alone and 1 or 0,
      task.first or 0}) do
    claims[#claims + 1] = value
  end
  claimed = claimed + 1
  if single then
    break
  end
end
put_back()
if claimed > 0 then
  count('claims', claimed)
  add(held, owner, claimed)
  call_with('ZADD', RUNNING, running)
end
forget_taken()
return claims
