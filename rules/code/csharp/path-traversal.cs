using System.IO;
using System.IO.Compression;
using Microsoft.AspNetCore.Mvc;

public class FilesController : Controller
{
    [HttpGet("download")]
    public IActionResult Download(string name)
    {
        // ruleid: csharp-path-traversal
        var first = System.IO.File.ReadAllText(Path.Combine("/srv/files", name));
        // ruleid: csharp-path-traversal
        var second = new FileStream("/srv/files/" + name, FileMode.Open);
        // ok: csharp-path-traversal
        var third = System.IO.File.ReadAllText(Path.Combine("/srv/files", Path.GetFileName(name)));
        return Ok();
    }

    [HttpGet("checked")]
    public IActionResult Checked(string name)
    {
        var path = Path.GetFullPath(Path.Combine("/srv/files", name));
        if (!path.StartsWith("/srv/files/"))
        {
            return BadRequest();
        }
        // ok: csharp-path-traversal
        return PhysicalFile(path, "text/plain");
    }

    void Unpack(ZipArchive archive, string target)
    {
        foreach (var entry in archive.Entries)
        {
            // ruleid: csharp-zip-slip
            entry.ExtractToFile(Path.Combine(target, entry.FullName));
            // ruleid: csharp-zip-slip
            var stream = new FileStream(target + "/" + entry.FullName, FileMode.Create);
            // ok: csharp-zip-slip
            entry.ExtractToFile(Path.Combine(target, Path.GetFileName(entry.FullName)));
            var path = Path.GetFullPath(Path.Combine(target, entry.FullName));
            if (!path.StartsWith(target))
            {
                continue;
            }
            // ok: csharp-zip-slip
            entry.ExtractToFile(path);
        }
    }
}
