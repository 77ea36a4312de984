package dev.muster.os;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// What to start and how. Of the caller's descriptors only the named ones are passed on.
///
/// @param executable the program, an absolute path
/// @param argv its arguments; the first is the name under which it shows itself
/// @param environment all of its environment
/// @param directory its working directory, an absolute path
/// @param stdinFd the caller's descriptor that becomes its standard input, which may be a socket that listens; stays
///     open in the caller; [#NO_INPUT] for `/dev/null`
/// @param stdoutFd the caller's descriptor that becomes its standard output; stays open in the caller
/// @param stderrFd the same for standard error; may be the same descriptor
/// @param newSession true for a session of its own, without a terminal; else only a process group of its own. Its
///     id is the new pid in both cases
public record SpawnRequest(
        Path executable,
        List<String> argv,
        Map<String, String> environment,
        Path directory,
        int stdinFd,
        int stdoutFd,
        int stderrFd,
        boolean newSession) {
    /// Standard input is empty.
    public static final int NO_INPUT = -1;

    /// With nothing to read.
    public SpawnRequest(
            Path executable,
            List<String> argv,
            Map<String, String> environment,
            Path directory,
            int stdoutFd,
            int stderrFd,
            boolean newSession) {
        this(executable, argv, environment, directory, NO_INPUT, stdoutFd, stderrFd, newSession);
    }

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
        if (stdinFd < NO_INPUT || stdoutFd < 0 || stderrFd < 0) {
            throw new IllegalArgumentException("cannot start " + executable + " with descriptors "
                    + (stdinFd == NO_INPUT ? "" : stdinFd + ", ") + stdoutFd + " and " + stderrFd
                    + ": they must be open");
        }
    }
}
