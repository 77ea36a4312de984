-- Says that a worker lives. KEYS: the leases. ARGV: its incarnation, for how many ms. Those of a day ago are forgotten.
redis.call('ZREM', KEYS[1], '') -- nobody: the first write of a script is what a full server refuses
redis.call('ZADD', KEYS[1], NOW + tonumber(ARGV[2]), ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', NOW - 86400000)
return 1
