import io.ktor.server.application.call

fun Route.leave(allowed: Set<String>) {
    get("/go") {
        // ruleid: kotlin-open-redirect
        call.respondRedirect(call.parameters["next"])
        val target = call.request.queryParameters["to"] ?: "/"
        // ruleid: kotlin-open-redirect
        call.respondRedirect(target)
        // ok: kotlin-open-redirect
        call.respondRedirect("/home")
    }
    get("/checked") {
        val target = call.parameters["to"]
        if (!allowed.contains(target)) {
            return@get
        }
        // ok: kotlin-open-redirect
        call.respondRedirect(target)
    }
}
