using System.Net.Http.Headers;

namespace ClusterGrains.Datasets;

/// <summary>One request to a search cluster about its indices.</summary>
/// <param name="Relative">Path and query, appended to the endpoint.</param>
internal sealed record IndexRequest(HttpMethod Method, string Relative)
{
    private const int Mebibyte = 1024 * 1024;

    /// <summary>Sent as it is; null for none.</summary>
    public ReadOnlyMemory<byte>? Body { get; init; }

    public string ContentType { get; init; } = "application/json";

    /// <summary>Time to answer, if the SearchCluster's own <c>requestTimeout</c> is not longer.</summary>
    public TimeSpan AtLeast { get; init; }

    /// <summary>The largest answer accepted, after decompression.</summary>
    public int MaxBytes { get; init; } = 16 * Mebibyte;

    /// <summary>
    /// Whether the body waits for the server's word. One that refuses it by its length alone often closes the connection
    /// while it is sent, and then its answer is lost. curl does so from the same size on.
    /// </summary>
    public bool AsksFirst => Body?.Length > Mebibyte;

    /// <summary>With its length and never chunked: OpenSearch advises against it.</summary>
    public HttpContent? Content()
    {
        if (Body is not { } body)
        {
            return null;
        }

        var content = new ReadOnlyMemoryContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(ContentType);
        return content;
    }

    /// <summary>Without the query: <c>GET /products</c>.</summary>
    public override string ToString() => $"{Method} /{Relative.Split('?')[0]}";
}
