import io.ktor.server.application.call
import java.io.File

fun Route.files(base: File) {
    get("/download") {
        val name = call.parameters["name"]
        // ruleid: kotlin-path-traversal
        call.respondFile(File("/srv/files/" + name))
        // ruleid: kotlin-path-traversal
        call.respondFile(File(base, name))
        // ok: kotlin-path-traversal
        call.respondFile(base.combineSafe(name))
        // ok: kotlin-path-traversal
        call.respondFile(File("/srv/files/list.txt"))
    }
}
