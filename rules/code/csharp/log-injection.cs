using Microsoft.AspNetCore.Mvc;

public class LoginController : Controller
{
    [HttpPost("login")]
    public IActionResult Login(string name)
    {
        // ruleid: csharp-log-injection
        _logger.LogInformation("login of " + name);
        // ruleid: csharp-log-injection
        _logger.LogWarning($"login of {name}");
        // ok: csharp-log-injection
        _logger.LogInformation("login of {Name}", name);
        // ok: csharp-log-injection
        _logger.LogInformation("login of " + name.Replace("\n", " "));
        return Ok();
    }
}
