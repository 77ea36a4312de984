package dev.muster.system.web;

import dev.muster.system.apps.Answering;
import dev.muster.system.apps.Ledger;
import dev.muster.system.apps.Serving;
import dev.muster.testkit.RunningApp;
import dev.muster.web.WebServerProvider;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// An application with web workers that tell their pid.
final class WebApp {
    private WebApp() {}

    /// Two workers that speak HTTP and write down what they are asked.
    static RunningApp serving(Path directory, int port) {
        return RunningApp.of(Serving.class, directory)
                .packed(Ledger.class)
                .set("server.host", "127.0.0.1")
                .set("server.port", Integer.toString(port))
                .set("server.workers", "2")
                // A worker of a test does not live long enough to gain from the second compiler.
                .set("jvm.web", "-XX:TieredStopAtLevel=1")
                .set("server.drainGrace", "500ms");
    }

    /// Configured by the file `muster.yml` in its directory, which a reload reads again.
    static RunningApp in(Path directory) {
        RunningApp app = RunningApp.ofJar(Answering.class.getName(), directory);
        write(app.jar());
        return app;
    }

    /// The class path of the test stands behind this jar: its server is the one that is found.
    private static void write(Path jar) {
        try (OutputStream file = Files.newOutputStream(jar);
                ZipOutputStream zip = new ZipOutputStream(file)) {
            for (String name : new String[] {
                "Answering", "Answering$Provider", "Answering$Ears", "Answering$Line", "Ledger", "Ledger$Entry"
            }) {
                String path = Ledger.class.getPackageName().replace('.', '/') + "/" + name + ".class";
                zip.putNextEntry(new ZipEntry(path));
                try (InputStream in = WebApp.class.getClassLoader().getResourceAsStream(path)) {
                    if (in == null) {
                        throw new IOException("there is no " + path + " on the class path");
                    }
                    long _ = in.transferTo(zip);
                }
            }
            zip.putNextEntry(new ZipEntry("META-INF/services/" + WebServerProvider.class.getName()));
            zip.write(Answering.Provider.class.getName().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What the next start or reload finds.
    static void configure(Path directory, String host, int port, int workers) {
        try {
            Path _ = Files.writeString(
                    directory.resolve("muster.yml"),
                    "server:\n  host: '" + host + "'\n  port: " + port + "\n  workers: " + workers + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Whether no thread of a process runs: the kernel stops one after the other.
    static boolean stopped(long pid) throws IOException {
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
            for (Path task : tasks) {
                if (!Files.readString(task.resolve("status")).contains("State:\tT")) {
                    return false;
                }
            }
            return true;
        }
    }

    /// A port that was free a moment ago.
    static int free() {
        try (ServerSocket socket = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A connection that waits to be accepted.
    static Socket connect(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(100_000);
        return socket;
    }

    /// Who answers on it.
    static long server(Socket socket) throws IOException {
        return Long.parseLong(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip());
    }

    /// Who answers a new connection.
    static long ask(int port) throws IOException {
        try (Socket socket = connect(port)) {
            return server(socket);
        }
    }

    static boolean refused(int port) {
        try (Socket _ = connect(port)) {
            return false;
        } catch (IOException _) {
            return true;
        }
    }
}
