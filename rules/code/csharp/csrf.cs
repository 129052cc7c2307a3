using Microsoft.AspNetCore.Mvc;

// ruleid: csharp-csrf-check-off
[IgnoreAntiforgeryToken]
public class OpenController : Controller
{
    // ok: csharp-csrf-check-off
    [HttpGet]
    public IActionResult Index()
    {
        return Ok();
    }
}

public class HooksController : Controller
{
    // ruleid: csharp-csrf-check-off
    [IgnoreAntiforgeryToken]
    public IActionResult Receive()
    {
        return Ok();
    }

    // ok: csharp-csrf-check-off
    [ValidateAntiForgeryToken]
    public IActionResult Save()
    {
        return Ok();
    }
}
