using System.Collections.Immutable;
using ClusterGrains.Resources;

namespace ClusterGrains.Datasets;

/// <summary>What a run is to do, decided from the ledger, the spec, the annotations and the versions there are. Pure.</summary>
internal sealed record Choice(Way Way)
{
    public string Version { get; init; } = "";

    public UpdateKind Kind { get; init; }

    /// <summary>The index to switch to.</summary>
    public KeptVersion? Kept { get; init; }

    /// <summary>By <c>clustergrains.io/reload</c>: loaded whatever was before.</summary>
    public bool Asked { get; init; }

    public string Code { get; init; } = "";

    public string Message { get; init; } = "";

    /// <param name="versions">Complete ones, oldest first; null when the source could not be looked at.</param>
    /// <param name="recipe">See <see cref="Candidate.Recipe"/>.</param>
    public static Choice Of(UpdateRun run, DatasetLedger ledger, ImmutableArray<string>? versions, string recipe) => ledger.Candidate switch
    {
        { } candidate => OfCandidate(run, ledger, candidate, versions, recipe),
        _ when run.Spec.Rollout.Pin is { } pin => OfPin(run, ledger, pin, versions),
        _ => OfNewest(run, ledger, versions),
    };

    private static Choice OfCandidate(
        UpdateRun run, DatasetLedger ledger, Candidate candidate, ImmutableArray<string>? versions, string recipe)
    {
        var (rollout, newest) = (run.Spec.Rollout, versions?.LastOrDefault());
        return candidate switch
        {
            _ when candidate.ClusterUuid != ledger.ClusterUuid => Fail(
                DatasetCodes.ClusterReplaced,
                $"The candidate was built in cluster {candidate.ClusterUuid}; now {ledger.ClusterUuid} answers."),
            { Step: UpdateStep.Promote } => new(candidate.Alias is null || candidate.Alias == run.Spec.Alias ? Way.Continue : Way.Leave),
            _ when candidate.Recipe != recipe => Supersede(
                DatasetCodes.SpecChanged, "spec.clusterRef, alias, source or index was changed; the version is built anew."),
            _ when rollout.Pin is { } pin && pin != candidate.Version => Supersede(
                DatasetCodes.PinChanged, $"spec.rollout.pin asks for {pin}."),
            _ when rollout.Pin is null && candidate.Kind is not UpdateKind.Load && newest is not null
                && (newest != candidate.Version || new VersionNames(run.Spec.Source).Compare(newest, ledger.Published?.Version ?? "") < 0) =>
                Supersede(DatasetCodes.PinChanged, $"spec.rollout.pin was removed; {newest} is the newest version."),
            _ when IsSuperseded(run, ledger, candidate, newest) => Supersede(
                DatasetCodes.NewerVersion, $"{newest} appeared and spec.rollout.onNewVersion is Supersede."),
            _ => new(Way.Continue),
        };
    }

    private static bool IsSuperseded(UpdateRun run, DatasetLedger ledger, Candidate candidate, string? newest) =>
        run.Spec.Rollout is { OnNewVersion: OnNewVersion.Supersede, Pin: null }
        && newest is not null
        && newest != ledger.Failed?.Version
        && new VersionNames(run.Spec.Source).Compare(newest, candidate.Version) > 0;

    private static Choice OfPin(UpdateRun run, DatasetLedger ledger, string pin, ImmutableArray<string>? versions)
    {
        var asked = IsAsked(run, ledger, pin);
        if (!asked && ledger.Published is { RunId.Length: > 0 } published && published.Version == pin)
        {
            return new(Way.Rest);
        }

        if (!asked && ledger.Retained.FirstOrDefault(kept => kept.Version == pin) is { } retained)
        {
            return new(Way.Switch) { Version = pin, Kind = UpdateKind.Switch, Kept = retained };
        }

        return versions switch
        {
            null => new(Way.Blind),
            { } known when known.Contains(pin) => new(Way.Load) { Version = pin, Kind = KindOf(run, ledger, pin), Asked = asked },
            _ => new(Way.Wait)
            {
                Code = DatasetCodes.PinUnavailable,
                Message = $"spec.rollout.pin asks for {pin}, which is neither kept in the cluster nor complete in the source. "
                    + "Put the folder back, pin another version or remove the pin.",
            },
        };
    }

