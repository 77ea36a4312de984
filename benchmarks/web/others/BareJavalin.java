import io.javalin.Javalin;
import java.util.Map;

/** Javalin, which is Jetty with a thread pool; as it comes. */
public final class BareJavalin {
    public static void main(String[] args) {
        Javalin.start(config -> {
            config.jetty.host = "127.0.0.1";
            config.jetty.port = Integer.parseInt(args[0]);
            config.startup.showJavalinBanner = false;
            config.routes.get("/", context -> context.result("Hello, World!"));
            config.routes.get("/json", context -> context.json(Map.of("message", "Hello, World!")));
        });
        System.out.println("ready");
    }
}
