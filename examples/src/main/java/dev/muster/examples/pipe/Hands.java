package dev.muster.examples.pipe;

import dev.muster.Pool;
import dev.muster.WorkerPool;

/// A worker in which the listener lives.
@Pool(heartbeat = 60_000)
public final class Hands extends WorkerPool {}
