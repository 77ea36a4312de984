package dev.muster.broker.sql;

import dev.muster.task.Broker.NewTask;
import dev.muster.task.BrokerException;
import dev.muster.task.TaskIds;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Accepts requests in groups, one after the other: those that come while a group waits for the disk are the next one.
///
/// No request keeps others waiting or from being accepted, by what another transaction keeps it waiting for, or by a
/// fault of its own: a group that fails is tried again one by one, and what fails then goes [Aside].
///
/// **Threads:** safe for use by many threads.
final class Turns {
    private final Store store;
    private final Insertion insertion;
    private final boolean contends;
    private final Aside aside = new Aside();
    private final Queue<Request> waiting = new ConcurrentLinkedQueue<>();
    // Fair: whoever was served only looks and goes, and must not wait for those who come again and again.
    private final ReentrantLock turn = new ReentrantLock(true);

    /// @param contends whether the requests have ids or unique keys, and the database has transactions that wait
    ///     for each other because of those
    Turns(Store store, Insertion insertion, boolean contends) {
        this.store = store;
        this.insertion = insertion;
        this.contends = contends;
    }

    /// Returns when the tasks are accepted.
    ///
    /// @throws BrokerException if they are not
    void accept(Request mine) {
        boolean _ = waiting.add(mine);
        turn.lock();
        try {
            while (!mine.ended) {
                serve(group());
            }
        } catch (RuntimeException | Error e) {
            if (mine.setAside) {
                aside.leave(mine);
            }
            throw e;
        } finally {
            turn.unlock();
        }
        if (mine.setAside) {
            acceptAside(mine);
        }
        BrokerException failure = mine.failure;
        if (failure != null) {
            throw new BrokerException(String.valueOf(failure.getMessage()), failure);
        }
    }

    /// The next requests, without those that would wait for the same as others that are set aside.
    private List<Request> group() {
        List<Request> group = new ArrayList<>();
        int size = 0;
        for (Request next = waiting.peek(); next != null; next = waiting.peek()) {
            if (aside.meets(next)) {
                setAside(waiting.remove());
                continue;
            }
            size += next.tasks.size();
            if (size > Enqueueing.MAX_GROUP && !group.isEmpty()) {
                break;
            }
            group.add(waiting.remove());
        }
        return group;
    }

    /// All of them have ended afterwards.
    private void serve(List<Request> group) {
        try {
            serveTogether(group);
        } catch (RuntimeException | Error e) {
            BrokerException failure = new BrokerException("cannot enqueue tasks: " + e, e);
            group.stream().filter(request -> !request.ended).forEach(request -> request.end(failure));
            throw e;
        }
    }

    private void serveTogether(List<Request> group) {
        if (group.size() < 2) {
            group.forEach(this::serveAlone);
            return;
        }
        BrokerException failure = attempt(group, contends);
        if (failure != null && store.refused(failure)) {
            group.forEach(this::serveAlone);
        } else {
            group.forEach(request -> request.end(failure));
        }
    }

    private void serveAlone(Request request) {
        if (aside.meets(request)) {
            setAside(request);
            return;
        }
        BrokerException failure = attempt(List.of(request), contends);
        if (failure != null && contends && store.refused(failure)) {
            setAside(request);
        } else {
            request.end(failure);
        }
    }

    private void setAside(Request request) {
        aside.enter(request);
        request.setAside = true;
        request.end(null);
    }

    private void acceptAside(Request mine) {
        try {
            if (!aside.run(() -> mine.failure = attempt(List.of(mine), false))) {
                mine.failure = new BrokerException("cannot enqueue " + mine.tasks.size() + " tasks: other transactions"
                        + " have kept the ids or unique keys of several requests of this process locked for 10 s;"
                        + " nothing was changed: end what is open there, and try again");
            }
        } finally {
            aside.leave(mine);
        }
    }

    /// Tries to accept requests in one transaction.
    ///
    /// @param hurried whether it waits for other transactions for a moment only
    /// @return why they were not accepted
    private @Nullable BrokerException attempt(List<Request> group, boolean hurried) {
        Set<String> queues = new LinkedHashSet<>();
        int size = 0;
        for (Request request : group) {
            size += request.tasks.size();
            request.tasks.forEach(task -> queues.add(task.queue()));
        }
        String what = "enqueue " + size + " tasks";
        try {
            boolean _ = store.accept(what, queues, session -> {
                if (hurried) {
                    store.dialect().hurry(session);
                }
                insertion.insert(session, group);
                return true;
            });
            return null;
        } catch (BrokerException e) {
            return e;
        }
    }

    /// Tasks that one caller wants accepted. Its fields are guarded by `turn` until it has ended there, and are its
    /// caller's from then on.
    static final class Request extends Insertion.Request {
        private boolean ended;
        private boolean setAside;
        private @Nullable BrokerException failure;

        Request(List<NewTask> tasks, TaskIds maker) {
            super(tasks, maker::next);
        }

        private void end(@Nullable BrokerException why) {
            failure = why;
            ended = true;
        }
    }
}
