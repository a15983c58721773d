using System.Collections.Immutable;
using System.Globalization;

namespace ClusterGrains.Datasets;

/// <summary>Whether a version is good enough to be promoted, from its numbers. Pure.</summary>
internal static class Verification
{
    public static VerifiedNumbers Numbers(Candidate candidate, IndexSize size, ImmutableSortedDictionary<string, long> hits) => new(
        size.Docs,
        Math.Max(0, candidate.Counts.Acked - size.Docs),
        candidate.Baseline is > 0 and var baseline ? Math.Max(0, Math.Round(100.0 * (baseline - size.Docs) / baseline, 3)) : 0,
        size.PrimaryBytes,
        hits);

    /// <param name="documents">What the manifest promises; null when nobody does.</param>
    /// <returns>The first thing that is wrong; null when all is well.</returns>
    public static (string Code, string Message)? Judge(
        Candidate candidate, VerifiedNumbers numbers, SearchDatasetSpec spec, long? documents)
    {
        var (verify, counts) = (spec.Verify, candidate.Counts);
        var unique = spec.Source.IdField is null;
        return candidate switch
        {
            _ when counts.Rejected > verify.MaxRejected => (
                DatasetCodes.TooManyRejected, $"{counts.Rejected} documents were rejected; spec.verify.maxRejected is {verify.MaxRejected}."),
            _ when documents is { } promised && promised != counts.Acked + counts.Rejected => (
                DatasetCodes.ManifestMismatch,
                $"The manifest promises {promised} documents; the files hold {counts.Acked + counts.Rejected}."),
            _ when numbers.Docs > counts.Acked || (unique && numbers.Docs != counts.Acked) => (
                DatasetCodes.CountMismatch,
                $"The cluster took {counts.Acked} documents with ids of their own and counts {numbers.Docs}."),
            _ when IsOver(numbers.Duplicates, counts.Acked, verify.MaxDuplicatePercent) => (
                DatasetCodes.TooManyDuplicates,
                $"{numbers.Duplicates} of {counts.Acked} documents share an id with another; spec.verify.maxDuplicatePercent is "
                + $"{verify.MaxDuplicatePercent}. Is spec.source.idField right?"),
            _ when numbers.Docs < verify.MinDocs => (
                DatasetCodes.TooFewDocs, $"The version holds {numbers.Docs} documents; spec.verify.minDocs is {verify.MinDocs}."),
            _ when numbers.Docs == 0 && candidate.Expected is not null => (
                DatasetCodes.TooFewDocs, $"The version is empty; it would replace {candidate.Expected}."),
            { Kind: UpdateKind.Load } when numbers.ShrinkPercent > verify.MaxShrinkPercent => (
                DatasetCodes.Shrunk,
                $"The version holds {numbers.Docs} documents, {numbers.ShrinkPercent.ToString("0.#", CultureInfo.InvariantCulture)} % fewer than the "
                + $"{candidate.Baseline} behind the alias; spec.verify.maxShrinkPercent is {verify.MaxShrinkPercent}. If that is right, raise the limit."),
            _ => Missed(numbers, verify),
        };
    }

    private static (string Code, string Message)? Missed(VerifiedNumbers numbers, VerifySpec verify) => verify.Queries
        .Where(query => numbers.Hits.GetValueOrDefault(query.Name) < query.MinHits)
        .Select(query => (
            DatasetCodes.SmokeQueryFailed,
            $"The smoke query {query.Name} found {numbers.Hits.GetValueOrDefault(query.Name)}; at least {query.MinHits} are wanted."))
        .Cast<(string, string)?>()
        .FirstOrDefault();

    private static bool IsOver(long part, long whole, int percent) => part > 0 && part * 100.0 > percent * (double)whole;
}
