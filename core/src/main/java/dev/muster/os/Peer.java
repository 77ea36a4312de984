package dev.muster.os;

/// Who is at the other end of a Unix socket, as the kernel recorded it when that process connected. See
/// [UnixSocket#peer(int)].
///
/// @param pid the process id; it may have ended since, and the number may have been given away
/// @param uid its effective user
/// @param gid its effective group
public record Peer(long pid, int uid, int gid) {
    /// In the place of what is not known: the process and the group in degraded mode, and a user that is neither
    /// this process's own nor the superuser.
    public static final int UNKNOWN = -1;
}
