package dev.muster.memory;

/// Figures of a channel at some moment.
///
/// @param name of the channel
/// @param size messages that wait to be taken, without those that were given back
/// @param capacity messages that it has room for
/// @param messageBytes the longest message in bytes
/// @param bytes of memory that it takes
/// @param put messages that were put since it was created
/// @param taken messages that were taken or received
/// @param unconfirmed messages that were received and not confirmed yet, given back ones included
/// @param lost messages whose consumer died in the middle of taking them
/// @param returned how often a message came back unconfirmed, because its consumer died or gave it back
/// @param closed whether it takes no messages any more
public record ChannelStats(
        String name,
        int size,
        int capacity,
        int messageBytes,
        long bytes,
        long put,
        long taken,
        int unconfirmed,
        long lost,
        long returned,
        boolean closed) {}
