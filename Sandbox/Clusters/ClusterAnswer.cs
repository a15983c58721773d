using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace ClusterGrains.Sandbox.Clusters;

/// <summary>One answer of a pretend cluster, before it goes out.</summary>
internal sealed record ClusterAnswer(int Status, string Body, string? ContentType = null)
{
    private static readonly JsonSerializerOptions Compact = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly JsonSerializerOptions Pretty = new(Compact) { WriteIndented = true };

    /// <summary>The value of <c>WWW-Authenticate</c>, for a 401.</summary>
    public string? Challenge { get; init; }

    public static ClusterAnswer Json(JsonNode body, int status = StatusCodes.Status200OK, bool pretty = false) =>
        new(status, body.ToJsonString(pretty ? Pretty : Compact));

    /// <summary>What a proxy or a crash in the middle of an answer leaves.</summary>
    public ClusterAnswer CutInHalf() =>
        this with { Status = StatusCodes.Status200OK, Body = Body[..(Body.Length / 2)] };

    public async Task Write(HttpResponse response, PretendEngine engine, CancellationToken cancellationToken)
    {
        response.StatusCode = Status;
        response.ContentType = ContentType ?? (engine is { IsOpenSearch: false, Major: >= 8 }
            ? "application/json"
            : "application/json; charset=UTF-8");
        if (!engine.IsOpenSearch)
        {
            response.Headers["X-elastic-product"] = "Elasticsearch";
        }

        if (Challenge is not null)
        {
            response.Headers.WWWAuthenticate = Challenge;
        }

        var body = Encoding.UTF8.GetBytes(Body);
        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(response.HttpContext.Request.Method))
        {
            await response.Body.WriteAsync(body, cancellationToken);
        }
    }
}
