package dev.muster.task;

import java.io.Serializable;

/// A reference to a task method, `Reports::daily`: read for its name, never called.
public sealed interface TaskMethod extends Serializable {

    /// A static method.
    sealed interface Static extends TaskMethod {}

    /// An instance method.
    sealed interface Instance extends TaskMethod {}

    /// A static method without parameters.
    @FunctionalInterface
    non-sealed interface Static0 extends Static {
        /// Has the shape of the method.
        void call() throws Exception;
    }

    /// A static method with one parameter.
    @FunctionalInterface
    non-sealed interface Static1<A> extends Static {
        /// Has the shape of the method.
        void call(A a) throws Exception;
    }

    /// A static method with two parameters.
    @FunctionalInterface
    non-sealed interface Static2<A, B> extends Static {
        /// Has the shape of the method.
        void call(A a, B b) throws Exception;
    }

    /// A static method with three parameters.
    @FunctionalInterface
    non-sealed interface Static3<A, B, C> extends Static {
        /// Has the shape of the method.
        void call(A a, B b, C c) throws Exception;
    }

    /// An instance method without parameters.
    @FunctionalInterface
    non-sealed interface Instance0<T> extends Instance {
        /// Has the shape of the method.
        void call(T target) throws Exception;
    }

    /// An instance method with one parameter.
    @FunctionalInterface
    non-sealed interface Instance1<T, A> extends Instance {
        /// Has the shape of the method.
        void call(T target, A a) throws Exception;
    }

    /// An instance method with two parameters.
    @FunctionalInterface
    non-sealed interface Instance2<T, A, B> extends Instance {
        /// Has the shape of the method.
        void call(T target, A a, B b) throws Exception;
    }

    /// An instance method with three parameters.
    @FunctionalInterface
    non-sealed interface Instance3<T, A, B, C> extends Instance {
        /// Has the shape of the method.
        void call(T target, A a, B b, C c) throws Exception;
    }
}
