using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace ClusterGrains.Datasets;

/// <summary>How much this silo loads at once. Bound from <c>Datasets</c>.</summary>
public sealed class DatasetOptions
{
    public const string Section = "Datasets";

    /// <summary>
    /// Versions that one silo loads and promotes at the same time; those of other datasets wait as <c>Queued</c>, while their
    /// sources are still looked at. Memory grows by <c>spec.load.inFlightBytes</c> for each. 1 to 100.
    /// </summary>
    [Range(1, 100)]
    public int MaxUpdates { get; set; } = 2;
}

[OptionsValidator]
internal sealed partial class DatasetOptionsValidator : IValidateOptions<DatasetOptions>;
