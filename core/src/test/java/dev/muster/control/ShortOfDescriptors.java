package dev.muster.control;

import dev.muster.os.NativeException;
import dev.muster.os.OpenFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/// The main class of a virtual machine that has no descriptors left, then one, then two, and opens a [ControlServer]
/// each time.
final class ShortOfDescriptors {
    private static final int MANY = 64;

    private ShortOfDescriptors() {}

    public static void main(String[] arguments) throws Exception {
        Path socket = Path.of(arguments[0]);
        serve(socket);
        long limit = OpenFiles.limit();
        Deque<FileChannel> taken = new ArrayDeque<>();
        fill(taken);
        System.out.println("the limit is " + limit + ", also now: " + OpenFiles.limit());
        for (int free = 0; free <= 2; free++) {
            String answer = attempt(socket);
            System.out.println(free + " free: " + answer + ", " + OpenFiles.room(MANY) + " free afterwards, file "
                    + Files.exists(socket));
            taken.pop().close();
        }
    }

    /// Whatever is loaded for the first time takes descriptors, too; some of it only when the loop goes round.
    private static void serve(Path socket) throws IOException, InterruptedException {
        RecordingListener listener = new RecordingListener();
        try (ControlServer _ = ControlServer.open(socket, listener);
                ControlClient client = ControlClient.connect(socket, Duration.ofSeconds(30))) {
            client.send(new Message.Shutdown());
            Message _ = listener.messages.take();
        }
    }

    private static void fill(Deque<FileChannel> taken) {
        try {
            while (true) {
                taken.push(FileChannel.open(Path.of("/dev/null"), StandardOpenOption.READ));
            }
        } catch (IOException _) {
            // There are no more.
        }
    }

    private static String attempt(Path socket) throws IOException {
        try (ControlServer _ = ControlServer.open(socket, new RecordingListener())) {
            return "opened";
        } catch (NativeException e) {
            return e.shortage() ? "refused" : e.toString();
        }
    }
}
