package dev.muster.supervise;

import dev.muster.control.ExitCode;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Records the history of a master, see [Trace]. Switched on by the system property `muster.trace`; for tests and for
/// reports of faults. **Threads:** belongs to the loop.
final class TraceFile implements AutoCloseable {
    private final BufferedWriter out;

    TraceFile(Path file, SupervisorState beginning, int processors) {
        try {
            out = Files.newBufferedWriter(file);
            line(Trace.beginning(beginning, processors));
        } catch (IOException e) {
            throw new StartException(
                    ExitCode.CANNOT_WRITE, "the trace " + file + " cannot be written: " + e.getMessage());
        }
    }

    void write(Event event, Decision decision) {
        try {
            line(Trace.line(event));
            for (Effect effect : decision.effects()) {
                line(Trace.line(effect));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the trace cannot be written", e);
        }
    }

    private void line(String text) throws IOException {
        out.write(text);
        out.newLine();
    }

    @Override
    public void close() {
        try {
            out.close();
        } catch (IOException e) {
            throw new UncheckedIOException("the trace cannot be written", e);
        }
    }
}
