using System.Data.SqlClient;
using Dapper;
using Microsoft.AspNetCore.Mvc;

public class OrdersController : Controller
{
    [HttpGet("orders")]
    public IActionResult List(string state, int limit)
    {
        // ruleid: csharp-sql-injection
        var first = new SqlCommand("SELECT id FROM orders WHERE state = '" + state + "'", connection);
        // ok: csharp-sql-injection
        var second = new SqlCommand("SELECT id FROM orders WHERE state = @state", connection);
        second.Parameters.AddWithValue("@state", state);
        // ok: csharp-sql-injection
        var third = new SqlCommand("SELECT TOP " + limit + " id FROM orders", connection);
        var name = Request.Query["name"];
        // ruleid: csharp-sql-injection
        var fourth = connection.Query<Customer>($"SELECT * FROM customers WHERE name = '{name}'");
        // ok: csharp-sql-injection
        var fifth = connection.Query<Customer>("SELECT * FROM customers WHERE name = @name", new { name });
        return Ok();
    }
}
