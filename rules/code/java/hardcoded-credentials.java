import java.sql.Connection;
import java.sql.DriverManager;

class Database {
    void open(HikariConfig source) throws Exception {
        // ruleid: java-hardcoded-password
        Connection first = DriverManager.getConnection("jdbc:postgresql://db/shop", "shop", "sunny-Tuesday-81");
        // ruleid: java-hardcoded-password
        source.setPassword("sunny-Tuesday-81");
        // ok: java-hardcoded-password
        Connection third = DriverManager.getConnection("jdbc:postgresql://db/shop", "shop", System.getenv("DB_PASSWORD"));
        // ok: java-hardcoded-password
        source.setPassword("");
    }
}
