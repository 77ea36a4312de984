-- Shows tasks. ARGV: how many bytes of a message are shown at most, then ids. Returns for each that is kept id, state,
-- message or '', attempts, crashes, reason, detail, accepted, changed, lines left out of the history, its key in the
-- index, the history, priority, unique key, owner, when it is due, 1 if it was cancelled, progress, result.
local shown = {}
for i = 2, #ARGV do
  local id = ARGV[i]
  local task = load(id)
  if task then
    local due = task.state == 'SCHEDULED' and tonumber(redis.call('ZSCORE', SCHEDULED, id)) or 0
    shown[#shown + 1] = {id, task.state, string.sub(task.payload or '', 1, tonumber(ARGV[1])), task.attempts,
      task.crashes, task.reason or '', task.detail or '', task.accepted, task.changed, task.left_out or 0,
      task.key or '', task.history or {}, task.priority or 0, task.unique or '', task.owner or '', due,
      task.cancelled and 1 or 0, task.progress or '', task.result or ''}
  end
end
return shown
