using System.Collections.Immutable;

namespace ClusterGrains.Verification;

/// <summary>What came of looking at everything.</summary>
/// <param name="Violations">Ordered by invariant and resource.</param>
/// <param name="Unseen">What nobody could look at in the last look.</param>
/// <param name="Rows">Stored resources.</param>
/// <param name="Live">Resources in the API server.</param>
/// <param name="Objects">Objects in the history.</param>
/// <param name="Aliases">Aliases that search clusters told.</param>
/// <param name="Looks">How often it was looked.</param>
internal sealed record VerifyReport(
    ImmutableArray<Violation> Violations, ImmutableArray<Unseen> Unseen, int Rows, int Live, long Objects, int Aliases, int Looks)
{
    /// <summary>0: all is as it must be. 1: it is not. 2: as far as could be looked it is.</summary>
    public int ExitCode => Violations.Length > 0 ? 1 : Unseen.Length > 0 ? 2 : 0;

    public IEnumerable<string> Lines() =>
    [
        .. Violations.Select(violation => violation.ToString()),
        .. Unseen.Select(unseen => unseen.ToString()),
        $"{Rows} rows, {Live} live resources, {Objects} history objects, {Aliases} aliases, {Looks} looks: "
            + $"{Violations.Length} violations, {Unseen.Length} not looked at.",
    ];
}
