package dev.muster.os;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// What to start and how. Standard input is `/dev/null`; of the caller's descriptors only the two named ones are
/// passed on.
///
/// @param executable the program, an absolute path
/// @param argv its arguments; the first is the name under which it shows itself
/// @param environment all of its environment
/// @param directory its working directory, an absolute path
/// @param stdoutFd the caller's descriptor that becomes its standard output; stays open in the caller
/// @param stderrFd the same for standard error; may be the same descriptor
/// @param newSession true for a session of its own, without a terminal; else only a process group of its own. Its
///     id is the new pid in both cases
public record SpawnRequest(
        Path executable,
        List<String> argv,
        Map<String, String> environment,
        Path directory,
        int stdoutFd,
        int stderrFd,
        boolean newSession) {

    /// Copies the collections and checks the values.
    public SpawnRequest {
        argv = List.copyOf(argv);
        environment = Map.copyOf(environment);
        if (!executable.isAbsolute() || !directory.isAbsolute()) {
            throw new IllegalArgumentException(
                    "cannot start " + executable + " in " + directory + ": both must be absolute paths");
        }
        if (argv.isEmpty()) {
            throw new IllegalArgumentException(
                    "cannot start " + executable + " without arguments: the first is its name");
        }
        if (stdoutFd < 0 || stderrFd < 0) {
            throw new IllegalArgumentException("cannot start " + executable + " with descriptors " + stdoutFd + " and "
                    + stderrFd + ": they must be open");
        }
    }
}
