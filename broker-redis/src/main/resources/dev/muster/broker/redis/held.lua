-- What an owner has claimed, in the order of the claims. ARGV: the owner, how many bytes of a message are handed out at
-- most. Returns for each task id, token, message, attempts, crashes, 1 if it runs alone, when the first attempt
-- that it has spent was claimed or 0, crash times or ''.
local claims = {}
for _, id in ipairs(redis.call('ZRANGE', RUNNING, 0, -1)) do
  local task = load(id)
  if task.owner == ARGV[1] then
    local text = task.payload
    local handed = #text > tonumber(ARGV[2]) and string.sub(text, 1, tonumber(ARGV[2]) + 1) or text
    for _, value in ipairs({id, task.token, handed, task.attempts, task.crashes, task.alone and 1 or 0,
        task.first or 0, task.crash_times or ''}) do
      claims[#claims + 1] = value
    end
  end
end
return claims
