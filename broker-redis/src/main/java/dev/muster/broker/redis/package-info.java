/// The queue of the seeds: a Redis or Valkey list that PHP and Muster may share. Layout: docs/protocol/redis.md.
@NullMarked
package dev.muster.broker.redis;

import org.jspecify.annotations.NullMarked;
