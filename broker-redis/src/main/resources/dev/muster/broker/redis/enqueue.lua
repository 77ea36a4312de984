-- Accepts tasks. ARGV: for each its id, '1' if the id is the caller's own, the message, the delay in ms, and why it is
-- born dead or ''.
for i = 1, #ARGV, 5 do
  local id, own, text, delay, dead = unpack(ARGV, i, i + 4)
  if own == '0' or redis.call('HEXISTS', TASKS, id) == 0 then
    count('accepted', 1)
    local task = {attempts = 0, crashes = 0, token = 0, accepted = NOW}
    if dead ~= '' then
      task.payload = text
      bury(id, task, 'MALFORMED', dead)
    elseif tonumber(delay) > 0 then
      task.payload = text
      schedule(id, task, tonumber(delay))
    else
      ready(id, task, text, false)
    end
  end
end
return 1
