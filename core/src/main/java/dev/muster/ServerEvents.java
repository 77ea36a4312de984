package dev.muster;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Marks a [ServerListener] that belongs to the application. It is found like a user process: beside the main class,
/// or in a jar of `app.scan`. There may be several; each message is told to all of them in the order of their names,
/// and at most one of them may have `onTask`.
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface ServerEvents {}
