import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import org.jooq.codegen.GenerationTool;
import org.jooq.meta.jaxb.Configuration;
import org.jooq.meta.jaxb.Database;
import org.jooq.meta.jaxb.Generate;
import org.jooq.meta.jaxb.GeneratedAnnotationType;
import org.jooq.meta.jaxb.Generator;
import org.jooq.meta.jaxb.Logging;
import org.jooq.meta.jaxb.MatcherRule;
import org.jooq.meta.jaxb.MatcherTransformType;
import org.jooq.meta.jaxb.Matchers;
import org.jooq.meta.jaxb.MatchersTableType;
import org.jooq.meta.jaxb.Strategy;
import org.jooq.meta.jaxb.Target;

/// Generates typed tables: `users` of the schema becomes the class `UserTable`. It needs no database server, because
/// it carries the schema out in an SQLite database in memory, and reads it from there.
///
/// The build runs it with the JDK of the toolchain: this jOOQ asks for a newer Java than Maven may run on.
final class GenerateTables {
    private GenerateTables() {}

    /// @param args the schema, the directory for the sources, and their package
    public static void main(String[] args) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite::memory:")) {
            carryOut(Path.of(args[0]), connection);
            Matchers names = new Matchers()
                    .withTables(new MatchersTableType()
                            .withExpression("^(.*)s$")
                            .withTableClass(rule("$1_table"))
                            .withRecordClass(rule("$1_record")));
            Generator generator = new Generator()
                    .withStrategy(new Strategy().withMatchers(names))
                    .withDatabase(new Database().withName("org.jooq.meta.sqlite.SQLiteDatabase"))
                    .withGenerate(new Generate()
                            .withGeneratedAnnotation(true)
                            .withGeneratedAnnotationType(GeneratedAnnotationType.JAVAX_ANNOTATION_PROCESSING_GENERATED)
                            .withGeneratedAnnotationDate(false))
                    .withTarget(new Target().withDirectory(args[1]).withPackageName(args[2]));
            GenerationTool tool = new GenerationTool();
            tool.setConnection(connection);
            tool.run(new Configuration().withLogging(Logging.WARN).withGenerator(generator));
        }
    }

    private static MatcherRule rule(String expression) {
        return new MatcherRule().withExpression(expression).withTransform(MatcherTransformType.PASCAL);
    }

    private static void carryOut(Path schema, Connection connection) throws Exception {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate(Files.readString(schema));
        }
    }
}
