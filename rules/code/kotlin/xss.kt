import io.ktor.http.ContentType
import io.ktor.server.application.call

fun Route.hello() {
    get("/hello") {
        val name = call.parameters["name"]
        // ruleid: kotlin-ktor-xss
        call.respondText("<p>Hello " + name + "</p>", ContentType.Text.Html)
        // ruleid: kotlin-ktor-xss
        call.respondText("<p>Hello $name</p>", contentType = ContentType.Text.Html)
        // ok: kotlin-ktor-xss
        call.respondText("<p>Hello " + name.escapeHTML() + "</p>", ContentType.Text.Html)
        // ok: kotlin-ktor-xss
        call.respondText("Hello " + name, ContentType.Text.Plain)
    }
}
