-- Ends a lease. KEYS: the leases, and when they run out. ARGV: name, holder.
local packed = redis.call('HGET', KEYS[1], ARGV[1])
if packed and cmsgpack.unpack(packed).holder == ARGV[2] then
  redis.call('HDEL', KEYS[1], ARGV[1])
  redis.call('ZREM', KEYS[2], ARGV[1])
end
return 1
