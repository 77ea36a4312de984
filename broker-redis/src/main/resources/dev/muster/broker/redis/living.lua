-- The workers whose leases have not run out. KEYS: the leases.
return redis.call('ZRANGEBYSCORE', KEYS[1], NOW, '+inf')
