-- KEYS: the events, then one a write. ARGV: three a write (the version it replaces or nothing, version and text, the
-- millisecond of its end or nothing), then two an event (scope, text). Whatever can fail comes before the first write:
-- Redis rolls nothing back.
local writes = #KEYS - 1
for i = 1, writes do
  local held, version = redis.call('GET', KEYS[i + 1]), ''
  if held then
    version = string.match(held, '^(%d+) ')
    if not version then return redis.error_reply('ERR no record of clausework: ' .. KEYS[i + 1]) end
  end
  if version ~= ARGV[3 * i - 2] then return 0 end -- as texts: a number of Lua has 53 bits
end
-- The events first: this fails if the key is no stream, or if no id is left.
for i = 3 * writes + 1, #ARGV, 2 do
  redis.call('XADD', KEYS[1], '*', 'scope', ARGV[i], 'text', ARGV[i + 1])
end
for i = 1, writes do
  local key, record, ends = KEYS[i + 1], ARGV[3 * i - 1], ARGV[3 * i]
  if ends == '' then redis.call('SET', key, record) else redis.call('SET', key, record, 'PXAT', ends) end
end
return 1
