package dev.muster.inline;

import dev.muster.board.Incarnation;
import java.util.concurrent.ThreadLocalRandom;

/// Who the lives of an application in one JVM are: this process, and a random number of each life's own. So a claim
/// names the life that holds it, and whoever looks later can tell whether the JVM of that life still exists.
final class Incarnations {
    private Incarnations() {}

    static String next() {
        Incarnation self = Incarnation.self();
        String random = "%08x".formatted(ThreadLocalRandom.current().nextInt());
        return new Incarnation(self.boot(), self.pid(), self.startTime(), random).text();
    }
}
