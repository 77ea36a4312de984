-- Makes dead letters ready again with fresh budgets. ARGV: a line for their history, then ids. Returns how many.
local done = 0
for i = 2, #ARGV do
  local id = ARGV[i]
  local task = load(id)
  if task and task.state == 'DEAD' then
    redis.call('ZREM', DEAD, id)
    local text = task.original or task.payload
    task.attempts = 0
    task.first = nil
    task.crashes = 0
    task.crash_times = nil
    task.reason = nil
    task.detail = nil
    task.original = nil
    note(task, ARGV[1])
    ready(id, task, text, false)
    done = done + 1
  end
end
return done
