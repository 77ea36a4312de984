-- Accepts a task: its id, '1' if that is the caller's own, the message, the delay in ms, why it is born dead or '', the
-- priority, the unique key or ''. Returns the id of the task that is kept: this one, or the one that was there before.
local function accept(id, own, text, delay, dead, priority, unique)
  local before = own == '1' and load_kept(id)
  if before and before.state ~= 'DONE' then
    return id
  end
  if before then
    drop_kept(id) -- only its result was there
  end
  local holder = unique ~= '' and redis.call('HGET', UNIQUE, unique)
  if holder and load_kept(holder) then
    return holder
  end
  count('accepted', 1)
  local task = {attempts = 0, crashes = 0, token = 0, accepted = NOW}
  if priority ~= '0' then
    task.priority = tonumber(priority)
  end
  if unique ~= '' then
    task.unique = unique
  end
  if dead ~= '' then
    task.payload = text
    bury(id, task, 'MALFORMED', dead)
    return id
  end
  if task.unique then
    redis.call('HSET', UNIQUE, unique, id)
  end
  if tonumber(delay) > 0 then
    task.payload = text
    schedule(id, task, tonumber(delay))
  else
    ready(id, task, text, false)
  end
  return id
end

