package dev.muster.console;

import dev.muster.config.Settings;
import dev.muster.control.ExitCode;
import dev.muster.task.Broker;
import dev.muster.task.Brokers;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Mixin;

/// Which queue store a verb is about: that of an application which runs or has run, or the one of a configuration.
final class QueueOptions {
    @Mixin
    private InstanceOptions instance = new InstanceOptions();

    @Mixin
    private ConfigOptions config = new ConfigOptions();

    /// Opens the store; the caller closes it. Needs no running application.
    Broker open() {
        return Brokers.open(settings(System.getenv()));
    }

    /// Which application is meant.
    InstanceOptions instance() {
        return instance;
    }

    /// What hides the secrets of messages.
    ///
    /// @param reveal whether they are asked for
    SecretMask mask(boolean reveal) {
        String words = reveal ? "" : settings(System.getenv()).text("tasks.secrets");
        return new SecretMask(List.of(words.split(",", -1)));
    }

    /// The configuration that says where the store is.
    ///
    /// @throws Refusal if it cannot be told which application is meant
    Settings settings(Map<String, String> environment) {
        if (!config.given()) {
            return instance.known(environment).settings();
        }
        Settings settings = config.load("app", instance, environment);
        boolean placed = !settings.origin("app.name").equals("default")
                || !settings.origin("data.dir").equals("default")
                || !settings.origin("tasks.sqlite.file").equals("default");
        if (!placed) {
            throw new Refusal(
                    ExitCode.USAGE,
                    "the configuration does not say whose queue it is: neither app.name nor data.dir is set;"
                            + " name the application with --app");
        }
        return settings;
    }
}
