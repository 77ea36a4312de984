package dev.muster.console;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/// Rows in aligned columns, for people.
final class Table {
    private static final String GAP = "  ";

    private final List<String> titles;
    private final List<List<String>> rows = new ArrayList<>();

    /// @param titles one for each column; one that starts with `>` aligns its column to the right
    Table(String... titles) {
        this.titles = List.of(titles);
    }

    /// Adds a row with one cell for each column. Line ends within a cell are shown as blanks.
    void row(Object... cells) {
        if (cells.length != titles.size()) {
            throw new IllegalArgumentException(cells.length + " cells in a table of " + titles.size() + " columns");
        }
        List<String> row = new ArrayList<>();
        for (Object cell : cells) {
            row.add(cell.toString().replace('\n', ' ').replace('\r', ' ').replace('\t', ' '));
        }
        rows.add(row);
    }

    /// Writes the titles and the rows; the last column is not padded.
    void print(PrintWriter out) {
        int[] widths = new int[titles.size()];
        List<List<String>> all = new ArrayList<>();
        all.add(titles.stream().map(Table::plain).toList());
        all.addAll(rows);
        for (List<String> row : all) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        for (List<String> row : all) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                String blanks = " ".repeat(widths[i] - row.get(i).length());
                boolean right = titles.get(i).startsWith(">");
                line.append(i == 0 ? "" : GAP)
                        .append(right ? blanks : "")
                        .append(row.get(i))
                        .append(right ? "" : blanks);
            }
            out.println(line.toString().stripTrailing());
        }
    }

    private static String plain(String title) {
        return title.startsWith(">") ? title.substring(1) : title;
    }
}
