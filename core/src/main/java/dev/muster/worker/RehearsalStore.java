package dev.muster.worker;

import dev.muster.control.Message.DeadWorker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// The store of a [Rehearsal]: so many tasks in memory, which are gone when they are done.
///
/// **Threads:** safe for use by many threads. **Lifetime:** that of the rehearsal.
final class RehearsalStore extends LoopBroker {
    private final AtomicInteger left;
    private final CountDownLatch open;
    private final Semaphore wakes = new Semaphore(0);

    RehearsalStore(int tasks) {
        left = new AtomicInteger(tasks);
        open = new CountDownLatch(tasks);
    }

    /// Waits until the outcome of each task is stored.
    void awaitEnd() throws InterruptedException {
        open.await();
    }

    @Override
    public List<Claim> claim(String queue, String owner, int max) {
        List<Claim> claims = new ArrayList<>();
        while (claims.size() < max) {
            int number = left.getAndDecrement();
            if (number <= 0) {
                break;
            }
            String message = "{\"task\":\"play\",\"param\":[\"a text\"," + number + "],\"retry\":1}";
            boolean _ = claims.add(new Claim(Integer.toString(number), 1, queue, message, 0, 0, false));
        }
        return claims;
    }

    @Override
    public List<Outcome> settle(List<Outcome> outcomes) {
        outcomes.forEach(_ -> open.countDown());
        return List.of();
    }

    @Override
    public void giveBack(List<Claim> claims) {
        claims.forEach(_ -> open.countDown());
    }

    @Override
    public void await(List<String> queues, Duration wait) throws InterruptedException {
        boolean _ = wakes.tryAcquire(TimeUnit.NANOSECONDS.convert(wait), TimeUnit.NANOSECONDS);
    }

    @Override
    public void wake() {
        wakes.release();
    }

    @Override
    public List<String> enqueue(List<NewTask> tasks) {
        return List.of();
    }

    @Override
    public ReclaimReport reclaim(DeadWorker dead, CrashPolicy policy) {
        return new ReclaimReport(0, 0);
    }
}
