using System.Reflection;

namespace ClusterGrains.Sandbox.Clusters;

/// <summary>What a pretend cluster pretends to be: one engine in one major version.</summary>
/// <param name="Name">Also the folder of its golden answers, for example <c>opensearch-3</c>.</param>
internal sealed record PretendEngine(string Name)
{
    public static readonly PretendEngine OpenSearch1 = new("opensearch-1");
    public static readonly PretendEngine OpenSearch2 = new("opensearch-2");
    public static readonly PretendEngine OpenSearch3 = new("opensearch-3");
    public static readonly PretendEngine Elasticsearch7 = new("elasticsearch-7");
    public static readonly PretendEngine Elasticsearch8 = new("elasticsearch-8");
    public static readonly PretendEngine Elasticsearch9 = new("elasticsearch-9");

    /// <summary>The order in which the sandbox hands them out: the first three are the ones most people run.</summary>
    public static readonly IReadOnlyList<PretendEngine> All =
        [OpenSearch3, Elasticsearch8, OpenSearch2, Elasticsearch9, Elasticsearch7, OpenSearch1];

    public bool IsOpenSearch => Name.StartsWith("opensearch", StringComparison.Ordinal);

    public int Major => Name[^1] - '0';

    /// <summary>How people write it, for example <c>OpenSearch 3</c>.</summary>
    public string Title => $"{(IsOpenSearch ? "OpenSearch" : "Elasticsearch")} {Major}";

    /// <summary>A golden answer, as the file has it.</summary>
    public string Golden(string answer)
    {
        var resource = $"golden/{Name}/{answer}.json";
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"There is no embedded resource {resource}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
