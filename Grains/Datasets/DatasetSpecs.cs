using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using ClusterGrains.Clusters;
using ClusterGrains.Resources;

namespace ClusterGrains.Datasets;

/// <summary>Reads the spec of a SearchDataset.</summary>
internal static class DatasetSpecs
{
    private const int MaxQueryBytes = 16 << 10;

    private static readonly ByteQuantity MinBatch = new(64 << 10);
    private static readonly ByteQuantity MaxBatch = new(90 << 20);
    private static readonly ByteQuantity MaxInFlight = new(1 << 30);

    /// <summary>The spec, defaults filled in; or every problem that the schema could not see, each with field and cure.</summary>
    /// <param name="minimumInterval">The setting <c>Checks:MinimumInterval</c>; zero reads a spec that was accepted before.</param>
    public static SpecReading<SearchDatasetSpec> Read(string json, TimeSpan minimumInterval) =>
        SpecReading.Read<SearchDatasetSpec>(json, "searchdataset", spec =>
        [
            .. SourceRules.Check(spec.Source, spec.Rollout.Pin),
            .. IndexRules.Settings("spec.index.settings", spec.Index.Settings),
            .. IndexRules.Mappings("spec.index.mappings", spec.Index.Mappings),
            .. Load(spec.Load),
            .. Queries(spec.Verify.Queries),
            .. PaceRules.Check(spec.Schedule.Interval, spec.Schedule.StaleAfter, minimumInterval),
            .. Patience(spec),
        ]);

    private static IEnumerable<SpecProblem> Load(LoadSpec load)
    {
        if (load.BatchBytes.Bytes < MinBatch.Bytes || load.BatchBytes.Bytes > MaxBatch.Bytes)
        {
            yield return new(
                "spec.load.batchBytes",
                load.BatchBytes.ToString(),
                $"Write {MinBatch} to {MaxBatch}; clusters refuse requests above their http.max_content_length (100mb unless changed).");
        }

        if (load.InFlightBytes.Bytes < load.BatchBytes.Bytes || load.InFlightBytes.Bytes > MaxInFlight.Bytes)
        {
            yield return new(
                "spec.load.inFlightBytes",
                load.InFlightBytes.ToString(),
                $"Write at least one batch ({load.BatchBytes}), at most {MaxInFlight}.");
        }
    }

    private static IEnumerable<SpecProblem> Queries(ImmutableArray<SmokeQuery> queries)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (i, query) in queries.Index().Where(one => one.Item is not null))
        {
            var field = $"spec.verify.queries[{i}]";
            if (!names.Add(query.Name))
            {
                yield return new($"{field}.name", SpecSchema.Shown(query.Name), "Give each query a name of its own.");
            }

            if (query.Body.ValueKind is not JsonValueKind.Object)
            {
                yield return new($"{field}.body", "", """Write the body of _search, for example {"query": {"match_all": {}}}.""");
            }
            else if (Encoding.UTF8.GetByteCount(query.Body.GetRawText()) is > MaxQueryBytes and var size)
            {
                yield return new($"{field}.body", ByteText.Of(size), $"Write at most {ByteText.Of(MaxQueryBytes)}.");
            }
        }
    }

    private static IEnumerable<SpecProblem> Patience(SearchDatasetSpec spec)
    {
        if (spec.Source.ExpectNewWithin is { } patience && patience < spec.Schedule.Interval)
        {
            yield return new(
                "spec.source.expectNewWithin",
                Durations.Format(patience),
                $"Write at least one interval ({Durations.Format(spec.Schedule.Interval)}): nobody looks more often.");
        }
    }
}
