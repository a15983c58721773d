using System.Collections.Immutable;
using System.Globalization;

namespace ClusterGrains.Datasets.Steps;

/// <summary>Deletes indices that bear our mark and that nobody needs. What cannot be proven stays.</summary>
internal static class PruneStep
{
    /// <summary>More names say nothing new.</summary>
    private const int MaxOrphans = 50;

    /// <summary>After a promotion. Whatever goes wrong here, the promotion is made and recorded.</summary>
    public static async Task<ImmutableArray<string>> Run(LiveRun live)
    {
        if (live.Candidate.ClusterUuid != live.Ledger.ClusterUuid || live.Ledger.Published?.Index != live.Candidate.Index)
        {
            return [];
        }

        try
        {
            live.Indices = await live.Cluster.Indices(live.Prefix, live.Budget);
            return await Sweep(live);
        }
        catch (DependencyException)
        {
            // The next run sweeps again.
            return [];
        }
    }

    /// <summary>Deletes what is old enough, and notes what waits.</summary>
    public static async Task<ImmutableArray<string>> Sweep(LiveRun live)
    {
        live.Note(live.Ledger.Trimmed(live.Spec.Rollout, live.Indices, live.Now));
        await MarkPromoted(live);
        var deleted = ImmutableArray.CreateBuilder<string>();
        var waiting = ImmutableArray.CreateBuilder<string>();
        ImmutableArray<IndexView> orphans = [.. live.Indices.Where(index => IsOrphan(live, index))];
        var failed = Failed(live.Ledger.Failed, orphans);
        foreach (var index in orphans)
        {
            // What another bearer of our name made is reported and never deleted: it may be at work in another Kubernetes.
            if (index.Mark!.Uid == live.Run.Uid && IsDue(live, index, index == failed) && await Delete(live, index))
            {
                deleted.Add(index.Name);
            }
            else
            {
                waiting.Add(index.Name);
            }
        }

        live.Note(live.Ledger with { Orphans = [.. waiting.Take(MaxOrphans)] });
        return deleted.ToImmutable();
    }

    /// <summary>The index in which the newest failed version was built; null when it is not there.</summary>
    private static IndexView? Failed(FailedVersion? failed, ImmutableArray<IndexView> orphans) => failed is null
        ? null
        : orphans
            .Where(index => index.Mark!.Version == failed.Version && index.Mark.Fingerprint == failed.Fingerprint)
            .MaxBy(index => index.Mark!.BuiltAt);

    private static bool IsDue(LiveRun live, IndexView index, bool hasFailed)
    {
        var failed = hasFailed ? live.Ledger.Failed : null;

        // A lost one holds nothing, and keeps the whole cluster red.
        return failed?.Code == DatasetCodes.IndexLost
            || live.Now - (failed?.At ?? index.Mark!.BuiltAt) >= live.Spec.Rollout.OrphanGrace;
    }

    private static bool IsOrphan(LiveRun live, IndexView index)
    {
        var ledger = live.Ledger;
        return index.Mark is { } mark && mark.Dataset == live.Run.Key.ToString()
            && Recipe.IsNamed(live.Spec.Alias, mark.Version, index.Name)
            && index.Name != ledger.Published?.Index
            && index.Name != ledger.Candidate?.Index
            && !ledger.Retained.Any(kept => kept.Index == index.Name)
            && index.Aliases.All(alias => IsLoadAlias(index, alias));
    }

    private static async Task<bool> Delete(LiveRun live, IndexView index)
    {
        await live.Fence();
        try
        {
            if (!index.Aliases.IsEmpty)
            {
                await live.Cluster.PointLoadAlias(index, null, live.Budget);
            }

            return await live.Cluster.Delete(index.Name, index.Uuid, live.Budget);
        }
        catch (DependencyException)
        {
            // It stays among the orphans, where everybody sees it.
            return false;
        }
    }

    /// <summary>What readers saw once says so itself, for a later epoch; tried again until the cluster takes it.</summary>
    private static async Task MarkPromoted(LiveRun live)
    {
        var ledger = live.Ledger;
        var promoted = ledger.Published is { } published ? ledger.Retained.Insert(0, published) : ledger.Retained;
        foreach (var index in live.Indices.Where(index => index.Mark is { PromotedAt: null } mark && mark.Uid == live.Run.Uid))
        {
            if (promoted.FirstOrDefault(kept => kept.Index == index.Name && kept.IndexUuid == index.Uuid) is { } kept)
            {
                await live.Fence();
                await Try(() => live.Cluster.Mark(index.Name, index.Mark! with { PromotedAt = kept.At }, live.Budget));
            }
        }
    }

    private static async Task Try(Func<Task> mark)
    {
        try
        {
            await mark();
        }
        catch (DependencyException)
        {
            // The next run tries again.
        }
    }

    private static bool IsLoadAlias(IndexView index, string alias) =>
        alias.StartsWith($"{index.Name}.a", StringComparison.Ordinal)
        && int.TryParse(alias.AsSpan(index.Name.Length + 2), NumberStyles.None, CultureInfo.InvariantCulture, out _);
}
