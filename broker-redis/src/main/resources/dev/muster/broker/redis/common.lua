-- What all scripts of a queue know. Layout: docs/protocol/redis.md. Every script is one change: it is made wholly or not
-- at all.
local LIST, TASKS, INDEX, RUNNING, OWNERS, SCHEDULED, DEAD, COUNTS, RANKED, UNIQUE, KEPT, CANCELLED, PAUSED, SCHEDULES
  = unpack(KEYS)

local LARGE_FROM = 16384 -- bytes; such a message is claimed by itself
local ENDS = 10          -- lines of a history that are kept from its beginning, and from its end
local RANKS = 1e14       -- from one priority to the next in the ranked tasks: so many may be ranked before they mix
local SWEPT = 100        -- what is over is removed so many at a time
local HUGE = 67108864    -- bytes; more than a task may have that is enqueued in any other way than with LPUSH
local MOST = 1000        -- values of one call
local FORGOTTEN = 1000   -- what others have taken is forgotten so many at a time

-- A queue whose name is not kept yet must not be filled: nobody would find what lies in it. Whoever is told so keeps the
-- name and comes again.
local function unnamed()
  return redis.call('HEXISTS', COUNTS, 'named') == 0
end

-- What a script changes again and again is kept here and written by `finish`, at the end of every script: numbers, how many
-- claims an owner has, tasks and their index. Most of what a script takes are single calls.
local counted, held = {}, {}

local function add(numbers, name, number)
  numbers[name] = (numbers[name] or 0) + number
end

