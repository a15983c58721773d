using System.Text.Json.Nodes;

namespace ClusterGrains.Sandbox.Clusters.Indices;

/// <summary>One refusal in the engines' own words, of a request or of one item of it.</summary>
internal sealed record EngineError(int Status, string Type, string Reason)
{
    /// <summary>The index it is about; null for none.</summary>
    public string? Index { get; init; }

    /// <summary>With <see cref="Index"/>; <c>_na_</c> for one that is not there.</summary>
    public string IndexUuid { get; init; } = "_na_";

    /// <summary>What is missing, as <c>resource.type</c> and <c>resource.id</c>.</summary>
    public (string Type, string Id)? Resource { get; init; }

    public EngineError? CausedBy { get; init; }

    public JsonObject Body()
    {
        var body = new JsonObject { ["type"] = Type, ["reason"] = Reason };
        if (Index is not null)
        {
            body["index_uuid"] = IndexUuid;
            body["index"] = Index;
        }

        if (Resource is { } resource)
        {
            body["resource.type"] = resource.Type;
            body["resource.id"] = resource.Id;
        }

        if (CausedBy is not null)
        {
            body["caused_by"] = CausedBy.Body();
        }

        return body;
    }

    public ClusterAnswer Answer()
    {
        var error = new JsonObject { ["root_cause"] = new JsonArray(Root().Body()) };
        foreach (var (key, value) in Body())
        {
            error[key] = value?.DeepClone();
        }

        return ClusterAnswer.Json(new JsonObject { ["error"] = error, ["status"] = Status }, Status);
    }

    public EngineException Thrown() => new(this);

    /// <summary>The engines unwrap parse errors only.</summary>
    private EngineError Root() => Type == "x_content_parse_exception" && CausedBy is not null ? CausedBy.Root() : this;
}
