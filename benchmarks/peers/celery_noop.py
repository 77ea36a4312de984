"""Celery 5.2 on Python 3.11 (Debian celery, python3-redis), prefork with two children, as it is by default.

A task is acknowledged before it runs: it is lost if its child or the worker is killed.
  python3 celery_noop.py fill N    puts N tasks on the queue
  python3 celery_noop.py pace N    one at a time, with pauses of 2 to 20 ms; each carries the instant of its sending
  python3 -m celery -A celery_noop worker -c 2    is the worker
REDIS_URL names the server. A child appends the time from sending to start, in nanoseconds, to the file `latency`.
"""
import os
import random
import sys
import time

from celery import Celery

app = Celery("celery_noop", broker=os.environ["REDIS_URL"])
app.conf.task_ignore_result = True


@app.task
def noop(sent):
    if sent:
        with open("latency", "a", encoding="ascii") as file:
            file.write(f"{time.monotonic_ns() - sent}\n")


if __name__ == "__main__":
    # The task has the name under which workers import it.
    from celery_noop import noop as task

    with app.producer_pool.acquire(block=True) as producer:
        for _ in range(int(sys.argv[2])):
            if sys.argv[1] == "pace":
                time.sleep(random.uniform(0.002, 0.02))
                task.apply_async((time.monotonic_ns(),), producer=producer)
            else:
                task.apply_async((0,), producer=producer)
