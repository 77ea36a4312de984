package dev.muster.worker;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import java.io.IOException;
import java.lang.management.ManagementFactory;

/// Thread dumps with virtual threads. A class of its own: the management classes behind it are loaded only when a dump
/// is asked for.
final class ThreadDump {
    private ThreadDump() {}

    /// Writes a dump of this process as JSON.
    ///
    /// @param path absolute; must not exist
    static void write(String path) throws IOException {
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class).dumpThreads(path, ThreadDumpFormat.JSON);
    }
}
