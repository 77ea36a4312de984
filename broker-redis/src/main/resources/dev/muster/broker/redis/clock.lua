-- Begins every script: the clock of the server, in milliseconds since 1970.
local time = redis.call('TIME')
local NOW = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)

