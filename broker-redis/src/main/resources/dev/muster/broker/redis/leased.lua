-- The leases that have not run out and whose names begin so. KEYS: the leases, and when they run out. ARGV: the beginning.
-- Returns for each name, holder, note, token, when it runs out.
local found = {}
local living = redis.call('ZRANGEBYSCORE', KEYS[2], '(' .. string.format('%.0f', NOW), '+inf', 'WITHSCORES')
for i = 1, #living, 2 do
  if string.sub(living[i], 1, #ARGV[1]) == ARGV[1] then
    local lease = cmsgpack.unpack(redis.call('HGET', KEYS[1], living[i]))
    for _, value in ipairs({living[i], lease.holder, lease.note, lease.token, tonumber(living[i + 1])}) do
      found[#found + 1] = value
    end
  end
end
return found
