package dev.muster.task;

import java.io.Serializable;

/// A reference to a task method, `Reports::daily`: read for its name, never called.
///
/// A method that takes a [TaskContext] behind the parameters of its messages is enqueued like one that does not. Where
/// it stands elsewhere, `null` stands for it among the values.
///
/// The shape without a context is also one with: where a name stands for methods of both shapes, the compiler takes the
/// one without.
public sealed interface TaskMethod extends Serializable {

    /// A static method.
    sealed interface Static extends TaskMethod {}

    /// An instance method.
    sealed interface Instance extends TaskMethod {}

    /// A static method with a [TaskContext] alone.
    @FunctionalInterface
    non-sealed interface StaticContext0 extends Static {
        /// Has the shape of the method.
        void call(TaskContext context) throws Exception;
    }

    /// A static method without parameters.
    @FunctionalInterface
    interface Static0 extends StaticContext0 {
        /// Has the shape of the method.
        void call() throws Exception;

        @Override
        default void call(TaskContext context) throws Exception {
            call();
        }
    }

    /// A static method with one parameter and a [TaskContext] behind it.
    @FunctionalInterface
    non-sealed interface StaticContext1<A> extends Static {
        /// Has the shape of the method.
        void call(A a, TaskContext context) throws Exception;
    }

    /// A static method with one parameter.
    @FunctionalInterface
    interface Static1<A> extends StaticContext1<A> {
        /// Has the shape of the method.
        void call(A a) throws Exception;

        @Override
        default void call(A a, TaskContext context) throws Exception {
            call(a);
        }
    }

    /// A static method with two parameters and a [TaskContext] behind them.
    @FunctionalInterface
    non-sealed interface StaticContext2<A, B> extends Static {
        /// Has the shape of the method.
        void call(A a, B b, TaskContext context) throws Exception;
    }

    /// A static method with two parameters.
    @FunctionalInterface
    interface Static2<A, B> extends StaticContext2<A, B> {
        /// Has the shape of the method.
        void call(A a, B b) throws Exception;

        @Override
        default void call(A a, B b, TaskContext context) throws Exception {
            call(a, b);
        }
    }

    /// A static method with three parameters and a [TaskContext] behind them.
    @FunctionalInterface
    non-sealed interface StaticContext3<A, B, C> extends Static {
        /// Has the shape of the method.
        void call(A a, B b, C c, TaskContext context) throws Exception;
    }

    /// A static method with three parameters.
    @FunctionalInterface
    interface Static3<A, B, C> extends StaticContext3<A, B, C> {
        /// Has the shape of the method.
        void call(A a, B b, C c) throws Exception;

        @Override
        default void call(A a, B b, C c, TaskContext context) throws Exception {
            call(a, b, c);
        }
    }

    /// An instance method with a [TaskContext] alone.
    @FunctionalInterface
    non-sealed interface InstanceContext0<T> extends Instance {
        /// Has the shape of the method.
        void call(T target, TaskContext context) throws Exception;
    }

    /// An instance method without parameters.
    @FunctionalInterface
    interface Instance0<T> extends InstanceContext0<T> {
        /// Has the shape of the method.
        void call(T target) throws Exception;

        @Override
        default void call(T target, TaskContext context) throws Exception {
            call(target);
        }
    }

    /// An instance method with one parameter and a [TaskContext] behind it.
    @FunctionalInterface
    non-sealed interface InstanceContext1<T, A> extends Instance {
        /// Has the shape of the method.
        void call(T target, A a, TaskContext context) throws Exception;
    }

    /// An instance method with one parameter.
    @FunctionalInterface
    interface Instance1<T, A> extends InstanceContext1<T, A> {
        /// Has the shape of the method.
        void call(T target, A a) throws Exception;

        @Override
        default void call(T target, A a, TaskContext context) throws Exception {
            call(target, a);
        }
    }

    /// An instance method with two parameters and a [TaskContext] behind them.
    @FunctionalInterface
    non-sealed interface InstanceContext2<T, A, B> extends Instance {
        /// Has the shape of the method.
        void call(T target, A a, B b, TaskContext context) throws Exception;
    }

    /// An instance method with two parameters.
    @FunctionalInterface
    interface Instance2<T, A, B> extends InstanceContext2<T, A, B> {
        /// Has the shape of the method.
        void call(T target, A a, B b) throws Exception;

        @Override
        default void call(T target, A a, B b, TaskContext context) throws Exception {
            call(target, a, b);
        }
    }

    /// An instance method with three parameters and a [TaskContext] behind them.
    @FunctionalInterface
    non-sealed interface InstanceContext3<T, A, B, C> extends Instance {
        /// Has the shape of the method.
        void call(T target, A a, B b, C c, TaskContext context) throws Exception;
    }

    /// An instance method with three parameters.
    @FunctionalInterface
    interface Instance3<T, A, B, C> extends InstanceContext3<T, A, B, C> {
        /// Has the shape of the method.
        void call(T target, A a, B b, C c) throws Exception;

        @Override
        default void call(T target, A a, B b, C c, TaskContext context) throws Exception {
            call(target, a, b, c);
        }
    }
}
