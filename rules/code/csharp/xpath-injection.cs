using System.Xml;
using Microsoft.AspNetCore.Mvc;

public class UsersController : Controller
{
    [HttpGet("user")]
    public IActionResult Find(string name, int number)
    {
        // ruleid: csharp-xpath-injection
        var first = document.SelectSingleNode("//user[@name='" + name + "']");
        // ruleid: csharp-xpath-injection
        var second = document.SelectNodes($"//user[@name='{name}']/mail");
        // ok: csharp-xpath-injection
        var third = document.SelectNodes("//user[" + number + "]");
        // ok: csharp-xpath-injection
        var fourth = users.Descendants("user").Where(user => (string)user.Attribute("name") == name);
        return Ok();
    }
}
