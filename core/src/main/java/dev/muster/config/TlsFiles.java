package dev.muster.config;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Whether the files of a certificate and of its private key can be used together: found out before anything is
/// started, for every web worker would fail by them.
final class TlsFiles {
    /// RFC 7468; RSA and EC stand for the older forms, PKCS#1 and SEC 1.
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN (RSA |EC |)PRIVATE KEY-----([^-]*)-----END", Pattern.DOTALL);

    private static final Map<String, String> SIGNATURES =
            Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA", "EdDSA", "EdDSA");
    private static final int LARGEST = 1 << 20;
    private static final byte[] VERSION = {2, 1, 0};
    private static final byte SEQUENCE = 0x30;
    private static final byte OCTETS = 4;
    private static final int SHORT_LENGTH = 0x80;

    private TlsFiles() {}

    static void check(Entry certificate, Entry key, List<ConfigurationError> errors) {
        boolean first = readable(certificate, errors);
        boolean second = readable(key, errors);
        if (!first || !second) {
            return;
        }
        try {
            PublicKey publicKey = publicKey(Path.of(certificate.value()));
            if (publicKey == null) {
                errors.add(certificate.error(
                        "must name a PEM file with the certificate, -----BEGIN CERTIFICATE-----, and those above it",
                        ""));
                return;
            }
            String pem = Files.readString(Path.of(key.value()), StandardCharsets.ISO_8859_1);
            if (pem.contains("BEGIN ENCRYPTED") || pem.contains(",ENCRYPTED")) {
                errors.add(key.error(
                        "must name a key that needs no password, for nobody is there to give it: openssl pkey -in "
                                + key.value() + " -out NEW writes such a one",
                        ""));
            } else if (!belongs(pem, publicKey)) {
                errors.add(key.error(
                        "must name a PEM file with the private key of the first certificate in " + certificate.value()
                                + ", which this is not; name both of one pair",
                        ""));
            }
        } catch (IOException e) {
            errors.add(certificate.error("cannot be read, or its key: " + e, ""));
        }
    }

    private static boolean readable(Entry file, List<ConfigurationError> errors) {
        Path path = Path.of(file.value());
        boolean fit = Files.isRegularFile(path)
                && Files.isReadable(path)
                && path.toFile().length() <= LARGEST;
        if (!fit) {
            errors.add(file.error("must name a regular file that this user can read, of 1 MiB at most", ""));
        }
        return fit;
    }

    /// Of the first certificate, null if there is none.
    private static @Nullable PublicKey publicKey(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        if (!new String(bytes, StandardCharsets.ISO_8859_1).contains("-----BEGIN CERTIFICATE-----")) {
            return null;
        }
        try {
            Collection<? extends Certificate> all =
                    CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(bytes));
            return all.isEmpty() ? null : all.iterator().next().getPublicKey();
        } catch (GeneralSecurityException _) {
            return null;
        }
    }

    /// Signs with the one and verifies with the other.
    private static boolean belongs(String pem, PublicKey publicKey) {
        Matcher found = KEY.matcher(pem);
        if (!found.find()) {
            return false;
        }
        String algorithm = publicKey.getAlgorithm();
        String signature = SIGNATURES.get(algorithm);
        if (signature == null) {
            // One that is not known here may be known to the server.
            return true;
        }
        try {
            byte[] bytes = Base64.getMimeDecoder().decode(found.group(2));
            byte[] whole = found.group(1).isEmpty() ? bytes : pkcs8(bytes, publicKey);
            PrivateKey key = KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(whole));
            Signature one = Signature.getInstance(signature);
            one.initSign(key);
            one.update(VERSION);
            byte[] signed = one.sign();
            one.initVerify(publicKey);
            one.update(VERSION);
            return one.verify(signed);
        } catch (GeneralSecurityException | IllegalArgumentException _) {
            return false;
        }
    }

    /// An older form as PKCS#8 wraps it, RFC 5958: version, algorithm, key. The algorithm is that of the
    /// certificate.
    private static byte[] pkcs8(byte[] key, PublicKey publicKey) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        content.writeBytes(VERSION);
        content.writeBytes(algorithm(publicKey.getEncoded()));
        content.writeBytes(der(OCTETS, key));
        return der(SEQUENCE, content.toByteArray());
    }

    /// The first element of a SubjectPublicKeyInfo, RFC 5280, section 4.1. It is short.
    private static byte[] algorithm(byte[] info) {
        int start = 2 + ((info[1] & SHORT_LENGTH) == 0 ? 0 : info[1] & ~SHORT_LENGTH & 0xff);
        return Arrays.copyOfRange(info, start, start + 2 + info[start + 1]);
    }

    /// An element of DER, X.690: tag, length, content.
    private static byte[] der(byte tag, byte[] content) {
        ByteArrayOutputStream element = new ByteArrayOutputStream();
        element.write(tag);
        byte[] length = BigInteger.valueOf(content.length).toByteArray();
        if (content.length >= SHORT_LENGTH) {
            int first = length[0] == 0 ? 1 : 0;
            element.write(SHORT_LENGTH | length.length - first);
            element.write(length, first, length.length - first);
        } else {
            element.write(content.length);
        }
        element.writeBytes(content);
        return element.toByteArray();
    }
}
