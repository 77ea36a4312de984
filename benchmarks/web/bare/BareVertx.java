import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonObject;

/** The same answers from Vert.x alone: one event loop, no limits, nobody who watches. */
public final class BareVertx {
    public static void main(String[] args) {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        vertx.createHttpServer(new HttpServerOptions()
                        .setPort(Integer.parseInt(args[0]))
                        .setHost("127.0.0.1"))
                .requestHandler(request -> {
                    if (request.path().equals("/json")) {
                        request.response()
                                .putHeader("Content-Type", "application/json")
                                .end(new JsonObject()
                                        .put("message", "Hello, World!")
                                        .toBuffer());
                    } else {
                        request.response()
                                .putHeader("Content-Type", "text/plain; charset=utf-8")
                                .end("Hello, World!");
                    }
                })
                .listen()
                .onSuccess(server -> System.out.println("ready"));
    }
}
