-- What all scripts know. Layout: docs/protocol/redis.md. Every script is one change: it is made wholly or not at all.
local LIST, TASKS, INDEX, RUNNING, OWNERS, SCHEDULED, DEAD, COUNTS = unpack(KEYS)

local LARGE_FROM = 16384 -- bytes; such a message is claimed by itself
local ENDS = 10          -- lines of a history that are kept from its beginning, and from its end

local function load(id)
  local packed = redis.call('HGET', TASKS, id)
  return packed and cmsgpack.unpack(packed)
end

local function save(id, task)
  task.changed = NOW
  redis.call('HSET', TASKS, id, cmsgpack.pack(task))
end

local function count(name, number)
  redis.call('HINCRBY', COUNTS, name, number)
end

local function note(task, line)
  local history = task.history or {}
  history[#history + 1] = line
  if #history > 2 * ENDS then
    table.remove(history, ENDS + 1)
    task.left_out = (task.left_out or 0) + 1
  end
  task.history = history
end

-- The list holds nothing but messages, as PHP knows it. Which task a message is, the index tells: the ids of the tasks
-- with this text, the oldest first.
local function indexed(text)
  return redis.sha1hex(text)
end

local function ready(id, task, text, first)
  local key = indexed(text)
  local ids = redis.call('HGET', INDEX, key)
  if not ids then
    ids = id
  elseif first then
    ids = id .. ',' .. ids
  else
    ids = ids .. ',' .. id
  end
  redis.call('HSET', INDEX, key, ids)
  count('indexed', 1)
  redis.call(first and 'RPUSH' or 'LPUSH', LIST, text)
  task.state = 'READY'
  task.owner = nil
  task.payload = nil
  task.key = key
  save(id, task)
end

-- Takes an id out of the index, the oldest of this text if none is given; nil if it is not there.
local function take(key, wanted)
  local ids = redis.call('HGET', INDEX, key)
  local found = nil
  local rest = {}
  for id in string.gmatch(ids or '', '[^,]+') do
    if not found and (not wanted or id == wanted) then
      found = id
    else
      rest[#rest + 1] = id
    end
  end
  if found then
    count('indexed', -1)
    if #rest == 0 then
      redis.call('HDEL', INDEX, key)
    else
      redis.call('HSET', INDEX, key, table.concat(rest, ','))
    end
  end
  return found
end

local function bury(id, task, reason, detail)
  task.state = 'DEAD'
  task.owner = nil
  task.alone = nil
  task.reason = reason
  task.detail = detail
  save(id, task)
  redis.call('ZADD', DEAD, NOW, id)
end

local function schedule(id, task, delay)
  task.state = 'SCHEDULED'
  task.owner = nil
  save(id, task)
  redis.call('ZADD', SCHEDULED, NOW + delay, id)
end
