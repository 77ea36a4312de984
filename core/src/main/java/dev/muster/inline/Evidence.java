package dev.muster.inline;

import dev.muster.worker.InlineLife;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;

/// What the threads of a slot are doing, and what all others do, as text in the directory of the evidence: one file for
/// each slot, which the next evidence of the slot replaces.
final class Evidence {
    private Evidence() {}

    /// @return the file, empty if it could not be written
    static String write(Path directory, Place place, InlineLife life) {
        StringBuilder text = new StringBuilder(4096);
        text.append(place.name()).append(" (slot ").append(place.number()).append("), inline, ");
        text.append(Instant.now()).append("\n\nits threads\n\n").append(stacks(life));
        text.append("all platform threads of this JVM\n\n");
        for (Map.Entry<Thread, StackTraceElement[]> each :
                Thread.getAllStackTraces().entrySet()) {
            append(text, each.getKey(), each.getValue());
        }
        Path file = directory.resolve("slot-" + place.number() + ".inline.txt");
        try {
            Path _ = Files.writeString(file, text);
            return file.toString();
        } catch (IOException e) {
            System.getLogger("dev.muster.inline").log(Level.WARNING, "cannot write the evidence " + file, e);
            return "";
        }
    }

    /// The stacks of the threads that run the user code of a slot.
    static String stacks(InlineLife life) {
        StringBuilder text = new StringBuilder(1024);
        for (Thread thread : life.threads()) {
            append(text, thread, thread.getStackTrace());
        }
        return text.toString();
    }

    private static void append(StringBuilder text, Thread thread, StackTraceElement[] stack) {
        text.append('"').append(thread.getName()).append("\" ").append(thread.getState());
        text.append(thread.isVirtual() ? " virtual\n" : "\n");
        for (StackTraceElement frame : stack) {
            text.append("    at ").append(frame).append('\n');
        }
        text.append('\n');
    }
}