-- Calls a command that takes any number of values behind its key; Lua hands over only so many at once.
local function call_with(command, key, values)
  for from = 1, #values, MOST do
    redis.call(command, key, unpack(values, from, math.min(#values, from + MOST - 1)))
  end
end

local function same(value)
  return value
end

-- A hash of which many fields are read and changed. A field that is not there is false, and one that is set to false goes.
local function hash(key, decode, encode)
  local known, changed = {}, {}
  local fields = {}

  -- Reads fields that will be asked for, all at once.
  function fields.read(names)
    local unknown = {}
    for _, name in ipairs(names) do
      if known[name] == nil then
        unknown[#unknown + 1] = name
      end
    end
    for from = 1, #unknown, MOST do
      local to = math.min(#unknown, from + MOST - 1)
      for i, value in ipairs(redis.call('HMGET', key, unpack(unknown, from, to))) do
        known[unknown[from + i - 1]] = value and decode(value)
      end
    end
  end

  function fields.get(name)
    if known[name] == nil then
      fields.read({name})
    end
    return known[name]
  end

  function fields.set(name, value)
    known[name] = value
    changed[name] = true
  end

  function fields.write()
    local kept, gone = {}, {}
    for name in pairs(changed) do
      local value = known[name]
      if value then
        kept[#kept + 1] = name
        kept[#kept + 1] = encode(value)
      else
        gone[#gone + 1] = name
      end
    end
    call_with('HSET', key, kept)
    call_with('HDEL', key, gone)
    changed = {}
  end

  return fields
end

-- Whether the list was empty when that was looked at, and what this script has put into it since.
local vacant, listed = false, {}

local tasks, index = hash(TASKS, cmsgpack.unpack, cmsgpack.pack), hash(INDEX, same, same)

local function finish()
  -- First what no script has read before: if something else lies under this key, nothing has changed yet.
  for owner, number in pairs(held) do
    if redis.call('HINCRBY', OWNERS, owner, number) <= 0 then
      redis.call('HDEL', OWNERS, owner)
    end
  end
  for name, number in pairs(counted) do
    redis.call('HINCRBY', COUNTS, name, number)
  end
  counted, held = {}, {}
  tasks.write()
  index.write()
end

local function count(name, number)
  add(counted, name, number)
end

local function save(id, task)
  task.changed = NOW
  tasks.set(id, task)
end

local function drop(id)
  tasks.set(id, false)
end

local function drop_kept(id)
  redis.call('ZREM', KEPT, id)
  drop(id)
end

-- The task with this id. One that is done is kept no longer than its time.
local function load(id)
  local task = tasks.get(id)
  if task and task.state == 'DONE' and task.ends <= NOW then
    drop_kept(id)
    return nil
  end
  return task or nil
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

-- The list holds nothing but messages, as PHP knows it. Which task a message is, the index tells: the id of the task with
-- this text; or, where there are several, the numbers of the oldest and of the youngest, and under each number the id. Some
-- numbers between them may be missing.
local function indexed(text)
  return redis.sha1hex(text)
end

-- The numbers, nil if the entry is an id.
local function span(entry)
  local oldest, youngest = string.match(entry, '^(-?%d+),(-?%d+)$')
  return tonumber(oldest), tonumber(youngest)
end

local function numbered(key, number)
  return string.format('%s:%d', key, number)
end

local function set_span(key, oldest, youngest)
  index.set(key, oldest <= youngest and string.format('%d,%d', oldest, youngest))
end

local function list(id, task, text, first)
  local key = indexed(text)
  local entry = index.get(key)
  if not entry then
    index.set(key, id)
  else
    local oldest, youngest = span(entry)
    if not oldest then
      oldest, youngest = 0, 0
      index.set(numbered(key, 0), entry)
    end
    if first then
      oldest = oldest - 1
    else
      youngest = youngest + 1
    end
    index.set(numbered(key, first and oldest or youngest), id)
    set_span(key, oldest, youngest)
  end
  count('indexed', 1)
  redis.call(first and 'RPUSH' or 'LPUSH', LIST, text)
  task.payload = nil
  task.key = key
  listed[id] = true
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
  local entry = index.get(key)
  if not entry then
    return nil
  end
  local oldest, youngest = span(entry)
  if not oldest then
    if wanted and wanted ~= entry then
      return nil
    end
    index.set(key, false)
    count('indexed', -1)
    return entry
  end
  for number = oldest, youngest do
    local id = index.get(numbered(key, number))
    if id and (not wanted or id == wanted) then
      index.set(numbered(key, number), false)
      count('indexed', -1)
      if not wanted or number == oldest then
        set_span(key, number + 1, youngest)
      end
      return id
    end
  end
  if not wanted then
    index.set(key, false)
  end
  return nil
end

-- Reads what will be asked for when the tasks of these texts are taken. Returns their keys, false for one that is huge and
-- therefore none of ours.
local function read_ahead(texts)
  local keys, times, distinct = {}, {}, {}
  for i, text in ipairs(texts) do
    local key = #text <= HUGE and indexed(text)
    keys[i] = key
    if key and not times[key] then
      distinct[#distinct + 1] = key
    end
    if key then
      add(times, key, 1)
    end
  end
  index.read(distinct)
  local ids, numbers = {}, {}
  for key, many in pairs(times) do
    local entry = index.get(key)
    local oldest, youngest = span(entry or '')
    if oldest then
      for number = oldest, math.min(youngest, oldest + many - 1) do
        numbers[#numbers + 1] = numbered(key, number)
      end
    elseif entry then
      ids[#ids + 1] = entry
    end
  end
  index.read(numbers)
  for _, number in ipairs(numbers) do
    local id = index.get(number)
    if id then
      ids[#ids + 1] = id
    end
  end
  tasks.read(ids)
  return keys
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

-- It is done, as far as we know.
local function forget(id)
  local task = load(id)
  if task then
    free(id, task)
  end
  drop(id)
  count('done', 1)
end

-- What the index still names when the list is empty has been taken by others, who share the list and tell nobody. So much of
-- it at a time: a million must not hold up the server.
local function forget_taken()
  vacant = redis.call('LLEN', LIST) == 0
  if not vacant then
    return
  end
  index.write()
  local fields = redis.call('HRANDFIELD', INDEX, FORGOTTEN)
  index.read(fields)
  for _, field in ipairs(fields) do
    local key = string.match(field, '^%x+')
    local id = take(key)
    if id then
      forget(id)
    elseif field ~= key then
      index.set(field, false)
    end
  end
end

-- The task with this id, unless others have taken its message: then it is forgotten before its turn.
local function load_kept(id)
  local task = load(id)
  if task and vacant and task.state == 'READY' and not task.priority and not listed[id] then
    take(task.key, id)
    forget(id)
    return nil
  end
  return task
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

