package dev.muster.system.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.system.Patience;
import dev.muster.system.SmallDisk;
import dev.muster.system.apps.Ledger;
import dev.muster.system.apps.Printing;
import dev.muster.testkit.RunningApp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A child prints 200 MB while the disk under the log is full.
@Timeout(90)
class FullDiskTest {
    @TempDir
    Path directory;

    @Test
    void theChildIsNotHeldUpAndTheLossIsCounted() throws IOException {
        Path log = directory.resolve("log");
        RunningApp app = RunningApp.of(Printing.class, directory)
                .packed(Ledger.class)
                .option("-Dmuster.background=true")
                .set("log.dir", log.toString());
        try (SmallDisk disk = SmallDisk.mount(log, "2m");
                app) {
            Path filler = Files.write(disk.place().resolve("filler"), new byte[1 << 20]);
            RunningApp _ = app.start();
            long printer = app.pid("Printer");
            Patience.await("200 MB printed")
                    .until(() -> Ledger.texts(directory, "printer").contains("end"));

            assertThat(app.pid("Printer")).isEqualTo(printer);
            assertThat(app.deaths()).isEmpty();
            assertThat(peakMemory(app.masterPid())).as("kB at most").isLessThan(200_000);

            Files.delete(filler);
            Path file = log.resolve("Printing.log");
            Patience.await("the count of the lost lines")
                    .until(() ->
                            Files.readString(file).contains("were dropped because this file could not be written"));
            Patience.await("lines after it").until(() -> Files.readString(file).endsWith("still here\n"));
        }
    }

    private static long peakMemory(long pid) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"))) {
            if (line.startsWith("VmHWM:")) {
                return Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        throw new AssertionError("no VmHWM of " + pid);
    }
}
