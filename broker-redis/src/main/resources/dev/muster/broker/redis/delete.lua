-- Deletes a task that waits or is dead. ARGV: its id, and the message that lies in the list for it, or ''. Returns 1 if it
-- was deleted, 0 if it is claimed, done or not kept, 2 if it is ready and its message is not in the list.
local id, text = ARGV[1], ARGV[2]
local task = load(id)
if not task or task.state == 'RUNNING' or task.state == 'DONE' then
  return 0
end
if task.state == 'DEAD' then
  redis.call('ZREM', DEAD, id)
elseif not withdraw(id, task, text) then
  return 2
end
free(id, task)
drop(id)
count('deleted', 1)
return 1
