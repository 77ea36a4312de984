package dev.muster.os;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Who listens on a TCP port, as the kernel tells this user; `proc_net(5)`.
///
/// **Threads:** any. **Lifetime:** a moment. **Failure:** another user's process, one in another container and one that
/// ends meanwhile are not seen.
///
/// @param pid of the process; where several share the socket, of the one that the others descend from
/// @param command its command line, cut
record PortOwner(long pid, String command) {
    private static final String LISTENING = "0A";
    private static final int LOCAL = 1;
    private static final int STATE = 3;
    private static final int INODE = 9;
    private static final int HEX = 16;
    private static final int LONGEST_COMMAND = 200;

    /// Whoever keeps others from listening there.
    static Optional<PortOwner> find(InetAddress address, int port) {
        Set<String> sockets = new HashSet<>();
        for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            collect(Path.of(table), address, port, sockets);
        }
        if (sockets.isEmpty()) {
            return Optional.empty();
        }
        Map<Integer, ProcStat> holders = new TreeMap<>(ProcessTable.all());
        holders.keySet().removeIf(pid -> !holds(pid, sockets));
        return holders.entrySet().stream()
                .filter(holder -> !holders.containsKey((int) holder.getValue().ppid()))
                .findFirst()
                .map(holder -> new PortOwner(
                        holder.getKey(),
                        command(holder.getKey(), holder.getValue().comm())));
    }

    private static void collect(Path table, InetAddress address, int port, Set<String> sockets) {
        try (BufferedReader lines = Files.newBufferedReader(table, StandardCharsets.US_ASCII)) {
            String line = lines.readLine();
            while ((line = lines.readLine()) != null) {
                String[] fields = line.strip().split(" +", -1);
                if (fields.length > INODE
                        && fields[STATE].equals(LISTENING)
                        && inTheWay(fields[LOCAL], address, port)) {
                    sockets.add("socket:[" + fields[INODE] + "]");
                }
            }
        } catch (IOException _) {
            // Without /proc nobody is seen.
        }
    }

    private static boolean inTheWay(String local, InetAddress address, int port) throws UnknownHostException {
        int colon = local.indexOf(':');
        if (Integer.parseInt(local, colon + 1, local.length(), HEX) != port) {
            return false;
        }
        InetAddress there = address(local.substring(0, colon));
        return there.equals(address) || there.isAnyLocalAddress() || address.isAnyLocalAddress();
    }

    /// The kernel prints an address as words of 32 bits, each as this machine reads it from memory; all machines
    /// that we know read the lowest byte first.
    static InetAddress address(String hex) throws UnknownHostException {
        byte[] bytes = new byte[hex.length() / 2];
        for (int i = 0; i < bytes.length; i++) {
            int at = (i & ~3) + 3 - (i & 3);
            bytes[i] = (byte) Integer.parseInt(hex, 2 * at, 2 * at + 2, HEX);
        }
        return InetAddress.getByAddress(bytes);
    }

    private static boolean holds(int pid, Set<String> sockets) {
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc/" + pid + "/fd"))) {
            for (Path descriptor : descriptors) {
                if (sockets.contains(target(descriptor))) {
                    return true;
                }
            }
            return false;
        } catch (IOException | DirectoryIteratorException _) {
            // It has ended, or belongs to another user.
            return false;
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException _) {
            // Closed meanwhile.
            return "";
        }
    }

    private static String command(int pid, String name) {
        String line = String.join(" ", ProcFs.cmdline(pid));
        String shown = line.isBlank() ? name : line.strip();
        return shown.length() > LONGEST_COMMAND ? shown.substring(0, LONGEST_COMMAND) + "…" : shown;
    }
}
