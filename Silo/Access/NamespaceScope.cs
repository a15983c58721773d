using System.Collections.Immutable;

namespace ClusterGrains.Access;

/// <summary>The namespaces a caller may see.</summary>
internal sealed record NamespaceScope
{
    /// <summary>Every namespace, also those that come later.</summary>
    public static readonly NamespaceScope All = new() { IsAll = true };

    public bool IsAll { get; private init; }

    /// <summary>These and no others; empty when <see cref="IsAll"/>.</summary>
    public ImmutableSortedSet<string> Names { get; private init; } = ImmutableSortedSet<string>.Empty.WithComparer(StringComparer.Ordinal);

    public static NamespaceScope Only(IEnumerable<string> names) => new() { Names = names.ToImmutableSortedSet(StringComparer.Ordinal) };

    public bool Contains(string @namespace) => IsAll || Names.Contains(@namespace);
}
