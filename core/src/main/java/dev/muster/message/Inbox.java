package dev.muster.message;

import dev.muster.MessageException.Reason;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// What has arrived and is not begun, bounded in number and in bytes. Room is reserved when the header of a message has
/// come, so that what is on its way counts too.
///
/// **Threads:** safe for use by many threads, virtual ones included.
public final class Inbox {
    private final int most;
    private final long mostBytes;
    private final IntConsumer backlog;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition change = lock.newCondition();
    private final Deque<Letter> letters = new ArrayDeque<>();
    private Runnable arrival = () -> {};
    // Guarded by `lock`.
    private int reserved;
    private long bytes;
    private boolean sealed;
    private volatile boolean stirs;

    /// @param most letters
    /// @param mostBytes of all of them together
    /// @param backlog is told how many there are; must not block
    Inbox(int most, long mostBytes, IntConsumer backlog) {
        this.most = most;
        this.mostBytes = mostBytes;
        this.backlog = backlog;
    }

    /// Runs this, too, whenever something arrives or nothing will any more; it must not block.
    void onChange(Runnable action) {
        lock.lock();
        try {
            arrival = action;
        } finally {
            lock.unlock();
        }
    }

    /// Keeps room for a letter of this length.
    ///
    /// @return null if there is room, else why not
    @Nullable
    Refusal reserve(int length) {
        lock.lock();
        try {
            if (sealed) {
                return new Refusal(Reason.LEAVING, "its process is about to end");
            }
            if (reserved >= most) {
                return new Refusal(
                        Reason.FULL, "it has " + reserved + " unread, at most " + most + " (messages.backlog)");
            }
            if (reserved > 0 && bytes + length > mostBytes) {
                return new Refusal(
                        Reason.FULL,
                        "it has " + bytes + " bytes unread, at most " + mostBytes + " with the new ones"
                                + " (messages.inbox)");
            }
            reserved++;
            bytes += length;
            return null;
        } finally {
            lock.unlock();
        }
    }

    /// The letter will not come.
    void release(int length) {
        lock.lock();
        try {
            reserved--;
            bytes -= length;
        } finally {
            lock.unlock();
        }
    }

    /// Adds a letter for which room was reserved.
    ///
    /// @return false if nothing is taken any more; the room is free again then
    boolean add(Letter letter) {
        Runnable told;
        lock.lock();
        try {
            if (sealed) {
                reserved--;
                bytes -= letter.data().length;
                return false;
            }
            letters.addLast(letter);
            stirs = true;
            backlog.accept(letters.size());
            change.signal();
            told = arrival;
        } finally {
            lock.unlock();
        }
        told.run();
        return true;
    }

    /// Whether there is a letter, or none will come; without the lock.
    boolean stirs() {
        return stirs;
    }

    /// Waits until there is a letter.
    ///
    /// @return false if there is none and none will come
    boolean await() {
        lock.lock();
        try {
            while (letters.isEmpty() && !sealed) {
                change.awaitUninterruptibly();
            }
            return !letters.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /// Takes the next letter if there is one.
    public @Nullable Letter poll() {
        lock.lock();
        try {
            return taken();
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Letter taken() {
        Letter letter = letters.pollFirst();
        if (letter != null) {
            reserved--;
            bytes -= letter.data().length;
            backlog.accept(letters.size());
            stirs = sealed || !letters.isEmpty();
        }
        return letter;
    }

    /// Takes nothing in any more; what is there can be taken out.
    void seal() {
        Runnable told;
        lock.lock();
        try {
            sealed = true;
            stirs = true;
            change.signalAll();
            told = arrival;
        } finally {
            lock.unlock();
        }
        told.run();
    }

    boolean sealed() {
        lock.lock();
        try {
            return sealed;
        } finally {
            lock.unlock();
        }
    }

    /// Takes everything out.
    List<Letter> drain() {
        lock.lock();
        try {
            List<Letter> all = new ArrayList<>();
            for (Letter letter = taken(); letter != null; letter = taken()) {
                all.add(letter);
            }
            return all;
        } finally {
            lock.unlock();
        }
    }
}
