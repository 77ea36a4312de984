<?php
// The rows of SharedRows in a Swoole\Table, through PHP.
//   php -d extension=swoole.so table.php ROWS
const ROUNDS = 7;
const WARMUP = 2;
const ROUND_NANOS = 200_000_000;
const STRIDE = 1000;

$rows = (int) $argv[1];
// It refuses keys long before its size is reached: twice as large, so that all of them fit.
$table = new Swoole\Table(2 * $rows);
$table->column('n', Swoole\Table::TYPE_INT);
$table->column('value', Swoole\Table::TYPE_STRING, 256);
$table->create();
$text = str_repeat('v', 200);
$keys = [];
for ($i = 0; $i < $rows; $i++) {
    $keys[$i] = sprintf('user:%011d', $i);
    if (!$table->set($keys[$i], ['n' => $i, 'value' => $text])) {
        fwrite(STDERR, "row $i is refused\n");
        exit(1);
    }
}

function rate(string $what, callable $operation): void
{
    global $rows, $keys;
    $rates = [];
    $k = 1;
    for ($round = -WARMUP; $round < ROUNDS; $round++) {
        $done = 0;
        $start = hrtime(true);
        do {
            for ($i = 0; $i < STRIDE; $i++) {
                $k = ($k * 1103515245 + 12345) & 0x7fffffff;
                $operation($keys[($k >> 8) % $rows]);
            }
            $done += STRIDE;
            $time = hrtime(true) - $start;
        } while ($time < ROUND_NANOS);
        if ($round >= 0) {
            $rates[] = $done * 1e3 / $time;
        }
    }
    sort($rates);
    printf("Swoole %7d rows  %-13s %6.2f M/s\n", $rows, $what, $rates[intdiv(ROUNDS, 2)]);
}

rate('get', fn ($key) => $table->get($key));
rate('set', fn ($key) => $table->set($key, ['n' => 1, 'value' => $text]));
rate('get int64', fn ($key) => $table->get($key, 'n'));
rate('increment', fn ($key) => $table->incr($key, 'n'));
