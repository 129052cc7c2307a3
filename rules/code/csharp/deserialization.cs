using System.Runtime.Serialization.Formatters.Binary;
using System.Text.Json;
using Newtonsoft.Json;

class Carts
{
    void Read(Stream stream, string text)
    {
        // ruleid: csharp-unsafe-deserialization
        var formatter = new BinaryFormatter();
        // ruleid: csharp-unsafe-deserialization
        var settings = new JsonSerializerSettings { TypeNameHandling = TypeNameHandling.All };
        // ok: csharp-unsafe-deserialization
        var cart = JsonSerializer.Deserialize<Cart>(text);
        // ok: csharp-unsafe-deserialization
        var plain = new JsonSerializerSettings { TypeNameHandling = TypeNameHandling.None };
    }
}
