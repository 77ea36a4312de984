<?php
// What Swoole does with the same tasks: the measure for Talking.java.
//   php -d extension=swoole.so tasks.php REPEATS TASK_WORKERS
// Prints the same lines as the Java side: tasks of 64 bytes that are given back as they are, with 1 and with 16 in flight.
// The first round of each is not counted.
[$repeats, $workers] = [(int) ($argv[1] ?? 3), (int) ($argv[2] ?? 1)];
const SINGLES = 30000;
const TASKS = 200000;

$server = new Swoole\Server('127.0.0.1', 0, SWOOLE_PROCESS);
$server->set(['worker_num' => 1, 'task_worker_num' => $workers, 'log_level' => SWOOLE_LOG_ERROR]);
$data = str_repeat('x', 64);
$state = ['flight' => 1, 'left' => 0, 'open' => 0, 'start' => 0, 'sent' => [], 'times' => [], 'round' => -1];

function send(Swoole\Server $server): void
{
    global $state, $data;
    $state['left']--;
    $state['open']++;
    $now = hrtime(true);
    $state['sent'][$server->task($data)] = $now;
}

function begin(Swoole\Server $server, int $flight): void
{
    global $state;
    $state['flight'] = $flight;
    $state['left'] = $flight === 1 ? SINGLES : TASKS;
    $state['times'] = [];
    $state['start'] = hrtime(true);
    for ($i = 0; $i < $flight; $i++) {
        send($server);
    }
}

$server->on('Receive', function () {
});
$server->on('Task', fn ($server, $id, $from, $data) => $data);
$server->on('WorkerStart', function ($server, $id) use ($workers) {
    if ($id === 0) {
        Swoole\Timer::after(500, fn () => begin($server, 1));
    }
});
$server->on('Finish', function ($server, $id, $data) use ($repeats) {
    global $state;
    $now = hrtime(true);
    $state['times'][] = $now - $state['sent'][$id];
    unset($state['sent'][$id]);
    $state['open']--;
    if ($state['left'] > 0) {
        send($server);
        return;
    }
    if ($state['open'] > 0) {
        return;
    }
    $times = $state['times'];
    sort($times);
    if ($state['round'] >= 0) {
        printf(
            "Swoole task 64 B, %d in flight | %.0f/s | p50 %.1f us | p99 %.1f us\n",
            $state['flight'],
            count($times) * 1e9 / ($now - $state['start']),
            $times[intdiv(count($times), 2)] / 1e3,
            $times[intdiv(count($times) * 99, 100)] / 1e3,
        );
    }
    if ($state['flight'] === 1) {
        begin($server, 16);
    } elseif (++$state['round'] < $repeats) {
        begin($server, 1);
    } else {
        $server->shutdown();
    }
});
$server->start();
