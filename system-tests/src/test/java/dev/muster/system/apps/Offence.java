package dev.muster.system.apps;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/// What a task can do to the process that runs it. Those that end the process or hang in it do not return.
public enum Offence {
    /// Leaves in an orderly way, with a code that means failure.
    EXIT {
        @Override
        void commit() {
            System.exit(3);
        }
    },
    /// Leaves without shutdown hooks.
    HALT {
        @Override
        void commit() {
            Runtime.getRuntime().halt(9);
        }
    },
    /// Takes all memory of the heap.
    HEAP {
        @Override
        void commit() {
            Object hoard = this;
            while (hoard != null) {
                hoard = new Object[] {hoard, new byte[8 << 20]};
            }
        }
    },
    /// Takes all memory beside the heap.
    NATIVE_MEMORY {
        @Override
        void commit() {
            List<ByteBuffer> hoard = new ArrayList<>();
            while (hoard.size() < 1 << 20) {
                hoard.add(ByteBuffer.allocateDirect(8 << 20));
            }
        }
    },
    /// Keeps a processor busy for ever.
    BUSY_LOOP {
        @Override
        void commit() {
            while (Turns.next() >= 0) {
                Thread.onSpinWait();
            }
        }
    },
    /// Waits for two threads, each with the lock that the other one wants.
    DEADLOCK {
        @Override
        void commit() {
            Object left = new Object();
            Object right = new Object();
            CountDownLatch both = new CountDownLatch(2);
            Thread one = Thread.ofPlatform().name("left-first").start(() -> take(left, right, both));
            Thread two = Thread.ofPlatform().name("right-first").start(() -> take(right, left, both));
            while (one.isAlive() || two.isAlive()) {
                LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
            }
        }
    },
    /// Stays in a call of the C library, where no interrupt reaches it.
    NATIVE_HANG {
        @Override
        void commit() {
            int _ = call("sleep", 600);
        }
    },
    /// Prints more than a pipe holds, and returns.
    FLOOD {
        @Override
        void commit() {
            String line = "x".repeat(1 << 10);
            for (int i = 0; i < 1 << 10; i++) {
                System.out.println(line);
            }
        }
    },
    /// `kill -9` of itself: no instruction follows.
    KILL {
        @Override
        void commit() {
            kill();
        }
    },
    /// The same from another thread up to 3 ms later: around the moment in which the outcome of the task is stored.
    KILL_SOON {
        @Override
        void commit() {
            long nanos =
                    ThreadLocalRandom.current().nextLong(Duration.ofMillis(3).toNanos());
            Thread _ = Thread.ofPlatform().daemon().start(() -> {
                LockSupport.parkNanos(nanos);
                kill();
            });
        }
    };

    private static final int SIGKILL = 9;

    abstract void commit();

    private static void take(Object mine, Object other, CountDownLatch both) {
        synchronized (mine) {
            both.countDown();
            try {
                both.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            synchronized (other) {
                throw new IllegalStateException("no deadlock");
            }
        }
    }

    private static void kill() {
        int _ = call("kill", Math.toIntExact(ProcessHandle.current().pid()), SIGKILL);
    }

    /// A function of the C library that takes integers.
    @SuppressWarnings("restricted")
    private static int call(String function, Integer... arguments) {
        Linker linker = Linker.nativeLinker();
        ValueLayout[] types = new ValueLayout[arguments.length];
        Arrays.fill(types, ValueLayout.JAVA_INT);
        MethodHandle handle = linker.downcallHandle(
                linker.defaultLookup().findOrThrow(function), FunctionDescriptor.of(ValueLayout.JAVA_INT, types));
        try {
            return (int) handle.invokeWithArguments((Object[]) arguments);
        } catch (Throwable e) {
            throw new IllegalStateException(function + " failed", e);
        }
    }

    /// Something that a loop does, so that no compiler removes it.
    private static final class Turns {
        private static volatile long turns;

        static long next() {
            turns = (turns + 1) & Long.MAX_VALUE;
            return turns;
        }
    }
}
