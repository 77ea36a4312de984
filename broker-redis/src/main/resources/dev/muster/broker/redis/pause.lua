-- Pauses the queue.
if unnamed() then
  return 'UNNAMED'
end
redis.call('SET', PAUSED, NOW, 'NX')
return 1
