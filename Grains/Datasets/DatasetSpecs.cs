using ClusterGrains.Resources;

namespace ClusterGrains.Datasets;

/// <summary>Reads the spec of a SearchDataset.</summary>
internal static class DatasetSpecs
{
    /// <summary>The spec, defaults filled in; or every problem that the schema could not see, each with field and cure.</summary>
    /// <param name="minimumInterval">The setting <c>Checks:MinimumInterval</c>; zero reads a spec that was accepted before.</param>
    public static (SearchDatasetSpec? Spec, System.Collections.Immutable.ImmutableArray<SpecProblem> Problems) Read(
        string json, TimeSpan minimumInterval) =>
        throw new NotSupportedException($"{json} {minimumInterval}");
}
