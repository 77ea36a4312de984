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
local due = redis.call('ZRANGEBYSCORE', SCHEDULED, '-inf', NOW, 'LIMIT', 0, MOST)
if #due > 0 then
  tasks.read(due) -- before anything is changed: one that cannot be read is an error
  redis.call('ZREM', SCHEDULED, '') -- nobody: the first write of a script is what a full server refuses
  for _, id in ipairs(due) do
    local task = load(id)
    if task then
      ready(id, task, task.payload, false)
    end
  end
  call_with('ZREM', SCHEDULED, due)
end
finish() -- this is so, even if what follows is undone

-- The instant that a message names as `at`, in milliseconds since 1970; nil if it is none.
local function instant(at)
  local number = tonumber(at)
  if number then
    -- The same numbers as in Java. NaN, which is as little as it is more than anything, is none of them.
    if not (number >= 0 and number < 1e15) then
      return nil
    end
    return number >= 1e11 and number or number * 1000
  end
  local year, month, day, hour, minute, rest =
    string.match(type(at) == 'string' and at or '', '^(%d%d%d%d)-(%d%d)-(%d%d)T(%d%d):(%d%d)(.*)$')
  if not year then
    return nil
  end
  local second, zone = string.match(rest, '^:(%d%d%.?%d*)(.*)$')
  zone = zone or rest
  local sign, hours, minutes = string.match(zone, '^([+-])(%d%d):(%d%d)$')
  if not sign and zone ~= 'Z' then
    return nil
  end
  local east = sign and (sign == '+' and 1 or -1) * (hours * 60 + minutes) or 0
  -- Years that begin in March have their leap day at the end: http://howardhinnant.github.io/date_algorithms.html
  local y, m = tonumber(year), tonumber(month)
  y = m <= 2 and y - 1 or y
  local of_era = y % 400
  local of_year = math.floor((153 * (m + (m > 2 and -3 or 9)) + 2) / 5) + day - 1
  local days = (y - of_era) / 400 * 146097 + of_era * 365 + math.floor(of_era / 4) - math.floor(of_era / 100) + of_year
    - 719468
  return ((days * 24 + hour) * 60 + minute - east) * 60000 + (second or 0) * 1000
end

-- A message that somebody else has put there: it becomes a task now, under its own id if that is legal and free. One that
-- is too large, and will be a dead letter, is not read: it could hold up the server for seconds and fill its memory. The
-- third value says when it may start, if it says so.
local function adopt(text)
  local id, at = nil, nil
  if #text <= cut then
    local ok, message = pcall(cjson.decode, text)
    if ok and type(message) == 'table' then
      id, at = message.id, instant(message.at)
    end
  end
  if type(id) == 'number' and id % 1 == 0 and math.abs(id) < 2 ^ 53 then
    id = string.format('%.0f', id)
  end
  if type(id) ~= 'string' or #id > 64 or not string.match(id, '^[%w._:-]+$') or load(id) then
    id = string.format('%s.%d', ARGV[4], fresh)
    fresh = fresh + 1
  end
  count('accepted', 1)
  return id, {attempts = 0, crashes = 0, token = 0, accepted = NOW}, at
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

-- What was taken out of its place so far: messages of the list, and pairs of rank and id. And what was put elsewhere.
local messages, ranks = {}, {}
local planned, running = {}, {}

local function pop()
  if next > #front then
    front, next = redis.call('RPOP', LIST, math.min(most - claimed, claimed + 1)) or {}, 1
    keys = read_ahead(front)
  end
  next = next + 1
  return front[next - 1], keys[next - 1]
end

-- The next message that may start now, its id and its task; those that may not yet are scheduled. A script that passed over
-- more than some of these would keep all others waiting.
local function take_next()
  for _ = 1, 1000 do
    local text, key = pop()
    if not text then
      return nil
    end
    messages[#messages + 1] = text
    local id, task, at = nil, nil, nil
    if not key then
      -- No task of ours. To keep all of it would take seconds, in which nobody is served.
      text = string.sub(text, 1, cut + 1)
    else
      id = take(key)
      task = id and load(id)
    end
    if not task then
      id, task, at = adopt(text)
    end
    if not at or at <= NOW then
      return text, id, task
    end
    task.payload = text
    planned[#planned + 1] = id
    schedule(id, task, at - NOW)
  end
end

local function put_back()
  for i = #front, next, -1 do
    redis.call('RPUSH', LIST, front[i])
  end
  next = #front + 1
end

-- After an error: what is only kept back until `finish` is forgotten with the script, and the rest lies again where it lay.
local function undo()
  put_back()
  for i = #messages, 1, -1 do
    redis.call('RPUSH', LIST, messages[i])
  end
  call_with('ZADD', RANKED, ranks)
  call_with('ZREM', SCHEDULED, planned)
  for i = 2, #running, 2 do
    redis.pcall('ZREM', RUNNING, running[i])
  end
end

local function claim()
  -- Higher than any before in this queue, so that a task whose id was there once takes no claim of its predecessor. The
  -- clock, in microseconds, holds it up if the server has lost what it gave last; such a number is exact until the year 2255.
  local token = tonumber(redis.call('HGET', COUNTS, 'claims') or '0')
  token = math.max(token, tonumber(time[1]) * 1000000 + tonumber(time[2]))
  local claims = {}
  while claimed < most do
    local text = nil
    local id, task = first('-inf', 0)
    if not task then
      text, id, task = take_next()
      if not text then
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
        messages[#messages] = nil
      end
      break
    end
    if not text then
      redis.call('ZREM', RANKED, id)
      ranks[#ranks + 1] = task.rank
      ranks[#ranks + 1] = id
    end
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
    add(held, owner, claimed)
    call_with('ZADD', RUNNING, running)
    redis.call('HSET', COUNTS, 'claims', string.format('%.0f', token))
  end
  forget_taken()
  finish()
  return claims
end

-- A message that makes the script fail, in whatever way, stands in the way of the queue; but nothing is lost with it.
local ok, answer = pcall(claim)
if not ok then
  undo()
  error(answer, 0)
end
return answer
