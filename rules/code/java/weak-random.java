import java.security.SecureRandom;
import java.util.Random;
import javax.servlet.http.Cookie;

class Tokens {
    Cookie visitor() {
        // ruleid: java-weak-random
        Random random = new Random();
        String value = Long.toString(random.nextLong());
        // ruleid: java-weak-random-secret
        return new Cookie("visitor", value);
    }

    String generateToken() {
        // ruleid: java-weak-random-secret, java-weak-random
        return Double.toString(Math.random());
    }

    Cookie safe() {
        SecureRandom random = new SecureRandom();
        // ok: java-weak-random-secret
        return new Cookie("visitor", Long.toString(random.nextLong()));
    }

    String makeToken(SecureRandom random) {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        // ok: java-weak-random-secret
        return HexFormat.of().formatHex(bytes);
    }

    int dice() {
        // ok: java-weak-random
        int first = new SecureRandom().nextInt(6);
        // ok: java-weak-random
        return Math.abs(first);
    }
}
