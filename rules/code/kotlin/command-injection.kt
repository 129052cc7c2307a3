import io.ktor.server.application.call

fun Route.ping() {
    get("/ping") {
        val host = call.request.queryParameters["host"]
        // ruleid: kotlin-command-injection
        Runtime.getRuntime().exec("ping -c 1 " + host)
        // ruleid: kotlin-command-injection
        ProcessBuilder("sh", "-c", "ping $host").start()
        // ok: kotlin-command-injection
        ProcessBuilder("ping", "-c", "1", "--", host).start()
        // ok: kotlin-command-injection
        Runtime.getRuntime().exec("uptime")
    }
}
