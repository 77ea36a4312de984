-- Accepts tasks. ARGV: for each the seven values of `accept`. Returns their ids.
if unnamed() then
  return 'UNNAMED'
end
-- Else a queue that only others empty would keep its unique keys for ever.
forget_taken()
local ids = {}
for i = 1, #ARGV, 7 do
  ids[#ids + 1] = accept(unpack(ARGV, i, i + 6))
end
return ids
