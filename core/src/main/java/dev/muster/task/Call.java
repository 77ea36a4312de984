package dev.muster.task;

import dev.muster.scan.TaskDeclaration;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/// A method that is ready to be called with these arguments.
///
/// @param bound what the message gives
/// @param contextAt the place of its [TaskContext] among its parameters, -1 if it takes none
record Call(TaskDeclaration task, Method method, @Nullable Object[] bound, int contextAt) implements Resolved {
    /// All arguments.
    @Nullable
    Object[] arguments(TaskContext context) {
        if (contextAt < 0) {
            return bound;
        }
        @Nullable Object[] all = new Object[bound.length + 1];
        System.arraycopy(bound, 0, all, 0, contextAt);
        all[contextAt] = context;
        System.arraycopy(bound, contextAt, all, contextAt + 1, bound.length - contextAt);
        return all;
    }
}
