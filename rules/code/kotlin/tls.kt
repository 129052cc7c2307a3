import java.security.cert.X509Certificate
import javax.net.ssl.HostnameVerifier
import javax.net.ssl.X509TrustManager

class TrustAll : X509TrustManager {
    // ruleid: kotlin-tls-trust-all
    override fun checkServerTrusted(chain: Array<X509Certificate>, type: String) {}
}

class TrustSome : X509TrustManager {
    // ok: kotlin-tls-trust-all
    override fun checkServerTrusted(chain: Array<X509Certificate>, type: String) {
        standard.checkServerTrusted(chain, type)
    }
}

fun verifiers() {
    // ruleid: kotlin-tls-trust-all
    val first = HostnameVerifier { host, session -> true }
    // ok: kotlin-tls-trust-all
    val second = HostnameVerifier { host, session -> host == "shop.example.org" }
}
