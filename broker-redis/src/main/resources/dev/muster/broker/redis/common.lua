-- What all scripts of a queue know. Layout: docs/protocol/redis.md. Every script is one change: it is made wholly or not
-- at all.
local LIST, TASKS, INDEX, RUNNING, OWNERS, SCHEDULED, DEAD, COUNTS, RANKED, UNIQUE, KEPT, CANCELLED, PAUSED, SCHEDULES
  = unpack(KEYS)

local LARGE_FROM = 16384 -- bytes; such a message is claimed by itself
local ENDS = 10          -- lines of a history that are kept from its beginning, and from its end
local RANKS = 1e14       -- from one priority to the next in the ranked tasks: so many may be ranked before they mix
local SWEPT = 100        -- what is over is removed so many at a time

-- A queue whose name is not kept yet must not be filled: nobody would find what lies in it. Whoever is told so keeps the
-- name and comes again.
local function unnamed()
  return redis.call('HEXISTS', COUNTS, 'named') == 0
end

local function write(id, task)
  redis.call('HSET', TASKS, id, cmsgpack.pack(task))
end

local function save(id, task)
  task.changed = NOW
  write(id, task)
end

local function count(name, number)
  redis.call('HINCRBY', COUNTS, name, number)
end

local function drop_kept(id)
  redis.call('ZREM', KEPT, id)
  redis.call('HDEL', TASKS, id)
end

-- The task with this id. One that is done is kept no longer than its time.
local function load(id)
  local packed = redis.call('HGET', TASKS, id)
  local task = packed and cmsgpack.unpack(packed)
  if task and task.state == 'DONE' and task.ends <= NOW then
    drop_kept(id)
    return nil
  end
  return task
end

-- Those of them whom nobody asks for.
local function sweep()
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEPT, '-inf', NOW, 'LIMIT', 0, SWEPT)) do
    drop_kept(id)
  end
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

-- A unique key belongs to one task of the queue until that has ended.
local function free(id, task)
  if task.unique and redis.call('HGET', UNIQUE, task.unique) == id then
    redis.call('HDEL', UNIQUE, task.unique)
  end
end

-- The list holds nothing but messages, as PHP knows it. Which task a message is, the index tells: the ids of the tasks
-- with this text, the oldest first.
local function indexed(text)
  return redis.sha1hex(text)
end

local function list(id, task, text, first)
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
  task.payload = nil
  task.key = key
end

-- A task with a priority has no place in the list. Its rank puts the higher priorities first, and among equals the older;
-- one that comes back to its place has kept it.
local function rank(id, task, text, first)
  if not first or not task.rank then
    task.rank = redis.call('HINCRBY', COUNTS, 'ranks', 1) - task.priority * RANKS
  end
  redis.call('ZADD', RANKED, task.rank, id)
  task.payload = text
end

local function ready(id, task, text, first)
  task.state = 'READY'
  task.owner = nil
  local place = task.priority and rank or list
  place(id, task, text, first)
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

-- Takes a task that waits out of its place; its message lies in `text` if that is the list. Returns whether it was there.
local function withdraw(id, task, text)
  if task.state == 'SCHEDULED' then
    redis.call('ZREM', SCHEDULED, id)
  elseif task.priority then
    redis.call('ZREM', RANKED, id)
  else
    if text == '' or indexed(text) ~= task.key or redis.call('LREM', LIST, -1, text) == 0 then
      return false
    end
    take(task.key, id)
    task.payload = text
  end
  return true
end

-- What the index still names when the list is empty has been taken by others, who share the list and tell nobody.
local function forget_taken()
  if redis.call('LLEN', LIST) > 0 or redis.call('EXISTS', INDEX) == 0 then
    return
  end
  for _, ids in ipairs(redis.call('HVALS', INDEX)) do
    for id in string.gmatch(ids, '[^,]+') do
      local task = load(id)
      if task then
        free(id, task)
      end
      redis.call('HDEL', TASKS, id)
      count('done', 1)
    end
  end
  redis.call('DEL', INDEX)
  redis.call('HSET', COUNTS, 'indexed', 0)
end

local function bury(id, task, reason, detail)
  task.state = 'DEAD'
  task.owner = nil
  task.alone = nil
  task.cancelled = nil
  task.reason = reason
  task.detail = detail
  free(id, task)
  save(id, task)
  redis.call('ZADD', DEAD, NOW, id)
end

local function schedule(id, task, delay)
  task.state = 'SCHEDULED'
  task.owner = nil
  save(id, task)
  redis.call('ZADD', SCHEDULED, NOW + delay, id)
end

