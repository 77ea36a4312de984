<?php
// The loop of many PHP applications: PHP 8.2 with php-redis 5.3 (Debian php-cli, php-redis), one process, one task at a time.
// A task is out of Redis before it runs: what a process holds when it dies is lost. Nobody retries, nobody supervises.
//   php brpop.php PORT fill N      puts N empty tasks on the list
//   php brpop.php PORT work        takes them, until it is killed
//   php brpop.php PORT pace N      one at a time, with pauses of 2 to 20 ms; each carries the instant of its sending
// A worker writes the time from sending to start, in nanoseconds, to the file of its working directory `latency`.
[, $port, $verb] = $argv;
$redis = new Redis();
$redis->connect('127.0.0.1', (int) $port);
$redis->setOption(Redis::OPT_READ_TIMEOUT, -1);
$list = 'async_task_queue';

class Noop
{
    public function run(int $sent): void
    {
        if ($sent) {
            file_put_contents('latency', hrtime(true) - $sent . "\n", FILE_APPEND);
        }
    }
}

function message(int $sent): string
{
    return json_encode(['class' => 'Noop', 'method' => 'run', 'param' => [$sent], 'retry' => 0]);
}

switch ($verb) {
    case 'fill':
        for ($left = (int) $argv[3]; $left > 0; $left -= 200) {
            $redis->lPush($list, ...array_fill(0, min($left, 200), message(0)));
        }
        break;
    case 'pace':
        for ($i = 0; $i < (int) $argv[3]; $i++) {
            usleep(random_int(2000, 20000));
            $redis->lPush($list, message(hrtime(true)));
        }
        break;
    case 'work':
        while (true) {
            [, $text] = $redis->brPop([$list], 0);
            $task = json_decode($text, true);
            (new $task['class']())->{$task['method']}(...$task['param']);
        }
}
