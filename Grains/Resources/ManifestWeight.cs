namespace ClusterGrains.Resources;

/// <summary>What a manifest is worth against what is known. Only the API server's own word settles a doubt.</summary>
internal enum ManifestWeight
{
    /// <summary>Says nothing new.</summary>
    Known,

    /// <summary>Newer within the same epoch, or the first of all.</summary>
    Newer,

    /// <summary>Another epoch, an older generation, or the same with other content: a consistent GET decides.</summary>
    Doubtful,
}

internal static class ManifestWeights
{
    /// <summary>
    /// Events never order epochs, and within one they may be late: newer is only what has a higher generation or
    /// another intent and was not read before what is known.
    /// </summary>
    public static ManifestWeight Weigh<TWork>(this ResourceState<TWork> state, Manifest seen)
        where TWork : class, new()
    {
        if (state is { Phase: ResourcePhase.None })
        {
            return ManifestWeight.Newer;
        }

        if (state is not { Phase: ResourcePhase.Active, Manifest: { } known } || seen.Uid != known.Uid)
        {
            return ManifestWeight.Doubtful;
        }

        if (seen.Generation == known.Generation && seen.SpecHash == known.SpecHash && seen.Intent == known.Intent)
        {
            return ManifestWeight.Known;
        }

        var newer = seen.Generation > known.Generation
            || (seen.Generation == known.Generation && seen.SpecHash == known.SpecHash);
        return newer && ResourceVersions.After(seen.ResourceVersion, known.ResourceVersion)
            ? ManifestWeight.Newer
            : ManifestWeight.Doubtful;
    }
}
