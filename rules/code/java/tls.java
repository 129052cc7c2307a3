import java.security.cert.X509Certificate;
import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import javax.net.ssl.X509TrustManager;

class TrustAll implements X509TrustManager {
    // ruleid: java-tls-trust-all
    public void checkServerTrusted(X509Certificate[] chain, String type) {}
}

class TrustSome implements X509TrustManager {
    // ok: java-tls-trust-all
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        standard.checkServerTrusted(chain, type);
    }
}

class Netty {
    void client(SslContextBuilder builder) {
        // ruleid: java-tls-trust-all
        builder.trustManager(InsecureTrustManagerFactory.INSTANCE);
        // ok: java-tls-trust-all
        builder.trustManager(new File("ca.pem"));
    }
}

class AnyName implements HostnameVerifier {
    // ruleid: java-tls-any-host-name
    public boolean verify(String host, SSLSession session) {
        return true;
    }
}

class OneName implements HostnameVerifier {
    // ok: java-tls-any-host-name
    public boolean verify(String host, SSLSession session) {
        return host.equals("shop.example.org");
    }
}

class Connections {
    void open(HttpsURLConnection connection) throws Exception {
        // ruleid: java-tls-any-host-name
        connection.setHostnameVerifier((host, session) -> true);
        // ok: java-tls-any-host-name
        connection.setHostnameVerifier(new OneName());
        // ruleid: java-tls-old-version
        SSLContext first = SSLContext.getInstance("SSLv3");
        // ruleid: java-tls-old-version
        SSLContext second = SSLContext.getInstance("TLSv1.1");
        // ok: java-tls-old-version
        SSLContext third = SSLContext.getInstance("TLSv1.3");
        // ok: java-tls-old-version
        SSLContext fourth = SSLContext.getDefault();
    }
}
