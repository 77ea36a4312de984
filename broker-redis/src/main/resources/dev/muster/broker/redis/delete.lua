-- Deletes a task that is not claimed. ARGV: its id, and the message that lies in the list for it, or ''. Returns 1 if it
-- was deleted, 0 if it is claimed or not kept, 2 if it is ready and its message is not in the list.
local id, text = ARGV[1], ARGV[2]
local task = load(id)
if not task or task.state == 'RUNNING' then
  return 0
end
if task.state == 'READY' then
  if text == '' or indexed(text) ~= task.key or redis.call('LREM', LIST, -1, text) == 0 then
    return 2
  end
  take(task.key, id)
elseif task.state == 'SCHEDULED' then
  redis.call('ZREM', SCHEDULED, id)
else
  redis.call('ZREM', DEAD, id)
end
redis.call('HDEL', TASKS, id)
count('deleted', 1)
return 1
