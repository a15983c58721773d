using System.Collections.Immutable;

namespace ClusterGrains.Datasets.Steps;

/// <summary>Looks which versions there are, and whether one lies there without its marker.</summary>
internal static class SourceLooking
{
    /// <summary>Folders without marker that are looked into, newest first.</summary>
    private const int MaxUnmarked = 3;

    /// <summary>A source that cannot be looked at does not end the run: to go back to a kept version needs none.</summary>
    public static async Task TryLook(LiveRun live)
    {
        try
        {
            await live.OpenSource();
            await Look(live);
        }
        catch (DependencyException failure)
        {
            live.SourceFailure = failure;
        }
    }

    public static async Task Look(LiveRun live)
    {
        var folders = await Pinned(live, await live.Source.Folders(live.Budget));
        ImmutableArray<string> versions = [.. folders.Where(folder => folder.Complete).Select(folder => folder.Name)];
        live.Versions = versions;
        var unmarked = await Unmarked(live, folders);
        live.Note(live.Ledger with { Look = Seen(live.Ledger.Look, versions, unmarked, live.Now) });
    }

    public static SourceLook Seen(
        SourceLook? before, ImmutableArray<string> versions, (string Name, string Digest)? unmarked, DateTimeOffset now)
    {
        var latest = versions.LastOrDefault();
        var unchanged = before is not null && before.Unmarked == unmarked?.Name && before.UnmarkedDigest == unmarked?.Digest;
        return new SourceLook(now, latest, before is not null && before.Latest == latest ? before.LatestSince : now, versions.Length)
        {
            Unmarked = unmarked?.Name,
            UnmarkedDigest = unmarked?.Digest,
            UnmarkedSince = unmarked is null ? null : unchanged ? before!.UnmarkedSince : now,
        };
    }

    /// <summary>Of a long history not every marker is asked for at each look; that of a pinned version is.</summary>
    private static async Task<ImmutableArray<VersionFolder>> Pinned(LiveRun live, ImmutableArray<VersionFolder> folders)
    {
        var incomplete = folders.FirstOrDefault(folder => folder.Name == live.Spec.Rollout.Pin && !folder.Complete);
        return incomplete is not null && await IsComplete(live, incomplete.Name)
            ? folders.Replace(incomplete, incomplete with { Complete = true })
            : folders;
    }

    private static async Task<bool> IsComplete(LiveRun live, string version)
    {
        try
        {
            return await live.Source.Freeze(version, live.Budget) is not null;
        }
        catch (SourceException)
        {
            // It is there, and unusable: its update says how.
            return true;
        }
    }

    private static async Task<(string Name, string Digest)?> Unmarked(LiveRun live, ImmutableArray<VersionFolder> folders)
    {
        foreach (var folder in folders.Reverse().TakeWhile(folder => !folder.Complete).Take(MaxUnmarked))
        {
            if (await Digest(live, folder.Name) is { } digest)
            {
                return (folder.Name, digest);
            }
        }

        return null;
    }

    // Somebody writes there: files come and go, and what is complete elsewhere does not wait for it.
    private static async Task<string?> Digest(LiveRun live, string folder)
    {
        try
        {
            return await live.Source.Digest(folder, live.Budget);
        }
        catch (DependencyException)
        {
            return null;
        }
    }
}
