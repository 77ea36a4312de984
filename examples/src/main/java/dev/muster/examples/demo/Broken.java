package dev.muster.examples.demo;

import dev.muster.task.RetryException;
import dev.muster.task.Task;

/// Tasks that always throw; their process lives on.
public class Broken {
    /// Asks for another attempt each time, until there is none.
    @Task
    public void hopeless() {
        throw new RetryException("it will never work");
    }

    /// Throws an exception that asks for nothing.
    @Task
    public void illegal() {
        throw new IllegalStateException("this task is broken");
    }

    /// Overflows the stack.
    @Task
    public void deep() {
        throw new AssertionError(String.valueOf(depth(0)));
    }

    @SuppressWarnings("InfiniteRecursion") // it is what this task is for
    private static int depth(int level) {
        return depth(level + 1) + 1;
    }
}
