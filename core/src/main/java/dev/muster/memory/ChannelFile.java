package dev.muster.memory;

import static dev.muster.memory.ChannelDescriptor.CLOSED_OFFSET;
import static dev.muster.memory.ChannelDescriptor.CONFIRMING_OFFSET;
import static dev.muster.memory.ChannelDescriptor.HEAD_OFFSET;
import static dev.muster.memory.ChannelDescriptor.HEAD_OWNER_OFFSET;
import static dev.muster.memory.ChannelDescriptor.KNOWN_HEAD_OFFSET;
import static dev.muster.memory.ChannelDescriptor.KNOWN_TAIL_OFFSET;
import static dev.muster.memory.ChannelDescriptor.LOST_OFFSET;
import static dev.muster.memory.ChannelDescriptor.MESSAGE_BODY_OFFSET;
import static dev.muster.memory.ChannelDescriptor.MESSAGE_LENGTH_OFFSET;
import static dev.muster.memory.ChannelDescriptor.NOT_EMPTY_OFFSET;
import static dev.muster.memory.ChannelDescriptor.NOT_FULL_OFFSET;
import static dev.muster.memory.ChannelDescriptor.RETURNED_OFFSET;
import static dev.muster.memory.ChannelDescriptor.TAIL_OFFSET;
import static dev.muster.memory.ChannelDescriptor.TAIL_OWNER_OFFSET;
import static dev.muster.memory.ChannelDescriptor.TAKING_OFFSET;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.muster.os.Words;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;

/// A channel in its file: messages of bytes in a ring, with a lock for those who put and another one for those who
/// take. A message is in the ring from the store of the tail on, and out of it from the store of the head on.
///
/// **Threads:** any. **Failure:** a producer that dies has put its message or not. A consumer that dies between the
/// store of the head, or the release of a hand, and the end of its call had not yet given the message to anybody: it is
/// lost, and counted while [ChannelDescriptor#TAKING_OFFSET] says so. It does not any more in the last steps of a call,
/// from just before the unlock on: whoever came next could not tell a message that is lost from one that was returned.
final class ChannelFile {
    /// There is no message.
    static final int NONE = -1;

    final ChannelLayout layout;
    final WaitWord notEmpty;
    final WaitWord notFull;
    private final Region region;
    private final MemorySegment memory;
    private final ShortLock locks;
    private final ChannelHands hands;
    private final AtomicBoolean toldFull = new AtomicBoolean();

    ChannelFile(Region region, ChannelLayout layout) {
        this.region = region;
        this.layout = layout;
        memory = region.memory();
        locks = new ShortLock(memory, "channel " + region.name());
        notEmpty = new WaitWord(memory, NOT_EMPTY_OFFSET);
        notFull = new WaitWord(memory, NOT_FULL_OFFSET);
        hands = new ChannelHands(memory, layout);
    }

    String name() {
        return region.name();
    }

    MemoryException lost(InternalError error) {
        return region.lost(error);
    }

    // ---- putting

    /// Puts a message in if there is room.
    ///
    /// @throws ChannelClosedException if the channel is closed
    boolean offer(byte[] message, int from, int length) {
        lockTail();
        boolean put;
        try {
            if (Words.getInt(memory, CLOSED_OFFSET) != 0) {
                throw new ChannelClosedException("the channel " + name() + " is closed: it takes no messages any more");
            }
            put = hasRoom();
            if (put) {
                put(message, from, length);
            }
        } finally {
            FaultPoint.reached("tail.unlock");
            locks.unlockVolatile(TAIL_OWNER_OFFSET, Owner.NONE);
        }
        if (put) {
            FaultPoint.reached("put.unlocked");
            notEmpty.wake();
        }
        return put;
    }

    private void lockTail() {
        if (!locks.tryLock(TAIL_OWNER_OFFSET)) {
            // A dead producer leaves nothing half done: what it wrote without storing the tail is no message.
            locks.await(TAIL_OWNER_OFFSET, () -> {});
        }
    }

