-- Ends claims, each under its token. ARGV: for each claim nine values: what to do, id, token, the line for the history of
-- its task if the token is stale or '', and five that depend on what is done:
--   DONE
--   BACK                                            untouched, to its place; the last of several first
--   TAIL  crashes, crash times, '1' if alone, line
--   AGAIN message, delay in ms, line                spends an attempt
--   SNOOZE delay in ms, line                        spends nothing; of several such lines in a row the last one stays
--   BURY  reason, detail, line, attempts it spends, crashes or '' for as many as before
-- Returns the numbers, from 1, of those that were stale.
local function leave(id, task)
  redis.call('ZREM', RUNNING, id)
  if redis.call('HINCRBY', OWNERS, task.owner, -1) <= 0 then
    redis.call('HDEL', OWNERS, task.owner)
  end
end

local does = {}

function does.DONE(id, task)
  redis.call('HDEL', TASKS, id)
  count('done', 1)
end

function does.BACK(id, task)
  ready(id, task, task.payload, true)
end

function does.TAIL(id, task, crashes, times, alone, line)
  task.crashes = tonumber(crashes)
  task.crash_times = times ~= '' and times or nil
  task.alone = alone == '1' or nil
  note(task, line)
  ready(id, task, task.payload, false)
end

function does.AGAIN(id, task, message, delay, line)
  task.attempts = task.attempts + 1
  task.first = task.first or task.changed -- when it was claimed
  task.alone = nil
  if message ~= task.payload then
    task.original = task.original or task.payload
  end
  note(task, line)
  count('retried', 1)
  if tonumber(delay) <= 0 then
    ready(id, task, message, false)
  else
    task.payload = message
    schedule(id, task, tonumber(delay))
  end
end

function does.SNOOZE(id, task, delay, line)
  local history = task.history
  if history and #history > 0 and string.find(history[#history], '^%S+ snoozed') then
    history[#history] = nil
  end
  note(task, line)
  if tonumber(delay) <= 0 then
    ready(id, task, task.payload, false)
  else
    schedule(id, task, tonumber(delay))
  end
end

function does.BURY(id, task, reason, detail, line, spends, crashes)
  task.attempts = task.attempts + tonumber(spends)
  task.crashes = tonumber(crashes) or task.crashes
  note(task, line)
  bury(id, task, reason, detail)
end

local stale = {}
local number = 0
for i = 1, #ARGV, 9 do
  number = number + 1
  local what, id, token, refused = unpack(ARGV, i, i + 3)
  local task = load(id)
  if task and task.state == 'RUNNING' and task.token == tonumber(token) then
    leave(id, task)
    does[what](id, task, unpack(ARGV, i + 4, i + 8))
  else
    stale[#stale + 1] = number
    if task and refused ~= '' then
      note(task, refused)
      save(id, task)
    end
  end
end
return stale
