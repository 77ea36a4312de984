package dev.muster.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class SecretMaskTest {
    private final SecretMask mask = new SecretMask(List.of("password", "apiKey", " ", "secret"));

    @Test
    void hidesTheValuesOfFieldsWhoseNamesSoundLikeSecrets() {
        assertThat(
                        mask.of(
                                "{\"task\":\"t\",\"param\":{\"user\":\"me\",\"userPassword\":\"hunter2\",\"API_KEY\":{\"a\":1}}}"))
                .isEqualTo("{\"task\":\"t\",\"param\":{\"user\":\"me\",\"userPassword\":\"***\",\"API_KEY\":\"***\"}}");
        assertThat(mask.of("{\"param\":[{\"secret\":null},{\"Secret\":12}]}"))
                .isEqualTo("{\"param\":[{\"secret\":null},{\"Secret\":\"***\"}]}");
    }

    @Test
    void leavesOtherTextAsItIs() {
        String message = "{ \"task\" : \"t\",  \"param\" : [ \"password\" ] }";
        assertThat(mask.of(message)).isEqualTo(message);
        assertThat(mask.of("java.io.IOException: no")).isEqualTo("java.io.IOException: no");
        assertThat(new SecretMask(List.of("")).of("{\"password\":1}")).isEqualTo("{\"password\":1}");
    }

    @Test
    void hidesWhatItCanRecogniseInTextThatIsNoJson() {
        assertThat(mask.of("{\"password\":\"hunter2\",\"user\":\"me\"")).isEqualTo("{\"password\":***,\"user\":\"me\"");
        assertThat(mask.of("login failed for password=hunter2; user=me"))
                .isEqualTo("login failed for password=***; user=me");
    }
}
