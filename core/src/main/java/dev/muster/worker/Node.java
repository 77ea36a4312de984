package dev.muster.worker;

import dev.muster.board.Incarnation;
import dev.muster.os.Identity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/// One run of one master, as the nodes that share its broker know it. All its children give it the same name.
///
/// @param app name of the application
/// @param host name of the machine or container
/// @param master process id of the master
/// @param name unique among all nodes, at most 200 characters
record Node(String app, String host, long master, String name) {
    /// How long a node counts as present without saying so again.
    static final Duration TERM = Duration.ofSeconds(60);

    /// How the names of all leases of nodes begin.
    static final String LEASES = "node/";

    private static final int LONGEST_HOST = 120;

    /// The node of the master with this pid.
    static Node of(String app, long master) {
        String host = hostName();
        long start = Identity.of(master).map(Identity::startTime).orElse(0L);
        // Containers on one machine share the boot and have a master with pid 1 each: the namespace tells them apart.
        Incarnation self = Incarnation.self();
        String name = host + "-" + self.boot() + "-" + self.namespace() + "-" + master + "-" + start;
        return new Node(app, host, master, name);
    }

    /// The lease that says that it is present.
    String lease() {
        return LEASES + name;
    }

    /// Whether the node with this lease belongs to that boot of a machine, and to that namespace of processes.
    static boolean isIn(String lease, String boot, String namespace) {
        return lease.matches(".*-" + boot + "-" + namespace + "-\\d+-\\d+");
    }

    /// What others are told about it, JSON.
    String note() {
        return "{\"app\":\"" + app + "\",\"host\":\"" + host + "\",\"master\":" + master + ",\"at\":\"" + Instant.now()
                + "\"}";
    }

    private static String hostName() {
        String host;
        try {
            host = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException _) {
            try {
                host = InetAddress.getLocalHost().getHostName();
            } catch (UnknownHostException _) {
                host = "unknown";
            }
        }
        // It stands in JSON and in the names of leases.
        String plain = host.replaceAll("[^A-Za-z0-9._-]", "_");
        return plain.length() <= LONGEST_HOST ? plain : plain.substring(0, LONGEST_HOST);
    }
}