    private boolean hasRoom() {
        long first = memory.get(JAVA_LONG, TAIL_OFFSET) - layout.capacity;
        if (memory.get(JAVA_LONG, KNOWN_HEAD_OFFSET) > first) {
            return true;
        }
        // Pairs with the store in moveHead(): the message that was in this place has been copied.
        long head = Words.getLong(memory, HEAD_OFFSET);
        memory.set(JAVA_LONG, KNOWN_HEAD_OFFSET, head);
        return head > first;
    }

    private void put(byte[] message, int from, int length) {
        long tail = memory.get(JAVA_LONG, TAIL_OFFSET);
        long at = layout.message(tail);
        memory.set(JAVA_INT, at + MESSAGE_LENGTH_OFFSET, length);
        MemorySegment.copy(message, from, memory, JAVA_BYTE, at + MESSAGE_BODY_OFFSET, length);
        FaultPoint.reached("put.filled");
        // Pairs with the load in isEmpty(): the message is complete.
        Words.setLong(memory, TAIL_OFFSET, tail + 1);
        FaultPoint.reached("put.done");
    }

    // ---- taking

    /// Takes the first message.
    ///
    /// @return its length; [#NONE] if there is none; `-2 - length` if it is longer than the room, and it stays then
    int poll(byte[] target, int from, int room) {
        lockHead();
        long left = Owner.NONE;
        int length;
        int returned = NONE;
        try {
            returned = returned();
            length = returned < 0 ? takeFirst(target, from, room) : takeReturned(returned, target, from, room);
        } catch (VirtualMachineError e) {
            left = Owner.ABANDONED;
            throw e;
        } finally {
            FaultPoint.reached("head.unlock");
            locks.unlockVolatile(HEAD_OWNER_OFFSET, left);
        }
        if (length >= 0) {
            FaultPoint.reached("take.unlocked");
            notFull.wake();
            // Consumers wait for a free hand too, and for a closed channel to be empty.
            if (returned >= 0 || closed()) {
                notEmpty.wake();
            }
        }
        return length;
    }

    private int takeFirst(byte[] target, int from, int room) {
        if (isEmpty()) {
            return NONE;
        }
        long head = memory.get(JAVA_LONG, HEAD_OFFSET);
        long at = layout.message(head);
        int length = memory.get(JAVA_INT, at + MESSAGE_LENGTH_OFFSET);
        if (length > room) {
            return -2 - length;
        }
        MemorySegment.copy(memory, JAVA_BYTE, at + MESSAGE_BODY_OFFSET, target, from, length);
        FaultPoint.reached("take.copied");
        Words.setLong(memory, TAKING_OFFSET, head + 1);
        moveHead(head);
        FaultPoint.reached("take.moved");
        Words.setLong(memory, TAKING_OFFSET, 0);
        return length;
    }

    private int takeReturned(int hand, byte[] target, int from, int room) {
        Words.setLong(memory, TAKING_OFFSET, -1L - hand);
        int length = hands.consume(hand, target, from, room);
        FaultPoint.reached("return.consumed");
        if (length >= 0) {
            var _ = Words.addLong(memory, RETURNED_OFFSET, 1);
        }
        Words.setLong(memory, TAKING_OFFSET, 0);
        return length;
    }

    private void moveHead(long head) {
        // Pairs with the load in hasRoom().
        Words.setLong(memory, HEAD_OFFSET, head + 1);
    }

    private boolean isEmpty() {
        long head = memory.get(JAVA_LONG, HEAD_OFFSET);
        if (memory.get(JAVA_LONG, KNOWN_TAIL_OFFSET) > head) {
            return false;
        }
        // Pairs with the store in put().
        long tail = Words.getLong(memory, TAIL_OFFSET);
        memory.set(JAVA_LONG, KNOWN_TAIL_OFFSET, tail);
        return tail == head;
    }

    /// A message that came back and waits, as the number of its hand; -1 if there is none. Only channels whose
    /// consumers confirm are asked, and not each time.
    private int returned() {
        return memory.get(JAVA_INT, CONFIRMING_OFFSET) == 0 ? NONE : hands.returned(isEmpty());
    }

