-- Shows tasks. ARGV: how many bytes of a message are shown at most, then ids. Returns for each that is kept id, state,
-- message or '', attempts, crashes, reason, detail, accepted, changed, lines left out of the history, its key in the
-- index, and the history.
local shown = {}
for i = 2, #ARGV do
  local task = load(ARGV[i])
  if task then
    shown[#shown + 1] = {ARGV[i], task.state, string.sub(task.payload or '', 1, tonumber(ARGV[1])), task.attempts,
      task.crashes, task.reason or '', task.detail or '', task.accepted, task.changed, task.left_out or 0,
      task.key or '', task.history or {}}
  end
end
return shown
