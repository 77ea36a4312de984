package dev.muster.console;

import dev.muster.config.ConfigurationException;
import dev.muster.control.ExitCode;
import dev.muster.scan.DeclarationException;
import dev.muster.task.BrokerException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/// The entry point of the command line.
///
/// **Threads:** a verb runs on the main thread. **Failure:** an expected one is a sentence and an exit code of
/// [ExitCode]; an unexpected one is a line, with its stack only if `MUSTER_DEBUG` is set.
public final class Main {
    private static final Map<String, Supplier<Verb>> VERBS = verbs();

    private Main() {}

    /// Runs one verb and ends the process with its exit code.
    public static void main(String[] args) {
        PrintWriter out = new PrintWriter(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        int code = run(out, err, args);
        out.flush();
        err.flush();
        System.exit(code);
    }

    /// Runs one verb with the given outputs.
    ///
    /// @return the exit code
    static int run(PrintWriter out, PrintWriter err, String... args) {
        CommandLine command = commandLine(args).setOut(out).setErr(err);
        command.setExecutionExceptionHandler((e, _, _) -> report(e, err));
        command.setParameterExceptionHandler((e, _) -> reportUsage(e, err));
        CommandLine run = command.getSubcommands().get("run");
        if (run != null) {
            CommandLine _ = run.setStopAtPositional(true);
        }
        int code = command.execute(args);
        out.flush();
        return code;
    }

    /// Only the verb that is asked for is built: reading the annotations of all of them takes longer than most
    /// verbs.
    private static CommandLine commandLine(String[] args) {
        CommandLine command = new CommandLine(new MusterCommand());
        Supplier<Verb> only = args.length == 0 ? null : VERBS.get(args[0]);
        if (only != null) {
            return command.addSubcommand(args[0], only.get());
        }
        VERBS.forEach((name, verb) -> command.addSubcommand(name, verb.get()));
        return command.addSubcommand("help", new CommandLine.HelpCommand());
    }

    private static Map<String, Supplier<Verb>> verbs() {
        Map<String, Supplier<Verb>> verbs = new LinkedHashMap<>();
        verbs.put("run", RunVerb::new);
        verbs.put("demo", DemoVerb::new);
        verbs.put("ps", PsVerb::new);
        verbs.put("stop", StopVerb::new);
        verbs.put("reload", ReloadVerb::new);
        verbs.put("restart", RestartVerb::new);
        verbs.put("kill", KillVerb::new);
        verbs.put("scale", ScaleVerb::new);
        verbs.put("pause", PauseVerb::new);
        verbs.put("resume", ResumeVerb::new);
        verbs.put("why", WhyVerb::new);
        verbs.put("dump", DumpVerb::new);
        verbs.put("deaths", DeathsVerb::new);
        verbs.put("logs", LogsVerb::new);
        verbs.put("tasks", TasksVerb::new);
        verbs.put("tables", TablesVerb::new);
        verbs.put("nodes", NodesVerb::new);
        verbs.put("schedules", SchedulesVerb::new);
        verbs.put("map", MapVerb::new);
        verbs.put("check", CheckVerb::new);
        verbs.put("doctor", DoctorVerb::new);
        verbs.put("version", VersionVerb::new);
        verbs.put("chaos", ChaosVerb::new);
        verbs.put("train", TrainVerb::new);
        return verbs;
    }

    private static int report(Exception e, PrintWriter err) {
        if (e instanceof Refusal refusal) {
            return fail(err, refusal.exitCode(), e);
        }
        if (e instanceof ConfigurationException || e instanceof DeclarationException) {
            return fail(err, ExitCode.CONFIGURATION.number(), e);
        }
        if (e instanceof BrokerException) {
            return fail(err, ExitCode.FAILED.number(), e);
        }
        if (System.getenv("MUSTER_DEBUG") == null) {
            err.println("muster: internal error: " + e + "; set MUSTER_DEBUG=1 to see where");
        } else {
            e.printStackTrace(err);
        }
        err.flush();
        return ExitCode.INTERNAL.number();
    }

    private static int fail(PrintWriter err, int code, Exception e) {
        err.println("muster: " + Objects.requireNonNullElse(e.getMessage(), e.toString()));
        if (System.getenv("MUSTER_DEBUG") != null) {
            e.printStackTrace(err);
        }
        err.flush();
        return code;
    }

    private static int reportUsage(ParameterException e, PrintWriter err) {
        String verb = e.getCommandLine().getCommandSpec().qualifiedName().replaceFirst("^muster ?", "");
        err.println("muster: " + e.getMessage() + "; see 'muster help" + (verb.isEmpty() ? "" : " " + verb) + "'");
        err.flush();
        return ExitCode.USAGE.number();
    }
}
