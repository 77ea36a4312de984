package dev.muster.task;

import dev.muster.config.Settings;
import java.io.IOException;
import java.util.ServiceLoader;
import java.util.TreeSet;

/// Opens the broker that the configuration names.
public final class Brokers {
    private Brokers() {}

    /// Opens the store of `tasks.broker`, creating it if needed.
    ///
    /// @throws BrokerException if no broker of that kind is on the class path, or the store cannot be opened
    public static Broker open(Settings settings) {
        String kind = settings.text("tasks.broker");
        TreeSet<String> kinds = new TreeSet<>();
        for (BrokerProvider provider : ServiceLoader.load(BrokerProvider.class, Brokers.class.getClassLoader())) {
            if (provider.kind().equals(kind)) {
                return provider.open(settings);
            }
            kinds.add(provider.kind());
        }
        throw new BrokerException("cannot open a task broker of the kind '" + kind + "' (tasks.broker): "
                + (kinds.isEmpty()
                        ? "no broker is on the class path; add the module broker-sqlite"
                        : "on the class path are " + String.join(", ", kinds)
                                + "; choose one of them, or add the module broker-" + kind));
    }

    /// The address of a server, as the configuration has it.
    ///
    /// @throws BrokerException if it stands in a file that cannot be read
    public static String address(Settings settings, String key) {
        try {
            return settings.address(key);
        } catch (IOException e) {
            throw new BrokerException(
                    "cannot read the address of the task broker: " + e + "; " + key + " is " + settings.text(key)
                            + ", which must be a file that this user can read and whose first line is an address",
                    e);
        }
    }

    /// Opens the store at an address.
    ///
    /// @param url of one of the kinds that [BrokerProvider#connect(String)] of the brokers on the class path know
    /// @throws BrokerException if there is no such broker, or the store cannot be opened
    static Broker connect(String url) {
        int colon = url.indexOf(':');
        if (colon < 0) {
            throw new BrokerException("cannot connect to a store of tasks by '" + url
                    + "', which is no address; legal are redis://host, postgres://host/database and"
                    + " sqlite:/path/of/queue.db");
        }
        // The rest may hold a password.
        String scheme = url.substring(0, colon);
        TreeSet<String> kinds = new TreeSet<>();
        for (BrokerProvider provider : ServiceLoader.load(BrokerProvider.class, Brokers.class.getClassLoader())) {
            if (provider.schemes().contains(scheme)) {
                return provider.connect(url);
            }
            kinds.addAll(provider.schemes());
        }
        throw new BrokerException("cannot connect to a store of tasks by an address that begins with '" + scheme
                + ":'; the brokers on the class path know " + (kinds.isEmpty() ? "none" : String.join(", ", kinds))
                + "; legal are redis://host, postgres://host/database and sqlite:/path/of/queue.db");
    }
}
