import jakarta.servlet.http.HttpServletRequest;
import java.net.URL;
import java.util.Set;
import org.springframework.web.client.RestTemplate;

class Preview {
    private RestTemplate client;
    private Set<String> feeds;

    void preview(HttpServletRequest request) throws Exception {
        String address = request.getParameter("url");
        // ruleid: java-ssrf
        new URL(address).openStream();
        // ruleid: java-ssrf
        client.getForObject("https://" + address + "/status", String.class);
        // ok: java-ssrf
        client.getForObject("https://api.example.org/items/" + address, String.class);
        // ok: java-ssrf
        client.postForObject("https://api.example.org/items", address, String.class);
    }

    void checked(HttpServletRequest request) throws Exception {
        String address = request.getParameter("url");
        if (!feeds.contains(address)) {
            return;
        }
        // ok: java-ssrf
        client.getForObject(address, String.class);
    }
}
