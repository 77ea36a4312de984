package dev.muster.examples.demo;

import dev.muster.task.Task;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.zip.CRC32C;

/// Tasks that succeed.
public class Mail {
    /// Writes a short letter; nobody gets it.
    @Task
    public void send(int user, String name) {
        String letter = String.format(Locale.ROOT, "Dear %s,%nyour number is %d.%n", name, user);
        CRC32C checksum = new CRC32C();
        checksum.update(letter.getBytes(StandardCharsets.UTF_8));
    }

    /// Counts the letters of each user; a static method can be a task too.
    @Task
    public static void digest(long[] letters) {
        long sum = 0;
        for (long count : letters) {
            sum = Math.addExact(sum, count);
        }
    }

    /// Does nothing at all, and needs no parameters for it.
    @Task
    public void ping() {}

    /// Public, but not a task: a message that names it ends as a dead letter.
    public void secret() {
        throw new AssertionError("a message reached a method that is not a task");
    }
}
