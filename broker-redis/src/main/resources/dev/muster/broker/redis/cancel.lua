-- Cancels a task. ARGV: its id, the message that lies in the list for it or '', a line for its history, its detail. Returns
-- 1 if it waited and is buried, 3 if it is claimed and marked, 0 if it is neither, 2 if it is ready and its message is not
-- in the list.
local id, text, line, detail = unpack(ARGV)
local task = load(id)
if not task or task.state == 'DEAD' or task.state == 'DONE' then
  return 0
end
if task.state == 'RUNNING' then
  task.cancelled = true
  tasks.set(id, task)
  redis.call('HSET', CANCELLED, id, task.owner)
  return 3
end
if not withdraw(id, task, text) then
  return 2
end
note(task, line)
bury(id, task, 'CANCELLED', detail)
return 1
