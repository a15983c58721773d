using System.Text.Json;
using ClusterGrains.Clusters;
using ClusterGrains.Resources;

namespace ClusterGrains.Datasets;

/// <summary>How an engine says no, to a request or to one of its items. The texts are clean and hold no credentials.</summary>
/// <param name="Type">The engine's name of the error; empty when there is none.</param>
internal readonly record struct ServerError(int Status, string Type, string Reason)
{
    public const int MaxType = 128;
    public const int MaxReason = 512;

    /// <summary>What an error is called is told by its end: Elasticsearch puts <c>es_</c> before some.</summary>
    private const string Block = "cluster_block_exception";

    /// <summary>A block that lasts: flood stage, read-only, closed. Not those of a cluster that has no manager or just starts.</summary>
    public bool IsBlock => Status != 503 && (Is(Block) || Is("index_closed_exception"));

    /// <summary>In the words of an engine: proxies say 404 too.</summary>
    public bool IsMissingIndex => Status == 404 && Is("index_not_found_exception");

    /// <summary>
    /// "this action would add [12] shards, but this cluster currently has [2995]/[3000] maximum shards open", since
    /// Elasticsearch 7.10 "maximum normal shards open". It says nothing about the index.
    /// </summary>
    public bool IsShardLimit => Status == 400 && Says("this action would add [") && Says(" shards open");

    /// <summary>Whether the cluster doubts our right to ask, and not what we ask.</summary>
    public bool IsDenied => Status is 401 or 403 && !IsBlock;

    /// <summary>What it means for a document, or for a bulk request as a whole.</summary>
    public BulkResult Meaning => this switch
    {
        { IsBlock: true } => BulkResult.Blocked,
        { IsMissingIndex: true } => BulkResult.Gone,
        { Status: 408 or 429 or >= 500 } => BulkResult.Busy,
        _ when Is("rejected_execution_exception") || Is("circuit_breaking_exception") => BulkResult.Busy,
        _ => BulkResult.Refused,
    };

    /// <summary>From the body of an answer.</summary>
    public static ServerError Of(int status, JsonElement? body, Func<string, string> redact) =>
        body?.At("error") is { } error ? From(status, error, redact) : new ServerError(status, "", "");

    /// <summary>From an error, whichever of the engines' forms it has.</summary>
    public static ServerError From(int status, JsonElement error, Func<string, string> redact) =>
        error.Scalar() is { } text
            ? new ServerError(status, "", SafeText.Clean(redact(text), MaxReason))
            : new ServerError(
                status, SafeText.Clean(error.Text("type"), MaxType), SafeText.Clean(redact(Whole(error)), MaxReason));

    public bool Is(string type) => Type.EndsWith(type, StringComparison.Ordinal);

    public bool Says(string text) => Reason.Contains(text, StringComparison.Ordinal);

    /// <summary>Type first.</summary>
    public override string ToString() => (Type, Reason) switch
    {
        ("", "") => $"{Status}",
        ("", _) => $"{Status} ({Reason})",
        (_, "") => $"{Status} {Type}",
        _ => $"{Status} {Type}: {Reason}",
    };

    // The outer reason is often only that something failed; of a search even that only in the root cause.
    private static string Whole(JsonElement error)
    {
        var reason = error.Text("reason") ?? "";
        var cause = error.Text("caused_by", "reason") ?? RootCause(error);
        return string.IsNullOrEmpty(cause) || reason.Contains(cause, StringComparison.Ordinal) ? reason : $"{reason}: {cause}";
    }

    private static string? RootCause(JsonElement error) =>
        error.At("root_cause") is { ValueKind: JsonValueKind.Array } causes && causes.GetArrayLength() > 0
            ? causes[0].Text("reason")
            : null;
}
