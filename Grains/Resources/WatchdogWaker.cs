using System.Collections.Concurrent;
using System.Collections.Immutable;
using ClusterGrains.Storage;
using Microsoft.Extensions.Logging;

namespace ClusterGrains.Resources;

/// <summary>Wakes many resources, a bounded number at once, and counts what they had to put right.</summary>
internal sealed class WatchdogWaker(
    IGrainFactory grains,
    IEnumerable<ResourceKind> kinds,
    DamagedRows damaged,
    WatchdogMetrics metrics,
    WatchdogOptions options,
    ILogger<WatchdogWaker> logger)
{
    private readonly ResourceKind[] _kinds = [.. kinds];
    private readonly ConcurrentDictionary<string, bool> _unknown = new(StringComparer.Ordinal);

    /// <summary>Whose rows these are; those of a kind that is not registered are told once and left out.</summary>
    public IEnumerable<ResourceId> Resources(IEnumerable<IndexRow> rows)
    {
        foreach (var row in rows)
        {
            // Where the kind cannot be read, the type of its grain stands for it.
            if (Array.Find(_kinds, one => one.Name == row.Kind || one.GrainType == row.Kind) is { } kind)
            {
                yield return new ResourceId(kind, new ResourceKey(row.Namespace, row.Name));
            }
            else if (_unknown.TryAdd(row.Kind, true))
            {
                logger.KindUnknown(row.Kind);
            }
        }
    }

    /// <inheritdoc cref="Wake(IEnumerable{ResourceId}, IReadOnlySet{ResourceId}, CancellationToken)"/>
    public Task<WakeFailures> Wake(IEnumerable<ResourceId> resources, CancellationToken cancellationToken) =>
        Wake(resources, ImmutableHashSet<ResourceId>.Empty, cancellationToken);

    /// <summary>Wakes all but those whose damaged row was looked at a moment ago.</summary>
    /// <param name="torn">Those of them whose rows are to be written again.</param>
    /// <returns>Those that could not be woken; one with a damaged row is reported elsewhere and not among them.</returns>
    public async Task<WakeFailures> Wake(
        IEnumerable<ResourceId> resources, IReadOnlySet<ResourceId> torn, CancellationToken cancellationToken)
    {
        var (repaired, failed) = (new ConcurrentQueue<(ResourceId, Repairs)>(), new ConcurrentQueue<(ResourceId, Exception)>());
        await Parallel.ForEachAsync(
            resources.Distinct().Where(resource => !damaged.Rests(resource)),
            new ParallelOptions { MaxDegreeOfParallelism = options.MaxWakes, CancellationToken = cancellationToken },
            async (resource, token) =>
            {
                using var span = ResourceTraces.Wake(resource.Kind, resource.Key);
                try
                {
                    var grain = resource.Kind.Grain(grains, resource.Key);
                    var repairs = await grain.Wake(token);
                    repairs |= torn.Contains(resource) ? await grain.Rewrite(token) : Repairs.None;
                    damaged.Forget(resource);
                    if (repairs is not Repairs.None)
                    {
                        repaired.Enqueue((resource, repairs));
                        metrics.Repaired(resource.Kind, repairs);
                    }
                }
                catch (Exception failure) when (!token.IsCancellationRequested)
                {
                    span.Failed(failure);
                    if (!await IsDamaged(resource, token))
                    {
                        logger.NotWoken(failure, resource);
                        metrics.NotWoken(resource.Kind);
                        failed.Enqueue((resource, failure));
                    }
                }
            });
        if (repaired.TryPeek(out var one))
        {
            logger.Repaired(repaired.Count, one.Item1, one.Item2);
        }

        return new WakeFailures([.. failed]);
    }

    private async Task<bool> IsDamaged(ResourceId resource, CancellationToken cancellationToken)
    {
        try
        {
            return await damaged.Explains(resource, cancellationToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            // Nobody knows, so it counts as any other resource that could not be woken.
            logger.NotWoken(failure, resource);
            return false;
        }
    }
}

/// <summary>Who could not be woken, and why.</summary>
internal sealed record WakeFailures(IReadOnlyList<(ResourceId Resource, Exception Failure)> All)
{
    /// <summary>Null without any. The same text for as long as it is the same trouble.</summary>
    public string? Problem => All.Count == 0 ? null : All.MinBy(one => one.Resource.ToString(), StringComparer.Ordinal) is var (resource, failure)
        ? $"resources could not be woken, for example {resource}: {failure.Message}"
        : null;
}
