-- Notes something in the histories of tasks. ARGV: for each an id and a line.
for i = 1, #ARGV, 2 do
  local task = load(ARGV[i])
  if task then
    note(task, ARGV[i + 1])
    save(ARGV[i], task)
  end
end
return 1
