// BullMQ 6.7 on Node.js 20 (npm), one process with 50 jobs at once, the fastest of its arrangements.
// A job stays in Redis until it is finished; one whose process was killed runs again after 30 to 60 s (the stalled check).
//   node bullmq.js PORT fill N      puts N jobs on the queue
//   node bullmq.js PORT pace N      one at a time, with pauses of 2 to 20 ms; each carries the instant of its sending
//   node bullmq.js PORT work        takes them, until it is killed
// A worker appends the time from sending to start, in nanoseconds, to the file `latency` of its working directory.
const { appendFileSync } = require('node:fs');
const { setTimeout: pause } = require('node:timers/promises');
const { Queue, Worker } = require('bullmq');

const [, , port, verb, count] = process.argv;
const connection = { host: '127.0.0.1', port: Number(port), maxRetriesPerRequest: null };
const options = { removeOnComplete: true, removeOnFail: true };

async function main() {
  if (verb === 'work') {
    new Worker(
      'noop',
      async (job) => {
        if (job.data.sent !== '0') {
          appendFileSync('latency', `${process.hrtime.bigint() - BigInt(job.data.sent)}\n`);
        }
      },
      { connection, concurrency: 50 },
    );
    return;
  }
  const queue = new Queue('noop', { connection });
  if (verb === 'fill') {
    for (let left = Number(count); left > 0; left -= 1000) {
      const some = Array.from({ length: Math.min(left, 1000) }, () => ({ name: 'noop', data: { sent: '0' }, opts: options }));
      await queue.addBulk(some);
    }
  } else {
    for (let i = 0; i < Number(count); i++) {
      await pause(2 + Math.random() * 18);
      await queue.add('noop', { sent: String(process.hrtime.bigint()) }, options);
    }
  }
  await queue.close();
}

main();
