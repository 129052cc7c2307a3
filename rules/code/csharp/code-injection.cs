using System;
using Microsoft.AspNetCore.Mvc;
using Microsoft.CodeAnalysis.CSharp.Scripting;

public class CalculatorController : Controller
{
    [HttpGet("run")]
    public IActionResult Run(string formula)
    {
        // ruleid: csharp-code-injection
        var first = CSharpScript.EvaluateAsync(formula);
        // ruleid: csharp-code-injection
        var second = Type.GetType(Request.Query["type"]);
        // ok: csharp-code-injection
        var third = CSharpScript.EvaluateAsync("1 + 1");
        // ok: csharp-code-injection
        var fourth = Type.GetType("Shop.Order");
        return Ok();
    }
}
