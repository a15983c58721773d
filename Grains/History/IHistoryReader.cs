using System.Collections.Immutable;

namespace ClusterGrains.History;

/// <summary>
/// Port: looks at what <see cref="IHistoryStore"/> has stored, for those who check it. No grain decides by it: history is
/// never read back as state.
/// </summary>
public interface IHistoryReader
{
    /// <summary>One page of the keys that begin with <paramref name="prefix"/>, in any order.</summary>
    /// <remarks>
    /// Over all pages each key comes once that is there all the while; one that is created meanwhile comes or not.
    /// </remarks>
    /// <param name="prefix">Relative to the store's, for example <c>v1/history/record=check/dt=2026-03-01/</c>.</param>
    /// <param name="continuation">Of the page before; null for the first.</param>
    /// <exception cref="DependencyException">The store said anything else, or nothing in time.</exception>
    Task<HistoryPage> List(string prefix, string? continuation, CancellationToken cancellationToken);

    /// <summary>The bytes of one object; null when there is none.</summary>
    /// <exception cref="DependencyException">
    /// The store said anything else, or nothing in time, or the object is larger than any of ours.
    /// </exception>
    Task<byte[]?> Read(string key, CancellationToken cancellationToken);
}

/// <param name="Keys">Relative to the store's prefix, as they were given to <see cref="IHistoryStore.Put"/>.</param>
/// <param name="Continuation">What the next page is asked for with; null when this is the last one.</param>
public sealed record HistoryPage(ImmutableArray<string> Keys, string? Continuation);
