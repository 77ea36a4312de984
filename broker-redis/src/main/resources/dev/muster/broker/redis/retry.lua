-- Makes dead letters ready again with fresh budgets. ARGV: a line for their history, '1' if those that were cancelled are
-- meant too, then ids. Returns how many.
local done = 0
for i = 3, #ARGV do
  local id = ARGV[i]
  local task = load(id)
  if task and task.state == 'DEAD' and (task.reason ~= 'CANCELLED' or ARGV[2] == '1') then
    redis.call('ZREM', DEAD, id)
    local text = task.original or task.payload
    task.attempts = 0
    task.first = nil
    task.crashes = 0
    task.crash_times = nil
    task.reason = nil
    task.detail = nil
    task.original = nil
    -- If its key has been given to another one, it comes without.
    if task.unique and redis.call('HSETNX', UNIQUE, task.unique, id) == 0 then
      task.unique = nil
    end
    note(task, ARGV[1])
    ready(id, task, text, false)
    done = done + 1
  end
end
return done
