namespace ClusterGrains.Resources;

/// <summary>One request to the API server.</summary>
/// <param name="Verb">As RBAC calls it: get, list, watch, update or create.</param>
/// <param name="Query">Without the question mark.</param>
/// <param name="Body">JSON.</param>
internal sealed record ApiRequest(string Verb, ApiTarget Target, string Query = "", byte[]? Body = null)
{
    /// <summary>How long the answer may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The forms of the answer that are understood, as in HTTP.</summary>
    public string Accept { get; init; } = "application/json";

    /// <summary>How large the answer may be, in bytes. etcd takes objects of at most 1.5 MB.</summary>
    public int MaxAnswer { get; init; } = 4 << 20;

    public HttpMethod Method => Verb switch
    {
        "create" => HttpMethod.Post,
        "update" => HttpMethod.Put,
        _ => HttpMethod.Get,
    };

    public string Path => Query.Length == 0 ? Target.Path : $"{Target.Path}?{Query}";
}
