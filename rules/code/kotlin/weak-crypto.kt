import java.security.MessageDigest
import java.security.SecureRandom
import javax.crypto.Cipher
import javax.crypto.spec.SecretKeySpec
import kotlin.random.Random

fun digests(user: User) {
    // ruleid: kotlin-weak-hash
    val first = MessageDigest.getInstance("MD5")
    // ruleid: kotlin-weak-hash
    val second = MessageDigest.getInstance("SHA-1")
    // ok: kotlin-weak-hash
    val third = MessageDigest.getInstance("SHA-256")
    // ok: kotlin-weak-hash
    val fourth = MessageDigest.getInstance("SHA-512")
    // ruleid: kotlin-weak-cipher
    val fifth = Cipher.getInstance("AES")
    // ruleid: kotlin-weak-cipher
    val sixth = Cipher.getInstance("DESede/CBC/PKCS5Padding")
    // ok: kotlin-weak-cipher
    val seventh = Cipher.getInstance("AES/GCM/NoPadding")
    // ok: kotlin-weak-cipher
    val eighth = Cipher.getInstance("ChaCha20-Poly1305")
    // ruleid: kotlin-hardcoded-key
    val ninth = SecretKeySpec("sunny-Tuesday-81".toByteArray(), "AES")
    // ruleid: kotlin-hardcoded-key
    val tenth = Algorithm.HMAC256("sunny-Tuesday-81")
    // ok: kotlin-hardcoded-key
    val eleventh = SecretKeySpec(keyFromVault, "AES")
    // ok: kotlin-hardcoded-key
    val twelfth = Algorithm.HMAC256(System.getenv("JWT_KEY"))
}

fun tokens(user: User) {
    // ruleid: kotlin-weak-random-secret
    val token = Random.nextLong().toString()
    // ruleid: kotlin-weak-random-secret
    user.resetToken = Math.random().toString()
    // ok: kotlin-weak-random-secret
    val nonce = SecureRandom().nextLong().toString()
    // ok: kotlin-weak-random-secret
    val delay = Random.nextInt(10)
}
