import io.ktor.server.application.call
import java.net.URL

fun Route.preview(client: HttpClient) {
    get("/preview") {
        val url = call.parameters["url"]
        // ruleid: kotlin-ssrf
        URL(url).readText()
        // ruleid: kotlin-ssrf
        client.get("https://" + url + "/status")
        // ok: kotlin-ssrf
        client.get("https://api.example.org/items/" + url)
        // ok: kotlin-ssrf
        client.get("https://news.example.org/feed")
    }
}
