package dev.muster.system;

import dev.muster.testkit.TestCaches;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/// Makes the processes of all tests start quickly: they would load the same classes again and again. The example with
/// processes of each role tells which classes these are.
public final class Caches implements LauncherSessionListener {
    @Override
    public void launcherSessionOpened(LauncherSession session) {
        TestCaches.make(
                Path.of("target/jvm-caches"),
                "dev.muster.examples.demo.DemoApp",
                app -> app.set("server.host", "127.0.0.1")
                        .set("server.port", Integer.toString(freePort()))
                        .set("server.workers", "1")
                        .set("tasks.workers", "1")
                        .set("pools.asynctask.instances", "1"));
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
