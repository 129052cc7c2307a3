import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import javax.crypto.Cipher;
import javax.crypto.KeyGenerator;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

class Crypto {
    void ciphers() throws Exception {
        // ruleid: java-weak-cipher
        Cipher first = Cipher.getInstance("DES/CBC/PKCS5Padding");
        // ruleid: java-weak-cipher
        KeyGenerator second = KeyGenerator.getInstance("DESede");
        // ok: java-weak-cipher
        Cipher third = Cipher.getInstance("AES/GCM/NoPadding");
        // ok: java-weak-cipher
        KeyGenerator fourth = KeyGenerator.getInstance("AES");
        // ruleid: java-cipher-ecb-mode
        Cipher fifth = Cipher.getInstance("AES");
        // ruleid: java-cipher-ecb-mode
        Cipher sixth = Cipher.getInstance("AES/ECB/PKCS5Padding", "SunJCE");
        // ok: java-cipher-ecb-mode
        Cipher seventh = Cipher.getInstance("AES/CBC/PKCS5Padding");
        // ok: java-cipher-ecb-mode
        Cipher eighth = Cipher.getInstance("RSA/ECB/OAEPWithSHA-256AndMGF1Padding");
    }

    void vectors() throws Exception {
        // ruleid: java-cipher-constant-iv
        IvParameterSpec first = new IvParameterSpec("0123456789abcdef".getBytes());
        // ruleid: java-cipher-constant-iv
        GCMParameterSpec second = new GCMParameterSpec(128, new byte[12]);
        byte[] nonce = new byte[12];
        new SecureRandom().nextBytes(nonce);
        // ok: java-cipher-constant-iv
        GCMParameterSpec third = new GCMParameterSpec(128, nonce);
        // ok: java-cipher-constant-iv
        IvParameterSpec fourth = new IvParameterSpec(message, 0, 16);
    }

    void keys() throws Exception {
        // ruleid: java-hardcoded-key
        SecretKeySpec first = new SecretKeySpec("sunny-Tuesday-81".getBytes(), "AES");
        // ruleid: java-hardcoded-key
        Algorithm second = Algorithm.HMAC256("sunny-Tuesday-81");
        // ok: java-hardcoded-key
        SecretKeySpec third = new SecretKeySpec(keyFromVault, "AES");
        // ok: java-hardcoded-key
        Algorithm fourth = Algorithm.HMAC256(System.getenv("JWT_KEY"));
    }

    void shortKey() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        // ruleid: java-short-rsa-key
        generator.initialize(1024);
        // ruleid: java-short-rsa-key
        generator.initialize(512, new SecureRandom());
        // ok: java-short-rsa-key
        generator.initialize(2048);
        // ok: java-short-rsa-key
        generator.initialize(3072);
    }
}
