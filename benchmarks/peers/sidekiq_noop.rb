# Sidekiq 6.4 on Ruby 3.1 (Debian ruby-sidekiq), two processes with 10 threads each.
# The open-source fetch is BRPOP: a job is out of Redis before it runs, and is lost if its process is killed.
#   ruby sidekiq_noop.rb fill N      puts N jobs on the queue
#   ruby sidekiq_noop.rb pace N      one at a time, with pauses of 2 to 20 ms; each carries the instant of its sending
#   sidekiq -r ./sidekiq_noop.rb -c 10    is a worker
# REDIS_URL names the server. A worker appends the time from sending to start, in nanoseconds, to the file `latency`.
require 'sidekiq'

class Noop
  include Sidekiq::Worker
  sidekiq_options retry: 0

  def perform(sent)
    return if sent.zero?

    now = Process.clock_gettime(Process::CLOCK_MONOTONIC, :nanosecond)
    File.write('latency', "#{now - sent}\n", mode: 'a')
  end
end

if $PROGRAM_NAME == __FILE__
  count = ARGV[1].to_i
  case ARGV[0]
  when 'fill'
    count.step(1, -1000) do |left|
      Sidekiq::Client.push_bulk('class' => Noop, 'args' => Array.new([left, 1000].min) { [0] })
    end
  when 'pace'
    count.times do
      sleep rand(0.002..0.02)
      Noop.perform_async(Process.clock_gettime(Process::CLOCK_MONOTONIC, :nanosecond))
    end
  end
end