    /// Takes the first message into a hand, where it stays until it is confirmed.
    ///
    /// @return the number of the hand; [#NONE] if there is no message, or no hand is free
    int receive() {
        lockHead();
        long left = Owner.NONE;
        int hand;
        boolean full = false;
        try {
            Words.setInt(memory, CONFIRMING_OFFSET, 1);
            hand = returned();
            if (hand >= 0) {
                hands.takeOver(hand);
                var _ = Words.addLong(memory, RETURNED_OFFSET, 1);
            } else {
                boolean waiting = !isEmpty();
                hand = waiting ? hands.free() : NONE;
                full = waiting && hand < 0;
                if (hand >= 0) {
                    long head = memory.get(JAVA_LONG, HEAD_OFFSET);
                    hands.fill(hand, head, layout.message(head));
                    FaultPoint.reached("receive.filled");
                    moveHead(head);
                    FaultPoint.reached("receive.moved");
                }
            }
        } catch (VirtualMachineError e) {
            left = Owner.ABANDONED;
            throw e;
        } finally {
            locks.unlockVolatile(HEAD_OWNER_OFFSET, left);
        }
        if (hand >= 0) {
            wakeProducers(hand);
        }
        if (full) {
            tellFull();
        }
        return hand;
    }

    private void wakeProducers(int hand) {
        try {
            notFull.wake();
        } catch (Throwable e) {
            // The stack may be exhausted. In the hand of a process that lives on it would never come back.
            giveBack(hand);
            throw e;
        }
    }

    byte[] received(int hand) {
        return hands.message(hand);
    }

    int deliveries(int hand) {
        return hands.deliveries(hand);
    }

    /// The message was dealt with.
    void confirm(int hand) {
        hands.release(hand, Owner.NONE);
        notEmpty.wake();
    }

    /// Somebody else is to have the message.
    void giveBack(int hand) {
        hands.release(hand, ChannelDescriptor.HAND_RETURNED);
        notEmpty.wake();
    }

    /// Once in a process: whoever receives nothing although messages wait would not know why.
    private void tellFull() {
        if (!toldFull.getAndSet(true)) {
            MemoryDirectory.warn("messages wait in the channel " + name() + ", and nobody receives them: "
                    + ChannelDescriptor.HANDS + " are unconfirmed, which is the limit; confirm or give back what was"
                    + " received");
        }
    }

    private void lockHead() {
        if (!locks.tryLock(HEAD_OWNER_OFFSET)) {
            locks.await(HEAD_OWNER_OFFSET, this::mendHead);
        }
    }

    /// Brings to an end what a dead consumer had begun.
    private void mendHead() {
        long head = Words.getLong(memory, HEAD_OFFSET);
        long taking = Words.getLong(memory, TAKING_OFFSET);
        boolean gone = taking < 0 ? hands.isFree((int) (-1 - taking)) : taking != 0 && taking == head;
        // Before it is counted: if this process dies in between, too, it is not counted rather than counted twice.
        Words.setLong(memory, TAKING_OFFSET, 0);
        if (gone) {
            var _ = Words.addLong(memory, LOST_OFFSET, 1);
            FaultPoint.reached("mend.counted");
        }
        hands.dropUnmoved(head);
    }

    // ---- the whole

    /// Takes no messages any more. Those that are in it can be taken.
    void close() {
        lockTail();
        try {
            Words.setInt(memory, CLOSED_OFFSET, 1);
        } finally {
            locks.unlockVolatile(TAIL_OWNER_OFFSET, Owner.NONE);
        }
        notEmpty.wake();
        notFull.wake();
    }

    boolean closed() {
        return Words.getIntVolatile(memory, CLOSED_OFFSET) != 0;
    }

    /// Whether no message will ever come again: ask before looking for the last one.
    boolean drained() {
        return closed() && size() == 0 && hands.used() == 0;
    }

    int size() {
        // The head first: the tail never falls behind it.
        long head = Words.getLong(memory, HEAD_OFFSET);
        return (int) Math.min(Words.getLong(memory, TAIL_OFFSET) - head, layout.capacity);
    }

    ChannelStats stats() {
        return new ChannelStats(
                name(),
                size(),
                layout.capacity,
                layout.messageCapacity,
                memory.byteSize(),
                Words.getLong(memory, TAIL_OFFSET),
                Words.getLong(memory, HEAD_OFFSET),
                hands.used(),
                Words.getLong(memory, LOST_OFFSET),
                Words.getLong(memory, RETURNED_OFFSET),
                closed());
    }
}