    // Who goes back knows what to expect; one that is pinned before readers ever had it is guarded like any other.
    private static UpdateKind KindOf(UpdateRun run, DatasetLedger ledger, string pin) =>
        new VersionNames(run.Spec.Source).Compare(pin, ledger.Published?.Version ?? "") <= 0 ? UpdateKind.Reload : UpdateKind.Load;

    private static Choice OfNewest(UpdateRun run, DatasetLedger ledger, ImmutableArray<string>? versions)
    {
        if (versions is not { } known)
        {
            return new(Way.Blind);
        }

        var names = new VersionNames(run.Spec.Source);
        var published = ledger.Published?.Version ?? "";
        if (run.Reload is { } reload && IsAsked(run, ledger, reload) && known.Contains(reload) && names.Compare(reload, published) >= 0)
        {
            return new(Way.Load) { Version = reload, Asked = true };
        }

        return known.LastOrDefault() is { } newest
            && (newest == ledger.Adopted || (names.Compare(newest, published) > 0 && !IsHeld(ledger, names, newest)))
            ? new(Way.Load) { Version = newest }
            : new(Way.Rest);
    }

    /// <summary>Why what <c>clustergrains.io/reload</c> asks for is not loaded; null when it is, was, or nobody knows.</summary>
    public static Finding? Unheard(UpdateRun run, DatasetLedger ledger, ImmutableArray<string>? versions)
    {
        if (run.Reload is not { } reload || !IsAsked(run, ledger, reload) || versions is not { } known)
        {
            return null;
        }

        var published = ledger.Published?.Version ?? "";
        var why = !known.Contains(reload) ? "is not complete in the source"
            : run.Spec.Rollout.Pin is { } pin ? reload == pin ? null : $"is not {pin}, which spec.rollout.pin asks for"
            : new VersionNames(run.Spec.Source).Compare(reload, published) < 0 ? $"is older than {published}; pin it to go back"
            : null;
        return why is null ? null : new Finding
        {
            Code = DatasetCodes.ReloadIgnored,
            Severity = Severity.Info,
            Object = reload,
            Message = $"clustergrains.io/reload names {SafeText.Clean(reload, LedgerMoves.MaxMessage)}, which {why}.",
        };
    }

    private static bool IsAsked(UpdateRun run, DatasetLedger ledger, string version) =>
        run.Reload == version && run.Reload != ledger.ReloadHandled;

    private static bool IsHeld(DatasetLedger ledger, VersionNames names, string newest) =>
        ledger.HeldUpTo is { } last && names.Compare(newest, last) <= 0;

    private static Choice Fail(string code, string message) => new(Way.Fail) { Code = code, Message = message };

    private static Choice Supersede(string code, string message) => new(Way.Supersede) { Code = code, Message = message };
}

/// <summary>The ways a run can go.</summary>
internal enum Way
{
    /// <summary>Nothing to do.</summary>
    Rest,

    /// <summary>On with the candidate.</summary>
    Continue,

    /// <summary>The candidate was to be swapped into an alias that is not the spec's any more.</summary>
    Leave,

    /// <summary>The candidate has failed.</summary>
    Fail,

    /// <summary>The candidate is given up for something better.</summary>
    Supersede,

    /// <summary>A version of the source becomes the candidate.</summary>
    Load,

    /// <summary>A kept index becomes the candidate.</summary>
    Switch,

    Wait,

    /// <summary>Only the source could say, and it could not be looked at.</summary>
    Blind,
}
