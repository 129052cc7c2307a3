import jakarta.servlet.http.HttpServletRequest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

class Orders {
    private JdbcTemplate jdbcTemplate;
    private Connection connection;

    void list(HttpServletRequest request) throws Exception {
        String state = request.getParameter("state");
        String sql = "SELECT id FROM orders WHERE state = '" + state + "'";
        Statement statement = connection.createStatement();
        // ruleid: java-sql-injection
        statement.executeQuery(sql);
        PreparedStatement prepared = connection.prepareStatement("SELECT id FROM orders WHERE state = ?");
        prepared.setString(1, state);
        // ok: java-sql-injection
        prepared.executeQuery();
        int number = Integer.parseInt(request.getParameter("number"));
        // ok: java-sql-injection
        // ruleid: java-sql-formatted-query
        statement.executeQuery("SELECT id FROM orders WHERE id = " + number);
    }

    @GetMapping("/customers")
    List<Customer> customers(@RequestParam String name, @RequestParam int limit) {
        // ruleid: java-sql-injection
        List<Customer> found = jdbcTemplate.query("SELECT * FROM customers WHERE name = '" + name + "'", mapper);
        // ok: java-sql-injection
        List<Customer> same = jdbcTemplate.query("SELECT * FROM customers WHERE name = ?", mapper, name);
        return found;
    }

    void report(String table) throws Exception {
        // ruleid: java-sql-formatted-query
        connection.prepareStatement("SELECT * FROM " + table);
        // ok: java-sql-formatted-query
        connection.prepareStatement("SELECT * FROM t " + "WHERE a = 1");
        // ok: java-sql-formatted-query
        connection.prepareStatement("SELECT * FROM t WHERE a = ?");
    }
}
