package dev.muster.worker;

import dev.muster.OnError;
import dev.muster.RestartPolicy;
import dev.muster.Role;
import dev.muster.Scope;
import dev.muster.control.Message;
import dev.muster.scan.Declaration;
import java.util.List;
import java.util.Map;

/// Duties of processes without a master.
final class Duties {
    private Duties() {}

    /// One that has the work of a slot.
    static Duty working(int slot, String name) {
        Duty duty = waiting(slot, name, _ -> {});
        duty.activate(slot, name);
        return duty;
    }

    /// One that waits for work.
    static Duty waiting(int slot, String name, Duty.Mouth master) {
        Declaration declaration = new Declaration.User(
                name,
                "com.acme.Ticker",
                "run",
                200,
                true,
                1,
                OnError.CONTINUE,
                RestartPolicy.ALWAYS,
                0,
                true,
                Scope.NODE);
        Message.Welcome welcome = new Message.Welcome(
                slot, 0, 1, false, Role.USER, name, declaration.toMap(), Map.of(), List.of(), List.of());
        return new Duty(welcome, declaration, master);
    }
}
