using System.Net;
using System.Text;
using System.Text.Json;

namespace ClusterGrains.Resources;

/// <summary>Why the API server did not do what it was asked: a <c>Status</c> object, or what was there instead.</summary>
/// <param name="Code">The HTTP status; 0 when there was no answer.</param>
/// <param name="Reason">The server's machine-readable word, for example <c>NotFound</c>; null when it gave none.</param>
/// <param name="RetryAfter">How long the server asks us to wait.</param>
internal sealed record ApiFailure(int Code, string? Reason, string Message, TimeSpan? RetryAfter = null)
{
    private const int MaxMessage = 1_000;

    /// <summary>The resource the server speaks of: <c>details.kind</c>, a plural.</summary>
    public string? Resource { get; private init; }

    /// <summary>The object the server speaks of: <c>details.name</c>.</summary>
    public string? Name { get; private init; }

    /// <summary>410: the resourceVersion or page token is too old for this server.</summary>
    public bool IsExpired => Code is (int)HttpStatusCode.Gone || Reason is "Expired" or "Gone";

    public bool IsNotFound => Code is (int)HttpStatusCode.NotFound;

    /// <summary>Whether asking again later can help without anybody changing anything.</summary>
    public bool IsPassing => Code is 0 or 408 or 429 or >= 500;

    public static ApiFailure Unreachable(string message) => new(0, null, message);

    /// <summary>Reads an error body, also one that some proxy wrote.</summary>
    public static ApiFailure Read(int code, ReadOnlyMemory<byte> body, TimeSpan? retryAfter)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return Read(json.RootElement, code) is var failure && retryAfter is null
                ? failure
                : failure with { RetryAfter = retryAfter };
        }
        catch (JsonException)
        {
            var text = Encoding.UTF8.GetString(body.Span[..Math.Min(body.Length, MaxMessage)]).Trim();
            return new ApiFailure(code, null, text.Length == 0 ? "no explanation" : text, retryAfter);
        }
    }

    /// <summary>Reads a <c>Status</c> object. <paramref name="code"/> counts when it holds none.</summary>
    public static ApiFailure Read(JsonElement status, int code)
    {
        var details = status.Child("details");
        var seconds = details.Number("retryAfterSeconds");
        return new ApiFailure(
            (int)(status.Number("code") ?? code),
            status.Text("reason"),
            status.Text("message") is { Length: > 0 } message ? message : "no explanation",
            seconds is > 0 ? TimeSpan.FromSeconds(Math.Min(seconds.Value, 3_600)) : null)
        {
            Resource = details.Text("kind"),
            Name = details.Text("name"),
        };
    }

    /// <summary>One sentence for people, with the cure where there is one.</summary>
    public string Explain(string verb, ApiTarget target) => Code switch
    {
        0 => $"{verb} {target}: {Message}",
        401 => $"The API server does not know who asks to {verb} {target} (401). Renew the token or certificate of the"
            + $" kubeconfig. It said: {Message}",
        403 => $"The API server refuses to {verb} {target} (403). Missing RBAC rule: {target.Rule(verb)};"
            + $" k8s/base/rbac.yaml has them all. It said: {Message}",
        404 when Reason is null || Name is null => $"The API server does not serve {target} (404). Apply the CRDs once:"
            + $" kubectl apply -f k8s/crds. It said: {Message}",
        _ => $"The API server would not {verb} {target} ({Code}{(Reason is null ? "" : $" {Reason}")}): {Message}",
    };
}
