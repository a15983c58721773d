using System.Collections.Immutable;
using static ClusterGrains.Datasets.HaltException;

namespace ClusterGrains.Datasets.Steps;

/// <summary>Compares what the alias shows with what was left there. What others did is reported, never fought.</summary>
internal static class AliasWatch
{
    public static async Task Align(LiveRun live)
    {
        live.Alias = await live.Cluster.Alias(live.Spec.Alias, live.Budget);
        live.Indices = await live.Cluster.Indices(live.Prefix, live.Budget);
        if (live.Alias.IndexOfThatName)
        {
            throw NameTaken(live);
        }

        if (IsAsLeft(live.Ledger, live.Alias))
        {
            live.Note(live.Ledger with { Drift = null });
        }
        else if (live.Alias.Targets is [var shown] && shown.Index == live.Run.AdoptAlias && shown.Index != live.Ledger.AdoptHandled)
        {
            await Adopt(live, shown.Index);
        }
        else if (IsLost(live))
        {
            await ClusterGuards.Same(live);
            live.Note(live.Ledger with { Published = null, Drift = null, HeldUpTo = null, Candidate = Expecting(live.Ledger.Candidate, null, null) });
        }
        else
        {
            throw Drifted(live, live.Alias);
        }

        await AdoptOwn(live);
    }

    /// <summary>The wait for somebody to move the alias back.</summary>
    public static HaltException Drifted(LiveRun live, AliasView view)
    {
        var shows = string.Join(", ", view.Targets.Select(target => target.Index).Order(StringComparer.Ordinal));
        var drift = live.Ledger.Drift is { } known && known.Shows == shows ? known : new AliasDrift(shows, live.Now);
        live.Note(live.Ledger with { Drift = drift });
        var left = live.Ledger.Published?.Index ?? live.Ledger.Candidate?.Expected;
        return Wait(
            DatasetCodes.AliasDrift,
            $"The alias {live.Spec.Alias} shows {(shows.Length == 0 ? "nothing" : shows)}; "
            + (left is null ? "it must show one index or nothing. " : $"it was left at {left}. ")
            + $"Move it back, or say that it is right: kubectl annotate sds {live.Run.Key.Name} clustergrains.io/adopt-alias=<the index it shows>.");
    }

    public static HaltException NameTaken(LiveRun live) => Wait(
        DatasetCodes.AliasIsIndex,
        $"An index is called {live.Spec.Alias}, so there can be no such alias. Copy it under another name and delete it, or choose "
        + "another spec.alias.");

    private static bool IsAsLeft(DatasetLedger ledger, AliasView view)
    {
        var shown = view.Targets is [var one] ? one.Index : null;
        return view.Targets.Length <= 1 && ledger switch
        {
            { Candidate: { Step: >= UpdateStep.Promote } candidate } when shown == candidate.Index => true,
            { Published: { } published } => shown == published.Index,
            { Candidate: { } candidate } => shown == candidate.Expected,
            _ => true,
        };
    }

    /// <summary>The published index was deleted, and the alias with it: there is nothing it could be moved back to.</summary>
    private static bool IsLost(LiveRun live) =>
        live.Alias.Targets.IsEmpty && live.Ledger.Published is { } published
        && published.Index.StartsWith(live.Prefix, StringComparison.Ordinal)
        && !live.Indices.Any(index => index.Name == published.Index && index.Uuid == published.IndexUuid);

    private static async Task Adopt(LiveRun live, string index)
    {
        var view = await live.Cluster.Find(index, live.Budget) ?? throw Drifted(live, live.Alias);
        var docs = (await live.Cluster.Count(index, live.Budget)).Docs;
        var kept = live.Ledger.Retained.FirstOrDefault(one => one.Index == index && one.IndexUuid == view.Uuid)
            ?? (IsOurs(live, view) ? Kept(view, docs) : new KeptVersion("", "", index, view.Uuid, docs, live.Now, ""));
        var ledger = live.Ledger.Publishing(kept);
        await live.Save(ledger with
        {
            Candidate = Expecting(ledger.Candidate, index, docs),
            AdoptHandled = index,
            HeldUpTo = Had(live.Ledger).Max(live.Names),
        });
    }

    /// <summary>The versions readers are known to have had.</summary>
    private static IEnumerable<string> Had(DatasetLedger ledger) =>
        ledger.Retained.Select(kept => kept.Version)
            .Concat([ledger.Published?.Version ?? "", ledger.HeldUpTo ?? ""])
            .Where(version => version.Length > 0);

    /// <summary>It replaces something else than it was begun for, and is measured by that: verified again, if it was.</summary>
    private static Candidate? Expecting(Candidate? candidate, string? index, long? docs) => candidate is null ? null : candidate with
    {
        Expected = index,
        Baseline = docs,
        Step = candidate.Step is UpdateStep.Approve ? UpdateStep.Verify : candidate.Step,
    };

    /// <summary>What an earlier epoch of this dataset promoted: behind an alias we know nothing of, or kept beside it.</summary>
    private static async Task AdoptOwn(LiveRun live)
    {
        if (live.Ledger is not { Published: null, Candidate: null })
        {
            return;
        }

        if (live.Alias.Targets is [var target] && await live.Cluster.Find(target.Index, live.Budget) is { } view && IsOurs(live, view))
        {
            var published = await Take(live, view);
            await live.Save(live.Ledger with
            {
                Published = published, Adopted = published.Version, Retained = await Siblings(live, view.Name),
            });
        }
        else if (live.Ledger.Retained.IsEmpty && await Siblings(live, null) is { IsEmpty: false } kept)
        {
            await live.Save(live.Ledger with { Retained = kept });
        }
    }

    /// <summary>Only what was promoted once: a half-loaded index of an earlier epoch is no version.</summary>
    private static async Task<ImmutableArray<KeptVersion>> Siblings(LiveRun live, string? published)
    {
        var siblings = ImmutableArray.CreateBuilder<KeptVersion>();
        foreach (var index in live.Indices
            .Where(one => one.Name != published && IsOurs(live, one) && one.Mark!.PromotedAt is not null && one.Aliases.IsEmpty)
            .OrderByDescending(one => one.Mark!.PromotedAt)
            .Take(live.Spec.Rollout.KeepPrevious))
        {
            siblings.Add(await Take(live, index));
        }

        return siblings.ToImmutable();
    }

    /// <summary>From now on the index bears this epoch's mark.</summary>
    private static async Task<KeptVersion> Take(LiveRun live, IndexView view)
    {
        var mark = view.Mark!;
        if (mark.Uid != live.Run.Uid)
        {
            await live.Fence();
            await live.Cluster.Mark(view.Name, mark with { Uid = live.Run.Uid, PromotedAt = mark.PromotedAt ?? mark.BuiltAt }, live.Budget);
        }

        return Kept(view, (await live.Cluster.Count(view.Name, live.Budget)).Docs);
    }

    private static bool IsOurs(LiveRun live, IndexView view) =>
        view.Mark is { } mark && mark.Dataset == live.Run.Key.ToString() && Recipe.IsNamed(live.Spec.Alias, mark.Version, view.Name);

    private static KeptVersion Kept(IndexView view, long docs) => new(
        view.Mark!.Version, view.Mark.Fingerprint, view.Name, view.Uuid, docs, view.Mark.PromotedAt ?? view.Mark.BuiltAt, view.Mark.RunId);
}
