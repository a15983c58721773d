using static ClusterGrains.Datasets.HaltException;

namespace ClusterGrains.Datasets.Steps;

/// <summary>Makes a version the candidate, if it may be one now.</summary>
internal static class Beginning
{
    /// <summary>False when there is nothing to be done with it: it failed like this before, or is gone again.</summary>
    public static async Task<bool> Load(LiveRun live, Choice choice)
    {
        FrozenVersion? frozen;
        try
        {
            frozen = await live.Source.Freeze(choice.Version, live.Budget);
        }
        catch (SourceException unusable)
        {
            return await Unusable(live, choice, unusable);
        }

        if (frozen is not null && choice.Version == live.Ledger.Adopted && frozen.Fingerprint == live.Ledger.Published?.Fingerprint)
        {
            live.Note(live.Ledger with { Adopted = null });
            return choice.Asked && await Begin(live, choice, frozen);
        }

        if (frozen is null || !(choice.Asked || MayTry(live, choice.Version, frozen.Fingerprint)))
        {
            return false;
        }

        var kept = live.Ledger.Retained.FirstOrDefault(one => one.Version == choice.Version && one.Fingerprint == frozen.Fingerprint);

        // What an earlier epoch kept does not take the alias from somebody else unseen.
        var isOurs = live.Ledger.Published is not null || live.Alias.Targets.IsEmpty;
        return kept is not null && isOurs && !choice.Asked ? await Switch(live, kept) : await Begin(live, choice, frozen);
    }

    /// <summary>Nothing has to be built: straight to the last look before the promotion.</summary>
    public static async Task<bool> Switch(LiveRun live, KeptVersion kept)
    {
        if (!MayTry(live, kept.Version, kept.Fingerprint))
        {
            return false;
        }

        var choice = new Choice(Way.Switch) { Version = kept.Version, Kind = UpdateKind.Switch };
        var candidate = await New(live, choice, kept.Fingerprint);
        await live.Save(candidate with { Index = kept.Index, IndexUuid = kept.IndexUuid, Step = UpdateStep.Verify });
        return true;
    }

    private static async Task<bool> Begin(LiveRun live, Choice choice, FrozenVersion frozen)
    {
        var candidate = await New(live, choice, frozen.Fingerprint);
        await Store(live, choice, candidate with { Files = frozen.Files.Length, SourceBytes = frozen.Bytes });
        return true;
    }

    private static bool MayTry(LiveRun live, string version, string fingerprint) =>
        live.Ledger.Failed.MayTry(live.Run, version, fingerprint, null, live.Now);

    private static async Task<bool> Unusable(LiveRun live, Choice choice, SourceException unusable)
    {
        if (!choice.Asked && !live.Ledger.Failed.MayTry(live.Run, choice.Version, "", unusable.Code, live.Now))
        {
            return false;
        }

        await Store(live, choice, await New(live, choice, ""));
        throw Fail(unusable.Code, unusable.Message);
    }

    private static Task Store(LiveRun live, Choice choice, Candidate candidate) => live.Save(live.Ledger with
    {
        Candidate = candidate,
        IndexNumber = Name(live, choice.Version).Number,
        ReloadHandled = choice.Asked ? choice.Version : live.Ledger.ReloadHandled,
    });

    private static async Task<Candidate> New(LiveRun live, Choice choice, string fingerprint)
    {
        await ClusterGuards.Fit(live);
        if (live.Alias.Targets.Length > 1)
        {
            throw AliasWatch.Drifted(live, live.Alias);
        }

        var expected = live.Alias.Targets is [var shown] ? shown.Index : null;
        return new Candidate
        {
            RunId = live.Run.RunId,
            Version = choice.Version,
            Fingerprint = fingerprint,
            Recipe = Recipe.Of(live.Spec),
            Index = Name(live, choice.Version).Index,
            ClusterUuid = live.Ledger.ClusterUuid!,
            StartedAt = live.Run.StartedAt,
            Kind = choice.Kind,
            Alias = live.Spec.Alias,
            Expected = expected,
            Baseline = expected is null ? null : (await live.Cluster.Count(live.Spec.Alias, live.Budget)).Docs,
        };
    }

    private static (string Index, int Number) Name(LiveRun live, string version) =>
        Recipe.Name(live.Spec.Alias, version, live.Ledger.IndexNumber, live.Indices);
}
