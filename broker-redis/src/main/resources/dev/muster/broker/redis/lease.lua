-- Takes or prolongs a lease. KEYS: the leases, and when they run out. ARGV: name, holder, note, for how many ms. Returns
-- its token and when it runs out; nothing if another holder has it.
local LEASES, ENDS = unpack(KEYS)
redis.call('ZREM', ENDS, '') -- nobody: the first write of a script is what a full server refuses
local name, holder = ARGV[1], ARGV[2]
for _, over in ipairs(redis.call('ZRANGEBYSCORE', ENDS, '-inf', NOW, 'LIMIT', 0, 100)) do
  redis.call('ZREM', ENDS, over)
  redis.call('HDEL', LEASES, over)
end
local packed = redis.call('HGET', LEASES, name)
local lease = packed and cmsgpack.unpack(packed)
if not lease or tonumber(redis.call('ZSCORE', ENDS, name)) <= NOW then
  -- No lease has the empty name: there lies the last token. The clock holds it up if the server has lost it.
  local last = tonumber(redis.call('HGET', LEASES, '') or '0')
  lease = {holder = holder, token = math.max(last + 1, NOW)}
  redis.call('HSET', LEASES, '', lease.token)
elseif lease.holder ~= holder then
  return {}
end
lease.note = ARGV[3]
local ends = NOW + tonumber(ARGV[4])
redis.call('HSET', LEASES, name, cmsgpack.pack(lease))
redis.call('ZADD', ENDS, ends, name)
return {lease.token, ends}
