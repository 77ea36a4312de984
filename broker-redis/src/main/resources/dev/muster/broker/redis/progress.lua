-- Remembers how far a claimed task has come. ARGV: its id, the token of the claim, the text. Returns 0 if the token is
-- stale.
local id = ARGV[1]
local task = load(id)
if not task or task.state ~= 'RUNNING' or task.token ~= tonumber(ARGV[2]) then
  return 0
end
task.progress = ARGV[3]
tasks.set(id, task)
return 1
