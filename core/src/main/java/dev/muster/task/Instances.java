package dev.muster.task;

import dev.muster.InstanceFactory;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.util.Iterator;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/// Finds the [InstanceFactory] of an application, and is the one that holds where there is none.
public final class Instances {
    private Instances() {}

    /// The factory that was given, else the one that `ServiceLoader` finds, else [#constructor()].
    ///
    /// @param given what the application passed to `App.instances`, null if nothing
    /// @param loader the application's class loader
    /// @throws IllegalStateException if several are found
    public static InstanceFactory resolve(@Nullable InstanceFactory given, ClassLoader loader) {
        if (given != null) {
            return given;
        }
        Iterator<InstanceFactory> found =
                ServiceLoader.load(InstanceFactory.class, loader).iterator();
        if (!found.hasNext()) {
            return constructor();
        }
        InstanceFactory first = found.next();
        if (found.hasNext()) {
            throw new IllegalStateException("several instance factories are registered, "
                    + first.getClass().getName() + " and "
                    + found.next().getClass().getName()
                    + " among them; leave one, or name one with Muster.app(...).instances(factory)");
        }
        return first;
    }

    /// Calls the constructor without parameters, public or not.
    public static InstanceFactory constructor() {
        return Instances::construct;
    }

    private static <T> T construct(Class<T> type) throws Exception {
        Constructor<T> constructor;
        try {
            constructor = type.getDeclaredConstructor();
        } catch (NoSuchMethodException e) {
            String fix = type.isMemberClass() && !Modifier.isStatic(type.getModifiers())
                    ? "; it is an inner class: make it static"
                    : "; add one, or give an InstanceFactory that can make it";
            throw new IllegalStateException(
                    "cannot make a " + type.getName() + ": it has no constructor without parameters" + fix, e);
        }
        constructor.setAccessible(true);
        try {
            return constructor.newInstance();
        } catch (InstantiationException e) {
            throw new IllegalStateException("cannot make a " + type.getName() + ": it is abstract", e);
        } catch (InvocationTargetException e) {
            switch (e.getCause()) {
                case Exception exception -> throw exception;
                case Error error -> throw error;
                case null -> throw e;
                case Throwable other -> throw new IllegalStateException("cannot make a " + type.getName(), other);
            }
        }
    }
}
