using System.Diagnostics;
using Microsoft.AspNetCore.Mvc;

public class ToolsController : Controller
{
    [HttpGet("ping")]
    public IActionResult Ping(string host)
    {
        // ruleid: csharp-command-injection
        Process.Start("cmd.exe", "/c ping " + host);
        // ruleid: csharp-command-injection
        Process.Start(Request.Query["program"]);
        var info = new ProcessStartInfo("ping");
        // ok: csharp-command-injection
        info.ArgumentList.Add(host);
        // ok: csharp-command-injection
        Process.Start("uptime");
        return Ok();
    }
}
