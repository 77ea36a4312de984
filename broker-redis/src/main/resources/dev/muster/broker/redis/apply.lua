-- Ends claims, each under its token. ARGV: what is said of a task that was cancelled, for its history and as its detail;
-- then for each claim what to do, id, token, a line for the history or '', and what depends on what is done:
--   DONE  result or '', for how many ms it is kept
--   BACK                                      untouched, to its place; the last of several first
--   TAIL  crashes, crash times, '1' if alone
--   AGAIN message, delay in ms                spends an attempt
--   SNOOZE delay in ms                        spends nothing; of several such lines in a row the last one stays
--   BURY  reason, detail, attempts it spends, crashes or '' for as many as before
-- A task that was cancelled is buried for that, unless it is done. Returns the numbers, from 1, of those that were stale,
-- and of those that were buried although something else was meant for them.
local MORE = {DONE = 2, BACK = 0, TAIL = 3, AGAIN = 2, SNOOZE = 1, BURY = 4}

local left = {}

local function leave(id, task)
  left[#left + 1] = id
  add(held, task.owner, -1)
  if task.cancelled then
    redis.call('HDEL', CANCELLED, id)
  end
end

local function forgetSnooze(task)
  local history = task.history
  if history and #history > 0 and string.find(history[#history], '^%S+ snoozed') then
    history[#history] = nil
  end
end

local does = {}

function does.DONE(id, task, result, keep)
  free(id, task)
  count('done', 1)
  if tonumber(keep) <= 0 then
    drop(id)
    return
  end
  task.state = 'DONE'
  task.owner = nil
  task.cancelled = nil
  task.result = result
  task.ends = NOW + tonumber(keep)
  save(id, task)
  redis.call('ZADD', KEPT, task.ends, id)
end

function does.BACK(id, task)
  ready(id, task, task.payload, true)
end

function does.TAIL(id, task, crashes, times, alone)
  task.crashes = tonumber(crashes)
  task.crash_times = times ~= '' and times or nil
  task.alone = alone == '1' or nil
  ready(id, task, task.payload, false)
end

function does.AGAIN(id, task, message, delay)
  task.attempts = task.attempts + 1
  task.first = task.first or task.claimed
  task.alone = nil
  if message ~= task.payload then
    task.original = task.original or task.payload
  end
  count('retried', 1)
  if tonumber(delay) <= 0 then
    ready(id, task, message, false)
  else
    task.payload = message
    schedule(id, task, tonumber(delay))
  end
end

function does.SNOOZE(id, task, delay)
  if tonumber(delay) <= 0 then
    ready(id, task, task.payload, false)
  else
    schedule(id, task, tonumber(delay))
  end
end

function does.BURY(id, task, reason, detail, spends, crashes)
  task.attempts = task.attempts + tonumber(spends)
  task.crashes = tonumber(crashes) or task.crashes
  bury(id, task, reason, detail)
end

-- Nothing: the first write of a script is what a full server refuses, and outcomes are what makes room.
redis.call('HDEL', CANCELLED, '')
sweep()
local ids = {}
local at = 3
while at <= #ARGV do
  ids[#ids + 1] = ARGV[at + 1]
  at = at + 4 + MORE[ARGV[at]]
end
tasks.read(ids)

local stale, cancelled = {}, {}
at = 3
for number, id in ipairs(ids) do
  local what, token, line = ARGV[at], ARGV[at + 2], ARGV[at + 3]
  local task = load(id)
  if task and task.state == 'RUNNING' and task.token == tonumber(token) then
    leave(id, task)
    if what == 'SNOOZE' then
      forgetSnooze(task)
    end
    if line ~= '' then
      note(task, line)
    end
    local meant = what == 'DONE' or what == 'BURY' and ARGV[at + 4] == 'CANCELLED'
    if task.cancelled and not meant then
      cancelled[#cancelled + 1] = number
      note(task, ARGV[1])
      bury(id, task, 'CANCELLED', ARGV[2])
    else
      does[what](id, task, unpack(ARGV, at + 4, at + 3 + MORE[what]))
    end
  else
    stale[#stale + 1] = number
  end
  at = at + 4 + MORE[what]
end
call_with('ZREM', RUNNING, left)
return {stale, cancelled}
