package dev.muster.task;

import dev.muster.scan.TaskDeclaration;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/// A method that is ready to be called with these arguments.
record Call(TaskDeclaration task, Method method, @Nullable Object[] arguments) implements Resolved {}
