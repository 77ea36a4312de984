package dev.muster.task;

import dev.muster.config.Settings;
import java.util.List;

/// Opens one kind of broker; found by `ServiceLoader`, chosen by `tasks.broker`.
///
/// **Threads:** safe for use by many threads; the calls may block as long as the store does.
public interface BrokerProvider {
    /// The word in `tasks.broker`, for example `sqlite`.
    String kind();

    /// Opens the store, creating it if needed.
    ///
    /// @throws BrokerException if it cannot be opened, saying why and what to do
    Broker open(Settings settings);

    /// What the addresses that [#connect(String)] takes begin with, for example `redis`.
    List<String> schemes();

    /// Opens the store at an address.
    ///
    /// @param url beginning with one of the [#schemes()]
    /// @throws BrokerException if it cannot be opened, saying why and what to do, without a password
    Broker connect(String url);
}
