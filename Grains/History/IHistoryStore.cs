namespace ClusterGrains.History;

/// <summary>Port: immutable objects under a prefix, in S3 or a folder.</summary>
public interface IHistoryStore
{
    /// <summary>
    /// Creates the object if there is none under <paramref name="key"/> (<c>If-None-Match: *</c>). Safe to repeat after
    /// a crash or a lost answer.
    /// </summary>
    /// <param name="key">Relative to the store's prefix, for example <c>v1/history/record=check/…</c>.</param>
    /// <exception cref="DependencyException">The store said anything else, or nothing in time.</exception>
    Task<PutOutcome> Put(string key, ReadOnlyMemory<byte> body, CancellationToken cancellationToken);
}

/// <summary>How a create-only PUT ended.</summary>
public enum PutOutcome
{
    Created,

    /// <summary>The same bytes are there already: delivered by an earlier attempt.</summary>
    AlreadyThere,

    /// <summary>Other bytes are there: somebody else wrote this key. Never overwritten; an alert.</summary>
    Different,
}
