package dev.muster.benchmarks.peers;

import com.zaxxer.hikari.HikariDataSource;
import java.util.stream.IntStream;
import org.jobrunr.configuration.JobRunr;
import org.jobrunr.configuration.JobRunrConfiguration;
import org.jobrunr.scheduling.BackgroundJob;
import org.jobrunr.server.BackgroundJobServerConfiguration;
import org.jobrunr.storage.sql.postgres.PostgresStorageProvider;

/// JobRunr 8.7 (the free edition) on PostgreSQL, one process with 16 workers, which looks for jobs every 5 s, the most
/// often that it can.
///
/// A job is as durable as the commits of the server. One whose process was killed runs again after about a minute.
///
/// Arguments: a JDBC address, then `fill N` (puts N jobs on the queue) or `work` (runs them, until it is killed).
public final class JobRunrNoop {
    private static final int BATCH = 1000;

    private JobRunrNoop() {}

    public static void main(String[] args) {
        HikariDataSource source = new HikariDataSource();
        source.setJdbcUrl(args[0]);
        source.setMaximumPoolSize(20);
        JobRunrConfiguration jobs = JobRunr.configure().useStorageProvider(new PostgresStorageProvider(source));
        if (args[1].equals("fill")) {
            jobs.initialize();
            int count = Integer.parseInt(args[2]);
            for (int from = 0; from < count; from += BATCH) {
                BackgroundJob.enqueue(
                        IntStream.range(from, Math.min(count, from + BATCH)).boxed(), _ -> noop());
            }
            source.close();
        } else {
            jobs.useBackgroundJobServer(BackgroundJobServerConfiguration.usingStandardBackgroundJobServerConfiguration()
                            .andWorkerCount(16)
                            .andPollIntervalInSeconds(5))
                    .initialize();
        }
    }

    /// Does nothing.
    public static void noop() {}
}
