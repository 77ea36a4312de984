package dev.muster.system.ledger;

import dev.muster.system.ledger.Judge.Verdict;

/// The lines of the table in `docs/operate/faults.md`, on standard output.
final class Report {
    private Report() {}

    static void row(String broker, String fault, Books books, Verdict verdict) {
        System.out.printf(
                "| %s | %s | %d | %d | %d | %d | %d | %.1f s |%n",
                broker,
                fault,
                books.size(),
                verdict.died(),
                verdict.lost(),
                verdict.extra(),
                verdict.allowed(),
                books.seconds());
    }
}
