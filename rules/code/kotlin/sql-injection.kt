import io.ktor.server.application.call

fun Route.orders(connection: Connection) {
    get("/orders") {
        val state = call.parameters["state"]
        // ruleid: kotlin-sql-injection
        connection.createStatement().executeQuery("SELECT id FROM orders WHERE state = '" + state + "'")
        // ruleid: kotlin-sql-injection
        connection.prepareStatement("SELECT id FROM orders WHERE state = '$state'")
        val statement = connection.prepareStatement("SELECT id FROM orders WHERE state = ?")
        // ok: kotlin-sql-injection
        statement.setString(1, state)
        val number = call.parameters["number"].toInt()
        // ok: kotlin-sql-injection
        connection.createStatement().executeQuery("SELECT id FROM orders WHERE id = " + number)
        // ok: kotlin-sql-injection
        connection.createStatement().executeQuery("SELECT 1")
    }
}
