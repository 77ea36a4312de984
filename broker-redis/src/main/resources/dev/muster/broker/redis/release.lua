-- Ends a lease. KEYS: the leases, and when they run out. ARGV: name, holder, when it runs out: if that has changed, the holder
-- has come again since, and it is another one's.
local packed = redis.call('HGET', KEYS[1], ARGV[1])
local ends = redis.call('ZSCORE', KEYS[2], ARGV[1])
if packed and cmsgpack.unpack(packed).holder == ARGV[2] and tonumber(ends) == tonumber(ARGV[3]) then
  redis.call('HDEL', KEYS[1], ARGV[1])
  redis.call('ZREM', KEYS[2], ARGV[1])
end
return 1
