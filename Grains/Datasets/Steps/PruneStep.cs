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
            await MarkPromoted(live);
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
        live.Note(live.Ledger.Trimmed(live.Spec.Rollout, live.Indices));
        var deleted = ImmutableArray.CreateBuilder<string>();
        var waiting = ImmutableArray.CreateBuilder<string>();
        foreach (var index in live.Indices.Where(index => IsOrphan(live, index)))
        {
            if (live.Now - index.Mark!.BuiltAt >= live.Spec.Rollout.OrphanGrace && await Delete(live, index))
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

    private static bool IsOrphan(LiveRun live, IndexView index)
    {
        var ledger = live.Ledger;
        return index.Mark?.Dataset == live.Run.Key.ToString()
            && index.Name.StartsWith(live.Prefix, StringComparison.Ordinal)
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

    private static async Task MarkPromoted(LiveRun live)
    {
        var promoted = live.Indices.FirstOrDefault(index => index.Name == live.Candidate.Index);
        if (promoted is { Mark: { PromotedAt: null } mark })
        {
            await live.Fence();
            await live.Cluster.Mark(promoted.Name, mark with { PromotedAt = live.Now }, live.Budget);
        }
    }

    private static bool IsLoadAlias(IndexView index, string alias) =>
        alias.StartsWith($"{index.Name}.a", StringComparison.Ordinal)
        && int.TryParse(alias.AsSpan(index.Name.Length + 2), NumberStyles.None, CultureInfo.InvariantCulture, out _);
}
