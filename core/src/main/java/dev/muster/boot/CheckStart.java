package dev.muster.boot;

import dev.muster.config.ConfigurationException;
import dev.muster.control.ControlClient;
import dev.muster.control.ExitCode;
import dev.muster.control.Message;
import dev.muster.scan.Declaration;
import dev.muster.scan.DeclarationException;
import dev.muster.scan.ScheduleDeclaration;
import dev.muster.scan.TaskDeclaration;
import dev.muster.supervise.StartException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// A JVM that a master has started to look at new code and configuration: it reads both as a start would, tells the
/// master what it has found, and ends.
///
/// **Failure:** without a master there is nobody to tell, and the exit code is all that is left.
final class CheckStart {
    /// Its value is the path of the master's socket; its presence makes this JVM a check.
    static final String SOCKET = "muster.check.socket";

    private static final Duration CONNECT = Duration.ofSeconds(10);

    private CheckStart() {}

    static int run(Class<?> main) {
        String token = String.valueOf(System.getenv("MUSTER_TOKEN"));
        Message.Checked found = look(main, token);
        try (ControlClient master = ControlClient.connect(Path.of(System.getProperty(SOCKET, "")), CONNECT)) {
            master.send(found);
        } catch (IOException e) {
            System.err.println("the master cannot be told what the check has found: " + e);
            return ExitCode.INTERNAL.number();
        }
        return (found.error().isEmpty() ? ExitCode.DONE : ExitCode.CONFIGURATION).number();
    }

    private static Message.Checked look(Class<?> main, String token) {
        try {
            Found found = Found.in(main);
            return new Message.Checked(
                    token,
                    "",
                    found.settings().effective(),
                    found.map().processes().stream().map(Declaration::toMap).toList(),
                    found.map().tasks().stream().map(TaskDeclaration::toMap).toList(),
                    found.map().schedules().stream()
                            .map(ScheduleDeclaration::toMap)
                            .toList(),
                    found.map().listeners(),
                    found.map().warnings());
        } catch (ConfigurationException | DeclarationException | StartException e) {
            return new Message.Checked(
                    token,
                    String.valueOf(e.getMessage()),
                    Map.of(),
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of());
        }
    }
}
