package dev.muster.worker;

import ch.qos.logback.classic.BasicConfigurator;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.core.spi.ContextAwareBase;

/// Configures Logback in a child: every event of level INFO and above becomes a record on the pipe to the master, which
/// keeps the files. Where the whole application is one JVM they go to the console. In any other JVM, and where the
/// application brings a configuration of its own, it does nothing.
///
/// Logback finds it by `ServiceLoader`; nothing else may refer to this class, so that Muster also runs without Logback.
///
/// **Threads:** called once, before the first event. **Lifetime:** that of the process.
/// **Failure:** none of its own; see [RecordAppender].
@ConfiguratorRank(ConfiguratorRank.FALLBACK)
public final class WorkerLogging extends ContextAwareBase implements Configurator {
    private static final String[] OWN_CONFIGURATIONS = {"logback-test.xml", "logback.xml"};

    /// For `ServiceLoader`.
    public WorkerLogging() {}

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        if (System.getProperty("muster.child.slot") == null) {
            return Boolean.getBoolean("muster.inline") && !configuredByApplication()
                    ? toConsole(context)
                    : ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        Output.loggingEndsBy(context::stop);
        if (configuredByApplication()) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        configure(context, new RecordAppender());
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /// Where the whole application is one JVM: what Logback does by itself, without its level DEBUG.
    private static ExecutionStatus toConsole(LoggerContext context) {
        BasicConfigurator console = new BasicConfigurator();
        console.setContext(context);
        ExecutionStatus _ = console.configure(context);
        context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).setLevel(Level.INFO);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    static void configure(LoggerContext context, RecordAppender appender) {
        appender.setContext(context);
        appender.setName("muster");
        appender.start();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.INFO);
        root.addAppender(appender);
    }

    private static boolean configuredByApplication() {
        if (System.getProperty("logback.configurationFile") != null) {
            return true;
        }
        ClassLoader loader = WorkerLogging.class.getClassLoader();
        for (String name : OWN_CONFIGURATIONS) {
            if (loader.getResource(name) != null) {
                return true;
            }
        }
        return false;
    }
}
