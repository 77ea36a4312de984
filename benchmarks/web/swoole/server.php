<?php
// The same answers, echoes and pushes from Swoole.
//   php -d extension=swoole.so server.php PORT base|process WORKERS
// Prints "ready". Over HTTP: / and /json. Over a WebSocket: a message is echoed; "all" goes to every connection, from
// the worker that has it, and "process" has a user process push to every connection.
[$port, $mode, $workers] = [(int) $argv[1], $argv[2], (int) $argv[3]];
$server = new Swoole\WebSocket\Server('127.0.0.1', $port, $mode === 'base' ? SWOOLE_BASE : SWOOLE_PROCESS);
$server->set(['worker_num' => $workers, 'log_level' => SWOOLE_LOG_ERROR, 'max_connection' => 20000, 'backlog' => 1024]);
$server->on('Request', function ($request, $response) {
    if ($request->server['request_uri'] === '/json') {
        $response->header('Content-Type', 'application/json');
        $response->end(json_encode(['message' => 'Hello, World!']));
    } else {
        $response->header('Content-Type', 'text/plain; charset=utf-8');
        $response->end('Hello, World!');
    }
});
function toAll($server, $text): void
{
    foreach ($server->connections as $fd) {
        if ($server->isEstablished($fd)) {
            $server->push($fd, $text);
        }
    }
}
$pusher = new Swoole\Process(function ($process) use ($server) {
    while (true) {
        $text = $process->read();
        if ($text === false || $text === '') {
            return;
        }
        toAll($server, $text);
    }
}, false, SOCK_DGRAM);
$server->addProcess($pusher);
$server->on('Message', function ($server, $frame) use ($pusher) {
    match ($frame->data) {
        'all' => toAll($server, $frame->data),
        'process' => $pusher->write($frame->data),
        default => $server->push($frame->fd, $frame->data),
    };
});
$server->on('Start', function () {
    echo "ready\n";
});
if ($mode === 'base') {
    $server->on('WorkerStart', function ($server, $id) {
        if ($id === 0) {
            echo "ready\n";
        }
    });
}
$server->start();
