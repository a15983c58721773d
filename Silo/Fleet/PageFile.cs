using System.Collections.Immutable;
using System.Net.Mime;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace ClusterGrains.Fleet;

/// <summary>
/// One file of the fleet page. It holds no data: what the page shows it asks of the API, with the rights of whoever looks.
/// </summary>
internal sealed class PageFile
{
    private const string Folder = "Fleet/Page/";
    private const string Index = "index.html";

    /// <summary>The page runs its own scripts and asks this silo, and nothing else whatever got into it.</summary>
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
        + "base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    private readonly byte[] _content;
    private readonly string _type;
    private readonly EntityTagHeaderValue _tag;

    private PageFile(string name, byte[] content)
    {
        Route = name == Index ? "/" : $"/{name}";
        _content = content;
        _type = Path.GetExtension(name) switch
        {
            ".html" => $"{MediaTypeNames.Text.Html}; charset=utf-8",
            ".css" => $"{MediaTypeNames.Text.Css}; charset=utf-8",
            _ => $"{MediaTypeNames.Text.JavaScript}; charset=utf-8",
        };
        _tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(content))}\"");
    }

    public static ImmutableArray<PageFile> All { get; } =
    [
        .. from name in typeof(PageFile).Assembly.GetManifestResourceNames()
           where name.StartsWith(Folder, StringComparison.Ordinal)
           select new PageFile(name[Folder.Length..], Read(name)),
    ];

    public string Route { get; }

    /// <summary>Whoever has it is told that it has not changed: after an upgrade the new one shows at once.</summary>
    public FileContentHttpResult Show(HttpContext http)
    {
        http.Response.Headers.ContentSecurityPolicy = Policy;
        return TypedResults.Bytes(_content, _type, entityTag: _tag);
    }

    private static byte[] Read(string name)
    {
        using var stream = typeof(PageFile).Assembly.GetManifestResourceStream(name)!;
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }
}
