using ClusterGrains.Resources;

namespace ClusterGrains.Storage;

/// <summary>Which rows of a kind a page shows. Retired ones are on none.</summary>
public sealed record IndexQuery
{
    /// <summary>Name of the <see cref="ResourceKind"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>In these namespaces and in no others, each named once, in any order; without any the page is empty.</summary>
    public required IReadOnlyCollection<string> Namespaces { get; init; }

    /// <summary>What names begin with; empty for any.</summary>
    public string NamePrefix { get; init; } = "";

    /// <summary>Active or Retiring; null for both.</summary>
    public string? Phase { get; init; }

    /// <summary>Only rows behind this one, which need not exist any more; null for the first page.</summary>
    public ResourceKey? After { get; init; }

    /// <summary>At most so many rows, 1 or more. Fewer are the last ones.</summary>
    public required int Limit { get; init; }
}
