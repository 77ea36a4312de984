package dev.muster.worker;

import dev.muster.control.ControlClient;
import dev.muster.control.Message;
import dev.muster.control.Message.DeadWorker;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/// The child's end of the control connection.
///
/// **Threads:** [#send] and [#stats] from any thread; one thread of its own reads. **Lifetime:** the life of the
/// process. **Failure:** the end of the connection means that the master is gone; whoever listens is told once.
final class MasterLink implements MasterPort {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(5);

    /// What the master may order. Called on the reading thread: must not block.
    interface Orders {
        void stop();

        void activate(Message.Activate order);

        void pause();

        void dump(Message.Dump order);

        void reclaim(DeadWorker dead);

        void runExiting(Message.RunExiting order);

        void keepTime(Message.KeepTime order);

        void announce(Message.Announcement order);

        /// The connection has ended, or what came over it made no sense.
        void lost(IOException why);
    }

    private final ControlClient client;
    private final Message.Welcome welcome;
    private final AtomicLong requests = new AtomicLong();
    private final Map<Long, CompletableFuture<Message.StatsReply>> waiting = new ConcurrentHashMap<>();

    private MasterLink(ControlClient client, Message.Welcome welcome) {
        this.client = client;
        this.welcome = welcome;
    }

    /// Connects, introduces this process, and waits for the answer.
    ///
    /// @throws IOException if the master cannot be reached, or does not welcome this process
    static MasterLink introduce(Coordinates place, String incarnation) throws IOException {
        ControlClient client = ControlClient.connect(place.socket(), CONNECT);
        client.send(new Message.Hello(
                place.token(), ProcessHandle.current().pid(), incarnation, System.getProperty("java.vm.version", "?")));
        Message answer = client.receive();
        if (answer instanceof Message.Welcome welcome) {
            return new MasterLink(client, welcome);
        }
        client.close();
        throw new IOException("expected a welcome from the master, but it sent a "
                + answer.getClass().getSimpleName());
    }

    @Override
    public Message.Welcome welcome() {
        return welcome;
    }

    /// Sends, blocking while the socket is full.
    @Override
    public void send(Message.FromChild message) throws IOException {
        if (message instanceof Message.Ready) {
            BootTime.process().over();
        }
        client.send(message);
    }

    /// Sends where nobody is left to tell when it fails: the loss of the master ends this process anyway.
    @Override
    public void tell(Message.FromChild message) {
        try {
            client.send(message);
        } catch (IOException _) {
            // The reading thread sees the end of the connection.
        }
    }

    /// Asks the master what it knows about every slot.
    ///
    /// @throws IllegalStateException if it does not answer in time or is gone
    @Override
    public Message.StatsReply stats() {
        return stats(ANSWER);
    }

    /// The same with another limit.
    @Override
    public Message.StatsReply stats(Duration limit) {
        long request = requests.incrementAndGet();
        CompletableFuture<Message.StatsReply> answer = new CompletableFuture<>();
        waiting.put(request, answer);
        try {
            client.send(new Message.StatsRequest(request));
            return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (IOException | ExecutionException e) {
            throw new IllegalStateException("cannot ask the master for its figures: the connection is lost", e);
        } catch (TimeoutException e) {
            throw new IllegalStateException(
                    "the master did not answer within " + limit.toMillis() + " ms; it may be overloaded, try again", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the master's answer", e);
        } finally {
            waiting.remove(request);
        }
    }

    /// Starts reading.
    void listen(Orders orders) {
        Thread reader = new Thread(null, () -> read(orders), "muster-control", 256 * 1024, false);
        reader.setDaemon(true);
        reader.start();
    }

    private void read(Orders orders) {
        try {
            while (true) {
                Message message = client.receive();
                if (!(message instanceof Message.ToChild order)) {
                    throw new IOException("the master sent a "
                            + message.getClass().getSimpleName() + ", which is not for a child that runs");
                }
                dispatch(order, orders);
            }
        } catch (IOException e) {
            orders.lost(e);
        } catch (Throwable e) {
            orders.lost(new IOException("reading the master's orders failed", e));
        }
    }

    private void dispatch(Message.ToChild message, Orders orders) {
        switch (message) {
            case Message.Stop _ -> orders.stop();
            case Message.Activate order -> orders.activate(order);
            case Message.Pause _ -> orders.pause();
            case Message.Dump dump -> orders.dump(dump);
            case Message.Reclaim reclaim -> orders.reclaim(reclaim.dead());
            case Message.RunExiting order -> orders.runExiting(order);
            case Message.KeepTime order -> orders.keepTime(order);
            case Message.Announcement order -> orders.announce(order);
            case Message.StatsReply reply -> {
                CompletableFuture<Message.StatsReply> answer = waiting.remove(reply.request());
                if (answer != null) {
                    answer.complete(reply);
                }
            }
        }
    }
}
