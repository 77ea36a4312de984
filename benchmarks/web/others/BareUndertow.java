import com.fasterxml.jackson.databind.ObjectMapper;
import io.undertow.Undertow;
import io.undertow.util.Headers;
import java.nio.ByteBuffer;
import java.util.Map;

/** Undertow alone: one thread for sockets, which answers itself. */
public final class BareUndertow {
    private static final ObjectMapper JSON = new ObjectMapper();

    public static void main(String[] args) {
        Undertow.builder()
                .addHttpListener(Integer.parseInt(args[0]), "127.0.0.1")
                .setIoThreads(1)
                .setHandler(exchange -> {
                    if (exchange.getRequestPath().equals("/json")) {
                        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "application/json");
                        exchange.getResponseSender()
                                .send(ByteBuffer.wrap(JSON.writeValueAsBytes(Map.of("message", "Hello, World!"))));
                    } else {
                        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "text/plain; charset=utf-8");
                        exchange.getResponseSender().send("Hello, World!");
                    }
                })
                .build()
                .start();
        System.out.println("ready");
    }
}
