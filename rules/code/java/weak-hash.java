import java.security.MessageDigest;
import org.apache.commons.codec.digest.DigestUtils;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.security.crypto.password.NoOpPasswordEncoder;

class Hashes {
    void digests(byte[] data) throws Exception {
        // ruleid: java-weak-hash
        MessageDigest first = MessageDigest.getInstance("MD5");
        // ruleid: java-weak-hash
        String second = DigestUtils.sha1Hex(data);
        // ok: java-weak-hash
        MessageDigest third = MessageDigest.getInstance("SHA-256");
        // ok: java-weak-hash
        String fourth = DigestUtils.sha256Hex(data);
    }

    void passwords(String password, MessageDigest digest) throws Exception {
        // ruleid: java-weak-password-hash
        byte[] first = digest.digest(password.getBytes("UTF-8"));
        // ruleid: java-weak-password-hash
        Object second = NoOpPasswordEncoder.getInstance();
        // ok: java-weak-password-hash
        Object third = new BCryptPasswordEncoder();
        // ok: java-weak-password-hash
        byte[] fourth = digest.digest(document.getBytes("UTF-8"));
    }
}
