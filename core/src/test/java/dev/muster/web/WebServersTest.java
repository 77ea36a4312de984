package dev.muster.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Which server a web worker gets.
@Timeout(20)
class WebServersTest {
    @TempDir
    Path directory;

    /// One that is named on the class path.
    public static class One implements WebServerProvider {
        @Override
        public WebServer open(WebHost host) {
            throw new UnsupportedOperationException("nobody opens it");
        }
    }

    /// Another one.
    public static final class Other extends One {}

    /// One like Muster's own.
    public static final class Own extends One {
        @Override
        public boolean fallback() {
            return true;
        }
    }

    /// One that cannot be made.
    public static final class Broken extends One {
        /// Never returns.
        public Broken() {
            throw new IllegalStateException("no luck");
        }
    }

    private WebServerProvider choose(Class<?>... named) throws IOException {
        Path services = Files.createDirectories(directory.resolve("META-INF/services"));
        StringBuilder lines = new StringBuilder();
        for (Class<?> type : named) {
            lines.append(type.getName()).append('\n');
        }
        var _ = Files.writeString(services.resolve(WebServerProvider.class.getName()), lines);
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {directory.toUri().toURL()}, WebServersTest.class.getClassLoader())) {
            return WebServers.choose(loader);
        }
    }

    @Test
    void thatOfTheApplicationIsPreferredWhereverItStands() throws IOException {
        assertThat(choose(Own.class, One.class)).isExactlyInstanceOf(One.class);
        assertThat(choose(One.class, Own.class)).isExactlyInstanceOf(One.class);
    }

    @Test
    void withoutOneItIsMustersOwn() throws IOException {
        assertThat(choose(Own.class)).isExactlyInstanceOf(Own.class);
    }

    @Test
    void twoOfTheApplicationAreAnError() {
        assertThatThrownBy(() -> choose(One.class, Own.class, Other.class))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(One.class.getName() + ", " + Other.class.getName() + "; leave one jar out");
    }

    @Test
    void noneIsAnError() {
        assertThatThrownBy(() -> choose()).hasMessageContaining("add the Muster jar 'server'");
    }

    @Test
    void oneThatCannotBeMadeIsNamed() {
        assertThatThrownBy(() -> choose(Own.class, Broken.class))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(Broken.class.getName());
    }
}
