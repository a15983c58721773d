using System.Reflection;

namespace ClusterGrains.Sandbox.Clusters;

/// <summary>What a pretend cluster pretends to be: one engine in one major version.</summary>
/// <param name="Name">Also the folder of its golden answers, for example <c>opensearch-3</c>.</param>
/// <param name="Number">Its version, as <c>GET /</c> tells it.</param>
internal sealed record PretendEngine(string Name, string Number)
{
    public static readonly PretendEngine OpenSearch1 = new("opensearch-1", "1.3.20");
    public static readonly PretendEngine OpenSearch2 = new("opensearch-2", "2.19.1");
    public static readonly PretendEngine OpenSearch3 = new("opensearch-3", "3.5.0");
    public static readonly PretendEngine Elasticsearch7 = new("elasticsearch-7", "7.17.28");
    public static readonly PretendEngine Elasticsearch8 = new("elasticsearch-8", "8.15.2");
    public static readonly PretendEngine Elasticsearch9 = new("elasticsearch-9", "9.2.2");

    /// <summary>The last one whose <c>_aliases</c> does not know <c>must_exist</c>. Not handed out by the sandbox.</summary>
    public static readonly PretendEngine OpenSearch2Before12 = new("opensearch-2", "2.11.1");

    /// <summary>The order in which the sandbox hands them out: the first three are the ones most people run.</summary>
    public static readonly IReadOnlyList<PretendEngine> All =
        [OpenSearch3, Elasticsearch8, OpenSearch2, Elasticsearch9, Elasticsearch7, OpenSearch1];

    /// <param name="name">Of one of <see cref="All"/>.</param>
    public static PretendEngine Named(string name) => All.Single(engine => engine.Name == name);

    public bool IsOpenSearch => Name.StartsWith("opensearch", StringComparison.Ordinal);

    public int Major => Name[^1] - '0';

    /// <summary>Of the version, for example 19 of <c>2.19.1</c>.</summary>
    public int Minor => Version.Parse(Number).Minor;

    /// <summary>Whether indexing errors are <c>document_parsing_exception</c> and begin with their position.</summary>
    public bool LocatesErrors => !IsOpenSearch && Major >= 8;

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
