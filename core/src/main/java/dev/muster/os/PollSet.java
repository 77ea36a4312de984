package dev.muster.os;

import java.time.Duration;

/// The work of a [Poller], whose methods say what these do.
interface PollSet extends AutoCloseable {
    void add(int fd, int events, long key);

    void update(int fd, int events);

    void remove(int fd);

    int size();

    int poll(Duration timeout, Poller.Handler handler);

    void wakeup();

    @Override
    void close();
}
