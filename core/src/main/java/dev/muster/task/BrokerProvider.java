package dev.muster.task;

import dev.muster.config.Settings;

/// Opens one kind of broker; found by `ServiceLoader`, chosen by `tasks.broker`.
public interface BrokerProvider {
    /// The word in `tasks.broker`, for example `sqlite`.
    String kind();

    /// Opens the store, creating it if needed.
    ///
    /// @throws BrokerException if it cannot be opened, saying why and what to do
    Broker open(Settings settings);
}
